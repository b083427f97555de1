"""Jobs that are looked at as a cadence says, without a clock: what their looks were, and how late their ends were seen."""

from math import inf
from random import Random

from attrs import frozen

from mjasync.core.looking import Cadence, Track


@frozen
class Seen:
    """One job."""

    #: Of every look, the one that saw the end included.
    ages: tuple
    #: The cap and the limit of looks (for a time-out as long as the job) at every decision.
    caps: tuple
    most: tuple
    #: Seconds from the end to its being seen.
    late: float


def cadence(prior=50.0, horizon=320.0, **options):
    return Cadence(prior=prior, horizon=horizon, **options)


def lived(known, end, *, ok=True, bar=lambda age: None, dice=None, until=inf):
    """Look at one job until its end (seconds) is seen, or no look is left before `until`."""
    track, age = Track(), 0.0
    ages, caps, most = [], [], []
    while age < min(end, until):
        caps.append(known.cap)
        most.append((known.usual_looks, known.most_looks(min(end, until))))
        age = known.next(track, age, dice=dice.random() if dice else 0.5)
        ages.append(age)
        if age < end:
            known.alive(track, age, bar(age))
    if age >= end:
        known.ended(track, max(age, 1e-9), ok=ok)
    return Seen(tuple(ages), tuple(caps), tuple(most), age - end)


def taught(known, ends, **options):
    """A cadence that has seen these jobs, one after the other."""
    for end in ends:
        lived(known, end, **options)
    return known


def usual(count, *, median=55.0, spread=0.22, seed=1):
    """Durations of a lognormal law."""
    dice = Random(seed)
    return [median * dice.lognormvariate(0.0, spread) for _ in range(count)]


def steps_of(end, *, queue=0.1):
    """A bar in seven steps, as Discord shows them: nothing while the job waits, then with the time."""
    begun = queue * end

    def bar(age):
        share = 100 * (age - begun) / (end - begun)
        return max((step for step in (0, 1, 15, 31, 46, 62, 78, 93) if step <= share), default=0)

    return bar
