"""The journal of a process that keeps nothing: durable at once, gone at the end."""

from collections.abc import Awaitable, Generator, Mapping

from mjasync.core import machine
from mjasync.core.model import Record
from mjasync.journal import Entry


class _Done:
    """An awaitable that has ended already; awaiting it does not even yield to the loop."""

    def __await__(self) -> Generator[None, None, None]:
        return
        yield


_DONE = _Done()


class MemoryJournal:
    """See `Journal`."""

    def __init__(self) -> None:
        # Folded at once: nobody will read the events again, and a picture goes as soon as its job has ended.
        self._records: dict[str, Record] = {}

    def append(self, *entries: Entry) -> Awaitable[None]:
        """Take in the entries; durable at once. Raises `IllegalMove` for a history that cannot be."""
        for entry in entries:
            before = self._records.get(entry.job)
            self._records[entry.job] = (
                machine.replay(entry.job, [(entry.event, entry.at)])
                if before is None
                else machine.apply(before, entry.event, entry.at)
            )
        return _DONE

    async def load(self) -> Mapping[str, Record]:
        """Every job as it was left."""
        return dict(self._records)

    async def aclose(self) -> None:
        """Nothing to let go of."""
