"""What the journal holds of a job, as a number: the real `Record` and its ledger, moved by the real `machine.apply`.

Rule 1: no phase, slot, answer or line is worked out here; `core` does, and here it is only remembered.
Rule 2: what grows without end and decides nothing (times, ids, the third attempt) is cut off, so that shapes are few.
"""

from functools import cache

from attrs import evolve, frozen

from mjasync.core import ledger, machine
from mjasync.core.machine import Event
from mjasync.core.model import Failure, Phase, Record, Snapshot, Spec, Status
from mjasync.core.operations import Imagine

FAILURE = Failure(kind="ProviderError", what="")
DEADLINE = Failure(kind="DeadlineExceeded", what="")
CANCELLED = Failure(kind="JobCancelled", what="")


@frozen
class Shape:
    """One job's record, and what the ledger has booked for it."""

    record: Record
    done: int = 0
    resubmits: int = 0


_shapes: list[Shape] = []
_numbers: dict[Shape, int] = {}


def number_of(shape: Shape) -> int:
    """The number of a shape; the same for equal ones."""
    if shape not in _numbers:
        _numbers[shape] = len(_shapes)
        _shapes.append(shape)
    return _numbers[shape]


def shape(number: int) -> Shape:
    """The shape behind a number."""
    return _shapes[number]


def record(number: int) -> Record:
    """The record behind a number."""
    return _shapes[number].record


@cache
def asked(*, resubmit: bool = False) -> int:
    """A job that was asked for; `resubmit`: a person asked for it, in the place of one of unknown fate."""
    spec = Spec(operation=Imagine(prompt="a"), resubmit_of="other" if resubmit else None)
    return number_of(Shape(machine.replay("job", [(machine.Asked(spec), 0.0)])))


@cache
def moved(number: int, *events: Event) -> int:
    """The shape after these events. Raises `IllegalMove`, as the table says."""
    now = _shapes[number]
    for event in events:
        after = machine.apply(now.record, event, 0.0)
        line = ledger.change(now.record, after)
        after = evolve(after, attempts=min(after.attempts, 2))
        done, resubmits = (line.done, line.resubmits) if line else (0, 0)
        now = Shape(after, min(now.done + done, 2), min(now.resubmits + resubmits, 2))
    return number_of(now)


def booked_twice(number: int) -> int:
    """A ledger that forgot that it had booked the end of this job: only a mutant does so."""
    now = _shapes[number]
    return number_of(evolve(now, done=min(now.done * 2, 2)))


def saw(status: Status, *, window: bool = False) -> machine.Saw:
    """One look."""
    failed = FAILURE if status is Status.FAILED else None
    return machine.Saw(Snapshot(status=status, failure=failed, window="" if window else None))


def is_over(number: int) -> bool:
    """Nothing will ever run or be waited for under this record, as far as we know."""
    now = record(number)
    return now.phase in machine.FINAL or (now.phase is Phase.LOST and now.expired)
