"""When to look next, once the law is known: one exact step, and from there on the cost of an ideal schedule.

A look costs `price` seconds of delay. The best density of looks is the root of the hazard over twice the price
(Keller 1974), which gives the cost of everything after the next look; the next look itself is chosen exactly. On nine
laws that is within 3 % of the full dynamic programme (`python -m benchmarks frontier`).
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from math import exp, sqrt

from attrs import frozen

from mjasync.core.looking.belief import Belief
from mjasync.core.looking.bins import GRID, GRID_PLACES, GRID_STEPS, Numbers


@frozen
class Plan:
    """The schedule of one law at one price."""

    belief: Belief
    #: Of looking there, for each age of the grid, but for what all ages and whatever came before have in common.
    cost: Numbers

    def best(self, seen: float, low: float, high: float) -> float:
        """The best age within [low, high] for the next look at a job that was running at `seen`."""
        first, last = bisect_left(GRID, low), min(bisect_right(GRID, high), len(self.cost))
        if first >= last:
            return max(low, high) if low >= high or low >= GRID[len(self.cost) - 1] else low
        cost, grid, sure = self.cost, GRID, self.belief.ended(seen)
        best, at = cost[first] - sure * grid[first], first
        for i in range(first + 2, last, 2):  # every other one is enough to find out where it is
            if (value := cost[i] - sure * grid[i]) < best:
                best, at = value, i
        for i in (at - 1, at + 1):
            if first <= i < last and (value := cost[i] - sure * grid[i]) < best:
                best, at = value, i
        return self._refined(at, sure) if first < at < last - 1 else grid[at]

    def _refined(self, at: int, sure: float) -> float:
        """The lowest point of the parabola through the values at a point of the grid and at its neighbours."""
        cost, low, here, high = self.cost, GRID[at - 1], GRID[at], GRID[at + 1]
        before, best, after = cost[at - 1] - sure * low, cost[at] - sure * here, cost[at + 1] - sure * high
        bend = before - 2 * best + after
        if bend <= 1e-12:
            return here
        shift = 0.5 * (before - after) / bend
        return here + shift * (high - here if shift > 0 else here - low)


@lru_cache(maxsize=64)
def planned(belief: Belief, price: float, horizon: float) -> Plan:
    """The plan for a law; at the horizon every job is over. Kept, for every pool begins with the same laws."""
    last = min(bisect_left(GRID, horizon), len(GRID) - 1)
    hazard, summed = belief.hazard, belief.summed
    ended = [1 - exp(-(summed[k] + hazard[k] * seconds)) for k, seconds in GRID_PLACES[:last]]
    return Plan(belief, array("d", _costs([*ended, 1.0], price)))


def _costs(ended: list[float], price: float) -> Iterable[float]:
    """Delay so far, less what an ideal schedule costs so far, plus half of a look for the rounding to whole looks."""
    delay = ideal = 0.0
    yield 0.5 * price
    for (before, after), seconds in zip(pairwise(ended), GRID_STEPS, strict=False):
        over = (before + after) / 2
        delay += over * seconds
        ideal += sqrt(2 * price * max(after - before, 0.0) * (1 - over) * seconds)
        yield delay - ideal + 0.5 * price * (1 - after)
