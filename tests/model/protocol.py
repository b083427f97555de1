"""The protocol of a paid job, checked state by state: `python -m tests.model.protocol [--full]`.

The record of a job is the real one, moved by `core.machine.apply`; slots, answers and money are what `Record` and
`core.ledger` say. Around it: the wire, the provider, kills, restarts, doorbells, lists, windows, cancels, a person,
chains. Prints every search of the correct protocol (no law broken, no state without a good end) and every mutant
(each must be caught). `--full` adds the larger searches (minutes).
"""

import sys
import time

from tests.model.mutants import MUTANTS
from tests.model.search import Found, Search
from tests.model.state import Scope

SMALL = (
    Scope(name="two jobs, two slots", jobs=2, cap=2, kills=2),
    Scope(name="two jobs, one slot, doorbells", jobs=2, cap=1, kills=0, hooks=True),
    Scope(
        name="one job, slow disk, doorbells, lists, busy", kills=2, hooks=True, slow_disk=True, lists=True, busy=True
    ),
    Scope(name="one job, slow disk, cancels, wrong looks", kills=2, slow_disk=True, cancels=True, lies=True, busy=True),
    Scope(name="a window, slow disk", kills=1, windows=True, slow_disk=True),
    Scope(name="a window, doorbells, cancels, wrong looks", kills=1, windows=True, hooks=True, cancels=True, lies=True),
    Scope(name="one job, failing disk, cancels", kills=2, slow_disk=True, failing_disk=True, cancels=True),
    Scope(name="parent and child, slow disk", cast="chain", kills=1, slow_disk=True),
    Scope(name="parent and child, cancels", cast="chain", kills=0, cancels=True),
    Scope(name="a person and a second try", cast="tries", kills=0, person=True),
)
FULL = (
    Scope(name="two jobs, one slot, doorbells, a kill", jobs=2, cap=1, kills=1, hooks=True),
    Scope(name="a person and a second try, a kill", cast="tries", kills=1, person=True),
    Scope(name="parent and child, cancels, a kill", cast="chain", kills=1, cancels=True),
    Scope(name="three jobs, two slots", jobs=3, cap=2, kills=1),
    Scope(name="two jobs, slow disk, doorbells", jobs=2, cap=1, kills=1, hooks=True, slow_disk=True),
    Scope(name="two jobs, failing disk", jobs=2, cap=1, kills=1, slow_disk=True, failing_disk=True),
    Scope(name="two jobs, cancels, wrong looks", jobs=2, cap=1, kills=1, cancels=True, lies=True),
    Scope(name="a window, failing disk", kills=1, windows=True, slow_disk=True, failing_disk=True, cancels=True),
    Scope(name="a window, everything", kills=2, windows=True, hooks=True, slow_disk=True, busy=True, cancels=True),
    Scope(name="parent and child, doorbells, busy", cast="chain", kills=1, hooks=True, busy=True),
    Scope(name="a person, doorbells, two slots", cast="tries", cap=2, kills=1, person=True, hooks=True),
)


def told(scope: Scope) -> str:
    """One line about one search."""
    begun = time.perf_counter()
    found = Search(scope).run()
    seconds = time.perf_counter() - begun
    fine = f"{found.states:>9,} states, nothing broken, {found.stuck} without a good end, {seconds:5.1f} s"
    return f"{scope.name:<44} {f'BROKEN {found.broken}: {_shown(found)}' if found.broken else fine}"


def _shown(found: Found) -> str:
    return " → ".join(found.path)


def main() -> int:
    """All searches, then all mutants."""
    lines = []
    for scope in (*SMALL, *(FULL if "--full" in sys.argv else ())):
        lines.append(told(scope))
        print(lines[-1], flush=True)
    bad = sum("BROKEN" in line or " 0 without" not in line for line in lines)
    for mutant in MUTANTS:
        found = Search(mutant.scope, mutant.wrong).run()
        broken = found.broken or (f"stuck: {found.stuck} states" if found.stuck else "")
        caught = broken.startswith(mutant.law)
        bad += not caught
        print(f"{mutant.wrong:<24} {'caught' if caught else 'NOT CAUGHT'}: {broken}  {_shown(found)}", flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
