"""Looking after accepted jobs until their remote jobs are over.

The only loop over a job: wait as long as `patience` says, look once, take in what was seen.
"""

import asyncio
from collections.abc import Callable
from random import Random

from attrs import define, evolve

from mjasync.core import patience
from mjasync.core.answers import Doubt, Missing, Trouble
from mjasync.core.machine import FINAL, Saw, Silence, is_whole
from mjasync.core.model import Failure, Mode, Phase, Record, Snapshot, Status
from mjasync.core.operations import Brings, Press
from mjasync.core.patience import Limits, Tempo
from mjasync.flow import endings
from mjasync.flow.books import Books
from mjasync.flow.looks import Seen
from mjasync.flow.quarantine import Quarantine
from mjasync.flow.session import Session
from mjasync.flow.windows import Windows

#: What a look says when its account's key is refused, and not the look.
_BARRED = ("AuthError", "QuotaExhausted")


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
        self._windows = Windows(books, rng)
        self.quarantine = Quarantine(books)
        #: Jobs of an earlier process that nobody has looked at yet; `looked` is called with each that was.
        self.unseen: set[str] = set()
        self.looked: Callable[[], None] | None = None
        #: Set by the driver: called when the looks at an account's jobs are refused for its key.
        self.barred: Callable[[str, Mode], None] | None = None
        self._troubles: dict[str, Failure] = {}
        self._tempos: dict[tuple[str, str, str], Tempo] = {}

    def tempo(self, record: Record) -> Tempo:
        """What is believed about the record's class of work."""
        return self._tempos.get(_class(record)) or patience.first_tempo(record.spec.mode, record.spec.operation.kind)

    async def to_the_end(
        self, job_id: str, session: Session, *, window: str | None = None, first: float | None = None
    ) -> None:
        """Look until the remote job is over, or cannot be running any more.

        `window`: its submit's answer already told of a window that shows this prompt. `first`: seconds until the
        first look, where an earlier process has looked before.
        """
        if window is not None:
            await self._windows.answer(job_id, session, window)
        record = self._books[job_id]
        limits = endings.limits_of(record, session.account.provider)
        track = _Track(limits, looked_at=self._books.now(), shown_at=self._books.now())
        try:
            while record.holds_slot:
                if record.phase is Phase.LOST:
                    await self.quarantine.through(job_id, session)
                else:
                    await asyncio.sleep(self._delay(record, track) if first is None else first)
                    await self._once(job_id, session, track)
                self._have_looked(job_id)
                first, record = None, self._books[job_id]
        finally:
            self._have_looked(job_id)
            self._troubles.pop(job_id, None)

    def _have_looked(self, job_id: str) -> None:
        if job_id in self.unseen:
            self.unseen.discard(job_id)
            if self.looked is not None:
                self.looked()

    async def _once(self, job_id: str, session: Session, track: _Track) -> None:
        """One look, unless it is time to stop first."""
        record = self._books[job_id]
        now = self._books.now()
        since = self._since(record)
        track.limits = endings.limits_of(record, session.account.provider)  # a look may have told of a slower mode
        if since >= track.limits.give_up:
            last = track.trouble.failure.what if track.trouble else ""
            await self._books.note(job_id, Silence(endings.stuck(record, track.limits, last), now))
            return
        self._books.looks[job_id] += 1
        ids = (record.remote_id, record.window_id)
        looked = await session.look(record.spec, self._id_to_look_at(record, track), known=ids)
        await self._take_in(job_id, track, looked)
        if isinstance(looked, Snapshot) and looked.window is not None:
            await self._at_window(job_id, session, looked.window)
        elif _lacks_seed(self._books[job_id], looked):
            await self._seed_of_parent(job_id, session)

    def _since(self, record: Record) -> float:
        """Seconds since it was sent, or taken up again."""
        # Second 0 is a moment like any other: an earlier process's times begin there or before.
        now = self._books.now()
        return now - max((at for at in (record.sent_at, record.resumed_at) if at is not None), default=now)

    def _id_to_look_at(self, record: Record, track: _Track) -> str:
        """Its id; where nobody knows that one, the id of the window before it by turns."""
        turn = record.window_id is not None and track.missing % 2
        return (record.window_id if turn else record.remote_id) or ""

    async def _at_window(self, job_id: str, session: Session, shown: str) -> None:
        """A window that only a look found. Once it is answered it may be shown for long: that means nothing."""
        record = self._books[job_id]
        if not self._windows.waits(record):
            return
        if not isinstance(record.spec.operation, Press):
            failure = endings.still_waiting(record, session.account.provider)
            await self._books.note(job_id, Saw(Snapshot(status=Status.FAILED, failure=failure)))
            return
        await self._windows.answer(job_id, session, shown)

    async def _seed_of_parent(self, job_id: str, session: Session) -> None:
        """Finished, and no seed in it: the seed may have come to the picture that it is about."""
        record = self._books[job_id]
        parent = self._books[record.spec.parent] if record.spec.parent else None
        if parent is None or parent.remote_id in (None, record.remote_id):
            return
        looked = await session.look(parent.spec, parent.remote_id or "")
        if isinstance(looked, Snapshot) and looked.seed:
            await self._books.note(job_id, Saw(evolve(looked, status=Status.DONE)))

    async def _take_in(self, job_id: str, track: _Track, looked: Seen) -> None:
        before, track.looked_at = track.looked_at, self._books.now()
        if isinstance(looked, Trouble):
            self._troubled(job_id, track, looked)
            return
        track.trouble, track.troubles = None, 0
        self._troubles.pop(job_id, None)
        if isinstance(looked, Missing):
            await self._missing(job_id, track, looked.failure)
            return
        track.missing = 0
        if isinstance(looked, Snapshot) and looked.status is Status.FAILED:
            # A second look is free, and some providers take a failure back.
            looked = Doubt(snapshot=looked, telling=True)
        if isinstance(looked, Doubt):
            await self._doubtful(job_id, track, looked)
            return
        track.doubts = 0
        if track.shown != (looked.status, looked.progress):
            track.shown, track.shown_at = (looked.status, looked.progress), track.looked_at
        record = self._books[job_id]
        looked = self._own(record, self._thawed(looked, track))
        if looked.status is Status.DONE and not is_whole(record.spec.operation.brings, looked):
            track.empty += 1
            if track.empty < patience.EMPTY_LOOKS or record.spec.operation.brings is Brings.SEED:
                return
            if record.spec.operation.brings is Brings.PICTURES:
                looked = evolve(looked, status=Status.FAILED, failure=endings.empty(job_id))
        else:
            track.empty = 0
        record = await self._books.note(job_id, Saw(looked))
        if record.phase is Phase.DONE:
            self._learn(record, (before + track.looked_at) / 2)

    def _troubled(self, job_id: str, track: _Track, trouble: Trouble) -> None:
        track.trouble, track.troubles = trouble, track.troubles + 1
        self._troubles[job_id] = trouble.failure
        record = self._books[job_id]
        if trouble.failure.kind in _BARRED and track.troubles > 1 and self.barred is not None:
            self.barred(record.account or "", record.spec.mode)

    def _own(self, record: Record, looked: Snapshot) -> Snapshot:
        """A step under its parent's own id: the parent's picture, finished long ago, is not what it brings."""
        parent = self._books[record.spec.parent] if record.spec.parent else None
        if parent is None or parent.remote_id != record.remote_id or parent.snapshot is None:
            return looked
        same = looked.images == parent.snapshot.images and record.spec.operation.brings is Brings.PICTURES
        return evolve(looked, status=Status.RUNNING) if same and looked.status is Status.DONE else looked

    def trouble(self, job_id: str) -> Failure | None:
        """What was wrong with the last look at a job, if it brought nothing readable."""
        return self._troubles.get(job_id)

    def _thawed(self, looked: Snapshot, track: _Track) -> Snapshot:
        """A picture at 100 % that goes on "running" without a change: its relay stopped watching it."""
        still = self._books.now() - track.shown_at >= patience.FROZEN_SECONDS
        if looked.status is not Status.RUNNING or looked.progress != 100 or looked.preview is None or not still:
            return looked
        warning = "the provider never called it finished; it showed this picture at 100 % for a minute"
        return evolve(looked, status=Status.DONE, images=(looked.preview,), warnings=(*looked.warnings, warning))

    async def _doubtful(self, job_id: str, track: _Track, doubt: Doubt) -> None:
        """Perhaps it failed, perhaps only the looks are refused: told when it stays so, and the slot is kept."""
        now = self._books.now()
        track.doubts_since = track.doubts_since if track.doubts else now
        track.doubts += 1
        if doubt.telling and now - track.doubts_since >= patience.CONFIRMED:
            await self._books.note(job_id, Saw(doubt.snapshot))
            return
        if track.doubts >= patience.DOUBTFUL_LOOKS and now - track.doubts_since >= patience.MISSING_SECONDS:
            await self._give_up(job_id, track, doubt.snapshot.failure or endings.bug(self._books[job_id]))

    async def _give_up(self, job_id: str, track: _Track, failure: Failure) -> None:
        """Nobody knows for sure: the slot stays taken until the provider cannot be running the job any more."""
        now = self._books.now()
        sent_at = self._books[job_id].sent_at
        sent_at = now if sent_at is None else sent_at
        await self._books.note(job_id, Silence(failure, max(now, sent_at + track.limits.quarantine)))

    async def _missing(self, job_id: str, track: _Track, failure: Failure) -> None:
        """The provider does not know the job. It says so for a moment after accepting, so it takes several looks."""
        now = self._books.now()
        track.missing_since = track.missing_since if track.missing else now
        track.missing += 1
        if track.missing >= patience.MISSING_LOOKS and now - track.missing_since >= patience.MISSING_SECONDS:
            await self._give_up(job_id, track, failure)

    def _delay(self, record: Record, track: _Track) -> float:
        """Seconds until the next look."""
        dice = self._rng.random()
        if track.trouble is not None:
            # A look that brought nothing is no reason to look sooner than if it had brought no news.
            return max(self._usual(record, track, dice), self._after(track.trouble, record, track, dice))
        if track.missing:
            return patience.after_failed_look(track.missing + 2, None, dice)
        if track.doubts:
            return max(patience.after_failed_look(track.doubts, None, dice), patience.CONFIRMED)
        if track.empty:
            # A seed may take as long as a job of its own; a missing link comes within seconds or not at all.
            return patience.EMPTY_GAP * max(1.0, track.empty - patience.EMPTY_LOOKS)
        return self._usual(record, track, dice)

    def _usual(self, record: Record, track: _Track, dice: float) -> float:
        now = self._books.now()
        status, progress = track.shown
        return patience.next_look(
            self.tempo(record),
            elapsed=0.0 if record.accepted_at is None else now - record.accepted_at,
            status=status,
            progress=progress,
            steady=now - track.shown_at,
            dice=dice,
        )

    def _after(self, trouble: Trouble, record: Record, track: _Track, dice: float) -> float:
        """Slowly where a person has to mend the key first."""
        if trouble.failure.kind not in _BARRED:
            return patience.after_failed_look(track.troubles, trouble.retry_after, dice)
        left = track.limits.left(self._since(record))
        return patience.after_refused_look(track.troubles, trouble.retry_after, dice, left=left)

    def _learn(self, record: Record, ended_at: float) -> None:
        """It ended somewhere between the last two looks."""
        seconds = 0.0 if record.accepted_at is None else ended_at - record.accepted_at
        self._tempos[_class(record)] = patience.learned(self.tempo(record), seconds)


def _lacks_seed(record: Record, looked: Seen) -> bool:
    """A get_seed job that ended, as this look says, without the seed."""
    wanted = record.spec.operation.brings is Brings.SEED and record.phase not in FINAL
    return wanted and isinstance(looked, Snapshot) and looked.status is Status.DONE


def _class(record: Record) -> tuple[str, str, str]:
    """Jobs of one class take about as long as each other."""
    return record.account or "", record.spec.mode, record.spec.operation.kind
