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
#: Logarithm of the middle of each bin.
LOG_MIDDLES = tuple(log((EDGES[k] + EDGES[k + 1]) / 2) for k in range(COUNT))
_LOG_RATIO = log(RATIO)
_STEP, _GROWTH = 0.2, 0.0125


def bin_of(age: float) -> int:
    """The bin of an age; the last one holds whatever is later."""
    return min(COUNT - 1, 1 + int(log(age) / _LOG_RATIO)) if age >= 1.0 else 0


def _grid() -> tuple[float, ...]:
    ages = [0.0]
    while ages[-1] < EDGES[-1]:
        ages.append(ages[-1] + max(_STEP, _GROWTH * ages[-1]))
    return (*ages[:-1], EDGES[-1])


#: Ages at which a look may be planned: every 0.2 s, later every 1.25 %.
GRID = _grid()
GRID_BINS = tuple(bisect_right(EDGES, age, hi=COUNT) - 1 for age in GRID)


@frozen
class Shape:
    """What one job of a known law leaves in the bins: the chance to end in each, and seconds at risk."""

    ends: Numbers
    risk: Numbers


def lognormal(middle: float, spread: float) -> Shape:
    """One job whose logarithm of seconds is normal, with this mean and standard deviation."""
    ended = [0.0, *(0.5 * erfc((middle - log(edge)) / (spread * sqrt(2))) for edge in EDGES[1:])]
    pairs = list(pairwise(ended))
    risk = (max(1e-12, (2 - low - high) / 2 * width) for (low, high), width in zip(pairs, WIDTHS, strict=True))
    return Shape(array("d", (high - low for low, high in pairs)), array("d", risk))


def survival(hazard: float, seconds: float) -> float:
    """The chance to outlive some seconds at a constant hazard."""
    return exp(-hazard * seconds)
