"""The journal of a process that keeps nothing: durable at once, gone at the end."""

from collections.abc import Mapping

from mjasync.core import machine
from mjasync.core.model import Record, Ticket
from mjasync.journal import Entry, Kept, Opening


class MemoryJournal:
    """See `Journal`."""

    place = ""

    def __init__(self) -> None:
        # Folded at once: nobody will read the events again, and a picture goes as soon as its job has ended.
        self._records: dict[str, Record] = {}

    @property
    def records(self) -> Mapping[str, Record]:
        """Every job as its events left it."""
        return self._records

    def open(self, opening: Opening) -> Kept:
        """Nothing was kept."""
        return Kept()

    def append(self, *entries: Entry) -> None:
        """Take in the entries; durable at once. Raises `IllegalMove` for a history that cannot be."""
        for entry in entries:
            before = self._records.get(entry.job)
            self._records[entry.job] = (
                machine.replay(entry.job, [(entry.event, entry.at)])
                if before is None
                else machine.apply(before, entry.event, entry.at)
            )

    def find(self, *, job: str = "", key: str = "", ticket: Ticket | None = None) -> tuple[Record, ...]:
        """There were no earlier processes."""
        return ()

    async def aclose(self) -> None:
        """Nothing to let go of."""
