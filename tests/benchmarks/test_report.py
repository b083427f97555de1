"""Tables and goals as people and builds read them."""

import json
import subprocess
import sys

import pytest

from benchmarks import __main__ as command
from benchmarks.report import Goal, Report


@pytest.mark.parametrize(
    ("value", "op", "words"),
    [(1.0, "<=", "it=1 goal <= 2 PASS"), (3.0, "<=", "it=3 goal <= 2 FAIL"), (3.0, ">=", "it=3 goal >= 2 PASS")],
)
def test_a_goal_is_one_line(value, op, words):
    assert words == str(Goal(name="it", value=value, op=op, goal=2.0))


def test_a_table_is_markdown():
    report = Report(title="T", head=("a", "b"), rows=(("1", "2"),), notes=("Note.",))

    assert "### T\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\nNote." == report.table() == report.text()


def run(monkeypatch, goal, *options):
    report = Report(title="T", head=("a",), rows=(("1",),), goals=(goal,))
    monkeypatch.setattr(command, "BENCHMARKS", {"it": lambda *, quick: report})
    monkeypatch.setattr(sys, "argv", ["benchmarks", *options])
    return command.main()


MISSED = Goal(name="it", value=3.0, op="<=", goal=2.0)
MISSED_BY_CLOCK = Goal(name="it", value=3.0, op="<=", goal=2.0, clocked=True)


@pytest.mark.parametrize(
    ("goal", "options", "status"),
    [(MISSED, ("--quick",), 1), (MISSED_BY_CLOCK, ("--quick",), 0), (MISSED_BY_CLOCK, (), 1)],
)
def test_a_missed_goal_ends_the_command_with_1_but_for_a_busy_machine(monkeypatch, capsys, goal, options, status):
    assert status == run(monkeypatch, goal, *options)
    assert "it=3 goal <= 2 FAIL" in capsys.readouterr().out


def test_json_is_one_document(monkeypatch, capsys):
    run(monkeypatch, MISSED, "--json")

    assert {"it": {"value": 3.0, "goal": 2.0, "op": "<=", "met": False}} == json.loads(capsys.readouterr().out)


def test_an_unknown_name_is_a_usage_error():
    found = subprocess.run(
        [sys.executable, "-m", "benchmarks", "nonsense"], capture_output=True, text=True, check=False
    )

    assert 2 == found.returncode
    assert "no benchmark is called nonsense" in found.stderr
