"""`python -m benchmarks [NAME…] [--quick] [--json] [--write]`."""

import argparse
import json
import sys
from pathlib import Path

from benchmarks import journal, look_cpu, makespan
from benchmarks.report import Report

BENCHMARKS = {"makespan": makespan.measure, "look_cpu": look_cpu.measure, "journal": journal.measure}
HERE = Path(__file__).parent / "README.md"
FRONT = Path(__file__).parents[1] / "README.md"
FRONT_MARK = "<!-- makespan: written by python -m benchmarks --write -->"
FRONT_END = "<!-- end -->"
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
        _write(reports)
    return 0 if all(goal.met for report in reports.values() for goal in report.goals) else 1


def _write(reports: dict[str, Report]) -> None:
    """Put the tables where people read them."""
    head = HERE.read_text(encoding="utf-8").partition(MARK)[0]
    HERE.write_text(f"{head}{MARK}\n\n{_text(reports)}\n", encoding="utf-8")
    if "makespan" in reports:
        before, _, rest = FRONT.read_text(encoding="utf-8").partition(FRONT_MARK)
        after = rest.partition(FRONT_END)[2]
        table = reports["makespan"].table().partition("\n\n")[2].rstrip()
        FRONT.write_text(f"{before}{FRONT_MARK}\n{table}\n{FRONT_END}{after}", encoding="utf-8")


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
