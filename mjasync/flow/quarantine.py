"""A job of unknown fate: its slot stays taken until the provider cannot be running it any more.

Rule 1: it is never sent again; only a sighting changes what is believed.
Rule 2: whatever can be asked for free is asked meanwhile: the job itself where its id is known, and where it is not,
the account's own list, which is believed only for the token of this very submission.
"""

import asyncio
from collections.abc import Iterator
from itertools import chain, repeat

from attrs import evolve

from mjasync.core import cadence
from mjasync.core.answers import Absent, Trouble
from mjasync.core.machine import Accepted, Expired, Saw, Silence, is_whole
from mjasync.core.model import Phase, Record, Snapshot, Status
from mjasync.core.operations import action_of
from mjasync.core.reports import ListedJob
from mjasync.core.tokens import is_echoed
from mjasync.core.wire import HttpResponse, TransportFault
from mjasync.errors import MJError
from mjasync.flow import endings
from mjasync.flow.books import Books
from mjasync.flow.session import LIST, Question, Session

_ENDED = (Status.DONE, Status.FAILED)


class Quarantine:
    """Waits out what nobody can know, and asks."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._bells: dict[str, asyncio.Event] = {}
        #: Job → ids that turned out to be other jobs.
        self._refuted: dict[str, set[str]] = {}

    def ring(self, job_id: str) -> None:
        """Something was found out about the job: whoever waits here looks up."""
        if job_id in self._bells:
            self._bells[job_id].set()

    async def through(self, job_id: str, session: Session) -> None:
        """Wait until the lost job was sighted, or has expired."""
        self._bells[job_id] = asyncio.Event()
        try:
            swept = False
            for pause in _pauses(self._books[job_id], session):
                await self._rest(job_id, min(pause, self._left(job_id)))
                record = self._books[job_id]
                if not record.holds_slot or record.phase is not Phase.LOST:
                    return
                if self._left(job_id) <= 0:
                    failure = endings.never_listed(record) if swept else None
                    await self._books.note(job_id, Expired("list" if swept else "", failure))
                    return
                swept = await self._asked(record, session) and record.remote_id is None
                record = self._books[job_id]
                if record.hope and not session.can_list and record.failure is not None:
                    # The account has no list after all: waiting cannot help whoever awaits the job.
                    await self._books.note(job_id, Silence(record.failure, record.held_until or 0.0))
        finally:
            self._bells.pop(job_id, None)
            self._refuted.pop(job_id, None)

    async def afterlife(self, job_id: str, session: Session) -> None:
        """A job whose slot was given up may still come back: it is looked at now and then for a day."""
        until = self._books.now() + cadence.AFTERLIFE
        while (record := self._books[job_id]).phase is Phase.LOST and record.remote_id and self._books.now() < until:
            await asyncio.sleep(cadence.MOST_GAP)
            await self._asked(record, session)

    def _left(self, job_id: str) -> float:
        return max((self._books[job_id].held_until or 0.0) - self._books.now(), 0.0)

    async def _rest(self, job_id: str, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._bells[job_id].wait()
        except TimeoutError:
            return
        self._bells[job_id].clear()

    async def _asked(self, record: Record, session: Session) -> bool:
        """Whatever can be asked about it; True if there was an answer that did not show it."""
        if record.remote_id is not None:
            self._books.looks[record.id] += 1
            looked = await session.look(record.spec, record.remote_id, known=(record.window_id,))
            news = self._news(looked, record, session) if isinstance(looked, Snapshot) else None
            if news is not None:
                await self._books.note(record.id, Saw(news))
            return True
        return record.token != "" and session.can_list and await self._swept(record, session)

    def _news(self, looked: Snapshot, record: Record, session: Session) -> Snapshot | None:
        """What is to be believed of a sighting, or None.

        A job that may still run is taken to be running: the usual looks go on, and judge how it ends. Of one that was
        given up for running so long, only its end is news.
        """
        begun = max(at for at in (record.sent_at, record.resumed_at, record.asked_at) if at is not None)
        if self._books.now() - begun < endings.limits_of(record, session.account.provider).give_up:
            return evolve(looked, status=Status.RUNNING, failure=None) if looked.status in _ENDED else looked
        whole = looked.status is Status.DONE and is_whole(record.spec.operation.brings, looked)
        return looked if whole or looked.status is Status.FAILED else None

    async def _swept(self, record: Record, session: Session) -> bool:
        """The account's own list, newest first; adopts the row that carries the token of this submission.

        True if the whole list was seen and no row of it was.
        """
        whole = True
        for status in session.calls.states if session.calls else ():
            for page in range(1, cadence.SWEEP_PAGES + 1):
                rows = await _listed(session, record, status=status, page=page)
                if rows is None or await self._adopted(rows, record, session):
                    return False
                if len(rows) < cadence.SWEEP_ROWS:
                    break
            else:
                whole = False
        return whole

    async def _adopted(self, rows: tuple[ListedJob, ...], record: Record, session: Session) -> bool:
        """Whether one of these rows is the job. A list shows no hooks, so the likely ones are looked at, once each."""
        seen = self._refuted.setdefault(record.id, set())
        ids = [row.ticket.remote_id for row in sorted(rows, key=lambda row: not _is_like(row, record))]
        new = [each for each in ids if each not in seen and not self._books.known_as(session.name, each)]
        for remote_id in new[: cadence.SWEEP_LOOKS]:
            looked = await session.look(record.spec, remote_id)
            if isinstance(looked, Snapshot) and is_echoed(looked.raw, record.token):
                await self._books.note(record.id, Accepted(remote_id, "list"))
                return True
            seen.add(remote_id)
        return False


def _pauses(record: Record, session: Session) -> Iterator[float]:
    """Seconds between two askings."""
    if record.remote_id is not None:
        return repeat(cadence.MOST_GAP)
    if record.token and session.can_list:
        return chain(cadence.FIRST_SWEEPS, repeat(cadence.SWEEP_GAP))
    return repeat(float("inf"))


def _is_like(row: ListedJob, record: Record) -> bool:
    """Whether a row is likely to be this job. Providers translate prompts, so no other word is a reason against it."""
    asked: str | None = getattr(record.spec.operation, "prompt", None)
    same = asked is not None and row.prompt is not None and row.prompt.strip() == asked.strip()
    return same or (asked is None and row.action == action_of(record.spec.operation))


async def _listed(session: Session, record: Record, *, status: str, page: int) -> tuple[ListedJob, ...] | None:
    """One page, or None where it could not be had."""
    calls = session.calls
    if calls is None:
        return None

    def read(response: HttpResponse) -> tuple[ListedJob, ...] | Absent | Trouble:
        return calls.read_list(response, session.name)

    base = session.route(record.spec.mode)
    forms = calls.write_list(base, page=page, limit=cadence.SWEEP_ROWS, status=status, order="desc")
    try:
        return await session.ask(Question(name=LIST, forms=forms, read=read))
    except (MJError, TransportFault):
        return None
