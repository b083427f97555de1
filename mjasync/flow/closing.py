"""Letting go of a pool: nothing new is sent, what is on its way arrives, and whoever still waits hears why.

Closing never waits for what nobody can know: the journal keeps it.
"""

import asyncio
import contextlib
import logging
import math
from collections.abc import Callable

from attrs import frozen

from mjasync.core.machine import FINAL
from mjasync.core.model import Failure, Phase, Record
from mjasync.errors import PoolClosed
from mjasync.events import Closed
from mjasync.flow import endings
from mjasync.flow.books import Books
from mjasync.flow.desk import Desk
from mjasync.flow.job import Job
from mjasync.flow.outcome import exception_of

_log = logging.getLogger("mjasync.pool")


@frozen(kw_only=True)
class Drain:
    """What closing found: jobs that ended meanwhile, that still run at a provider, that were never sent."""

    #: Ended while the pool was closing, well or badly.
    finished: tuple[Job, ...]
    #: Paid, and still at their providers: `job.ticket`.
    running: tuple[Job, ...]
    #: Never sent, and free.
    held: tuple[Job, ...]


def is_over(desk: Desk) -> bool:
    """Whether nobody waits any more for what may come; a step after a job of unknown fate waits for what may not."""
    return all(_is_after_lost(desk.books, desk.books[job_id]) for job_id in desk.ends.unsettled)


def _is_after_lost(books: Books, record: Record) -> bool:
    while record.spec.parent is not None:
        record = books[record.spec.parent]
        if record.phase is Phase.LOST:
            return True
    return False


class Closing:
    """The one closing of a desk, however often it is asked for; it goes on if whoever waits for it is cancelled."""

    def __init__(self, desk: Desk, *, then: Callable[[], None] = lambda: None) -> None:
        self._desk = desk
        #: Called once nothing can be sent any more.
        self._then = then
        desk.stop()
        self._loop = asyncio.get_running_loop()
        #: When what runs is waited for no more.
        self._until = math.inf
        self._patience = asyncio.timeout_at(None)
        self._waits = False
        self._task = self._loop.create_task(self._run(), name="mj:close")

    async def within(self, drain: float) -> Drain:
        """Wait at most so many seconds for what runs, or less where another call said so."""
        self._until = min(self._until, self._loop.time() + drain)
        if self._waits and not self._patience.expired():
            self._patience.reschedule(self._limit())
        return await asyncio.shield(self._task)

    def _limit(self) -> float | None:
        return None if math.isinf(self._until) else self._until

    async def _run(self) -> Drain:
        desk = self._desk
        before = desk.ends.unsettled.copy()
        with contextlib.suppress(TimeoutError):
            async with self._patience:
                self._patience.reschedule(self._limit())
                self._waits = True
                try:
                    await desk.ends.until(lambda: not any(job.id in desk.ends.unsettled for job in desk.running()))
                finally:
                    self._waits = False
        try:
            drain = await _let_go(desk, before)
            numbers = {"finished": len(drain.finished), "running": len(drain.running), "held": len(drain.held)}
            desk.books.news.tell(Closed, **numbers)
            return drain
        finally:
            desk.books.news.end()
            self._then()


async def _let_go(desk: Desk, before: set[str]) -> Drain:
    """Of everything; `before` are the jobs that somebody waited for."""
    jobs: tuple[Job, ...] = ()
    try:
        await desk.close()
    finally:
        jobs = tuple(desk.jobs.values())
        # One that ended in the last moment was not told to give its slot back any more.
        running = tuple(job for job in desk.running() if job.phase not in FINAL)
        held = tuple(job for job in jobs if not job.done() and job.phase is Phase.HELD)
        finished = tuple(job for job in jobs if job.id in before and job.done())
        for job in jobs:
            if not job.done():
                record = desk.books[job.id]
                job.close(exception_of(_why(record, desk.books.place), job, record))
                desk.ends.settled(job.id)
        _last_words(jobs, running, desk.books.place)
    return Drain(finished=finished, running=running, held=held)


def _why(record: Record, place: str) -> Failure:
    """What whoever still waits for the job is told."""
    lost = record.failure if record.phase is Phase.LOST else None
    return lost or endings.pool_closed(record, place)


def _last_words(jobs: tuple[Job, ...], running: tuple[Job, ...], place: str) -> None:
    """What runs on is named, so that it can be found; a failure that nobody asked about is said once."""
    if running:
        names = ", ".join(str(job.ticket or f"{job.id} (no ticket yet)") for job in running)
        found = f"; `mjasync resume` goes on with them from {place}" if place else ""
        _log.warning(
            "the pool was closed while %d paid job(s) run on at the provider: %s%s", len(running), names, found
        )
    unread = [job for job in jobs if job.unread is not None and not isinstance(job.unread, PoolClosed)]
    if unread:
        first = unread[0]
        _log.error("%d job(s) failed and nobody asked why; the first: %r: %s", len(unread), first, first.unread)
