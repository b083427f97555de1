"""Answering a window: the second paid request of a custom zoom, a vary region, a remix.

Rule 1: an answer leaves at most once. Only evidence that it was not taken (never sent, an explicit "not now") lets it
leave again; an answer whose fate is unknown does not: the looks will show what became of it.
Rule 2: it is written down before the first byte (`Filling`), so a restarted process does not send it again either.
"""

import asyncio
import logging
from itertools import count
from random import Random
from typing import Protocol

import anyio

from mjasync.core import patience
from mjasync.core.answers import Busy, Refused, Submitted, Taken, Unclear
from mjasync.core.machine import FINAL, Filled, Filling, Saw, Unanswered, Unfilled
from mjasync.core.model import Failure, Record, Snapshot, Status
from mjasync.core.wire import HttpRequest, NoAnswer, NotSent
from mjasync.errors import JournalWriteError, MJError, Unreachable
from mjasync.flow import endings
from mjasync.flow.books import Books
from mjasync.flow.outcome import failure_from
from mjasync.flow.session import Session

_log = logging.getLogger("mjasync.windows")


class Heard(Protocol):
    """What the slots learn from windows."""

    def refused(self, job_id: str, account: str, busy: Busy, asked_at: float) -> None:
        """The account said "not now" to a job that keeps its slot."""
        ...

    def taken(self, account: str) -> None:
        """The account took what it was sent."""
        ...


class Windows:
    """Answers the windows of jobs that were accepted."""

    def __init__(self, books: Books, rng: Random) -> None:
        self._books = books
        self._rng = rng
        #: Set by the desk: hears what the accounts say.
        self.heard: Heard | None = None

    def waits(self, record: Record) -> bool:
        """Whether the job's window may still be answered."""
        return record.filled_at is None and record.phase not in FINAL

    async def answer(self, job_id: str, session: Session, shown: str) -> None:
        """Answer the window of a job, which shows the prompt `shown`; a job that cannot go on ends here."""
        for attempt in count(1):
            if await self._is_over(job_id):
                return
            record = self._books[job_id]
            ready = await self._request(record, session, shown)
            if await self._is_over(job_id):  # given up while its mask was read
                return
            busy = ready if isinstance(ready, Busy) else None
            if isinstance(ready, HttpRequest):
                with anyio.CancelScope(shield=True):
                    busy = await self._send(record, session, ready)
            if busy is None:
                return
            if attempt == patience.WINDOW_TRIES:
                await self._end(job_id, busy.failure)
                return
            await asyncio.sleep(patience.after_refusal(attempt, busy.retry_after, self._rng.random()))

    async def _is_over(self, job_id: str) -> bool:
        """Whether nothing may be sent any more; a job that was given up ends here."""
        record = self._books[job_id]
        if self.waits(record) and record.detached is not None:
            await self._end(job_id, record.detached)
        return not self.waits(self._books[job_id])

    async def _request(self, record: Record, session: Session, shown: str) -> HttpRequest | Busy | None:
        """The answer, ready to be sent; None for a job that ends because nobody gave what the window asks for."""
        parent = self._books.parent_of(record)
        try:
            return await session.prepare_modal(record.spec, parent, record.remote_id or "", shown)
        except Unreachable as exc:  # the address of a mask; it may be back soon
            return Busy(failure=failure_from(exc))
        except MJError as exc:
            await self._end(record.id, failure_from(exc))
            return None

    async def _send(self, record: Record, session: Session, request: HttpRequest) -> Busy | None:
        """Send it once; returns what was said if it was not taken, but may be later."""
        try:
            await self._books.note(record.id, Filling())
        except JournalWriteError as exc:  # that it would leave could not be written down, so it did not leave
            await self._end(record.id, failure_from(exc))
            return None
        asked_at = self._books.now()
        try:
            answer = await session.submit(request, record.spec.operation)
        except NotSent as exc:
            answer = Busy(failure=endings.unsent(session.name, str(exc)))
        except NoAnswer as exc:
            answer = Unclear(failure=endings.no_answer(str(exc)))
        self._tell(record.id, session.name, answer, asked_at)
        match answer:
            case Taken(remote_id=remote_id) if self._is_somebody_elses(record, remote_id):
                await self._books.note(record.id, Unanswered(endings.claimed(remote_id)))
            case Taken(remote_id=remote_id):
                await self._books.note(record.id, Filled(remote_id))
            case Refused(failure=failure):
                await self._end(record.id, failure)
            case Busy() as busy:
                await self._books.note(record.id, Unfilled(busy.failure))
                return busy
            case Unclear(failure=failure):
                _log.warning("job %s: the answer to its window got no usable answer: %s", record.id, failure.why)
                await self._books.note(record.id, Unanswered(failure))
        return None

    def _tell(self, job_id: str, account: str, answer: Submitted, asked_at: float) -> None:
        """A window is as much a request to the account as a job's first one."""
        if self.heard is not None and isinstance(answer, Taken):
            self.heard.taken(account)
        elif self.heard is not None and isinstance(answer, Busy):
            self.heard.refused(job_id, account, answer, asked_at)

    def _is_somebody_elses(self, record: Record, remote_id: str) -> bool:
        """Two jobs cannot have one id; its own window's is the usual one."""
        return remote_id != record.remote_id and bool(self._books.known_as(record.account or "", remote_id))

    async def _end(self, job_id: str, failure: Failure) -> None:
        """Nothing will run behind this window."""
        record = self._books[job_id]
        seen = Snapshot(status=Status.FAILED, failure=endings.at_window(record, failure))
        await self._books.note(job_id, Saw(seen))
