"""The front door opens on what the package says it has."""

import ast
import inspect
import subprocess
import sys

import pytest

import mjasync
import mjasync.accounts
import mjasync.errors


def test_the_version_is_one():
    assert mjasync.__version__.count(".") == 2


def test_a_name_is_the_one_in_its_room():
    assert mjasync.TTAPI is mjasync.accounts.TTAPI
    assert vars(mjasync)["TTAPI"] is mjasync.accounts.TTAPI, "the second time nobody has to look for it"


def test_parts_of_the_package_are_there_without_being_imported():
    assert mjasync.__getattr__("errors") is mjasync.errors


PARTS = {"accounts", "core", "dialects", "errors", "flow", "images", "journal", "settings", "transport"}


@pytest.mark.parametrize("part", sorted(PARTS))
def test_each_part_is_fetched_when_it_is_first_used(part):
    code = f"import mjasync; print(mjasync.{part}.__name__)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert f"mjasync.{part}\n" == done.stdout


@pytest.mark.parametrize("name", ["Nothing", "_nothing", "lint_prompt"])
def test_what_is_not_there_is_said(name):
    with pytest.raises(AttributeError, match=f"module 'mjasync' has no attribute '{name}'"):
        getattr(mjasync, name)


def test_the_names_are_listed_before_they_are_used():
    assert set(mjasync.__all__) <= set(dir(mjasync))


def test_a_star_brings_all_names():
    found = {}
    exec("from mjasync import *", found)

    assert set(mjasync.__all__) <= found.keys()


def test_readers_of_types_and_programs_see_the_same_names():
    """The imports under `TYPE_CHECKING`, which editors and mypy read, against where names are fetched from."""
    tree = ast.parse(inspect.getsource(mjasync))
    (block,) = (node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
    read = {node.module: tuple(each.name for each in node.names) for node in block.body}

    assert read == mjasync._ROOMS
