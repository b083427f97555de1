"""Ages in bins: 5 % wide from one second to more than an hour, and a finer grid on which looks are planned.

A bin is wide enough to gather evidence soon, and narrow enough that a hazard within it may count as constant.
"""

from array import array
from bisect import bisect_right
from itertools import pairwise
from math import erfc, exp, log, sqrt
from typing import TypeAlias

from attrs import frozen

Numbers: TypeAlias = "array[float]"  # subscripted at run time only from Python 3.12 on

RATIO = 1.05
COUNT = 173
#: Of bin k: from `EDGES[k]` to `EDGES[k + 1]`, seconds. The first is the whole first second.
EDGES = (0.0, *(RATIO**k for k in range(COUNT)))
WIDTHS = tuple(EDGES[k + 1] - EDGES[k] for k in range(COUNT))
_LOG_EDGES = tuple(map(log, EDGES[1:]))
#: Logarithm of the middle of each bin.
LOG_MIDDLES = tuple(log((EDGES[k] + EDGES[k + 1]) / 2) for k in range(COUNT))
_STEP, _GROWTH = 0.2, 0.0125


def bin_of(age: float) -> int:
    """The bin of an age; the last one holds whatever is later."""
    return bisect_right(EDGES, age, 1, COUNT) - 1


def _grid() -> tuple[float, ...]:
    ages = [0.0]
    while ages[-1] < EDGES[-1]:
        ages.append(ages[-1] + max(_STEP, _GROWTH * ages[-1]))
    return (*ages[:-1], EDGES[-1])


#: Ages at which a look may be planned: every 0.2 s, later every 1.25 %.
GRID = _grid()
GRID_STEPS = tuple(after - before for before, after in pairwise(GRID))
#: For each age of the grid: its bin, and seconds since the bin's edge.
GRID_PLACES = tuple((bin_of(age), age - EDGES[bin_of(age)]) for age in GRID)


@frozen
class Shape:
    """What one job of a known law leaves in the bins: the chance to end in each, and seconds at risk."""

    ends: Numbers
    risk: Numbers


def lognormal(middle: float, spread: float) -> Shape:
    """One job whose logarithm of seconds is normal, with this mean and standard deviation."""
    scale = 1 / (spread * sqrt(2))
    ended = [0.5 * erfc((middle - edge) * scale) for edge in _LOG_EDGES]
    ends, risk, before = array("d"), array("d"), 0.0
    for over, width in zip(ended, WIDTHS, strict=True):
        ends.append(over - before)
        risk.append(max(1e-12, (1 - (before + over) / 2) * width))
        before = over
    return Shape(ends, risk)


def survival(hazard: float, seconds: float) -> float:
    """The chance to outlive some seconds at a constant hazard."""
    return exp(-hazard * seconds)
