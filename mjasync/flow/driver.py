"""The one driver: a job's life from a lent slot to the end of its remote job, read from top to bottom.

Rule 1: it never raises, and never returns while the remote job may still run.
Rule 2: what a paid request did is found out in one protected await; a cancel that comes meanwhile waits for it.
Rule 3: it waits and writes down; every decision is a call into `core` or a dialect.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Protocol

import anyio
from attrs import evolve, frozen

from mjasync.core.answers import Busy, Refused, Submitted, Taken, Unclear, of_free
from mjasync.core.machine import Accepted, Bounced, Rejected, Saw, Sending, Silence
from mjasync.core.model import Mode, Phase, Record, Snapshot, Status
from mjasync.core.operations import GetSeed
from mjasync.core.wire import HttpRequest, NoAnswer, NotSent
from mjasync.errors import JournalWriteError, MJError, Unreachable
from mjasync.flow import endings
from mjasync.flow.books import Books
from mjasync.flow.outcome import failure_from
from mjasync.flow.session import Session
from mjasync.flow.tags import Tags
from mjasync.flow.watch import Watch
from mjasync.flow.weighing import Elsewhere, Weighing

_log = logging.getLogger("mjasync.driver")


@frozen
class Parked:
    """Not now: the job waits until a slot comes back."""


class Gate(Protocol):
    """Whoever watches the money."""

    async def before(self, record: Record, session: Session) -> Refused | Parked | None:
        """Whether the job may be paid for here; None: go. Free, whatever it takes."""
        ...


class Queue(Elsewhere, Protocol):
    """Where a job goes when the driver is done with it."""

    @property
    def closed(self) -> bool:
        """True once nothing new may be sent."""
        ...

    def allows(self, job_id: str, account: str) -> bool:
        """False if the job had better go elsewhere: a step was asked for since that this account cannot do."""
        ...

    def adopt(self, job_id: str, account: str) -> None:
        """The job runs already: it keeps its slot, even beyond the cap."""
        ...

    def park(self, job_id: str) -> None:
        """The slot is free; the job queues again when another one comes back."""
        ...

    def interrupted(self, job_id: str, account: str) -> None:
        """Somebody else cancelled the task that carried the job: another one goes on, unless the loop is ending."""
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

    def doubt(self, account: str, mode: Mode) -> None:
        """Looks are refused for the account's key: it proves itself again before anything more is sent there."""
        ...


class Driver:
    """Drives jobs, one call of `drive` at a time for each."""

    def __init__(
        self,
        books: Books,
        sessions: Mapping[str, Session],
        queue: Queue,
        watch: Watch,
        *,
        weighing: Weighing,
        gate: Gate,
        tags: Tags,
    ) -> None:
        self._books = books
        self._sessions = sessions
        self._queue = queue
        self._watch = watch
        watch.barred = queue.doubt
        self._gate = gate
        self._tags = tags
        self._weighing = weighing

    async def drive(self, job_id: str, account: str) -> None:
        """Carry one job on the slot lent to it, and give the slot back when its remote job is over."""
        await self._guarded(job_id, account, lambda: self._carry(job_id, self._sessions[account]))

    async def take_up(self, job_id: str, account: str, first_look: float) -> None:
        """Go on with a job that was sent, by an earlier process or task; it holds its slot. Nothing is sent for it."""
        await self._no_longer_sending(job_id, account)
        end = partial(self._watch.to_the_end, job_id, self._sessions[account], first=first_look)
        await self._guarded(job_id, account, end)

    async def _no_longer_sending(self, job_id: str, account: str) -> None:
        """Whoever waited for the answer to the request is gone."""
        record = self._books[job_id]
        if record.phase is Phase.SENDING:
            await self._books.note(job_id, self._weighing.orphaned(record, self._sessions[account]))

    async def _guarded(self, job_id: str, account: str, story: Callable[[], Awaitable[Busy | Parked | None]]) -> None:
        """Whatever becomes of the story, the slot comes back, and once."""
        session = self._sessions[account]
        left: Busy | Parked | None = None
        try:
            left = await story()
        except asyncio.CancelledError:
            if not self._queue.closed:
                # Not our closing: somebody's stray cancel, or the loop ends. The journal is right as it is.
                self._queue.interrupted(job_id, account)
            raise
        except Exception:  # noqa: BLE001  # whatever it is, no slot and no awaiter may be lost over it
            _log.exception("mjasync has a bug: the driver of job %s broke off", job_id)
            await self._after_a_bug(job_id, session)
        match left:
            case Busy():
                self._queue.again(job_id, account, left)
            case Parked():
                self._queue.park(job_id)
            case None:
                self._weighing.forget(job_id)
                self._queue.release(job_id)
                await self._watch.quarantine.afterlife(job_id, session)
                record = self._books.get(job_id)
                if record is not None and record.holds_slot:  # given up, and seen running after all
                    self._queue.adopt(job_id, account)
                    await self._guarded(job_id, account, partial(self._watch.to_the_end, job_id, session))

    async def _after_a_bug(self, job_id: str, session: Session) -> None:
        """Ours to mend, never the caller's to pay or to wait for: the job ends as honestly as it can."""
        record = self._books[job_id]
        limits = endings.limits_of(record, session.account.provider)
        failure = endings.bug(record)
        if record.phase is Phase.HELD:
            await self._books.note(job_id, Rejected(failure))
        elif record.phase in (Phase.SENDING, Phase.QUEUED, Phase.RUNNING):
            until = (self._books.now() if record.sent_at is None else record.sent_at) + limits.quarantine
            await self._books.note(job_id, Silence(failure, until))
        if self._books[job_id].phase is Phase.LOST:
            await self._watch.to_the_end(job_id, session)

    async def _carry(self, job_id: str, session: Session) -> Busy | Parked | None:
        """The whole story; returns what was said if the job has to queue again."""
        record = self._books[job_id]
        if record.phase is not Phase.HELD or self._queue.closed:  # withdrawn, or closed, between the loan and now
            return None
        gate = await self._gate.before(record, session)
        if isinstance(gate, Parked):
            return gate
        spec, token = self._tags.put_on(record.spec, session.account.provider)
        ready = gate or await self._prepared(evolve(record, spec=spec), session)
        if self._books[job_id].phase is not Phase.HELD or self._queue.closed:  # withdrawn while its pictures were read
            return None
        if not self._queue.allows(job_id, session.name):
            return Busy(failure=endings.elsewhere(record, session.name), account=False)
        if not isinstance(ready, HttpRequest | Taken):
            return await self._settled(job_id, session, self._weighing.weighed(record, session, ready))
        with anyio.CancelScope(shield=True):
            try:
                answer = await self._submit(job_id, session, ready, token)
            except JournalWriteError:  # that it would leave could not be written down, so it did not leave
                return None
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
            return Taken(remote_id="", snapshot=Snapshot(status=Status.DONE, progress=100, seed=known, quota=0.0))
        try:
            return await session.prepare(record.spec, parent)
        except Unreachable as exc:  # the address of a picture; it may be back soon
            return self._weighing.never_left(record.id, failure_from(exc), account=False)
        except MJError as exc:
            return Refused(failure=failure_from(exc))

    async def _submit(self, job_id: str, session: Session, ready: HttpRequest | Taken, token: str) -> Submitted:
        """Send the paid request once, and weigh the answer."""
        record = await self._books.note(job_id, Sending(session.name, token))
        if isinstance(ready, Taken):
            return ready
        try:
            answer = await session.submit(ready, record.spec.operation)
        except NotSent as exc:
            answer = self._weighing.never_left(job_id, endings.unsent(session.name, str(exc)), account=True)
        except NoAnswer as exc:
            answer = Unclear(failure=endings.no_answer(str(exc)))
        return self._weighing.weighed(record, session, of_free(answer) if ready.repeatable else answer)

    async def _settled(self, job_id: str, session: Session, answer: Submitted) -> Busy | None:
        """Write down what became of it; returns what was said if the job has to queue again."""
        record = self._books[job_id]
        match answer:
            case Taken(remote_id=remote_id, snapshot=snapshot):
                self._queue.taken(session.name)
                await self._books.note(job_id, Accepted(remote_id or self._weighing.own_id(record)))
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

    async def _lost(self, record: Record, session: Session, answer: Unclear) -> None:
        now = self._books.now()
        await self._books.note(record.id, self._weighing.silence(record, session, answer.failure, gave_up=now))

    def _parent(self, record: Record) -> Record | None:
        return self._books.parent_of(record)
