"""`python -m benchmarks [NAME…] [--quick] [--json] [--write]`."""

import argparse
import json
import sys
from pathlib import Path

from benchmarks import look_cpu, makespan
from benchmarks.report import Report

BENCHMARKS = {"makespan": makespan.measure, "look_cpu": look_cpu.measure}
README = Path(__file__).parent / "README.md"
MARK = "<!-- written by: python -m benchmarks --write -->"


def main() -> int:
    """Run what is named, print it, and end with 1 if a goal was missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}; default: all")
    parser.add_argument("--quick", action="store_true", help="fewer jobs and rounds")
    parser.add_argument("--json", action="store_true", help="one JSON document instead of tables")
    parser.add_argument("--write", action="store_true", help="put the tables into benchmarks/README.md")
    options = parser.parse_args()
    unknown = set(options.names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}")
    reports = {name: BENCHMARKS[name](quick=options.quick) for name in options.names or BENCHMARKS}
    print(_json(reports) if options.json else _text(reports))
    if options.write:
        head = README.read_text(encoding="utf-8").partition(MARK)[0]
        README.write_text(f"{head}{MARK}\n\n{_text(reports)}\n", encoding="utf-8")
    return 0 if all(goal.met for report in reports.values() for goal in report.goals) else 1


def _text(reports: dict[str, Report]) -> str:
    parts = [part for report in reports.values() for part in (report.table(), *(f"    {g}" for g in report.goals), "")]
    return "\n".join(parts).rstrip()


def _json(reports: dict[str, Report]) -> str:
    figures = {
        goal.name: {"value": goal.value, "goal": goal.goal, "op": goal.op, "met": goal.met}
        for report in reports.values()
        for goal in report.goals
    }
    return json.dumps(figures, indent=2)


if __name__ == "__main__":
    sys.exit(main())
