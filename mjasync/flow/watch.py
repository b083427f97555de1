"""Looking after accepted jobs until their remote jobs are over.

The only loop over a job: wait as long as `cadence` says, look once, take in what was seen.
"""

import asyncio
from random import Random

from attrs import define, evolve

from mjasync.core import cadence
from mjasync.core.answers import Doubt, Missing, Trouble
from mjasync.core.cadence import Limits, Tempo
from mjasync.core.machine import FINAL, Saw, Silence
from mjasync.core.model import Failure, Phase, Record, Status
from mjasync.flow import endings
from mjasync.flow.books import Books
from mjasync.flow.session import Seen, Session


@define(eq=False)
class _Track:
    """What a run of looks at one job has met so far."""

    limits: Limits
    looked_at: float
    #: Status and progress as last seen, and since when.
    shown: tuple[Status, int | None] = (Status.QUEUED, None)
    shown_at: float = 0.0
    troubles: int = 0
    trouble: Trouble | None = None
    missing: int = 0
    missing_since: float = 0.0
    empty: int = 0
    doubts: int = 0
    doubts_since: float = 0.0


class Watch:
    """Looks; keeps what was learned about how long jobs take."""

    def __init__(self, books: Books, rng: Random) -> None:
        self._books = books
        self._rng = rng
        self._tempos: dict[tuple[str, str, str], Tempo] = {}

    def tempo(self, record: Record) -> Tempo:
        """What is believed about the record's class of work."""
        return self._tempos.get(_class(record)) or cadence.first_tempo(record.spec.mode, record.spec.operation.kind)

    async def to_the_end(self, job_id: str, session: Session) -> None:
        """Look until the remote job is over, or cannot be running any more."""
        record = self._books[job_id]
        limits = endings.limits_of(record, session.account.provider)
        track = _Track(limits, looked_at=self._books.now(), shown_at=self._books.now())
        while record.phase not in FINAL and record.phase is not Phase.LOST:
            await asyncio.sleep(self._delay(record, track))
            await self._once(job_id, session, track)
            record = self._books[job_id]
        if record.phase is Phase.LOST:
            await asyncio.sleep(max((record.held_until or 0.0) - self._books.now(), 0.0))

    async def _once(self, job_id: str, session: Session, track: _Track) -> None:
        """One look, unless it is time to stop first."""
        record = self._books[job_id]
        now = self._books.now()
        since = now - (record.sent_at or now)
        if since >= track.limits.give_up:
            last = track.trouble.failure.what if track.trouble else ""
            await self._books.note(job_id, Silence(endings.stuck(record, track.limits, last), now))
            return
        self._books.looks[job_id] += 1
        looked = await session.look(record.spec.mode, record.remote_id or "")
        await self._take_in(job_id, track, looked)

    async def _take_in(self, job_id: str, track: _Track, looked: Seen) -> None:
        before, track.looked_at = track.looked_at, self._books.now()
        if isinstance(looked, Trouble):
            track.trouble, track.troubles = looked, track.troubles + 1
            return
        track.trouble, track.troubles = None, 0
        if isinstance(looked, Missing):
            await self._missing(job_id, track, looked.failure)
            return
        track.missing = 0
        if isinstance(looked, Doubt):
            await self._doubtful(job_id, track, looked)
            return
        track.doubts = 0
        if track.shown != (looked.status, looked.progress):
            track.shown, track.shown_at = (looked.status, looked.progress), track.looked_at
        record = self._books[job_id]
        if looked.status is Status.DONE and record.spec.operation.pictures and not (looked.images or looked.tiles):
            track.empty += 1
            if track.empty < cadence.EMPTY_LOOKS:
                return
            looked = evolve(looked, status=Status.FAILED, failure=endings.empty(job_id))
        else:
            track.empty = 0
        record = await self._books.note(job_id, Saw(looked))
        if record.phase is Phase.DONE:
            self._learn(record, (before + track.looked_at) / 2)

    async def _doubtful(self, job_id: str, track: _Track, doubt: Doubt) -> None:
        """Perhaps it failed, perhaps only the looks are refused: told when it stays so, and the slot is kept."""
        now = self._books.now()
        track.doubts_since = track.doubts_since if track.doubts else now
        track.doubts += 1
        if track.doubts >= cadence.DOUBTFUL_LOOKS and now - track.doubts_since >= cadence.MISSING_SECONDS:
            await self._give_up(job_id, track, doubt.snapshot.failure or endings.bug(self._books[job_id]))

    async def _give_up(self, job_id: str, track: _Track, failure: Failure) -> None:
        """Nobody knows for sure: the slot stays taken until the provider cannot be running the job any more."""
        now = self._books.now()
        sent_at = self._books[job_id].sent_at or now
        await self._books.note(job_id, Silence(failure, max(now, sent_at + track.limits.quarantine)))

    async def _missing(self, job_id: str, track: _Track, failure: Failure) -> None:
        """The provider does not know the job. It says so for a moment after accepting, so it takes several looks."""
        now = self._books.now()
        track.missing_since = track.missing_since if track.missing else now
        track.missing += 1
        if track.missing >= cadence.MISSING_LOOKS and now - track.missing_since >= cadence.MISSING_SECONDS:
            await self._give_up(job_id, track, failure)

    def _delay(self, record: Record, track: _Track) -> float:
        """Seconds until the next look."""
        now = self._books.now()
        dice = self._rng.random()
        if track.trouble is not None:
            return cadence.after_failed_look(track.troubles, track.trouble.retry_after, dice)
        if track.missing:
            return cadence.after_failed_look(track.missing + 2, None, dice)
        if track.doubts:
            return cadence.after_failed_look(track.doubts, None, dice)
        if track.empty:
            return cadence.EMPTY_GAP
        status, progress = track.shown
        return cadence.next_look(
            self.tempo(record),
            elapsed=now - (record.accepted_at or now),
            status=status,
            progress=progress,
            steady=now - track.shown_at,
            dice=dice,
        )

    def _learn(self, record: Record, ended_at: float) -> None:
        """It ended somewhere between the last two looks."""
        seconds = ended_at - (record.accepted_at or ended_at)
        self._tempos[_class(record)] = cadence.learned(self.tempo(record), seconds)


def _class(record: Record) -> tuple[str, str, str]:
    """Jobs of one class take about as long as each other."""
    return record.account or "", record.spec.mode, record.spec.operation.kind
