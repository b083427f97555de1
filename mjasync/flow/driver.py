"""The one driver: a job's life from a lent slot to the end of its remote job, read from top to bottom.

Rule 1: it never raises, and never returns while the remote job may still run.
Rule 2: what a paid request did is found out in one protected await; a cancel that comes meanwhile waits for it.
Rule 3: it waits and writes down; every decision is a call into `core` or a dialect.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping
from typing import Protocol

import anyio

from mjasync.core import cadence
from mjasync.core.answers import Busy, Refused, Submitted, Taken, Unclear, of_free
from mjasync.core.machine import Accepted, Bounced, Rejected, Saw, Sending, Silence
from mjasync.core.model import Failure, Phase, Record, Snapshot, Status
from mjasync.core.operations import GetSeed, Press
from mjasync.core.wire import HttpRequest, NoAnswer, NotSent
from mjasync.errors import MJError, Unreachable
from mjasync.flow import endings
from mjasync.flow.books import Books
from mjasync.flow.outcome import failure_from
from mjasync.flow.session import Session
from mjasync.flow.watch import Watch

_log = logging.getLogger("mjasync.driver")


class Queue(Protocol):
    """Where a job goes when the driver is done with it."""

    @property
    def closed(self) -> bool:
        """True once nothing new may be sent."""
        ...

    def allows(self, job_id: str, account: str) -> bool:
        """False if the job had better go elsewhere: a step was asked for since that this account cannot do."""
        ...

    def exclude(self, job_id: str, account: str) -> bool:
        """The account cannot do this kind of work; True if the job can go to another one."""
        ...

    def release(self, job_id: str) -> None:
        """The remote job is over, or never was: the slot is free."""
        ...

    def again(self, job_id: str, account: str, busy: Busy) -> None:
        """Not accepted now: the slot is free and the job queues again; the account rests if it is about the account."""
        ...

    def taken(self, account: str) -> None:
        """The account took a job."""
        ...

    def account_refused(self, job_id: str, account: str, failure: Failure) -> bool:
        """The provider refused the account itself; True if the job can go to another one."""
        ...


class Driver:
    """Drives jobs, one call of `drive` at a time for each."""

    def __init__(self, books: Books, sessions: Mapping[str, Session], queue: Queue, watch: Watch) -> None:
        self._books = books
        self._sessions = sessions
        self._queue = queue
        self._watch = watch
        #: How often each job's submit never left.
        self._unsent: Counter[str] = Counter()

    async def drive(self, job_id: str, account: str) -> None:
        """Carry one job on the slot lent to it, and give the slot back when its remote job is over."""
        session = self._sessions[account]
        busy = None
        try:
            busy = await self._carry(job_id, session)
        except asyncio.CancelledError:
            if self._queue.closed:
                raise
            # Not our closing: somebody's stray cancel, and the job is paid or about to be.
            _log.exception("the driver of job %s was cancelled by somebody else", job_id)
            await self._after_a_bug(job_id, session)
        except Exception:  # noqa: BLE001  # whatever it is, no slot and no awaiter may be lost over it
            _log.exception("mjasync has a bug: the driver of job %s broke off", job_id)
            await self._after_a_bug(job_id, session)
        if busy is None:
            self._unsent.pop(job_id, None)
            self._queue.release(job_id)
        else:
            self._queue.again(job_id, account, busy)

    async def _after_a_bug(self, job_id: str, session: Session) -> None:
        """Ours to mend, never the caller's to pay or to wait for: the job ends as honestly as it can."""
        record = self._books[job_id]
        limits = endings.limits_of(record, session.account.provider)
        failure = endings.bug(record)
        if record.phase is Phase.HELD:
            await self._books.note(job_id, Rejected(failure))
        elif record.phase in (Phase.SENDING, Phase.QUEUED, Phase.RUNNING):
            until = (record.sent_at or self._books.now()) + limits.quarantine
            await self._books.note(job_id, Silence(failure, until))
        if self._books[job_id].phase is Phase.LOST:
            await self._watch.to_the_end(job_id, session)

    async def _carry(self, job_id: str, session: Session) -> Busy | None:
        """The whole story; returns what was said if the job has to queue again."""
        record = self._books[job_id]
        if record.phase is not Phase.HELD or self._queue.closed:  # withdrawn, or closed, between the loan and now
            return None
        ready = await self._prepared(record, session)
        if self._books[job_id].phase is not Phase.HELD or self._queue.closed:  # withdrawn while its pictures were read
            return None
        if not self._queue.allows(job_id, session.name):
            return Busy(failure=endings.elsewhere(record, session.name), account=False)
        if not isinstance(ready, HttpRequest | Taken):
            return await self._settled(job_id, session, ready)
        with anyio.CancelScope(shield=True):
            answer = await self._submit(job_id, session, ready)
            del ready  # its pictures may be tens of megabytes, and the job may run for long
            busy = await self._settled(job_id, session, answer)
        if self._books[job_id].phase in (Phase.QUEUED, Phase.LOST):
            window = answer.window if isinstance(answer, Taken) else None
            await self._watch.to_the_end(job_id, session, window=window)
        return busy

    async def _prepared(self, record: Record, session: Session) -> HttpRequest | Taken | Busy | Refused:
        """What is about to be sent; or the answer where no request is needed, or none is possible."""
        parent = self._parent(record)
        known = parent.snapshot.seed if parent and parent.snapshot else None
        if isinstance(record.spec.operation, GetSeed) and parent and known:
            # The parent's answer had it already: asking would cost.
            return Taken(remote_id="", snapshot=Snapshot(status=Status.DONE, progress=100, seed=known))
        try:
            return await session.prepare(record.spec, parent)
        except Unreachable as exc:  # the address of a picture; it may be back soon
            return self._never_left(record.id, failure_from(exc), account=False)
        except MJError as exc:
            return Refused(failure=failure_from(exc))

    async def _submit(self, job_id: str, session: Session, ready: HttpRequest | Taken) -> Submitted:
        """Send the paid request once, and weigh the answer."""
        record = await self._books.note(job_id, Sending(session.name))
        if isinstance(ready, Taken):
            return ready
        try:
            answer = await session.submit(ready, record.spec.operation)
        except NotSent as exc:
            answer = self._never_left(job_id, endings.unsent(session.name, str(exc)), account=True)
        except NoAnswer as exc:
            answer = Unclear(failure=endings.no_answer(str(exc)))
        return self._weighed(record, session, of_free(answer) if ready.repeatable else answer)

    async def _settled(self, job_id: str, session: Session, answer: Submitted) -> Busy | None:
        """Write down what became of it; returns what was said if the job has to queue again."""
        record = self._books[job_id]
        match answer:
            case Taken(remote_id=remote_id, snapshot=snapshot):
                self._queue.taken(session.name)
                await self._books.note(job_id, Accepted(remote_id or self._own_id(record)))
                if snapshot is not None:
                    await self._books.note(job_id, Saw(snapshot))
            case Refused(failure=failure):
                await self._books.note(job_id, Rejected(failure))
            case Busy() as busy:
                if record.phase is Phase.SENDING:
                    await self._books.note(job_id, Bounced(busy.failure))
                return busy
            case Unclear() as unclear:
                await self._lost(record, session, unclear)
        return None

    def _own_id(self, record: Record) -> str:
        """The id of what has none at the provider: its parent's, or one made of ours."""
        parent = self._parent(record)
        return parent.remote_id if parent and parent.remote_id else f"{record.spec.operation.kind}-{record.id}"

    def _weighed(self, record: Record, session: Session, answer: Submitted) -> Submitted:
        """What the answer means for this job here, beyond its words."""
        match answer:
            case Refused(account=True, failure=failure) if self._queue.account_refused(
                record.id, session.name, failure
            ):
                return Busy(failure=failure, account=False)
            case Refused(route=True, failure=failure) if self._queue.exclude(record.id, session.name):
                return Busy(failure=failure, account=False)
            case Busy(account=False) if self._waited_enough(record):
                return Refused(failure=answer.failure)
            case Busy(failure=Failure(status=503)) if record.attempts >= cadence.UNSENT_TRIES:
                # "No channel serves this now", said so often, means never.
                return Refused(failure=answer.failure)
            case Taken(remote_id=remote_id) if self._is_somebody_elses(record, session.name, remote_id):
                return Unclear(failure=endings.claimed(remote_id))
        return answer

    async def _lost(self, record: Record, session: Session, answer: Unclear) -> None:
        limits = endings.limits_of(record, session.account.provider)
        cap = session.account.max_jobs
        failure = endings.unclear(answer.failure, job_id=record.id, account=session.name, cap=cap, limits=limits)
        await self._books.note(record.id, Silence(failure, self._books.now() + limits.quarantine))

    def _never_left(self, job_id: str, failure: Failure, *, account: bool) -> Busy | Refused:
        """The network: nothing left, so it is tried again for a while. `account`: it is the account that is away."""
        self._unsent[job_id] += 1
        if self._unsent[job_id] < cadence.UNSENT_TRIES:
            return Busy(failure=failure, account=account)
        self._unsent.pop(job_id)
        return Refused(failure=failure, account=account)

    def _waited_enough(self, record: Record) -> bool:
        """A single job's "not now" is waited out only as long as a relay may lag behind its parent."""
        parent = self._parent(record)
        ready_at = max(record.asked_at, (parent.ended_at or 0.0) if parent else 0.0)
        return self._books.now() - ready_at > cadence.NOT_YET

    def _is_somebody_elses(self, record: Record, account: str, remote_id: str) -> bool:
        """Two jobs cannot have one id; but the same action may be answered with the job that it made before.

        A seed may be told under its picture's id; so may anything by a provider that is yet to give one of its own.
        """
        if isinstance(record.spec.operation, GetSeed):
            return False
        parent = self._parent(record)
        if parent is not None and parent.remote_id == remote_id:
            return False
        others = (self._books[job_id] for job_id in self._books.known_as(account, remote_id))
        mine = (record.spec.parent, self._asked(record))
        return any(record.spec.parent is None or (other.spec.parent, self._asked(other)) != mine for other in others)

    def _asked(self, record: Record) -> object:
        """What was asked for; of a button, which one: it has several names. An ended job has no mask any more."""
        press, parent = record.spec.operation, self._parent(record)
        if not isinstance(press, Press):
            return press
        shown = parent.snapshot.actions if parent and parent.snapshot else ()
        token = next((action.token for action in shown if action.matches(press.action)), press.action)
        return token, press.prompt, press.factor

    def _parent(self, record: Record) -> Record | None:
        return self._books.parent_of(record)
