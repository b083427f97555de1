"""The one driver: a job's life from a lent slot to the end of its remote job, read from top to bottom.

Rule 1: it never raises, and never returns while the remote job may still run.
Rule 2: what a paid request did is found out in one protected await; a cancel that comes meanwhile waits for it.
Rule 3: it waits and writes down; every decision is a call into `core` or a dialect.
"""

import logging
from collections.abc import Mapping
from typing import Protocol

import anyio

from mjasync.core import cadence
from mjasync.core.answers import Busy, Refused, Submitted, Taken, Unclear
from mjasync.core.machine import Accepted, Bounced, Rejected, Sending, Silence
from mjasync.core.model import Phase, Record
from mjasync.core.wire import HttpRequest, NoAnswer, NotSent
from mjasync.errors import MJError
from mjasync.flow import endings
from mjasync.flow.books import Books
from mjasync.flow.outcome import failure_from
from mjasync.flow.session import Session
from mjasync.flow.watch import Watch

_log = logging.getLogger("mjasync.driver")


class Queue(Protocol):
    """Where a job goes when the driver is done with it."""

    def release(self, job_id: str) -> None:
        """The remote job is over, or never was: the slot is free."""
        ...

    def again(self, job_id: str, account: str, *, tries: int, retry_after: float | None, whole: bool) -> None:
        """Not accepted now: the slot is free, the job queues again, and the account rests if it is `whole`."""
        ...


class Driver:
    """Drives jobs, one call of `drive` at a time for each."""

    def __init__(self, books: Books, sessions: Mapping[str, Session], queue: Queue, watch: Watch) -> None:
        self._books = books
        self._sessions = sessions
        self._queue = queue
        self._watch = watch
        #: Refusals in a row, by account.
        self._refusals: dict[str, int] = {}

    async def drive(self, job_id: str, account: str) -> None:
        """Carry one job on the slot lent to it, and give the slot back when its remote job is over."""
        try:
            busy = await self._carry(job_id, self._sessions[account])
        except Exception:  # noqa: BLE001
            # Ours to mend, never the caller's to pay for: the slot stays lent, and the log has the story.
            _log.exception("mjasync has a bug: the driver of job %s broke off", job_id)
            return
        if busy is None:
            self._queue.release(job_id)
        else:
            tries = self._refusals.get(account, 1)
            self._queue.again(job_id, account, tries=tries, retry_after=busy.retry_after, whole=busy.account)

    async def _carry(self, job_id: str, session: Session) -> Busy | None:
        """The whole story; returns what was said if the job has to queue again."""
        record = self._books[job_id]
        if record.phase is not Phase.HELD:  # withdrawn between the loan and now
            return None
        try:
            request = session.write(record.spec, self._parent(record))
        except MJError as exc:
            await self._books.note(job_id, Rejected(failure_from(exc)))
            return None
        with anyio.CancelScope(shield=True):
            busy = await self._submit(job_id, session, request)
        if self._books[job_id].phase in (Phase.QUEUED, Phase.LOST):
            await self._watch.to_the_end(job_id, session)
        return busy

    async def _submit(self, job_id: str, session: Session, request: HttpRequest) -> Busy | None:
        """Send the paid request once, and write down what became of it."""
        record = await self._books.note(job_id, Sending(session.name))
        try:
            answer: Submitted = await session.submit(request)
        except NotSent as exc:
            answer = self._unsent(session, str(exc))
        except NoAnswer as exc:
            answer = Unclear(failure=endings.no_answer(str(exc)))
        if isinstance(answer, Busy):
            answer = self._still_worth_it(record, session, answer)
        else:
            self._refusals.pop(session.name, None)
        match answer:
            case Taken(remote_id=remote_id):
                await self._books.note(job_id, Accepted(remote_id))
            case Refused(failure=failure):
                await self._books.note(job_id, Rejected(failure))
            case Busy(failure=failure):
                await self._books.note(job_id, Bounced(failure))
                return answer
            case Unclear():
                await self._lost(record, session, answer)
        return None

    async def _lost(self, record: Record, session: Session, answer: Unclear) -> None:
        limits = endings.limits_of(record, session.account.provider)
        cap = session.account.max_jobs
        failure = endings.unclear(answer.failure, job_id=record.id, account=session.name, cap=cap, limits=limits)
        await self._books.note(record.id, Silence(failure, self._books.now() + limits.quarantine))

    def _unsent(self, session: Session, fault: str) -> Busy | Refused:
        """The network: nothing left, so it is tried again for a while."""
        failure = endings.unsent(session.name, fault)
        if self._refusals.get(session.name, 0) + 1 >= cadence.UNSENT_TRIES:
            return Refused(failure=failure, account=True)
        return Busy(failure=failure)

    def _still_worth_it(self, record: Record, session: Session, answer: Busy) -> Busy | Refused:
        """An account's "not now" is waited out; a single job's only as long as a relay may lag behind."""
        if answer.account:
            self._refusals[session.name] = self._refusals.get(session.name, 0) + 1
            return answer
        parent = self._parent(record)
        ready_at = max(record.asked_at, (parent.ended_at or 0.0) if parent else 0.0)
        late = self._books.now() - ready_at > cadence.NOT_YET
        return Refused(failure=answer.failure) if late else answer

    def _parent(self, record: Record) -> Record | None:
        return self._books[record.spec.parent] if record.spec.parent else None
