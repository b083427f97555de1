"""What survives: the events of every job, in order.

A journal stores, it does not decide: phases come from folding events (`core.machine`), in a live process and in a
restarted one alike.
"""

from collections.abc import Awaitable, Mapping
from typing import Protocol

from attrs import frozen

from mjasync.core.machine import Event
from mjasync.core.model import Record


@frozen
class Entry:
    """One event of one job, and when it happened (seconds)."""

    job: str
    event: Event
    at: float


class Journal(Protocol):
    """The only truth about a job."""

    def append(self, *entries: Entry) -> Awaitable[None]:
        """Take entries in this order, all or none; the returned awaitable ends once they are durable.

        Whoever must not go on before that (a request is about to leave, a caller is about to be told) awaits it;
        the order of calls is the order of the journal either way, so the awaitable may also be dropped.
        """
        ...

    async def load(self) -> Mapping[str, Record]:
        """Every job as it was left."""
        ...

    async def aclose(self) -> None:
        """Write what is pending and let go of files. May be called twice."""
        ...
