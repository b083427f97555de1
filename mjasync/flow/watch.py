"""Looking after accepted jobs until their remote jobs are over.

The only loop over a job: wait for its turn, hear what the look brought, take it in.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from math import inf
from random import Random

from attrs import evolve

from mjasync.core import patience
from mjasync.core.answers import Trouble
from mjasync.core.looking import Cadence, Track, paced
from mjasync.core.machine import FINAL, Saw, Silence
from mjasync.core.model import Failure, Mode, Phase, Record, Snapshot, Status
from mjasync.core.operations import Brings, Press
from mjasync.flow import endings
from mjasync.flow.asks import Ask
from mjasync.flow.bells import Bells
from mjasync.flow.books import Books
from mjasync.flow.lessons import Lessons
from mjasync.flow.quarantine import Quarantine
from mjasync.flow.rounds import Round
from mjasync.flow.session import Session
from mjasync.flow.sightings import Run, Sightings
from mjasync.flow.telling import looked
from mjasync.flow.windows import Windows

#: What a look says when its account's key is refused, and not the look.
_BARRED = ("AuthError", "QuotaExhausted")


class Watch:
    """Looks."""

    def __init__(self, books: Books, rng: Random, lessons: Lessons, *, rate: float | None = None) -> None:
        """`rate`: looks a second that an account gets; None: as `looking.paced` says."""
        self._books = books
        self._rng = rng
        self._rate = rate
        self.windows = Windows(books, rng)
        self._sightings = Sightings(books)
        self._rounds: dict[str, Round] = {}
        self._runs: dict[str, Run] = {}
        self._asks: dict[str, Ask] = {}
        self._bells: dict[str, Bells] = {}
        self.lessons = lessons
        self.quarantine = Quarantine(books, lambda session: self.round(session).resting, hears=self.may_hear)
        #: Jobs of an earlier process that nobody has looked at yet; `looked` is called with each that was.
        self.unseen: set[str] = set()
        self.looked: Callable[[], None] | None = None
        #: Set by the receiver of callbacks: whether it stands anywhere.
        self.receives: Callable[[], bool] = bool
        #: Set by the driver: called when the looks at an account's jobs are refused for its key.
        self.barred: Callable[[str, Mode], None] | None = None

    def round(self, session: Session) -> Round:
        """The looks of one account."""
        if session.name not in self._rounds:
            self._rounds[session.name] = Round(session, paced(session.account.max_jobs, self._rate), self._books.news)
        return self._rounds[session.name]

    def bells(self, name: str) -> Bells:
        """The callbacks of one account."""
        if name not in self._bells:
            self._bells[name] = Bells(name, self._rng, distrust=partial(self._distrust, name))
        return self._bells[name]

    def _distrust(self, name: str) -> None:
        self._rounds[name].distrust()

    def hears(self, name: str) -> bool:
        """Whether an account's callbacks are heard, and relied on."""
        return self.bells(name).alive

    def may_hear(self, name: str) -> bool:
        """Whether a callback of the account may still come in, relied on or not."""
        return self.receives() or self.hears(name)

    def ring(self, record: Record) -> None:
        """A callback says that a job is over: it is looked at now, or as soon as somebody looks at it."""
        self.bells(record.account or "").rang(record.id, self._runs.get(record.id))
        if record.id in self._asks:
            self._rounds[record.account or ""].hasten(self._asks[record.id])

    @property
    def rounds(self) -> Mapping[str, Round]:
        """The looks of each account, by its name."""
        return self._rounds

    def left(self, record: Record, shares: Sequence[float]) -> list[float]:
        """Seconds within which each of these shares of the jobs like this one are over, from now on.

        None is beyond the time at which it counts as lost.
        """
        cadence, run = self.lessons.of(record), self._runs.get(record.id)
        if run is None:
            return [cadence.left(Track(), 0.0, share=share) for share in shares]
        age = self._books.now() - run.born
        most = max(run.limits.give_up - age, 0.0)
        return [min(cadence.left(run.track, age, share=share), most) for share in shares]

    def trouble(self, job_id: str) -> Failure | None:
        """What was wrong with the last look at a job, if it brought nothing readable."""
        return self._sightings.trouble(job_id)

    async def to_the_end(
        self, job_id: str, session: Session, *, window: str | None = None, first: float | None = None
    ) -> None:
        """Look until the remote job is over, or cannot be running any more.

        `window`: its submit's answer already told of a window that shows this prompt. `first`: seconds until the
        first look, where an earlier process has looked before.
        """
        if window is not None:
            await self.windows.answer(job_id, session, window)
        record = self._books[job_id]
        run = self._runs[job_id] = self._begun(record, session)
        self.bells(session.name).begun(job_id, run)
        try:
            while record.holds_slot:
                if record.phase is Phase.LOST:
                    await self.quarantine.through(job_id, session)
                else:
                    await self._once(job_id, session, run, first)
                self._have_looked(job_id)
                first, record = None, self._books[job_id]
        finally:
            self._have_looked(job_id)
            self._sightings.forget(job_id)
            self._runs.pop(job_id, None)
            self._asks.pop(job_id, None)
            self.bells(session.name).gone(job_id)

    def _begun(self, record: Record, session: Session) -> Run:
        """Its age counts from its acceptance; what was not watched since then teaches nothing about that time."""
        now = self._books.now()
        born = next((at for at in (record.accepted_at, record.sent_at) if at is not None), now)
        watched = record.resumed_at is None and not record.adopted
        return Run(
            endings.limits_of(record, session.account.provider),
            sent=now,
            looked_at=now,
            track=Track(looked=0.0 if watched else now - born, watched=watched),
            born=born,
            shown_at=now,
        )

    def _have_looked(self, job_id: str) -> None:
        if job_id in self.unseen:
            self.unseen.discard(job_id)
            if self.looked is not None:
                self.looked()

    async def _once(self, job_id: str, session: Session, run: Run, first: float | None) -> None:
        """One look, unless it is time to stop first."""
        record, rounds, bells = self._books[job_id], self.round(session), self.bells(session.name)
        cadence = self.lessons.of(record)
        cadence.together = rounds.together and session.looks.can_many
        ask = self._asks[job_id] = bells.delayed(self._ask(record, run, cadence, first), record, run, cadence)
        heard = await rounds.turn(ask)
        if heard is None:
            if await self._is_given_up(job_id, session, run):
                return
            heard = await rounds.look(ask)
        self._books.looks[job_id] += 1
        self._books.shared += 1 - heard.requests
        run.unlisted = run.unlisted or ask.unlisted
        looked(self._books.news, record, heard, self._books.now())
        await self._sightings.take_in(job_id, run, heard, cadence, rounds.relay)
        bells.looked(self._books[job_id])
        if not heard.requests and await self._is_given_up(job_id, session, run):
            return
        if isinstance(heard.seen, Trouble):
            self._troubled(job_id, run, heard.seen)
        elif isinstance(heard.seen, Snapshot) and heard.seen.window is not None:
            await self._at_window(job_id, session, heard.seen.window)
        elif isinstance(heard.seen, Snapshot) and _lacks_seed(self._books[job_id], heard.seen):
            await self._seed_of_parent(job_id, session, heard.seen)

    def _ask(self, record: Record, run: Run, cadence: Cadence, first: float | None) -> Ask:
        now = self._books.now()
        delay = self._delay(record, run, cadence) if first is None else first
        late = now - run.born > cadence.late
        return Ask(
            spec=record.spec,
            remote_id=self._id_to_look_at(record, run),
            known=(record.remote_id, record.window_id),
            due=now + delay,
            slack=min(cadence.slack, max(cadence.cap - delay, 0.0)),
            cap=cadence.cap,
            late=late,
            looked=run.looked_at,
            joins=run.usual and not run.unlisted and not late,
            again=now + patience.once_answered(run.trouble.retry_after) if run.trouble is not None else inf,
            odds=partial(_odds, cadence, run),
        )

    async def _is_given_up(self, job_id: str, session: Session, run: Run) -> bool:
        """The provider cannot be running it any more, whatever it says; or somebody has settled it meanwhile."""
        record = self._books[job_id]
        if not record.holds_slot:
            return True
        # A look may have told of a slower mode.
        run.limits = endings.limits_of(record, session.account.provider)
        if self._since(record) < run.limits.give_up:
            return False
        last = run.trouble.failure.what if run.trouble else ""
        await self._books.note(job_id, Silence(endings.stuck(record, run.limits, last), self._books.now()))
        return True

    def _since(self, record: Record) -> float:
        """Seconds since it was sent, or taken up again."""
        # Second 0 is a moment like any other: an earlier process's times begin there or before.
        now = self._books.now()
        return now - max((at for at in (record.sent_at, record.resumed_at) if at is not None), default=now)

    def _id_to_look_at(self, record: Record, run: Run) -> str:
        """Its id; where nobody knows that one, the id of the window before it by turns."""
        turn = record.window_id is not None and run.missing % 2
        return (record.window_id if turn else record.remote_id) or ""

    async def _at_window(self, job_id: str, session: Session, shown: str) -> None:
        """A window that only a look found. Once it is answered it may be shown for long: that means nothing."""
        record = self._books[job_id]
        if not self.windows.waits(record):
            return
        if not isinstance(record.spec.operation, Press):
            failure = endings.still_waiting(record, session.account.provider)
            await self._books.note(job_id, Saw(Snapshot(status=Status.FAILED, failure=failure)))
            return
        await self.windows.answer(job_id, session, shown)

    async def _seed_of_parent(self, job_id: str, session: Session, own: Snapshot) -> None:
        """Finished, and no seed in it: the seed may have come to the picture that it is about."""
        record = self._books[job_id]
        parent = self._books[record.spec.parent] if record.spec.parent else None
        if parent is None or parent.remote_id in (None, record.remote_id):
            return
        looked = await session.look(parent.spec, parent.remote_id or "")
        if isinstance(looked, Snapshot) and looked.seed:
            # All but the seed is its own: the price that stands there is the picture's, and paid.
            await self._books.note(job_id, Saw(evolve(own, seed=looked.seed)))

    def _troubled(self, job_id: str, run: Run, trouble: Trouble) -> None:
        record = self._books[job_id]
        if trouble.failure.kind in _BARRED and run.troubles > 1 and self.barred is not None:
            self.barred(record.account or "", record.spec.mode)

    def _delay(self, record: Record, run: Run, cadence: Cadence) -> float:
        """Seconds until the next look."""
        dice = self._rng.random()
        if run.trouble is not None:
            # A look that brought nothing is no reason to look sooner than if it had brought no news.
            return max(self._usual(run, cadence, dice), self._after(run.trouble, record, run, dice))
        if run.missing:
            return patience.after_failed_look(run.missing + 2, None, dice)
        if run.doubts:
            return max(patience.after_failed_look(run.doubts, None, dice), patience.CONFIRMED)
        if run.empty:
            # A seed may take as long as a job of its own; a missing link comes within seconds or not at all.
            return patience.EMPTY_GAP * max(1.0, run.empty - patience.EMPTY_LOOKS)
        return self._usual(run, cadence, dice)

    def _usual(self, run: Run, cadence: Cadence, dice: float) -> float:
        now = self._books.now()
        age = now - run.born
        planned = cadence.next(run.track, age, dice=dice) - age
        return min(max(planned, run.stale_until - now), cadence.cap)

    def _after(self, trouble: Trouble, record: Record, run: Run, dice: float) -> float:
        """Slowly where a person has to mend the key first."""
        if trouble.failure.kind not in _BARRED:
            return patience.after_failed_look(run.troubles, trouble.retry_after, dice)
        left = run.limits.left(self._since(record))
        return patience.after_refused_look(run.troubles, trouble.retry_after, dice, left=left)


def _odds(cadence: Cadence, run: Run, now: float) -> float:
    return cadence.odds(run.track, now - run.born)


def _lacks_seed(record: Record, looked: Snapshot) -> bool:
    """A get_seed job that ended, as this look says, without the seed."""
    wanted = record.spec.operation.brings is Brings.SEED and record.phase not in FINAL
    return wanted and looked.status is Status.DONE
