"""A journal on paper: what a process wrote stays for the next one, without a disk.

For the worlds in which the file itself is not what is looked at: it costs a tenth of one. A second way to keep a
journal also shows what the port promises and what only SQLite happens to do.
"""

from collections.abc import Iterator

from attrs import evolve

from mjasync.core import machine
from mjasync.core.ledger import frees_key
from mjasync.core.machine import FINAL, Event, Silence
from mjasync.core.model import Phase, Record, Ticket
from mjasync.journal import Entry, Kept, Opening


class Paper:
    """What all processes of a world wrote: job → its events, each with the calendar's time and the length it names."""

    def __init__(self) -> None:
        self.histories: dict[str, list[tuple[Event, float]]] = {}
        self.wall = 0.0


class PaperJournal:
    """One process's hold on it; see `Journal`."""

    place = "paper"

    def __init__(self, paper: Paper) -> None:
        self._paper = paper
        self._opening: Opening | None = None
        #: Jobs of earlier processes, as they were when this one began.
        self._earlier: dict[str, Record] = {}

    def open(self, opening: Opening) -> Kept:
        """See `Journal`."""
        self._opening = opening
        self._earlier = {job: self._record(job) for job in self._paper.histories}
        wanted = dict.fromkeys(
            job for record in self._earlier.values() if not _over(record) for job in self._line(record)
        )
        return Kept(records={job: record for job, record in self._earlier.items() if job in wanted})

    def append(self, *entries: Entry) -> None:
        """See `Journal`."""
        assert self._opening is not None
        self._paper.wall = max(self._paper.wall, self._opening.wall())
        for entry in entries:
            event = entry.event
            if isinstance(event, Silence):
                event = evolve(event, held_until=event.held_until - entry.at)
            self._paper.histories.setdefault(entry.job, []).append((event, self._paper.wall))

    def learn(self, told):
        """Nothing of it is judged here."""

    def find(
        self, *, job: str = "", key: str = "", ticket: Ticket | None = None, again: str = ""
    ) -> tuple[Record, ...]:
        """See `Journal`."""
        found = [
            record
            for record in self._earlier.values()
            if (job and record.id.startswith(job))
            or (key and record.spec.key == key and not frees_key(record))
            or (again and record.spec.resubmit_of == again)
            or (
                ticket
                and ticket in (record.ticket, record.window_id and Ticket(record.account or "", record.window_id))
            )
        ]
        return tuple(self._record(record.id) for record in found[:2])

    async def aclose(self) -> None:
        """Nothing to let go of."""

    def _line(self, record: Record) -> Iterator[str]:
        while True:
            yield record.id
            if record.spec.parent is None or record.spec.parent not in self._earlier:
                return
            record = self._earlier[record.spec.parent]

    def _record(self, job: str) -> Record:
        """The job on this process's clock: lengths are kept, and nothing lies in the future."""
        assert self._opening is not None
        now, wall = self._opening.now(), self._opening.wall()

        def brought(event: Event, then: float) -> Event:
            if not isinstance(event, Silence):
                return event
            left = min(max(event.held_until - (wall - then), 0.0), max(event.held_until, 0.0))
            return evolve(event, held_until=now + left)

        return machine.replay(
            job, [(brought(event, then), now - max(wall - then, 0.0)) for event, then in self._paper.histories[job]]
        )


def _over(record: Record) -> bool:
    return record.phase in FINAL or (record.phase is Phase.LOST and record.expired)
