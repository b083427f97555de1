"""The journal of a process that keeps nothing: durable at once, gone at the end."""

from collections.abc import Mapping
from typing import Any

from mjasync.core.machine import Event
from mjasync.core.model import Record, Ticket
from mjasync.journal import Entry, Kept, Opening


class MemoryJournal:
    """See `Journal`. The books of the process are all there is, so nothing is held twice."""

    place = ""

    def open(self, opening: Opening) -> Kept:
        """Nothing was kept."""
        return Kept()

    def append(self, *entries: Entry) -> None:
        """Durable as long as the process lives, which is all that was promised."""

    def find(
        self, *, job: str = "", key: str = "", ticket: Ticket | None = None, again: str = ""
    ) -> tuple[Record, ...]:
        """There were no earlier processes."""
        return ()

    def history(self, job: str) -> tuple[tuple[Event, float], ...]:
        """The pool's own notes are all there is."""
        return ()

    def learn(self, told: Mapping[str, Any]) -> None:
        """The pool itself remembers as long as it lives."""

    async def aclose(self) -> None:
        """Nothing to let go of."""
