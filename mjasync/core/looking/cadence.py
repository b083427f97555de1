"""All jobs of one class (account, mode, kind of work): one law for each step of progress, and hard limits around them.

Progress restarts the clock: jobs that show 45 % have a law of their own, of the time since that was first seen. So a
bar is never extrapolated, and one that lies or stands still teaches just that. What holds whatever the laws say:

Rule 1: a look is planned at most `cap` after the last one, so an end is seen at most `cap` late (G1).
Rule 2: a job is looked at at most `most_looks` times (G2): whoever needed four times the usual number waits 15 % longer
        each time.
Rule 3: two looks are at least 0.3 s apart (G3).
Rule 4: progress that never comes changes nothing (G4), and the same dice give the same ages (G5).
"""

from bisect import bisect_right
from collections import deque
from collections.abc import Mapping
from functools import partial
from math import log, sqrt
from typing import Any, NamedTuple

from attrs import define, field

from mjasync.core.looking.belief import Belief, Prior
from mjasync.core.looking.bins import RATIO
from mjasync.core.looking.evidence import Evidence, amounts, table
from mjasync.core.looking.law import Law
from mjasync.core.patience import LEAST_GAP

#: Two looks at one job are never closer than this share of its age, nor than `LEAST_GAP`.
LEAST_SHARE = 0.005
#: Until so many jobs have ended, one without progress past twice the median is taken to be no usual job: its looks are
#: no closer than this share of the time since then. Later the law itself knows.
KNOWING, LATE, LATE_SHARE = 12.0, 2.0, 0.06
#: The cap: this share of the median (more where many seconds may pass anyway), within these seconds.
CAP_SHARE, CAP_MOST_SHARE, CAP_LEAST, CAP_MOST = 0.35, 0.6, 5.0, 60.0
#: The target: mean delay over mean duration. `EPS` is the default; the cap's share grows from it to `WIDE_EPS`.
EPS, WIDE_EPS = 0.02, 0.05
#: Past so many times the expected looks each gap grows by this factor.
PATIENCE, THINNING = 4.0, 1.15
#: Progress from which a new law begins, in percent.
STEPS = (1, 15, 30, 45, 60, 75, 90)
#: What is left after the last sighting of a step: so many are remembered, from so many on the lower tenth is trusted,
MEMORY, TRUSTED, LOWEST = 64, 8, 10
#: and no look comes before this share of it.
FLOOR = 0.8
#: A provider's own time-out is looked at so many seconds after it.
AFTER_TIMEOUT = 1.0
#: 5 % of jitter keeps many clients from looking in step, and costs 0.4 % of delay.
JITTER = 0.05
#: Below so many ended jobs the law is only a guess: looks begin after a second, and each wait is 1.5 times the age, so
#: that a failure in the first second, or a provider much faster than its page says, is noticed early.
GUESSING, FIRST_LOOK, GROWING = 3.0, 1.0, 1.5
_NAMES = {str(step): step for step in range(len(STEPS) + 1)}
#: The first guess about a step: its spread, the least spread that is ever fitted, and seconds that are left at least.
STEP_SPREAD, STEP_LEAST_SPREAD, SOONEST = 0.7, 0.05, 0.3
#: A step says so much about the end that looks at the usual price would be sooner than `eps` asks for: they cost more,
#: the less the wider the law of the whole is than this spread.
STEP_PRICE, CLEAR = 2.0, 0.4
#: Where one request looks at all of an account's jobs, each is looked at for the others' sake too. The wider their law,
#: the more of that: a look costs as many times more as the law is wider than this. And it may wait for others to go
#: with it, for this share of the delay that is aimed at.
NARROW, SLACK = 0.2, 0.5
#: A job is late past the age at which this share is over.
LATE_ENDS = 0.95


@define(eq=False)
class Track:
    """One job under a cadence. Ages are seconds since it was accepted."""

    #: Age of the last look, or when it was taken up by a later process.
    looked: float = 0.0
    #: False if it ran unseen until `looked`: nothing is known about the time before.
    watched: bool = True
    looks: int = 0
    progress: int = 0
    #: Seconds between the last look and the next one, as planned.
    gap: float = 0.0
    #: For each step of progress reached: when it was first and last seen.
    first: dict[int, float] = field(factory=lambda: {0: 0.0})
    last: dict[int, float] = field(factory=dict)


class _Terms(NamedTuple):
    """What follows from a law and the target."""

    #: Of a look, in seconds of delay.
    price: float
    #: Looks that a job takes at this price.
    looks: float
    cap: float
    late: float


class Cadence:
    """What a class of jobs has taught, and when to look because of it."""

    def __init__(self, *, prior: float, horizon: float, eps: float = EPS, cap: bool = True) -> None:
        """Begin with the belief that half of such jobs end within `prior` seconds.

        `horizon`: seconds after which the provider itself ends a job. `eps`: mean delay as a share of the mean
        duration that looks aim at. `cap=False` takes Rule 1 away, for studies.
        """
        self._horizon = horizon
        self._eps = eps
        wide = min(max((eps - EPS) / (WIDE_EPS - EPS), 0.0), 1.0)
        self._share = CAP_SHARE + wide * (CAP_MOST_SHARE - CAP_SHARE)
        self._capped = cap
        self._together = False
        guess = Prior(median=prior)
        self._whole = Law(lambda: guess, horizon=horizon, price=self._price)
        self._laws = {0: self._whole}
        self._floors: dict[int, deque[float]] = {}
        self._least: dict[int, float] = {}
        #: The terms, and the law that they are of.
        self._found: tuple[Belief, _Terms] | None = None

    @property
    def median(self) -> float:
        """Seconds within which half of the jobs end with a result."""
        return self._whole.belief.median

    @property
    def jobs(self) -> float:
        """How many ended jobs it knows about; old ones count for less."""
        return self._whole.evidence.jobs

    @property
    def alarms(self) -> int:
        """How often the law of the whole job was found to have changed."""
        return self._whole.alarms

    @property
    def cap(self) -> float:
        """Seconds from an end to its being seen, at most."""
        return self._terms().cap

    @property
    def late(self) -> float:
        """The age at which all but a few jobs are over."""
        return self._terms().late

    @property
    def slack(self) -> float:
        """Seconds that a look may wait for another job's, to go with it; 0 where each goes alone."""
        return SLACK * self._eps * self.median if self._together else 0.0

    @property
    def usual_looks(self) -> float:
        """Looks that a job is expected to take, without progress."""
        return self._terms().looks

    @property
    def together(self) -> bool:
        """Whether one request looks at all of an account's jobs."""
        return self._together

    @together.setter
    def together(self, value: bool) -> None:
        if value != self._together:
            self._together, self._found = value, None
            for law in self._laws.values():
                law.replan()

    def most_looks(self, timeout: float) -> float:
        """Looks at a job that runs for `timeout` seconds, at most."""
        grown = log(max(self.cap / LEAST_GAP, 1.0)) / log(THINNING)
        early = log(max(self.cap / FIRST_LOOK, 2.0)) / log(1.0 + GROWING)
        return PATIENCE * self.usual_looks + grown + early + timeout / self.cap + 3

    def next(self, track: Track, age: float, *, dice: float = 0.5) -> float:
        """The age of the next look at a job that is unfinished, as far as anybody knows, at `age`.

        `dice`, a number in [0, 1), is the jitter; 0.5 for none.
        """
        terms = self._terms()
        cap = terms.cap
        least = max(LEAST_GAP, LEAST_SHARE * age)
        if self.jobs < KNOWING and not track.progress:
            least = max(least, LATE_SHARE * (age - LATE * self.median))
        if track.looks > PATIENCE * terms.looks:
            least = max(least, THINNING * track.gap)
        high = age + (cap if self.jobs >= GUESSING else min(cap, max(FIRST_LOOK, GROWING * age)))
        low = min(age + least, high)
        step = _step(track.progress)
        if age > 0:
            low = min(max(low, age + self._floor(step)), high)
        since = track.first[step]
        at = self._law(step).best(age - since, low - since, high - since) + since
        if age >= self._horizon:  # past every time-out that is known only the cap matters
            at = high
        at = min(max(age + (at - age) * (1 + JITTER * (2 * dice - 1)), low), high)
        timeout = self._horizon + AFTER_TIMEOUT
        if age + LEAST_GAP <= timeout < at:
            at = timeout
        track.gap = at - age
        return at

    def odds(self, track: Track, age: float) -> float:
        """The chance that a job which ran at its last look is over at `age`."""
        step = _step(track.progress)
        since = track.first[step]
        return self._law(step).belief.odds(max(track.looked - since, 0.0), max(age - since, 0.0))

    def left(self, track: Track, age: float, *, share: float = 0.5) -> float:
        """Seconds within which this share of such jobs end, from `age` on."""
        step = _step(track.progress)
        after = max(age - track.first[step], 0.0)
        return self._law(step).belief.quantile(share, after=after) - after

    def alive(self, track: Track, age: float, progress: int | None) -> None:
        """A look at `age` found it running, at this progress (0 to 100, or None where none is told)."""
        for step, since in track.first.items():
            self._law(step).alive(max(track.looked - since, 0.0), max(age - since, 0.0))
        track.progress = max(track.progress, progress or 0)
        step = _step(track.progress)
        track.last[step] = age
        # The step was reached somewhere between the two looks.
        track.first.setdefault(step, (track.looked + age) / 2 if track.watched else age)
        track.looked, track.watched = age, True
        track.looks += 1

    def ended(self, track: Track, age: float, *, ok: bool = True) -> None:
        """A look at `age` found it over: with a result, or failed."""
        track.looks += 1
        if not track.watched or age <= track.looked:
            return
        for step, since in track.first.items():
            self._law(step).ended(max(track.looked - since, 0.0), age - since, ok=ok)
        for step, at in track.last.items():
            self._floors.setdefault(step, deque(maxlen=MEMORY)).append(max(track.looked - at, 0.0))
            self._least.pop(step, None)
        track.looked = age

    def dump(self) -> dict[str, Any]:
        """All that was learned, as JSON."""
        return {
            "laws": {str(step): law.evidence.dump() for step, law in self._laws.items() if law.evidence.jobs},
            "floors": {str(step): [round(left, 3) for left in floor] for step, floor in self._floors.items()},
        }

    def load(self, told: Mapping[str, Any]) -> None:
        """Go on from what `dump` gave. Raises `ValueError` for anything else, and keeps what it knew."""
        laws, floors = (table(table(told).get(name)) for name in ("laws", "floors"))
        evidence = {_step_number(name): Evidence.load(table(law)) for name, law in laws.items()}
        left = {_step_number(name): amounts(floor) for name, floor in floors.items()}
        for step, seen in evidence.items():
            self._law(step).learn(seen)
        self._floors, self._least = {step: deque(floor, maxlen=MEMORY) for step, floor in left.items()}, {}

    def borrow(self, jobs: float) -> None:
        """What was loaded is about another account: it counts as so many jobs at most."""
        for law in self._laws.values():
            law.fade(jobs)

    def _floor(self, step: int) -> float:
        """Seconds that are left at least, judged by the jobs that were last seen in the same step."""
        if step not in self._least:
            seen = sorted(self._floors.get(step, ()))
            self._least[step] = FLOOR * seen[len(seen) // LOWEST] if len(seen) >= TRUSTED else 0.0
        return self._least[step]

    def _law(self, step: int) -> Law:
        if step not in self._laws:
            self._laws[step] = Law(partial(self._rest, step), horizon=self._horizon, price=self._step_price)
        return self._laws[step]

    def _rest(self, step: int) -> Prior:
        """The first guess of what is left once a step was seen: its even share of what is believed about the whole."""
        left = max(self.median * (1 - step / (len(STEPS) + 2)), SOONEST)
        # In steps of 5 %, so that a guess is not made anew for every change.
        return Prior(median=RATIO ** round(log(left, RATIO)), spread=STEP_SPREAD, least_spread=STEP_LEAST_SPREAD)

    def _terms(self) -> _Terms:
        """Those of what is believed now."""
        belief = self._whole.belief
        if self._found is None or belief is not self._found[0]:
            mean, roots = belief.moments(self._horizon)
            shared = max(1.0, belief.spread / NARROW) if self._together else 1.0
            price = shared * 2 * (self._eps * mean / roots) ** 2
            cap = min(max(self._share * belief.median, CAP_LEAST), CAP_MOST) if self._capped else self._horizon
            late = belief.quantile(LATE_ENDS)
            self._found = belief, _Terms(price=price, looks=roots / sqrt(2 * price), cap=cap, late=late)
        return self._found[1]

    def _price(self) -> float:
        return self._terms().price

    def _step_price(self) -> float:
        wide = 1.0 if self._together else min(1.0, CLEAR / self._whole.belief.spread)
        return self._price() * max(1.0, STEP_PRICE * wide)


def _step(progress: int) -> int:
    return bisect_right(STEPS, progress)


def _step_number(name: object) -> int:
    if name not in _NAMES:
        raise ValueError(f"what was learned is not readable: {name!r:.20} is no step of progress")
    return _NAMES[name]
