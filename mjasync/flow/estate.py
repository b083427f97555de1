"""What an earlier process left: taken up again without a second request.

Rule 1: nothing is sent for taking up; what was never sent sleeps until somebody says a word (`wake`, `recover`).
Rule 2: a request that was on its way when its process ended is of unknown fate, and stays so until it is seen.
Rule 3: every step is written down as any other is, so a process that ends in the middle leaves no other mess than the
one it found.
"""

import logging
from collections.abc import Mapping
from random import Random
from typing import Protocol

from attrs import define, evolve, field, frozen

from mjasync.core import patience
from mjasync.core.machine import FINAL, Event, Expired, Rejected, Resumed, Unanswered
from mjasync.core.model import Phase, Record
from mjasync.flow import endings
from mjasync.flow.books import Books
from mjasync.flow.driver import Driver
from mjasync.flow.ends import Ends
from mjasync.flow.host import Host
from mjasync.flow.job import Job
from mjasync.flow.queueing import Queueing
from mjasync.flow.session import Session
from mjasync.flow.watch import Watch
from mjasync.flow.weighing import Weighing
from mjasync.journal import Kept

_log = logging.getLogger("mjasync.recovery")


@frozen(kw_only=True)
class Recovery:
    """What `pool.recover()` found in the journal, oldest first."""

    #: Accepted by an earlier process, and running.
    reattached: tuple[Job, ...] = ()
    #: Accepted by an earlier process, and over by now, whichever way.
    finished: tuple[Job, ...] = ()
    #: Sent by an earlier process, and nobody can say what became of it.
    unknown: tuple[Job, ...] = ()
    #: Never sent: queued by this call.
    held: tuple[Job, ...] = ()


class House(Protocol):
    """What the heir may ask of the pool's inside."""

    books: Books
    queue: Queueing
    sessions: Mapping[str, Session]
    jobs: dict[str, Job]
    ends: Ends

    def seat(self, record: Record) -> Job:
        """The live job of a record, as new."""
        ...

    def begin(self, job_id: str) -> None:
        """Its clocks begin anew."""
        ...


@define(eq=False)
class _Found:
    """The jobs of earlier processes."""

    #: Sent. The jobs themselves: a pool forgets ids of what is over.
    sent: list[Job] = field(factory=list)
    #: Never sent, and nobody said yet that it should be.
    asleep: dict[str, None] = field(factory=dict)
    #: What `recover` has woken and not told yet.
    woken: list[Job] = field(factory=list)


class Estate:
    """The jobs of earlier processes in an open pool."""

    def __init__(
        self, desk: House, kept: Kept, rng: Random, *, driver: Driver, watch: Watch, weighing: Weighing, host: Host
    ) -> None:
        self._desk = desk
        self._driver = driver
        self._watch = watch
        self._weighing = weighing
        self._host = host
        self._found = _Found()
        for record in kept.records.values():
            desk.books.restore(self._narrowed(record))
        self._take_up([desk.books[job_id] for job_id in kept.records], rng)

    def sleeps(self, job_id: str) -> bool:
        """True for a job that was never sent, as long as nobody said that it should be."""
        return job_id in self._found.asleep

    def wake(self, job_id: str) -> None:
        """Somebody said that this job should be sent; so should those before it."""
        record = self._desk.books[job_id]
        if record.spec.parent is not None:
            self.wake(record.spec.parent)
        if self.sleeps(job_id):
            del self._found.asleep[job_id]
            if record.phase is Phase.HELD:
                self._desk.ends.came(job_id)
                self._desk.begin(job_id)
                self._desk.queue.enter(job_id)

    def welcome(self, job_id: str, accounts: tuple[str, ...]) -> None:
        """Its key was asked for again: it wakes. Where its accounts are gone, it goes to these: nothing was sent."""
        record = self._desk.books[job_id]
        if record.phase is Phase.HELD and not self._is_able(record) and record.spec.parent is None:
            self._desk.books.rehome(job_id, accounts)
            self._desk.seat(self._desk.books[job_id])
            self._found.asleep[job_id] = None
        self.wake(job_id)

    async def recover(self) -> Recovery:
        """Wake what sleeps, and wait until everything that was sent has been looked at once."""
        for job_id in list(self._found.asleep):
            if self._desk.books[job_id].phase is Phase.HELD:
                self._found.woken.append(self._desk.jobs[job_id])
                self.wake(job_id)
        await self._desk.ends.until(lambda: not self._watch.unseen or self._desk.queue.closed)
        sent, held = self._found.sent, tuple(self._found.woken)
        self._found.woken.clear()
        return Recovery(
            reattached=tuple(job for job in sent if job.phase not in FINAL and job.phase is not Phase.LOST),
            finished=tuple(job for job in sent if job.phase in FINAL),
            unknown=tuple(job for job in sent if job.phase is Phase.LOST),
            held=held,
        )

    def _take_up(self, records: list[Record], rng: Random) -> None:
        ours = [record for record in records if record.phase not in FINAL and not self._is_foreign(record)]
        for record in ours:
            self._desk.seat(record)
            for event in self._events(record):
                self._desk.books.settle(record.id, event)
        spread = min(len(ours) * patience.RESUME_SPREAD, patience.MOST_GAP)
        for record in (self._desk.books[record.id] for record in ours):
            self._place(record, rng.random() * spread)

    def _place(self, record: Record, first_look: float) -> None:
        job = self._desk.jobs[record.id]
        if record.phase is Phase.HELD:
            self._found.asleep[record.id] = None
        elif record.phase not in FINAL:
            self._found.sent.append(job)
        job.publish(record)
        if job.done():
            job.exception()  # it was told in the process before
        if record.spec.parent is not None and record.phase is Phase.HELD:
            self._desk.queue.narrow(record)
        if record.phase is Phase.HELD or record.phase is Phase.LOST or record.settled:
            self._desk.ends.settled(record.id)
        if record.holds_slot:
            if record.phase is not Phase.LOST or (record.held_until or 0.0) <= self._desk.books.now():
                self._watch.unseen.add(record.id)
            self.carry(record, first_look)
        elif record.phase is Phase.LOST and (record.remote_id or record.token) and self._is_recent(record):
            self._spawn(record, first_look)  # it may come back, as it might have in the process before

    def carry(self, record: Record, first_look: float) -> None:
        """Go on with a job that was sent: it keeps its slot, and is looked at in so many seconds."""
        account = record.account or ""
        self._desk.queue.adopt(record.id, account)
        self._desk.begin(record.id)
        self._spawn(record, first_look)

    def _spawn(self, record: Record, first_look: float) -> None:
        self._host.spawn(self._driver.take_up, record.id, record.account, first_look, name=f"mj:drive:{record.id}")

    def _is_recent(self, record: Record) -> bool:
        return record.sent_at is not None and self._desk.books.now() - record.sent_at < patience.AFTERLIFE

    def _narrowed(self, record: Record) -> Record:
        """A job that was never sent goes to the accounts that there still are and that can do it, if there is one."""
        left = tuple(name for name in record.spec.accounts if self._can(name, record))
        if record.phase is not Phase.HELD or not left:
            return record
        return evolve(record, spec=evolve(record.spec, accounts=left))

    def _can(self, name: str, record: Record) -> bool:
        return name in self._desk.sessions and self._desk.sessions[name].lacks(record.spec) is None

    def _is_able(self, record: Record) -> bool:
        """Whether this pool has an account for the job: the one that it was sent with, or its parent was, or any."""
        parent = self._desk.books.parent_of(record)
        bound = record.account or (parent.account if parent else None)
        if bound is not None:
            return bound in self._desk.sessions
        return any(self._can(name, record) for name in record.spec.accounts)

    def _is_foreign(self, record: Record) -> bool:
        """A job that no account of this pool can go on with is left as it is."""
        if self._is_able(record):
            return False
        _log.warning("job %s is left alone: no account of this pool can go on with it", record.id)
        return True

    def _events(self, record: Record) -> list[Event]:
        """What happened to a job when the process that drove it ended."""
        now = self._desk.books.now()
        match record.phase:
            case Phase.HELD:
                return [Rejected(record.detached)] if record.detached else []
            case Phase.SENDING:
                return [self._weighing.orphaned(record, self._desk.sessions[record.account or ""])]
            case Phase.LOST if not record.expired and not record.token and (record.held_until or 0.0) <= now:
                return [Expired()]
            case Phase.LOST:
                return [Resumed()] if record.detached else []
        accepted = now if record.accepted_at is None else record.accepted_at
        heard = record.filled_at is None or record.unanswered or record.filled_at <= accepted
        return [Resumed()] if heard else [Unanswered(endings.answer_ended_while_sending()), Resumed()]
