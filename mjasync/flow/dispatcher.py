"""Who drives a job now, and that it holds one of its account's slots.

It keeps the time for what decides: how long an account rests after a "not now", when one that was held below its
`max_jobs` may have one more job at once, and how far apart jobs go to one that was asked too often.
"""

import asyncio
from collections.abc import Callable
from math import inf
from typing import Protocol

from mjasync.core import health, patience
from mjasync.core.answers import Busy
from mjasync.core.health import Sign
from mjasync.core.model import Phase
from mjasync.core.slots import Slots, Wish
from mjasync.events import CapChanged, Crowded, Paused
from mjasync.flow.news import News

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

    def resize(self, account: str, cap: int) -> None:
        """The account has so many slots from now on."""
        ...

    def refused(self, job_id: str, account: str, busy: Busy, dice: float, *, asked_at: float | None = None) -> None:
        """The account said "not now" to a job that still holds its slot.

        None of its slots is lent for a while, longer each time in a row; and fewer at once for some minutes, if the
        refusal says that it takes fewer. `asked_at`: when it was asked, if not when its slot was lent.
        """
        ...

    def barred(self, account: str) -> None:
        """The account itself was refused (key, quota, route): one job at a time finds out whether it takes any again."""
        ...

    def taken(self, account: str) -> None:
        """The account took a job: its next "not now" is the first in a row again, and it is barred no more."""
        ...

    def stop(self) -> None:
        """Lend nothing any more; what is lent stays lent."""
        ...


class LocalDispatcher:
    """The in-process form. Slots are lent in the same turn of the loop in which they become free."""

    def __init__(
        self,
        slots: Slots,
        start: Start,
        phase: Callable[[str], Phase] = lambda _: Phase.QUEUED,
        news: News | None = None,
    ) -> None:
        """`phase`: of a job that was lent a slot."""
        self.slots = slots
        self._start = start
        self._phase = phase
        self._news = news or News()
        self._loop = asyncio.get_running_loop()
        self._refusals: dict[str, int] = {}
        self._resting: dict[str, asyncio.TimerHandle] = {}
        self._growing: dict[str, asyncio.TimerHandle] = {}
        #: When each slot was lent, when each account last took a job, and when its limit was last halved.
        self._lent_at: dict[str, float] = {}
        self._took_at: dict[str, float] = {}
        self._halved_at: dict[str, float] = {}
        #: Accounts of which it was said that somebody else uses them, until they have all their slots again.
        self._shared: set[str] = set()
        #: Accounts that were refused themselves, and the job that finds out whether they are so still, with its time.
        self._barred: dict[str, str | None] = {}
        self._probing: dict[str, asyncio.TimerHandle] = {}
        #: Accounts that were asked too often: seconds between two loans, and when the next one may be.
        self._gaps: dict[str, float] = {}
        self._pacing: dict[str, asyncio.TimerHandle] = {}
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
        self._lent_at.pop(job_id, None)
        account = self.slots.lender(job_id)
        if account is not None and self._barred.get(account) == job_id:
            self.barred(account)
        self.slots.give_back(job_id)
        self._lend()

    def resize(self, account: str, cap: int) -> None:
        """See `Dispatcher`."""
        before = self.slots.cap(account)
        self.slots.resize(account, cap)
        if self.slots.cap(account) != before:
            self._tell_cap(account, "told")
        self._lend()

    def sound(self, account: str) -> None:
        """Somebody finds out how many jobs the account takes: one of them goes meanwhile."""
        self.slots.ration(account, 1)

    def sounded(self, account: str) -> None:
        """That is over."""
        self._ration(account)
        self._lend()

    def is_crowded(self, account: str) -> bool:
        """Whether it called its queue full with fewer jobs of ours than it has slots, and has not all of them again."""
        return account in self._shared

    def refused(self, job_id: str, account: str, busy: Busy, dice: float, *, asked_at: float | None = None) -> None:
        """See `Dispatcher`. Refusals that come while it rests belong to the same one; only a longer rest counts."""
        if self._stopped:
            return
        current = self._resting.get(account)
        if current is None or account not in self._refusals:
            self._refusals[account] = self._refusals.get(account, 0) + 1
        until = self._loop.time() + patience.after_refusal(self._refusals[account], busy.retry_after, dice)
        if current is None or current.when() < until:
            if current is not None:
                current.cancel()
            self.slots.close(account)
            self._resting[account] = self._loop.call_at(until, self._wake, account)
            self._news.tell(Paused, account=account, error=busy.failure.kind, until=until)
        self._learn(job_id, account, busy, asked_at)

    def barred(self, account: str) -> None:
        """See `Dispatcher`."""
        self._end_probe(account)
        self._barred[account] = None
        self.slots.ration(account, 1)

    def taken(self, account: str) -> None:
        """See `Dispatcher`."""
        self._refusals.pop(account, None)
        self._took_at[account] = self._loop.time()
        if account in self._barred:
            self._end_probe(account)
            del self._barred[account]
            self._ration(account)
            self._lend()

    def stop(self) -> None:
        """See `Dispatcher`. A dying dispatcher lends nothing: cleanup must not start work."""
        self._stopped = True
        for timer in (
            *self._resting.values(),
            *self._growing.values(),
            *self._probing.values(),
            *self._pacing.values(),
        ):
            timer.cancel()

    def _wake(self, account: str) -> None:
        self._resting.pop(account, None)
        self.slots.open(account)
        self._lend()

    def _learn(self, job_id: str, account: str, busy: Busy, asked_at: float | None) -> None:
        """What the refusal says about how many jobs the account takes at once."""
        sign = health.sign_of(busy)
        if sign is Sign.NOTHING:
            return
        before, now = self.slots.limit(account), self._loop.time()
        running = self.slots.held(account) - (self.slots.lender(job_id) == account)
        asked = self._lent_at.get(job_id, now) if asked_at is None else asked_at
        old = account in self._halved_at and asked <= self._halved_at[account]
        after = health.lowered(before, sign, running=running, old=old)
        self.slots.limit_to(account, after)
        if sign is Sign.FULL:
            self._tell_shared(account, job_id, running, limit=before, asked=asked)
        elif not old:
            self._halved_at[account] = now
            self._gaps[account] = patience.paced(self._gaps.get(account))
            self._ration(account)
        if self.slots.limit(account) != before:
            self._tell_cap(account, "full" if sign is Sign.FULL else "often")
        self._grow_later(account)

    def _tell_shared(self, account: str, job_id: str, held: int, *, limit: int, asked: float) -> None:
        """Once, until the account has all its slots again; not while our own jobs may be what fills it.

        Of the `held` slots without the refused job's, only those count whose jobs were accepted. What was sent and not
        answered, or accepted after the refused job was asked for, may have come before it.
        """
        others = (job for job in self._lent_at if job != job_id and self.slots.lender(job) == account)
        phases = [self._phase(job) for job in others]
        accepted = held - sum(phase in (Phase.HELD, Phase.SENDING) for phase in phases)
        ours = Phase.SENDING in phases or self._took_at.get(account, -inf) > asked
        if accepted < limit and not ours and account not in self._shared:
            self._shared.add(account)
            self._news.tell(Crowded, account=account, jobs=accepted, cap=self.slots.cap(account))

    def _tell_cap(self, account: str, why: str) -> None:
        slots = self.slots
        there = {"cap": slots.cap(account), "limit": slots.limit(account), "held": slots.held(account)}
        self._news.tell(CapChanged, account=account, why=why, **there)

    def _grow_later(self, account: str) -> None:
        """One more slot after a while without such a refusal; not while the account rests."""
        growing = self._growing.pop(account, None)
        if growing is not None:
            growing.cancel()
        if self.slots.limit(account) == self.slots.cap(account):
            return
        due = self._loop.time() + patience.REGROWTH
        rest = self._resting.get(account)
        due = due if rest is None else max(due, rest.when())
        self._growing[account] = self._loop.call_at(due, self._grow, account)

    def _grow(self, account: str) -> None:
        self.slots.limit_to(account, self.slots.limit(account) + 1)
        self._tell_cap(account, "grown")
        if self.slots.limit(account) == self.slots.cap(account):
            self._shared.discard(account)
            self._gaps.pop(account, None)
            self._ration(account)
        self._grow_later(account)
        self._lend()

    def _keep_gap(self, account: str) -> None:
        if account not in self._gaps:
            return
        earlier = self._pacing.pop(account, None)  # of a job that went out of turn, to find out
        if earlier is not None:
            earlier.cancel()
        self._pacing[account] = self._loop.call_later(self._gaps[account], self._next_pace, account)

    def _next_pace(self, account: str) -> None:
        del self._pacing[account]
        self._ration(account)
        self._lend()

    def _ration(self, account: str) -> None:
        """How many may be lent now: one at a time where a gap has to be kept, else as many as there are."""
        if account in self._barred:
            return
        paced = account in self._gaps
        self.slots.ration(account, int(account not in self._pacing) if paced else None)

    def _probe_again(self, account: str) -> None:
        """Nobody knows what became of the job that was to find out: the next one may."""
        self.barred(account)
        self._lend()

    def _end_probe(self, account: str) -> None:
        timer = self._probing.pop(account, None)
        if timer is not None:
            timer.cancel()

    def _lend(self) -> None:
        if self._stopped:
            return
        for loan in self.slots.lend():
            self._lent_at[loan.job] = self._loop.time()
            self._keep_gap(loan.account)
            if loan.account in self._barred:
                self._barred[loan.account] = loan.job
                self._probing[loan.account] = self._loop.call_later(
                    patience.PROBE_AGAIN, self._probe_again, loan.account
                )
            self._start(loan.job, loan.account)
