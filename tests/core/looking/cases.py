"""Jobs that are looked at as a cadence says, without a clock: what their looks were, and how late their ends were seen."""

from heapq import heappop, heappush
from math import exp, inf
from random import Random

from attrs import frozen

from mjasync.core.looking import Cadence, Track
from mjasync.core.looking.cadence import PATIENCE


@frozen
class Seen:
    """One job."""

    #: Of every look, the one that saw the end included.
    ages: tuple
    #: At every decision: the cap, the usual number of looks, and how many are allowed besides those of the time-out.
    caps: tuple
    usual: tuple
    allowed: tuple
    #: Seconds from the end to its being seen.
    late: float

    @property
    def gaps(self):
        return [after - before for before, after in zip((0.0, *self.ages), self.ages, strict=False)]

    @property
    def most_looks(self):
        """What Rule 2 allows, though the laws were learned on while the job ran."""
        drifted = PATIENCE * (max(self.usual) - min(self.usual))
        return max(self.allowed) + drifted + (self.ages[-1] - self.late) / min(self.caps)


def cadence(prior=50.0, horizon=320.0, **options):
    return Cadence(prior=prior, horizon=horizon, **options)


class Job:
    """Looked at again and again. `end`: its age, or what gives it by the looks so far, for ends that wait for one."""

    def __init__(self, known, end, *, ok=True, bar=lambda age: None, dice=None):
        self.known, self.end, self.ok, self.bar, self.dice = known, end, ok, bar, dice
        self.track, self.age = Track(), 0.0
        self.ages, self.caps, self.usual, self.allowed = [], [], [], []
        self.late = None

    def planned(self):
        """The age of the next look."""
        self.caps.append(self.known.cap)
        self.usual.append(self.known.usual_looks)
        self.allowed.append(self.known.most_looks(0.0))
        self.age = self.known.next(self.track, self.age, dice=self.dice.random() if self.dice else 0.5)
        return self.age

    def looked(self):
        """Whether it is over."""
        end = self.end(self.ages) if callable(self.end) else self.end
        self.ages.append(self.age)
        if self.age < end:
            self.known.alive(self.track, self.age, self.bar(self.age))
            return False
        self.known.ended(self.track, self.age, ok=self.ok)
        self.late = self.age - end
        return True

    def seen(self):
        return Seen(*map(tuple, (self.ages, self.caps, self.usual, self.allowed)), self.late)


def lived(known, end, *, until=inf, **options):
    """One job until its end is seen, or until nobody looks any more; what never ended is late by nothing."""
    job = Job(known, end, **options)
    while job.planned() < until:
        if job.looked():
            return job.seen()
    job.ages.append(job.age)
    job.late = 0.0
    return job.seen()


def together(known, ends, *, every, bars=None, dice=None):
    """Jobs that begin so many seconds apart, and teach while others run."""
    bars = bars or [lambda age: None] * len(ends)
    jobs = [Job(known, end, bar=bar, dice=dice) for end, bar in zip(ends, bars, strict=True)]
    due = []
    for n in range(len(jobs)):
        heappush(due, (n * every, n, False))
    while due:
        _, n, begun = heappop(due)
        if not (begun and jobs[n].looked()):
            heappush(due, (n * every + jobs[n].planned(), n, True))
    return [job.seen() for job in jobs]


def taught(known, ends, **options):
    """A cadence that has seen these jobs, one after the other."""
    for end in ends:
        lived(known, end, **options)
    return known


def usual(count, *, median=55.0, spread=0.22, seed=1):
    """Durations of a lognormal law."""
    dice = Random(seed)
    return [median * exp(dice.gauss(0.0, spread)) for _ in range(count)]


def steps_of(end, *, queue=0.1):
    """A bar in seven steps, as Discord shows them: nothing while the job waits, then with the time."""
    begun = queue * end

    def bar(age):
        share = 100 * (age - begun) / (end - begun)
        return max((step for step in (0, 1, 15, 31, 46, 62, 78, 93) if step <= share), default=0)

    return bar
