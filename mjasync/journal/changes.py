"""What one transaction changes, worked out before it begins.

Nothing here touches the file: a group that could not be written is worked out again, from the same state.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from attrs import define, field

from mjasync.core import ledger, machine
from mjasync.core.budget import Class
from mjasync.core.ledger import Line
from mjasync.core.machine import Asked, Event
from mjasync.core.model import Record
from mjasync.journal import codec
from mjasync.journal.folding import on_the_wall
from mjasync.journal.projection import over, price_of
from mjasync.journal.seal import Seal, digest_of

#: seq, job, kind, wall, data, digest: a row of `events`.
EventRow = tuple[int, str, str, float, str | bytes, int]


@define
class State:
    """What is known of the file without asking it, all in its own terms."""

    #: Jobs that are not over.
    live: dict[str, Record] = field(factory=dict)
    #: By account and day.
    lines: dict[tuple[str, str], Line] = field(factory=dict)
    prices: dict[Class, float] = field(factory=dict)
    seals: dict[str, Seal] = field(factory=dict)
    #: Of the last event.
    seq: int = 0
    wall: float = 0.0


@define
class Changes:
    """Made on top of a state, which stays as it is until they are durable."""

    state: State
    #: Folds the record of a job that is over, from its events.
    recall: Callable[[str], Record]
    records: dict[str, Record] = field(factory=dict)
    #: Jobs that ended with this group.
    ended: list[Record] = field(factory=list)
    events: list[EventRow] = field(factory=list)
    lines: dict[tuple[str, str], Line] = field(factory=dict)
    prices: dict[Class, float] = field(factory=dict)

    def take(self, job: str, event: Event, wall: float) -> None:
        """One event in the file's terms; raises `IllegalMove` for a history that cannot be."""
        known = self.records.get(job) or self.state.live.get(job)
        seen = on_the_wall(event, wall)
        if isinstance(event, Asked) and known is None:
            before, after = None, machine.replay(job, [(seen, wall)])
        else:
            before = known or self.recall(job)
            after = machine.apply(before, seen, wall)
        kind, data = codec.dump(event)
        seq = self.state.seq + len(self.events) + 1
        self.events.append((seq, job, kind, wall, data, digest_of((seq, job, kind, wall), data)))
        self.records[job] = after
        if over(after) and (before is None or not over(before)):
            self.ended.append(after)
        self._count(ledger.change(before, after), wall)
        self._price(after)

    def _count(self, line: Line | None, wall: float) -> None:
        if line is None:
            return
        place = line.account, day_of(wall)
        last = self.lines.get(place) or self.state.lines.get(place) or Line(account=place[0], day=place[1])
        self.lines[place] = last.plus(line)

    def _price(self, after: Record) -> None:
        told = price_of(after)
        if told is not None:
            kind, price = told
            if price > self.prices.get(kind, self.state.prices.get(kind, 0.0)):
                self.prices[kind] = price

    def adopt(self, seals: Iterable[tuple[str, Seal]]) -> None:
        """They are durable: the state is what they made of it."""
        state = self.state
        for job, record in self.records.items():
            if over(record):
                state.live.pop(job, None)
            else:
                state.live[job] = record
        state.lines |= self.lines
        state.prices |= self.prices
        state.seals |= dict(seals)
        if self.events:
            state.seq, state.wall = self.events[-1][0], self.events[-1][3]


def day_of(wall: float) -> str:
    """ISO date, UTC."""
    return datetime.fromtimestamp(wall, UTC).date().isoformat()


def line_values(line: Line) -> tuple[object, ...]:
    """A row of `ledger` without its digest."""
    return line.account, line.day, float(line.spent), line.done, line.unpriced, line.strikes, line.resubmits


def line_of(values: tuple[object, ...]) -> Line:
    """The line of a row of `ledger` without its digest."""
    names = ("account", "day", "spent", "done", "unpriced", "strikes", "resubmits")
    named: dict[str, Any] = dict(zip(names, values, strict=True))
    return Line(**named)
