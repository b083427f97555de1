"""When to look next, once the law is known: one exact step, and from there on the cost of an ideal schedule.

A look costs `price` seconds of delay. The best density of looks is the root of the hazard over twice the price
(Keller 1974), which gives the cost of everything after the next look; the next look itself is chosen exactly. On nine
laws that is within 3 % of the full dynamic programme (`python -m benchmarks frontier`).
"""

from array import array
from bisect import bisect_left, bisect_right
from math import exp, sqrt

from attrs import frozen

from mjasync.core.looking.belief import Belief
from mjasync.core.looking.bins import EDGES, GRID, GRID_BINS, Numbers


@frozen
class Plan:
    """The schedule of one law at one price."""

    #: For each age of the grid: the chance to be over, and the cost of looking there, whatever came before.
    ended: Numbers
    cost: Numbers

    def best(self, seen: float, low: float, high: float) -> float:
        """The best age within [low, high] for the next look at a job that was running at `seen`."""
        first, last = bisect_left(GRID, low), min(bisect_right(GRID, high), len(self.cost))
        if first >= last:
            return max(low, high) if low >= high or low >= GRID[len(self.cost) - 1] else low
        sure = self._ended(seen)
        values = [cost - sure * age for cost, age in zip(self.cost[first:last], GRID[first:last], strict=True)]
        best = min(values)
        at = values.index(best)
        inside = 0 < at < len(values) - 1
        return self._refined(first + at, values[at - 1], best, values[at + 1]) if inside else GRID[first + at]

    def _ended(self, age: float) -> float:
        """The chance to be over at an age, between the grid's points."""
        i = min(bisect_right(GRID, age), len(self.ended)) - 1
        if i + 1 >= len(self.ended):
            return self.ended[i]
        return self.ended[i] + (self.ended[i + 1] - self.ended[i]) * (age - GRID[i]) / (GRID[i + 1] - GRID[i])

    @staticmethod
    def _refined(at: int, before: float, best: float, after: float) -> float:
        """The lowest point of the parabola through a grid point's value and its neighbours'."""
        bend = before - 2 * best + after
        if bend <= 1e-12:
            return GRID[at]
        shift = 0.5 * (before - after) / bend
        return GRID[at] + shift * (GRID[at + 1] - GRID[at] if shift > 0 else GRID[at] - GRID[at - 1])


def planned(belief: Belief, price: float, horizon: float) -> Plan:
    """The plan for a law; at the horizon every job is over."""
    size = min(bisect_left(GRID, horizon) + 1, len(GRID))
    hazard, summed = belief.hazard, belief.summed
    ended = array("d", bytes(8 * size))
    for i in range(size - 1):
        k = GRID_BINS[i]
        ended[i] = 1 - exp(-(summed[k] + hazard[k] * (GRID[i] - EDGES[k])))
    ended[size - 1] = 1.0
    return Plan(ended, _costs(ended, price))


def _costs(ended: Numbers, price: float) -> Numbers:
    """Delay so far plus the ideal cost from there on, plus half of a look for the rounding to whole looks."""
    size = len(ended)
    cost = array("d", bytes(8 * size))
    ahead, twice = 0.0, 2 * price
    for i in range(size - 1, -1, -1):
        if i + 1 < size and (ends := ended[i + 1] - ended[i]) > 0:
            ahead += sqrt(twice * ends * (GRID[i + 1] - GRID[i]) * (2 - ended[i] - ended[i + 1]) / 2)
        cost[i] = ahead + 0.5 * price * (1 - ended[i])
    area = 0.0
    for i in range(1, size):
        area += (ended[i] + ended[i - 1]) / 2 * (GRID[i] - GRID[i - 1])
        cost[i] += area
    return cost
