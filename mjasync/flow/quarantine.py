"""A job of unknown fate: its slot stays taken until the provider cannot be running it any more.

Rule 1: it is never sent again; only a sighting changes what is believed.
Rule 2: whatever can be asked for free is asked meanwhile: the job itself where its id is known, and where it is not,
the account's own list, which is believed only for the token of this very submission.
"""

import asyncio
from collections.abc import Callable, Iterator
from itertools import chain, repeat

from attrs import evolve

from mjasync.core import patience
from mjasync.core.answers import OVER, is_whole
from mjasync.core.machine import Expired, Saw, Silence
from mjasync.core.model import Phase, Record, Snapshot, Status
from mjasync.flow import endings
from mjasync.flow.books import Books
from mjasync.flow.session import Session
from mjasync.flow.sweeps import Sweeps


class Quarantine:
    """Waits out what nobody can know, and asks."""

    def __init__(
        self,
        books: Books,
        resting: Callable[[Session], bool] = lambda _: False,
        *,
        hears: Callable[[str], bool] = lambda _: False,
    ) -> None:
        """`resting`: whether an account has asked not to be looked at now. `hears`: whether a callback may come."""
        self._books = books
        self._resting = resting
        self._hears = hears
        self._bells: dict[str, asyncio.Event] = {}
        self._sweeps = Sweeps(books)

    def ring(self, job_id: str) -> None:
        """Something was found out about the job: whoever waits here looks up."""
        if job_id in self._bells:
            self._bells[job_id].set()

    async def through(self, job_id: str, session: Session) -> None:
        """Wait until the lost job was sighted, or has expired; it never expires unsearched."""
        self._bells[job_id] = asyncio.Event()
        swept = False
        try:
            for pause in _pauses(self._books[job_id], searched=self._sweeps.can_find(self._books[job_id], session)):
                await self._rest(job_id, min(pause, self._left(job_id)))
                if not self._is_lost(job_id):
                    return
                over = self._left(job_id) <= 0
                if not (over and swept):
                    swept = await self._asked(self._books[job_id], session)
                if not self._is_lost(job_id):
                    return
                if over:
                    failure = endings.never_listed(self._books[job_id]) if swept else None
                    await self._books.note(job_id, Expired("list" if swept else "", failure))
                    return
                await self._still_hoped(self._books[job_id], session)
        finally:
            self._bells.pop(job_id, None)

    async def _still_hoped(self, record: Record, session: Session) -> None:
        """If the account has no list after all, waiting cannot help whoever awaits the job."""
        findable = session.can_list or self._hears(session.name)
        if record.hope and not findable and record.failure is not None:
            await self._books.note(record.id, Silence(record.failure, record.held_until or 0.0))

    def _is_lost(self, job_id: str) -> bool:
        record = self._books[job_id]
        return record.phase is Phase.LOST and record.holds_slot

    async def afterlife(self, job_id: str, session: Session) -> None:
        """A job whose slot was given up may still come back: it is looked for now and then, for a day."""
        until = self._books.now() + patience.AFTERLIFE
        while (record := self._sought(job_id, session)) is not None and self._books.now() < until:
            await asyncio.sleep(patience.MOST_GAP if record.remote_id else patience.LATE_SWEEP)
            record = self._sought(job_id, session)
            if record is not None:
                await self._asked(record, session)
        self._sweeps.forget(job_id, session)

    def _sought(self, job_id: str, session: Session) -> Record | None:
        """The job, as long as it is lost and something can be asked about it."""
        record = self._books.get(job_id)
        if record is None or record.phase is not Phase.LOST:
            return None
        return record if record.remote_id is not None or self._sweeps.can_find(record, session) else None

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
        """Whatever can be asked about it; True if its account was searched from end to end, in vain."""
        if record.remote_id is not None:
            if self._resting(session):
                return False
            self._books.looks[record.id] += 1
            looked = await session.look(record.spec, record.remote_id, known=(record.window_id,))
            news = self._news(looked, record, session) if isinstance(looked, Snapshot) else None
            if news is not None:
                await self._books.note(record.id, Saw(news))
            return False
        return self._sweeps.can_find(record, session) and await self._sweeps.search(record.id, session)

    def _news(self, looked: Snapshot, record: Record, session: Session) -> Snapshot | None:
        """What is to be believed of a sighting, or None.

        A job that may still run is taken to be running: the usual looks go on, and judge how it ends. Of one that was
        given up for running so long, only its end is news.
        """
        begun = max(at for at in (record.sent_at, record.resumed_at, record.asked_at) if at is not None)
        if self._books.now() - begun < endings.limits_of(record, session.account.provider).give_up:
            return evolve(looked, status=Status.RUNNING, failure=None) if looked.status in OVER else looked
        parent = self._books.parent_of(record)
        if parent is not None and parent.remote_id == record.remote_id:
            return None  # its parent's id: the picture may be its parent's
        whole = looked.status is Status.DONE and is_whole(record.spec.operation.brings, looked)
        return looked if whole or looked.status is Status.FAILED else None


def _pauses(record: Record, *, searched: bool) -> Iterator[float]:
    """Seconds between two askings."""
    if record.remote_id is not None:
        return repeat(patience.MOST_GAP)
    if searched:
        return chain(patience.FIRST_SWEEPS, repeat(patience.SWEEP_GAP))
    return repeat(float("inf"))
