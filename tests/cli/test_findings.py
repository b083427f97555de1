"""What is found: lines for people, documents for machines, one exit code."""

import pytest

import mjasync as mj
from mjasync.cli import report
from mjasync.cli.findings import Finding, Level, code_of_kind, exit_code, of_error

BAD = Finding(level=Level.BAD, name="disk", what="It is \x1b[31mfull.", why="files", do="make room", facts={"free": 0})


def test_lines_are_in_three_parts_and_steer_no_terminal():
    assert ["bad   disk        It is full.", "        why   files", "        do    make room"] == BAD.lines()
    assert ["ok    disk        fine"] == Finding(name="disk", what="fine").lines()


def test_a_document():
    expected = {
        "level": "bad",
        "name": "disk",
        "what": BAD.what,
        "why": "files",
        "do": "make room",
        "facts": {"free": 0},
    }
    assert expected == BAD.as_json()


def test_an_error_is_a_finding():
    error = mj.QuotaExhausted("Empty.", why="spent", hint="top up")
    found = of_error("reach", error)
    assert (Level.BAD, "Empty.", "spent", "top up", report.QUOTA) == (
        found.level,
        found.what,
        found.why,
        found.do,
        found.code,
    )


@pytest.mark.parametrize(
    ("kind", "code"), [("AuthError", 3), ("ConfigError", 3), ("QuotaExhausted", 4), ("Unreachable", 1), ("New", 1)]
)
def test_what_a_providers_answer_means_to_the_shell(kind, code):
    assert code == code_of_kind(kind)


def test_only_what_is_bad_counts_and_the_most_urgent_wins():
    warned = Finding(level=Level.WARN, name="x", what="x", code=report.UNKNOWN)
    quota = Finding(level=Level.BAD, name="x", what="x", code=report.QUOTA)
    assert 0 == exit_code([])
    assert 0 == exit_code([warned])
    assert 3 == exit_code([warned, BAD])
    assert 4 == exit_code([BAD, quota])
