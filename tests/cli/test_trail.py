"""Marks beside a journal: written, struck out, and never more than a help."""

from pathlib import Path

import pytest

from mjasync.cli import trail
from mjasync.cli.trail import Mark

ONE, TWO = Mark(Path("/pictures"), 1), Mark(Path("/other folder"), 2)


def test_marks_are_kept_beside_the_journal(tmp_path):
    journal = str(tmp_path / "jobs.db")
    trail.add(journal, {"a": ONE})
    trail.add(journal, {"b": TWO})

    assert tmp_path / "jobs.db.runs" == trail.path_of(journal)
    assert {"a": ONE, "b": TWO} == trail.read(journal)


def test_the_file_goes_with_the_last_mark(tmp_path):
    journal = str(tmp_path / "jobs.db")
    trail.add(journal, {"a": ONE, "b": TWO})
    trail.strike(journal, {"a", "never seen"})
    assert {"b": TWO} == trail.read(journal)
    trail.strike(journal, {"b"})

    assert [] == list(tmp_path.iterdir())
    assert {} == trail.read(journal)


def test_striking_nothing_writes_nothing(tmp_path):
    trail.strike(str(tmp_path / "jobs.db"), {"a"})

    assert [] == list(tmp_path.iterdir())


def test_one_journal_has_one_file_by_whatever_name(tmp_path):
    (tmp_path / "link.db").symlink_to(tmp_path / "jobs.db")

    assert trail.path_of(str(tmp_path / "jobs.db")) == trail.path_of(str(tmp_path / "link.db"))


@pytest.mark.parametrize(
    "line", ["", "{", "[]", '"a"', '{"job": "x"}', '{"job": "x", "folder": "y", "number": "z"}', "[" * 100_000]
)
def test_what_cannot_be_read_is_left_out(tmp_path, line):
    journal = str(tmp_path / "jobs.db")
    trail.add(journal, {"a": ONE})
    path = trail.path_of(journal)
    path.write_text(f"{line}\n{path.read_text()}")

    assert {"a": ONE} == trail.read(journal)


def test_a_file_that_is_no_text(tmp_path):
    journal = str(tmp_path / "jobs.db")
    trail.path_of(journal).write_bytes(b"\xff\xfe\x00")

    assert {} == trail.read(journal)
