"""From a job that is held to a slot, and back: proved routes, places in the queue, second tries.

It decides nothing itself: `Routes` knows which accounts can be used, `Slots` who goes next, `patience` how long to wait.
"""

import asyncio
import heapq
import logging
from collections.abc import Callable, Iterable, Mapping
from random import Random
from typing import Any

from mjasync.core import patience
from mjasync.core.answers import Busy
from mjasync.core.machine import Event, Rejected
from mjasync.core.model import Failure, Mode, Phase, Record
from mjasync.core.slots import Slots, Wish
from mjasync.flow import endings
from mjasync.flow.books import Books
from mjasync.flow.capacity import Capacity
from mjasync.flow.choices import Choices
from mjasync.flow.dispatcher import LocalDispatcher
from mjasync.flow.expecting import Expectations
from mjasync.flow.host import Host
from mjasync.flow.lendings import Lendings
from mjasync.flow.places import Places
from mjasync.flow.routes import Routes
from mjasync.flow.session import Session
from mjasync.flow.stats import Meter

_log = logging.getLogger("mjasync.queue")

#: Ends a held job now: decided in this turn of the loop, told as soon as it is durable.
Settle = Callable[[str, Event], None]
#: Tells the seconds that a job will take at its provider.
Guess = Callable[[Record], float]


class Queueing:
    """The queue before all accounts. It is the `driver.Queue` too."""

    def __init__(
        self, books: Books, sessions: Mapping[str, Session], host: Host, settle: Settle, rng: Random, *, expected: Guess
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._books = books
        self._sessions = sessions
        self._host = host
        self._settle = settle
        self._rng = rng
        caps = {name: session.account.max_jobs for name, session in sessions.items()}
        self.slots = Slots(caps, Expectations(books, expected).of)
        for name in sessions:
            self.slots.open(name)
        self.meter = Meter(sum(self.slots.cap(name) for name in sessions), dict.fromkeys(sessions, 0))
        self._dispatcher = LocalDispatcher(self.slots, self._start, lambda job: books[job].phase, books.news)
        self._lendings = Lendings(books, self.slots, self.meter)
        self.capacity = Capacity(sessions, self._dispatcher, self.meter, rng, host.spawn)
        now, news = self._loop.time, books.news
        self.routes = Routes(
            sessions, spawn=self._spawn, heard=self._heard, wanted=self._wanted, now=now, rng=rng, news=news
        )
        self.routes.proved = self.capacity.ask
        self._places = Places(self.slots)
        self._choices = Choices(books, self.routes.is_bad)
        #: Jobs that wait for what runs to end, in the order of their places.
        self._parked: list[tuple[int, str]] = []
        self._closed = False
        #: Set by the desk: drives a job on an account.
        self.drive: Callable[[str, str], Any] | None = None
        #: Set by the desk: goes on with a job that was sent.
        self.take_up: Callable[[str, str, float], Any] | None = None
        #: Set by the desk: called whenever a slot came back.
        self.freed: Callable[[], None] | None = None

    @property
    def closed(self) -> bool:
        """See `driver.Queue`."""
        return self._closed

    def stop(self) -> None:
        """Send nothing new."""
        self._closed = True
        self.halt()

    def halt(self) -> None:
        """Lend no slot any more; what runs goes on."""
        self._dispatcher.stop()
        self.routes.stop()

    def adopt(self, job_id: str, account: str) -> None:
        """A job that runs already keeps its slot, even beyond the cap."""
        self.slots.adopt(job_id, account)
        self._lendings.lent(job_id, account)

    def enter(self, job_id: str) -> None:
        """A new job: it gets its place, and queues as soon as it can."""
        record = self._books[job_id]
        self._places.give(job_id)
        if record.spec.parent is None:
            self.routes.forget(record.spec.accounts, record.spec.mode)
            self._queue(job_id)
        else:
            self.follow(job_id)

    def narrow(self, step: Record) -> None:
        """A step was asked for: its chain's first job had better go where it can be done too."""
        if self._choices.add(step):
            self._reconsider(self._choices.root_of(step))

    def widen(self, step: Record) -> None:
        """A step has ended: what it asked of its chain's first job is off."""
        if self._choices.matters(step):
            self._reconsider(self._choices.root_of(step))

    def allows(self, job_id: str, account: str) -> bool:
        """See `driver.Queue`."""
        record = self._books[job_id]
        return record.spec.parent is not None or account in self._choices.of(record)

    def exclude(self, job_id: str, account: str) -> bool:
        """See `driver.Queue`."""
        return self._choices.exclude(self._books[job_id], account)

    def forget(self, job_id: str) -> None:
        """The job is over."""
        self._places.forget(job_id)

    def leave(self, job_id: str) -> None:
        """The job ends here; it waits for nothing any more."""
        self._dispatcher.drop(job_id)
        self._places.forget(job_id)

    def follow(self, job_id: str) -> None:
        """A chained job goes on when its parent is done, and ends when its parent ended badly."""
        record = self._books[job_id]
        parent = self._books[record.spec.parent or ""]
        if record.phase is not Phase.HELD or not parent.settled or self._closed:
            return
        if parent.phase is not Phase.DONE or parent.outcome is not None:
            self._settle(job_id, Rejected(endings.parent_failed(record, parent)))
            return
        account = parent.account or ""
        lack = self._sessions[account].lacks(record.spec)
        if lack is not None:
            self._settle(job_id, Rejected(endings.lacks(record, account, lack, available=parent.offers)))
        else:
            self._dispatcher.put(self._wish(record, (account,)))

    # What the driver asks for.

    def interrupted(self, job_id: str, account: str) -> None:
        """See `driver.Queue`."""
        self._loop.call_soon(self._go_on, job_id, account)

    def _go_on(self, job_id: str, account: str) -> None:
        if self._closed or not self._host.alive:
            return
        _log.warning("the task that carried job %s was cancelled by somebody else; another one goes on", job_id)
        if self._books[job_id].phase is Phase.HELD:
            self._give_back(job_id)
            self._requeue(job_id)
        elif self.take_up is not None:
            self._host.spawn(self.take_up, job_id, account, 0.0, name=f"mj:drive:{job_id}")

    def release(self, job_id: str) -> None:
        """See `driver.Queue`."""
        self._choices.forget(job_id)
        self._give_back(job_id)
        self._places.forget(job_id)
        self.unpark()

    def park(self, job_id: str) -> None:
        """See `driver.Queue`. Its place stays its own."""
        self._give_back(job_id)
        heapq.heappush(self._parked, (self._places.of(job_id), job_id))

    def unpark(self) -> None:
        """A slot came back, or money did: as many as there are slots may try again."""
        if not self._parked:
            return
        room = sum(self.slots.cap(name) for name in self._sessions)
        jobs = [heapq.heappop(self._parked)[1] for _ in range(min(room, len(self._parked)))]
        for job_id in jobs:
            self._requeue(job_id)

    def taken(self, account: str) -> None:
        """See `driver.Queue`."""
        self._dispatcher.taken(account)

    def again(self, job_id: str, account: str, busy: Busy) -> None:
        """See `driver.Queue`. The account rests first, so that the freed slot is not lent into the same refusal."""
        dice = self._rng.random()
        if busy.account:
            self._dispatcher.refused(job_id, account, busy, dice)
        self._give_back(job_id)
        attempts = self._books[job_id].attempts
        if attempts and attempts % patience.REFUSALS_IN_FRONT == 0:
            self._places.give(job_id)
        if busy.account or self._closed:
            self._requeue(job_id)
        else:
            self._loop.call_later(patience.after_refusal(attempts, busy.retry_after, dice), self._requeue, job_id)

    def account_refused(self, job_id: str, account: str, failure: Failure) -> bool:
        """See `driver.Queue`. Whoever waits for this account hears of it too, before it is sent into the same refusal."""
        spec = self._books[job_id].spec
        self.routes.turn_bad(account, spec.mode, failure)
        self._dispatcher.barred(account)
        waiting = [wish for wish in self.slots.wishes() if account in wish.accounts]
        hit = [each for each in waiting if self.routes.is_bad(account, self._books.terms(each.job).mode) is not None]
        for wish in hit:
            if wish.child:
                self._dispatcher.drop(wish.job)
                self._settle(wish.job, Rejected(failure))
        self._queue(*(wish.job for wish in hit if not wish.child))
        allowed = self._choices.of(self._books[job_id])
        return spec.parent is None and any(self.routes.is_bad(name, spec.mode) is None for name in allowed)

    def doubt(self, account: str, mode: Mode) -> None:
        """Looks at the account's jobs are refused for its key: nothing more is sent there before it proved itself."""
        if self.routes.doubt(account, mode):
            self._queue(*self._wanted(account, mode))

    # Inside.

    def _queue(self, *job_ids: str) -> None:
        """Put held jobs into the queue of every account that can take them now."""
        wishes = [wish for job_id in job_ids if (wish := self._placed(job_id)) is not None]
        self._dispatcher.put(*wishes)

    def _placed(self, job_id: str) -> Wish | None:
        """A held job's wish, or None where it has to wait for a route or ends here."""
        record = self._books.get(job_id)
        if record is None or record.phase is not Phase.HELD or self._closed:  # it may be over, and forgotten
            return None
        if record.detached is not None:  # nobody waits for it any more: it is not sent a second time
            self._settle(job_id, Rejected(record.detached))
            return None
        accounts, failure = self.routes.sort(job_id, self._choices.of(record), record.spec.mode)
        if failure is not None:
            self._settle(job_id, Rejected(failure))
        self._withdraw(job_id)
        return self._wish(record, accounts) if accounts else None

    def _reconsider(self, root: Record) -> None:
        """A first job that waits queues again, by what it may choose now. What was sent stays where it is."""
        if root.phase is Phase.HELD and self._withdraw(root.id):
            self._queue(root.id)

    def _requeue(self, job_id: str) -> None:
        record = self._books.get(job_id)
        if record is None or record.spec.parent is None or record.detached is not None:
            self._queue(job_id)
        else:
            self.follow(job_id)

    def _wish(self, record: Record, accounts: tuple[str, ...]) -> Wish:
        """A wish for the queue, which keeps the job's place from now on."""
        place, spec = self._places.of(record.id), record.spec
        self._places.forget(record.id)
        child = spec.parent is not None
        return Wish(job=record.id, accounts=accounts, priority=spec.priority, child=child, place=place)

    def _withdraw(self, job_id: str) -> bool:
        """Out of the queue, to come again in its place; False if it is not in it."""
        self._places.keep(job_id)
        return self._dispatcher.drop(job_id)

    def _wanted(self, account: str, mode: Mode) -> list[str]:
        """Roots that wait and that the account could take in this mode, in the order of their places."""
        return [
            job
            for _, job in sorted((wish.place or 0, wish.job) for wish in self.slots.wishes() if not wish.child)
            if (terms := self._books.terms(job)).mode is mode and account in terms.accounts
        ]

    def _heard(self, job_ids: Iterable[str]) -> None:
        """A route of these jobs was proved or is bad."""
        self._queue(*(job_id for job_id in job_ids if not self.slots.holds(job_id)))

    def _start(self, job_id: str, account: str) -> None:
        self._lendings.lent(job_id, account)
        if self.drive is not None:
            self._host.spawn(self.drive, job_id, account, name=f"mj:drive:{job_id}")

    def _spawn(self, work: Any, *args: Any) -> None:
        self._host.spawn(work, *args, name=f"mj:prove:{args[0][0]}")

    def _give_back(self, job_id: str) -> None:
        account = self.slots.lender(job_id)
        self._places.keep(job_id)
        self._dispatcher.give_back(job_id)
        self._lendings.returned(job_id, account)
        if self.freed is not None:
            self.freed()
