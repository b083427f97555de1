"""How long jobs take, as laws that a benchmark can draw from and knows exactly.

Nothing here was measured at a provider: medians and spreads come from their pages and from public ranges of the modes.
Nine laws: lognormal ("ln"), shifted gamma ("sg") and a dirty one ("mix": early failures, a cold queue, the server's own
time-out) for each mode; and a queue with a run behind it for each mode, where progress is reported.

Rule 1: every law is one table on an even grid, straight between its points, so that what is optimal and what is
measured speak of the same law.
"""

import math
from bisect import bisect_left
from collections.abc import Callable
from functools import cached_property
from itertools import accumulate, pairwise
from random import Random
from statistics import NormalDist

from attrs import field, frozen

Cdf = Callable[[float], float]
_NORMAL = NormalDist()


@frozen
class Part:
    """One way that jobs of a law end."""

    weight: float
    cdf: Cdf
    #: Whether it ends with a picture.
    ok: bool = True


@frozen(slots=False, eq=False)
class Law:
    """A law of durations: everything is over at the horizon (seconds)."""

    name: str
    horizon: float
    step: float
    parts: tuple[Part, ...] = field(repr=False)
    #: When the provider itself gives a job up, as its page says (seconds).
    timeout: float

    @property
    def mode(self) -> str:
        """The mode whose jobs last so."""
        return self.name.partition("-")[0]

    @cached_property
    def times(self) -> list[float]:
        """The grid (seconds)."""
        return [n * self.step for n in range(round(self.horizon / self.step) + 1)]

    @cached_property
    def over(self) -> list[float]:
        """F: the share of jobs that is over at each point."""
        shares = accumulate((min(1.0, self._sum(time)) for time in self.times), max)
        return [0.0, *list(shares)[1:-1], 1.0]

    def _sum(self, time: float) -> float:
        return sum(part.weight * part.cdf(time) for part in self.parts)

    @cached_property
    def area(self) -> list[float]:
        """A: the integral of F up to each point."""
        return list(accumulate(((a + b) / 2 * self.step for a, b in pairwise(self.over)), initial=0.0))

    @cached_property
    def mean(self) -> float:
        """Seconds that a job lasts on average."""
        return self.horizon - self.area[-1]

    @cached_property
    def product(self) -> float:
        """I²/2, with I the integral of sqrt(f·S): what looks times lag cannot be less than, for many looks."""
        total = sum(math.sqrt((b - a) * self.step * (1 - (a + b) / 2)) for a, b in pairwise(self.over))
        return total * total / 2

    def cdf(self, time: float) -> float:
        """The share of jobs that is over at `time`."""
        where = max(time, 0.0) / self.step
        left = int(where)
        if left >= len(self.over) - 1:
            return 1.0
        return self.over[left] + (self.over[left + 1] - self.over[left]) * (where - left)

    def quantile(self, share: float) -> float:
        """The time at which so many jobs are over."""
        right = max(1, bisect_left(self.over, share))
        before, after = self.over[right - 1], self.over[right]
        inside = (share - before) / (after - before) if after > before else 1.0
        return (right - 1 + inside) * self.step

    def draw(self, dice: Random) -> tuple[float, bool]:
        """How long a job lasts (seconds), and whether it ends well."""
        time = self.quantile(dice.random())
        shares = [part.weight * (part.cdf(time + self.step) - part.cdf(time - self.step)) for part in self.parts]
        if sum(shares) <= 0:
            return time, False
        return time, dice.choices(self.parts, shares)[0].ok


def lognormal(median: float, sigma: float) -> Cdf:
    """The usual one: what multiplies by chance."""
    return lambda time: _NORMAL.cdf(math.log(time / median) / sigma) if time > 0 else 0.0


def shifted_gamma(shift: float, shape: float, mean: float) -> Cdf:
    """A part that never changes, and a gamma part with this mean on top."""
    return lambda time: _gamma((time - shift) * shape / mean, shape) if time > shift else 0.0


def _gamma(x: float, shape: float) -> float:
    """The regularised lower incomplete gamma function, by its series: all terms are positive."""
    term = total = 1.0 / shape
    count = 0
    while term > total * 1e-12:
        count += 1
        term *= x / (shape + count)
        total += term
    return min(1.0, total * math.exp(shape * math.log(x) - x - math.lgamma(shape)))


def _at(moment: float) -> Cdf:
    """The server gives up: within half a second of its time-out."""
    return lambda time: min(max((time - moment) / 0.5, 0.0), 1.0)


def scaled(law: Law, factor: float) -> Law:
    """The same law with every duration times `factor`: the provider has become slower or faster."""
    parts = tuple(Part(part.weight, _stretched(part.cdf, factor), part.ok) for part in law.parts)
    return Law(f"{law.name} x{factor:g}", law.horizon, law.step, parts, law.timeout)


def _stretched(cdf: Cdf, factor: float) -> Cdf:
    return lambda time: cdf(time / factor)


@frozen
class Staged:
    """A queue, and a run behind it that reports its progress: lognormal both."""

    mode: str
    queue: tuple[float, float]
    run: tuple[float, float]
    horizon: float

    def law(self, step: float) -> Law:
        """The law of the sum: the run behind each of 200 equally likely waits."""
        median, sigma = self.queue
        waits = [median * math.exp(sigma * _NORMAL.inv_cdf((n + 0.5) / 200)) for n in range(200)]
        run = lognormal(*self.run)
        parts = (Part(1.0, lambda time: sum(run(time - wait) for wait in waits if wait < time) / 200),)
        return Law(f"{self.mode}-staged", self.horizon, step, parts, self.horizon)

    def draw(self, dice: Random) -> tuple[float, float]:
        """Seconds of queue and of run; the sum ends at the horizon."""
        queue = dice.lognormvariate(math.log(self.queue[0]), self.queue[1])
        run = dice.lognormvariate(math.log(self.run[0]), self.run[1])
        queue = min(queue, self.horizon - 1)
        return queue, min(run, self.horizon - queue)


#: What is believed of each mode before anything was seen (seconds); wrong on purpose, as any guess is.
PRIORS = {"turbo": 30.0, "fast": 50.0, "relax": 150.0}
_REFUSED = Part(0.04, lognormal(4, 0.4), ok=False)
_GIVEN_UP = {timeout: Part(0.02, _at(timeout), ok=False) for timeout in (300.0, 600.0)}


def _law(name: str, *parts: Part) -> Law:
    relax = name.startswith("relax")
    horizon, timeout = (660.0, 600.0) if relax else (320.0, 300.0)
    # The clean ones know no time-out but the end of their table.
    return Law(name, horizon, 0.2 if relax else 0.1, parts, timeout if name.endswith("-mix") else horizon)


LAWS = (
    _law("turbo-ln", Part(1, lognormal(35, 0.25))),
    _law("turbo-sg", Part(1, shifted_gamma(15, 4, 21))),
    _law("turbo-mix", _REFUSED, Part(0.78, lognormal(34, 0.20)), Part(0.16, lognormal(62, 0.30)), _GIVEN_UP[300.0]),
    _law("fast-ln", Part(1, lognormal(55, 0.22))),
    _law("fast-sg", Part(1, shifted_gamma(25, 5, 32))),
    _law("fast-mix", _REFUSED, Part(0.74, lognormal(52, 0.18)), Part(0.20, lognormal(88, 0.28)), _GIVEN_UP[300.0]),
    _law("relax-ln", Part(1, lognormal(180, 0.55))),
    _law("relax-sg", Part(1, shifted_gamma(60, 1.6, 155))),
    _law(
        "relax-mix",
        _REFUSED,
        Part(0.25, lognormal(75, 0.25)),
        Part(0.55, lognormal(190, 0.40)),
        Part(0.14, lognormal(420, 0.22)),
        _GIVEN_UP[600.0],
    ),
)
STAGED = (
    Staged("turbo", (4, 0.9), (30, 0.18), 320.0),
    Staged("fast", (6, 0.9), (46, 0.15), 320.0),
    Staged("relax", (110, 1.0), (50, 0.20), 660.0),
)


def law(name: str) -> Law:
    """The law of this name."""
    return next(law for law in LAWS if law.name == name)
