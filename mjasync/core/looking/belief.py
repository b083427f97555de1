"""From evidence to a law: a hazard for each bin, held up by a lognormal where little was seen.

The lognormal is fitted to the ends with those still running taken into account, and counts as ten jobs: that is what
makes ten jobs enough to be near the optimum. Bins with evidence of their own follow it, however odd the law.
"""

from array import array
from functools import lru_cache
from itertools import accumulate
from math import exp, log, sqrt
from operator import mul

from attrs import frozen

from mjasync.core.looking.bins import COUNT, EDGES, LOG_MIDDLES, WIDTHS, Numbers, Shape, bin_of, lognormal
from mjasync.core.looking.evidence import Evidence

#: Jobs that the fitted lognormal counts as, and the first guess: in the hazard, and in the fit.
_FITTED, _GUESSED, _FIRST = 10.0, 0.3, 1.0
#: Failures before anything was seen: so many jobs' worth of 3 %, most of them within the first ten seconds.
_FAILURES, _SHARE, _EARLY, _EARLY_SPREAD = 1.3, 0.03, log(5.0), 0.8
_WRONG = array("d", (_FAILURES * _SHARE * share for share in lognormal(_EARLY, _EARLY_SPREAD).ends))
#: The spread of the first guess is taken so much wider than it says.
_WIDER = 1.2


@frozen(kw_only=True)
class Prior:
    """What is believed before anything was seen: half of the jobs end within `median` seconds."""

    median: float
    #: Standard deviation of the logarithm.
    spread: float = 0.5
    #: The fitted spread is never narrower.
    least_spread: float = 0.12


@frozen(kw_only=True, eq=False)
class Belief:
    """A law of how long a job takes. Two are equal if they are the same one."""

    #: Seconds within which half of the jobs bring a result.
    median: float
    #: Standard deviation of the logarithm.
    spread: float
    #: Of a result, of any end: a second's chance, for each bin.
    well: Numbers
    hazard: Numbers
    #: Sum of the hazard up to each edge.
    summed: Numbers

    @property
    def wrong(self) -> Numbers:
        """Of a failure: a second's chance, for each bin."""
        return array("d", (max(both - good, 0.0) for both, good in zip(self.hazard, self.well, strict=True)))

    def cumulated(self, age: float) -> float:
        """The sum of the hazard up to an age."""
        k = bin_of(age)
        return self.summed[k] + self.hazard[k] * max(0.0, age - EDGES[k])

    def ended(self, age: float) -> float:
        """The chance that a job is over at an age."""
        return 1.0 - exp(-self.cumulated(age))

    def odds(self, after: float, until: float) -> float:
        """The chance that a job, running at `after`, is over at `until`."""
        return 1.0 - exp(min(0.0, self.cumulated(after) - self.cumulated(until)))

    def quantile(self, share: float, *, after: float = 0.0) -> float:
        """The age within which this share of the jobs that run at `after` are over."""
        wanted = self.cumulated(after) - log(max(1.0 - share, 1e-12))
        k = bin_of(after)
        while k < COUNT - 1 and self.summed[k + 1] < wanted:
            k += 1
        beyond = (wanted - self.summed[k]) / self.hazard[k] if self.hazard[k] > 0 else WIDTHS[k]
        return max(after, EDGES[k] + min(beyond, WIDTHS[k]))

    def moments(self, horizon: float) -> tuple[float, float]:
        """Mean seconds below the horizon, and the integral of the hazard's root over those still running.

        The second gives the least number of looks for a delay: looks times delay is half of its square.
        """
        mean = roots = 0.0
        alive = 1.0
        for k in range(bin_of(horizon) + 1):
            later = exp(-self.summed[k + 1])
            seconds = (alive + later) / 2 * WIDTHS[k]
            mean += seconds
            roots += seconds * sqrt(self.hazard[k])
            alive = later
        return mean, roots


@lru_cache(maxsize=64)
def _guess(prior: Prior) -> Shape:
    """The first guess in bins."""
    return lognormal(log(prior.median), prior.spread * _WIDER)


def believe(evidence: Evidence, prior: Prior) -> Belief:
    """The law that the evidence speaks for; without any, the same object each time."""
    return _at_first(prior) if evidence.blank else _weighed(evidence, prior)


@lru_cache(maxsize=64)
def _at_first(prior: Prior) -> Belief:
    """Every pool begins with it."""
    return _weighed(Evidence(), prior)


def _weighed(evidence: Evidence, prior: Prior) -> Belief:
    guess = _guess(prior)
    ends, failed, at_risk = evidence.tables
    middle, spread = _fit(ends, at_risk, guess, prior.least_spread)
    fitted = lognormal(middle, spread)
    rows = zip(ends, failed, at_risk, fitted.ends, fitted.risk, guess.ends, guess.risk, _WRONG, strict=True)
    well, hazard = array("d"), array("d")
    for good, bad, seen, fit, fit_risk, first, first_risk, early in rows:
        risk = seen + _FITTED * fit_risk + _GUESSED * first_risk
        good = (good + _FITTED * fit + _GUESSED * first) / risk
        well.append(good)
        hazard.append(good + (bad + early) / risk)
    summed = array("d", accumulate(map(mul, hazard, WIDTHS), initial=0.0))
    return Belief(median=exp(middle), spread=spread, well=well, hazard=hazard, summed=summed)


def _fit(ends: list[float], at_risk: list[float], guess: Shape, least: float) -> tuple[float, float]:
    """Mean and spread of the logarithm of the time to a result, with whatever never showed one counted as longer."""
    alive, shares = 1.0, []
    for seen, risk, first, first_risk, width in zip(ends, at_risk, guess.ends, guess.risk, WIDTHS, strict=True):
        later = alive * exp(-(seen + _FIRST * first) / (risk + _FIRST * first_risk) * width)
        shares.append(alive - later)
        alive = later
    shares[-1] += alive
    middle = sum(share * at for share, at in zip(shares, LOG_MIDDLES, strict=True))
    variance = sum(share * (at - middle) ** 2 for share, at in zip(shares, LOG_MIDDLES, strict=True))
    return middle, max(sqrt(variance), least)
