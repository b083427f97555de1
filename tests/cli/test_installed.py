"""What this mjasync runs on."""

import sqlite3
import tomllib
from pathlib import Path

import pytest

from mjasync.cli.findings import Level
from mjasync.cli.installed import EXTRAS, NEEDED, _extras, _packages, clash, findings, fits

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_tables_are_those_of_the_project():
    assert [f"{name}{bounds}" for name, bounds in NEEDED.items()] == PROJECT["dependencies"]
    for extra, (name, bounds, _) in EXTRAS.items():
        assert f"{name}{bounds}" in PROJECT["optional-dependencies"][extra]
    assert set(PROJECT["optional-dependencies"]) - set(EXTRAS) <= {"bench", "dev", "docs"}


def test_everything_is_well_here():
    found = {each.name: each for each in findings()}
    assert {"python", "packages", "extras", "sqlite"} == set(found)
    assert {Level.OK} == {each.level for each in found.values()}
    assert sqlite3.sqlite_version == found["sqlite"].facts["version"]
    assert "TRUNCATE" in found["sqlite"].what
    assert found["packages"].facts["aiohttp"] is not None


def test_a_package_that_is_missing_or_old_is_named_with_its_cure():
    found = _packages({**dict.fromkeys(NEEDED, "3.14.1"), "anyio": "4.14.9", "attrs": None, "backoff": "2.2.1"})
    assert Level.BAD is found.level
    assert "attrs missing" in found.what
    assert "attrs, cattrs, anyio: " in found.why
    assert "'anyio>=4.15,<5'" in found.do


def test_extras_are_a_matter_of_taste_but_not_of_age():
    some = _extras({"cli": "14.0.1", "images": None, "terminal": None, "otel": None})
    assert Level.OK is some.level
    assert some.what.startswith("cli (rich 14.0.1); not there: images (cut grids")
    old = _extras({"cli": "13.9", "images": None, "terminal": None, "otel": None})
    assert (Level.WARN, True) == (old.level, "'rich>=14'" in old.do)


@pytest.mark.parametrize(
    ("version", "wanted", "expected"),
    [
        ("3.14.1", ">=3.14.1,<4", True),
        ("3.14.0", ">=3.14.1,<4", False),
        ("4.0", ">=3.14.1,<4", False),
        ("3.15.0rc1", ">=3.14.1,<4", True),
        ("4", ">=4.0", True),
        ("24.10.0", ">=24.3", True),
        ("none", ">=1", False),
    ],
)
def test_bounds(version, wanted, expected):
    assert expected is fits(version, wanted)


@pytest.mark.parametrize("owners", [[], ["backoff"]])
def test_one_owner_is_as_it_should_be(owners):
    assert [] == list(clash(owners))


def test_two_owners_clash():
    (found,) = clash(["backoff", "python-backoff"])
    assert Level.WARN is found.level
    assert "The module backoff comes from backoff and python-backoff." == found.what
    assert " -m pip uninstall -y backoff python-backoff && " in found.do
    assert found.do.endswith(" -m pip install 'backoff>=2.2.1,<3'")
    (other,) = clash(["python-backoff"])
    assert "goes its own way" in other.why
