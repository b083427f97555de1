"""Who drives a job now, and that it holds one of its account's slots."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from mjasync.core import cadence
from mjasync.core.slots import Slots, Wish

#: Starts driving this job on this account; the slot is debited already.
Start = Callable[[str, str], None]


class Dispatcher(Protocol):
    """The port: in process here, a distributed engine elsewhere."""

    def put(self, *wishes: Wish) -> None:
        """Queue jobs; all of them are in the queue before the first slot is lent."""
        ...

    def drop(self, job_id: str) -> bool:
        """Take a job out of the queue; False if it is not in it (any more)."""
        ...

    def give_back(self, job_id: str) -> None:
        """The job's slot is free: its remote job is over, or certainly never began."""
        ...

    def refused(self, account: str, retry_after: float | None, dice: float) -> None:
        """The account said "not now": lend none of its slots for a while, longer each time in a row."""
        ...

    def taken(self, account: str) -> None:
        """The account took a job: its next "not now" is the first in a row again."""
        ...

    def stop(self) -> None:
        """Lend nothing any more; what is lent stays lent."""
        ...


class LocalDispatcher:
    """The in-process form. Slots are lent in the same turn of the loop in which they become free."""

    def __init__(self, slots: Slots, start: Start) -> None:
        self.slots = slots
        self._start = start
        self._refusals: dict[str, int] = {}
        self._resting: dict[str, asyncio.TimerHandle] = {}
        self._stopped = False

    def put(self, *wishes: Wish) -> None:
        """See `Dispatcher`."""
        for wish in wishes:
            self.slots.ask(wish)
        self._lend()

    def drop(self, job_id: str) -> bool:
        """See `Dispatcher`."""
        return self.slots.withdraw(job_id)

    def give_back(self, job_id: str) -> None:
        """See `Dispatcher`."""
        self.slots.give_back(job_id)
        self._lend()

    def refused(self, account: str, retry_after: float | None, dice: float) -> None:
        """See `Dispatcher`. Refusals that come while it rests belong to the same one; only a longer rest counts."""
        current = self._resting.get(account)
        if current is None or account not in self._refusals:
            self._refusals[account] = self._refusals.get(account, 0) + 1
        loop = asyncio.get_running_loop()
        until = loop.time() + cadence.after_refusal(self._refusals[account], retry_after, dice)
        if current is not None:
            if current.when() >= until:
                return
            current.cancel()
        self.slots.close(account)
        self._resting[account] = loop.call_at(until, self._wake, account)

    def taken(self, account: str) -> None:
        """See `Dispatcher`."""
        self._refusals.pop(account, None)

    def stop(self) -> None:
        """See `Dispatcher`. A dying dispatcher lends nothing: cleanup must not start work."""
        self._stopped = True
        for timer in self._resting.values():
            timer.cancel()

    def _wake(self, account: str) -> None:
        self._resting.pop(account, None)
        self.slots.open(account)
        self._lend()

    def _lend(self) -> None:
        if self._stopped:
            return
        for loan in self.slots.lend():
            self._start(loan.job, loan.account)
