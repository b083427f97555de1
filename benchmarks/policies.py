"""How others decide when to look again, and what a designer might try first.

A policy that throws dice is measured over many jobs; all others exactly.
"""

import math
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate, repeat, takewhile
from random import Random

from attrs import frozen

from benchmarks.laws import Law
from benchmarks.optimum import Point, cost

Ages = Callable[[Law], Iterable[float]]
Gaps = Callable[[Random], Iterator[float]]


@frozen
class Policy:
    """Ages of the looks for a law, or gaps between them by dice."""

    name: str
    #: The client whose default this is.
    whose: str
    ages: Ages | None = None
    gaps: Gaps | None = None

    def measure(self, law: Law, *, jobs: int = 3000) -> Point:
        """What the policy costs on a law."""
        if self.ages is not None:
            return cost(law, takewhile(lambda age: age < law.horizon, self.ages(law)))
        assert self.gaps is not None
        return _thrown(law, self.gaps, jobs)


def _thrown(law: Law, gaps: Gaps, jobs: int) -> Point:
    """Mean over jobs of evenly spread durations, each with dice of its own."""
    dice = Random(f"policies/{law.name}")
    looks, lag = 0, 0.0
    for number in range(jobs):
        seconds = law.quantile((number + 0.5) / jobs)
        for age in accumulate(gaps(dice)):
            looks += 1
            if age >= seconds:
                lag += age - seconds
                break
    return Point(looks / jobs, lag / jobs)


def _every(seconds: float) -> Ages:
    return lambda _law: accumulate(repeat(seconds))


def _growing(first: float, factor: float, most: float) -> Ages:
    def ages(_law: Law) -> Iterator[float]:
        return accumulate(_grown(first, factor, most))

    return ages


def _grown(first: float, factor: float, most: float) -> Iterator[float]:
    gap = first
    while True:
        yield gap
        gap = min(gap * factor, most)


def _full_jitter(first: float, factor: float, most: float) -> Gaps:
    return lambda dice: (dice.uniform(0, gap) for gap in _grown(first, factor, most))


def _around(seconds: float, spread: float) -> Gaps:
    return lambda dice: (seconds + dice.uniform(-spread, spread) for _ in repeat(None))


def _asleep_then(share: float, seconds: float) -> Ages:
    def ages(law: Law) -> Iterator[float]:
        return accumulate(repeat(seconds), initial=law.quantile(share))

    return ages


def _even_chance(chance: float) -> Ages:
    def ages(law: Law) -> Iterator[float]:
        left = 1.0
        while left > 1e-7:
            left *= 1 - chance
            yield law.quantile(1 - left)

    return ages


def _root_of_hazard(share: float) -> Ages:
    """As many looks per second as sqrt(h/(2·kappa)): the least lag where looks may be parts of one."""

    def ages(law: Law) -> Iterator[float]:
        kappa = (share * law.mean) ** 2 / law.product
        density = [
            math.sqrt(max(b - a, 0.0) * law.step / max(1 - (a + b) / 2, 1e-9) / (2 * kappa))
            for a, b in zip(law.over, law.over[1:], strict=False)
        ]
        reached = list(accumulate(density, initial=0.0))
        for number in range(1, int(reached[-1]) + 1):
            right = bisect_left(reached, number)
            inside = (number - reached[right - 1]) / (reached[right] - reached[right - 1])
            yield (right - 1 + inside) * law.step

    return ages


POLICIES = (
    Policy("every 0.1 s", "fal-client", ages=_every(0.1)),
    Policy("every 0.5 s", "replicate", ages=_every(0.5)),
    Policy("every 1 s", "openai", ages=_every(1.0)),
    Policy("every 2 s", "huggingface_hub", ages=_every(2.0)),
    Policy("every 5 s", "", ages=_every(5.0)),
    Policy("6 ± 1.5 s", "runwayml", gaps=_around(6.0, 1.5)),
    Policy("every 10 s", "google-genai's samples", ages=_every(10.0)),
    Policy("every 15 s", "botocore", ages=_every(15.0)),
    Policy("every 30 s", "azure-core", ages=_every(30.0)),
    Policy("1 s x1.5 to 20, jitter", "google-api-core", gaps=_full_jitter(1, 1.5, 20)),
    Policy("1 s x2 to 60, jitter", "google-api-core, async", gaps=_full_jitter(1, 2, 60)),
    Policy("1 s x1.5 to 10", "", ages=_growing(1, 1.5, 10)),
    Policy("1 s x2 to 30", "", ages=_growing(1, 2, 30)),
    Policy("asleep to p10, then 2 s", "knows the law", ages=_asleep_then(0.1, 2.0)),
    Policy("asleep to p1, then 2 s", "knows the law", ages=_asleep_then(0.01, 2.0)),
    Policy("8 % chance at each look", "knows the law", ages=_even_chance(0.08)),
    Policy("root of the hazard, 2 %", "knows the law", ages=_root_of_hazard(0.02)),
)
