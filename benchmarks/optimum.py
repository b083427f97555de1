"""The limit: what the best schedule of looks reaches on a law that is known exactly, without progress.

With kappa the price of one look in seconds of lag, the cost from a look at t_i that found the job unfinished is

    W(i) = min over j > i of  kappa·S_i + [A_j - A_i - F_i·(t_j - t_i)] + W(j)

The bracket is the lag that is expected if the end falls between the two looks. For each j the right side is a straight
line in F_i with the slope -t_j; going backwards, slopes and F_i both fall into order, so that the best j only ever
moves back, and one pass over the lower envelope of the lines finds every minimum: a grid of n points costs O(n).
"""

import math
from bisect import bisect_left
from collections.abc import Iterable
from functools import cache

from attrs import frozen

from benchmarks.laws import Law

#: Prices of one look, in seconds of lag: from about 50 looks per job to one or two.
PRICES = tuple(0.004 * 1.62**n for n in range(21))


@frozen
class Point:
    """What a schedule costs."""

    #: Looks per job, the one that sees the end included.
    looks: float
    #: Seconds from the end to the look that sees it, on average.
    lag: float


def best(law: Law, price: float) -> list[float]:
    """The best schedule: ages of the looks, the last at the horizon."""
    following = _following(law, price)
    looks, at = [], 0
    while at < len(following):
        at = following[at]
        looks.append(law.times[at])
    return looks


def _following(law: Law, price: float) -> list[int]:
    """For each point of the grid, where the next look should be."""
    times, over, area = law.times, law.over, law.area
    last = len(times) - 1
    following = [last] * last
    #: The envelope, best first: point of the grid and what its line begins with, area plus cost from there.
    points, starts, first = [last], [area[last]], 0
    for i in range(last - 1, -1, -1):
        share = over[i]
        while first + 1 < len(points) and (
            starts[first + 1] - share * times[points[first + 1]] <= starts[first] - share * times[points[first]]
        ):
            first += 1
        j = points[first]
        following[i] = j
        start = price * (1 - share) + starts[first] - share * (times[j] - times[i])
        while len(points) - first > 1 and _hidden(times, points, starts, i, start):
            points.pop()
            starts.pop()
        points.append(i)
        starts.append(start)
    return following


def _hidden(times: list[float], points: list[int], starts: list[float], new: int, start: float) -> bool:
    """Whether the last line of the envelope lies above where the new one crosses the one before it."""
    a, b, c = times[points[-2]], times[points[-1]], times[new]
    return (start - starts[-2]) * (a - b) <= (starts[-1] - starts[-2]) * (a - c)


def cost(law: Law, looks: Iterable[float]) -> Point:
    """Exactly what a schedule costs on a law; it is extended to the horizon by one look."""
    count, seen, before = 0.0, 0.0, 0.0
    for age in (*looks, law.horizon):
        if before >= 1.0:
            break
        count += 1 - before
        now = law.cdf(age)
        seen += min(age, law.horizon) * (now - before)
        before = max(before, now)
    return Point(count, seen - law.mean)


@cache
def frontier(law: Law) -> tuple[Point, ...]:
    """The least lag for each number of looks, by rising looks."""
    return tuple(sorted((cost(law, best(law, price)) for price in PRICES), key=lambda point: point.looks))


def least_lag(law: Law, looks: float) -> float:
    """D*(N): the least mean lag (seconds) that so many looks per job can reach."""
    points = frontier(law)
    if looks >= points[-1].looks:
        return law.product / looks
    right = max(1, bisect_left(points, looks, key=lambda point: point.looks))
    a, b = points[right - 1], points[right]
    share = (math.log(looks) - math.log(a.looks)) / (math.log(b.looks) - math.log(a.looks))
    return math.exp(math.log(a.lag) + share * (math.log(b.lag) - math.log(a.lag)))


def times_limit(law: Law, point: Point) -> float:
    """How many times the least lag for its looks a schedule takes: 1 is perfect."""
    return point.lag / least_lag(law, point.looks)
