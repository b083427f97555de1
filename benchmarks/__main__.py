"""`python -m benchmarks [NAME…] [--quick] [--json] [--write]`."""

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import (
    budget,
    chains,
    decide,
    decode,
    frontier,
    guarantees,
    hooks,
    imports,
    journal,
    learning,
    look_cpu,
    makespan,
    pages,
    peers,
    progress,
    virtual,
    waiting,
)
from benchmarks.report import Report

#: In the order of the page.
BENCHMARKS: dict[str, Callable[..., Report]] = {
    "makespan": makespan.measure,
    "hooks": hooks.measure,
    "frontier": frontier.measure,
    "learning": learning.measure,
    "progress": progress.measure,
    "budget": budget.measure,
    "guarantees": guarantees.measure,
    "peers": peers.measure,
    "decide": decide.measure,
    "look_cpu": look_cpu.measure,
    "decode": decode.measure,
    "imports": imports.measure,
    "journal": journal.measure,
    "virtual": virtual.measure,
    "waiting": waiting.measure,
    "chains": chains.measure,
}
HERE = Path(__file__).parent


def main() -> int:
    """Run what is named, print it, and end with 1 if a goal was missed; with --quick, one that no busy machine spoils."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}; default: all")
    parser.add_argument("--quick", action="store_true", help="fewer jobs and rounds")
    parser.add_argument("--json", action="store_true", help="one JSON document instead of tables")
    parser.add_argument(
        "--write", action="store_true", help="put tables and plots of what ran into benchmarks/README.md"
    )
    options = parser.parse_args()
    unknown = set(options.names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}")
    reports = {}
    for name in [name for name in BENCHMARKS if name in (options.names or BENCHMARKS)]:
        begun = time.perf_counter()
        reports[name] = BENCHMARKS[name](quick=options.quick)
        if not options.json:
            print(reports[name].text(), end="\n\n", flush=True)
        print(f"{name}: {time.perf_counter() - begun:.1f} s", file=sys.stderr)
    if options.json:
        print(_json(reports))
    if options.write:
        pages.write(reports, BENCHMARKS, HERE, HERE.parent / "README.md")
    goals = [goal for report in reports.values() for goal in report.goals]
    return 0 if all(goal.met or (options.quick and goal.clocked) for goal in goals) else 1


def _json(reports: dict[str, Report]) -> str:
    figures = {
        goal.name: {"value": goal.value, "goal": goal.goal, "op": goal.op, "met": goal.met}
        for report in reports.values()
        for goal in report.goals
    }
    return json.dumps(figures, indent=2)


if __name__ == "__main__":
    sys.exit(main())
