"""Jobs one after another in a few slots, looked at by a cadence: no network, no clock but the jobs' own ages.

Rule 1: whatever happens follows from the dice; the same seed gives the same stream.
"""

import heapq
from collections.abc import Callable, Iterator
from copy import deepcopy
from itertools import count
from random import Random

from attrs import define, frozen

from benchmarks.laws import Law
from benchmarks.optimum import Point, cost
from mjasync.core.looking import Cadence, Track

#: Jobs that run at once.
SLOTS = 10
#: What a running job reports at an age: percent or nothing.
Progress = Callable[[float], int | None]


def _silent(_age: float) -> None:
    """A job that says nothing until it is over."""


@frozen
class Job:
    """A job's whole future."""

    seconds: float
    ok: bool = True
    progress: Progress = _silent


@frozen
class Seen:
    """A job that is over, and how it was noticed."""

    number: int
    seconds: float
    looks: int
    lag: float


@define(eq=False)
class _Running:
    number: int
    job: Job
    track: Track
    begun: float
    looks: int = 0


def stream(cadence: Cadence, jobs: Iterator[Job], dice: Random) -> Iterator[Seen]:
    """Run the jobs in order, a few at once; yields each at the look that sees its end."""
    order, numbers = count(), count()
    heap: list[tuple[float, int, _Running]] = []

    def look_at(running: _Running, age: float) -> None:
        due = running.begun + cadence.next(running.track, age, dice=dice.random())
        heapq.heappush(heap, (due, next(order), running))

    def begin(now: float) -> None:
        job = next(jobs, None)
        if job is not None:
            look_at(_Running(next(numbers), job, Track(), now), 0.0)

    for _ in range(SLOTS):
        begin(0.0)
    while heap:
        now, _, running = heapq.heappop(heap)
        age, job = now - running.begun, running.job
        running.looks += 1
        if age < job.seconds:
            cadence.alive(running.track, age, job.progress(age))
            look_at(running, age)
            continue
        cadence.ended(running.track, age, ok=job.ok)
        begin(now)
        yield Seen(running.number, job.seconds, running.looks, age - job.seconds)


def drawn(law: Law, dice: Random) -> Iterator[Job]:
    """Jobs of a law for ever."""
    while True:
        yield Job(*law.draw(dice))


def mean(seen: list[Seen]) -> Point:
    """Looks and lag of a job on average."""
    return Point(sum(one.looks for one in seen) / len(seen), sum(one.lag for one in seen) / len(seen))


def schedule(cadence: Cadence, horizon: float, dice: Random | None = None) -> list[float]:
    """When a job that begins now would be looked at, were nothing learned meanwhile."""
    asked, track, ages = deepcopy(cadence), Track(), [0.0]
    while ages[-1] < horizon:
        ages.append(asked.next(track, ages[-1], dice=dice.random() if dice else 0.5))
    return ages[1:]


def expected(cadence: Cadence, law: Law, dice: Random | None = None) -> Point:
    """Exactly what the cadence as it is now costs on a law: over all durations, for one throw of the dice."""
    return cost(law, schedule(cadence, law.horizon, dice))
