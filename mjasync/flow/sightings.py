"""What a look means for the job it is about: news, a doubt, nothing, or that it is time to give up.

Rule 1: one look is never believed where a second one is free and some providers take the first one back.
Rule 2: what a look taught about durations is told to the job's cadence here, and nowhere else.
"""

from attrs import define, evolve, field

from mjasync.core import patience
from mjasync.core.answers import Doubt, Missing, Trouble, is_whole
from mjasync.core.looking import Cadence, Relay, Track
from mjasync.core.machine import Saw, Silence
from mjasync.core.model import Failure, Phase, Record, Snapshot, Status
from mjasync.core.operations import Brings
from mjasync.core.patience import Limits
from mjasync.flow import endings
from mjasync.flow.asks import Heard
from mjasync.flow.books import Books

#: Of a result that came without a job of its own.
_MADE_BEFORE = "the provider had made this before and gave the same job again: nothing new, nothing charged"


@define(eq=False)
class Run:
    """What a run of looks at one job has met so far."""

    limits: Limits
    #: When the last look was sent, and when its answer came.
    sent: float
    looked_at: float
    #: Its place under the cadence, and the age that the cadence counts from.
    track: Track = field(factory=Track)
    born: float = 0.0
    #: Status and progress as last seen, and since when.
    shown: tuple[Status, int] = (Status.QUEUED, 0)
    shown_at: float = 0.0
    #: Age of the look before the one that showed the last change.
    changed_after: float | None = None
    #: No look before this moment can bring news: its relay's table has just changed.
    stale_until: float = 0.0
    #: A list has left it out: it is looked at alone.
    unlisted: bool = False
    #: When a callback said that it is over; from then on it is looked at as if none came.
    rung: float | None = None
    troubles: int = 0
    trouble: Trouble | None = None
    missing: int = 0
    missing_since: float = 0.0
    empty: int = 0
    doubts: int = 0
    doubts_since: float = 0.0

    @property
    def usual(self) -> bool:
        """Whether the last look was nothing out of the ordinary."""
        return self.trouble is None and not (self.missing or self.doubts or self.empty)


class Sightings:
    """Takes in what looks bring."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._troubles: dict[str, Failure] = {}

    def trouble(self, job_id: str) -> Failure | None:
        """What was wrong with the last look at a job, if it brought nothing readable."""
        return self._troubles.get(job_id)

    def forget(self, job_id: str) -> None:
        """Nobody looks any more."""
        self._troubles.pop(job_id, None)

    async def take_in(self, job_id: str, run: Run, heard: Heard, cadence: Cadence, relay: Relay) -> None:
        """One more look."""
        looked, before, watched = heard.seen, run.track.looked, run.track.watched
        run.sent, run.looked_at = heard.sent, self._books.now()
        if isinstance(looked, Trouble):
            run.trouble, run.troubles = looked, run.troubles + 1
            self._troubles[job_id] = looked.failure
            return
        run.trouble, run.troubles = None, 0
        self._troubles.pop(job_id, None)
        if isinstance(looked, Missing):
            await self._missing(job_id, run, looked.failure)
            return
        run.missing = 0
        if isinstance(looked, Snapshot) and looked.status is Status.FAILED:
            # A second look is free, and some providers take a failure back.
            looked = Doubt(snapshot=looked, telling=True)
        if isinstance(looked, Doubt):
            await self._doubtful(job_id, run, looked, cadence)
            return
        run.doubts = 0
        looked = self._own(self._books[job_id], self._thawed(looked, run))
        await self._shown(job_id, run, looked, cadence)
        _compare(run, looked, before if watched else None, relay)

    async def _shown(self, job_id: str, run: Run, looked: Snapshot, cadence: Cadence) -> None:
        """It runs, or it is done."""
        record = self._books[job_id]
        if looked.status is Status.DONE and not is_whole(record.spec.operation.brings, looked):
            run.empty += 1
            if run.empty < patience.EMPTY_LOOKS or record.spec.operation.brings is Brings.SEED:
                return
            if record.spec.operation.brings is Brings.PICTURES:
                looked = evolve(looked, status=Status.FAILED, failure=endings.empty(job_id))
        else:
            run.empty = 0
        record = await self._books.note(job_id, Saw(self._priced(record, looked)))
        if record.phase is Phase.DONE:
            cadence.ended(run.track, run.looked_at - run.born)
        elif record.phase in (Phase.QUEUED, Phase.RUNNING):
            # That it runs is progress, whatever the percentage says.
            least = 1 if looked.status is Status.RUNNING else 0
            cadence.alive(run.track, run.sent - run.born, max(looked.progress or 0, least))

    def _own(self, record: Record, looked: Snapshot) -> Snapshot:
        """A step under its parent's own id: the parent's picture, finished long ago, is not what it brings."""
        parent = self._books[record.spec.parent] if record.spec.parent else None
        if parent is None or parent.remote_id != record.remote_id or parent.snapshot is None:
            return looked
        same = looked.images == parent.snapshot.images and record.spec.operation.brings is Brings.PICTURES
        return evolve(looked, status=Status.RUNNING) if same and looked.status is Status.DONE else looked

    def _priced(self, record: Record, looked: Snapshot) -> Snapshot:
        """One remote job is paid for once, whoever of ours is told of it."""
        if looked.status is not Status.DONE or record.remote_id is None:
            return looked
        parent = self._books[record.spec.parent] if record.spec.parent else None
        if parent is not None and parent.remote_id == record.remote_id:
            # A seed under its picture's id: the price that is told there is the picture's.
            paid = parent.snapshot.quota if parent.snapshot else None
            seed = record.spec.operation.brings is Brings.SEED
            return evolve(looked, quota=None) if seed and looked.quota == paid else looked
        first = self._books.known_as(record.account or "", record.remote_id, here=True)[0]
        if first == record.id:
            return looked
        return evolve(looked, quota=0.0, warnings=(*looked.warnings, _MADE_BEFORE))

    def _thawed(self, looked: Snapshot, run: Run) -> Snapshot:
        """A picture at 100 % that goes on "running" without a change: its relay stopped watching it."""
        same = run.shown == (looked.status, looked.progress)
        still = same and patience.has_lasted(patience.FROZEN_SECONDS, since=run.shown_at, now=self._books.now())
        if looked.status is not Status.RUNNING or looked.progress != 100 or looked.preview is None or not still:
            return looked
        warning = "the provider never called it finished; it showed this picture at 100 % for a minute"
        return evolve(looked, status=Status.DONE, images=(looked.preview,), warnings=(*looked.warnings, warning))

    async def _doubtful(self, job_id: str, run: Run, doubt: Doubt, cadence: Cadence) -> None:
        """Perhaps it failed, perhaps only the looks are refused: told when it stays so, and the slot is kept."""
        now = self._books.now()
        run.doubts_since = run.doubts_since if run.doubts else now
        run.doubts += 1
        if doubt.telling and patience.has_lasted(patience.CONFIRMED, since=run.doubts_since, now=now):
            await self._books.note(job_id, Saw(doubt.snapshot))
            cadence.ended(run.track, run.doubts_since - run.born, ok=False)
            return
        long = patience.has_lasted(patience.MISSING_SECONDS, since=run.doubts_since, now=now)
        if run.doubts >= patience.DOUBTFUL_LOOKS and long:
            await self._give_up(job_id, run, doubt.snapshot.failure or endings.bug(self._books[job_id]))

    async def _missing(self, job_id: str, run: Run, failure: Failure) -> None:
        """The provider does not know the job. It says so for a moment after accepting, so it takes several looks."""
        now = self._books.now()
        run.missing_since = run.missing_since if run.missing else now
        run.missing += 1
        long = patience.has_lasted(patience.MISSING_SECONDS, since=run.missing_since, now=now)
        if run.missing >= patience.MISSING_LOOKS and long:
            await self._give_up(job_id, run, failure)

    async def _give_up(self, job_id: str, run: Run, failure: Failure) -> None:
        """Nobody knows for sure: the slot stays taken until the provider cannot be running the job any more."""
        now = self._books.now()
        sent_at = self._books[job_id].sent_at
        sent_at = now if sent_at is None else sent_at
        await self._books.note(job_id, Silence(failure, max(now, sent_at + run.limits.quarantine)))


def _compare(run: Run, looked: Snapshot, before: float | None, relay: Relay) -> None:
    """With the look before, at age `before`: since when it shows this, and how late an end came to be shown.

    None: nobody looked before, so whatever it shows may have been shown for long.
    """
    shows = (looked.status, looked.progress or 0)
    if run.shown == shows:
        return
    run.shown, run.shown_at = shows, run.looked_at
    if before is None:
        return
    if run.changed_after is not None:
        relay.changed(run.looked_at - run.born - run.changed_after)
    run.changed_after = before
    run.stale_until = run.born + before + relay.refresh
    if looked.took is not None and looked.status is Status.DONE:
        relay.ended(looked.took, before, run.looked_at - run.born)
