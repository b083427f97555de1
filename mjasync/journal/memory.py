"""The journal of a process that keeps nothing: durable at once, gone at the end."""

from collections.abc import Awaitable, Generator, Mapping

from mjasync.core import machine
from mjasync.core.machine import Event
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
        self._history: dict[str, list[tuple[Event, float]]] = {}

    def append(self, *entries: Entry) -> Awaitable[None]:
        """Keep the entries; durable at once."""
        for entry in entries:
            self._history.setdefault(entry.job, []).append((entry.event, entry.at))
        return _DONE

    async def load(self) -> Mapping[str, Record]:
        """Fold every history."""
        return {job: machine.replay(job, history) for job, history in self._history.items()}

    async def aclose(self) -> None:
        """Nothing to let go of."""
