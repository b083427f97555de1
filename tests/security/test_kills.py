"""kill -9 at every line, and a disk that kills at a byte: a file is whole or not there, whatever was there stays."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
POSIX = pytest.mark.skipif(os.name == "nt", reason="fork and signals")


@pytest.fixture(scope="module")
def deaths(tmp_path_factory):
    """What each folder held after a death."""
    done = subprocess.run(
        [sys.executable, HERE / "dying.py", tmp_path_factory.mktemp("dying")],
        capture_output=True,
        cwd=HERE.parents[1],
        env={**os.environ, "PYTHONPATH": str(HERE.parents[1])},
        check=True,
        timeout=60,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def after(deaths, save, death):
    return [each for each in deaths if (each["save"], each["death"]) == (save, death)]


@POSIX
@pytest.mark.fault("D14")
def test_they_really_died_in_many_places(deaths):
    for save in ("replaced", "created", "kept"):
        lines = after(deaths, save, "at_line")
        assert [True] * (len(lines) - 1) + [False] == [each["died"] for each in lines]
        assert 20 <= len(lines)
        assert [True] * 6 == [each["died"] for each in after(deaths, save, "at_byte")]
    assert 100 <= sum(each["died"] for each in deaths)
    assert any("private part" in each["found"].values() for each in deaths), "some died in the middle of the bytes"


@POSIX
@pytest.mark.fault("D14")
def test_a_file_is_whole_or_not_there(deaths):
    for each in deaths:
        found = each["found"]
        targets = {name: state for name, state in found.items() if not name.endswith(".part")}
        assert "old" == targets.pop("generated.png"), each
        assert targets.pop("mine.png") in ({"old", "whole"} if each["save"] == "replaced" else {"old"}), each
        assert set(targets.values()) <= {"whole"}, each
        assert set(targets) <= {"generated-2.png", "0001-a-cat.png", "0001-a-cat.json"}, each
        parts = {state for name, state in found.items() if name.endswith(".part")}
        assert parts <= {"private part", "whole", "folder"}, each


@POSIX
def test_both_ends_were_seen(deaths):
    for save, name in (("replaced", "mine.png"), ("created", "generated-2.png"), ("kept", "0001-a-cat.json")):
        states = {each["found"].get(name) for each in after(deaths, save, "at_line")}
        assert {{"mine.png": "old"}.get(name), "whole"} == states
