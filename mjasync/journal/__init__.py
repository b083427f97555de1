"""What survives: the events of every job, in order.

A journal stores, it does not decide: phases come from folding events (`core.machine`), in a live process and in a
restarted one alike.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from attrs import field, frozen

from mjasync.core.ledger import Line
from mjasync.core.machine import Event
from mjasync.core.model import Record, Ticket


@frozen
class Entry:
    """One event of one job, and when it happened (seconds on the loop's clock)."""

    job: str
    event: Event
    at: float


@frozen(kw_only=True)
class Opening:
    """What a journal has to know of the process that opens it."""

    #: Seconds on the loop's clock, which begins anew in every process.
    now: Callable[[], float]
    #: Seconds since 1970, by which a later process can tell how long ago something was.
    wall: Callable[[], float]
    #: Name in this pool → fingerprint, under which a journal knows the account.
    accounts: Mapping[str, str]
    #: Seconds on a clock that goes on evenly through processes and sleep, and that nobody can set; see `boot`.
    steady: Callable[[], float] = time.monotonic
    #: Names the start of the computer since which `steady` counts; "" where that is not known.
    boot: str = ""
    #: True once whoever opened it can do nothing more: its event loop is closed.
    gone: Callable[[], bool] = lambda: False


@frozen(kw_only=True)
class Kept:
    """What a journal held when it was opened; times are seconds on the new loop's clock, so most are negative.

    Accounts go by their names in this pool; one that the pool does not have goes by its fingerprint.
    """

    #: Every job that is not over, and the jobs before it in its chain, oldest first.
    records: Mapping[str, Record] = field(factory=dict)
    #: The ledger of all time.
    lines: tuple[Line, ...] = ()
    #: (account, mode, kind of work) → the highest price that the provider ever told.
    prices: Mapping[tuple[str, str, str], float] = field(factory=dict)
    #: What was learned about durations, as `learn` was told it; empty for nothing.
    learned: Mapping[str, Any] = field(factory=dict)


class Journal(Protocol):
    """The only truth about a job."""

    @property
    def place(self) -> str:
        """Where a later process finds it; "" for a journal that ends with the process."""
        ...

    def open(self, opening: Opening) -> Kept:
        """Take possession, and bring what is there. BLOCKS for the disk.

        Raises `JournalBusy`, `JournalCorrupt` or `JournalError`; nothing was changed then.
        """
        ...

    def append(self, *entries: Entry) -> asyncio.Future[None] | None:
        """Take entries in this order, all or none. None: they are durable already; else the future tells.

        The order of calls is the order of the journal, and futures end in that order. A future that fails with
        `JournalWriteError` was the journal's last: everything after it fails too. Cancelling one changes nothing.
        """
        ...

    def find(
        self, *, job: str = "", key: str = "", ticket: Ticket | None = None, again: str = ""
    ) -> tuple[Record, ...]:
        """Jobs of earlier processes by the beginning of our id, by the user's key, or by ticket; two at most.

        `again`: those that a person had sent in place of the lost job of this id.

        BLOCKS for the disk, for less than a millisecond as a rule.
        """
        ...

    def history(self, job: str) -> tuple[tuple[Event, float], ...]:
        """The events that were kept of the job of this very id, oldest first, on this loop's clock; () for none.

        BLOCKS for the disk. Raises `JournalError` if it cannot be read now.
        """
        ...

    def learn(self, told: Mapping[str, Any]) -> None:
        """Keep what was learned about durations, as JSON, in place of what was kept before. BLOCKS for the disk.

        Nothing else hangs on it: where it cannot be kept, that is a warning in the log.
        """
        ...

    async def aclose(self) -> None:
        """Write what is pending and let go of files. May be called twice."""
        ...
