"""How many looks an account may get: a bucket that fills evenly, halved when the provider says "too often".

Looks have a budget of their own. A provider that refuses looks is looked at less; nothing else changes for it.
"""

from attrs import define

#: Looks a second for each slot, unless the user says otherwise; the bucket holds a second of them. A job takes
#: about ten looks a minute, so this is met only by jobs that all end at once.
PER_SLOT = 2.0
#: An account gets this many looks a second in any case, and no pace falls below the second one.
LEAST_RATE, SLOWEST = 1.0, 0.1
#: A refusal halves the pace; each answer brings back this share of the whole.
HALF, REGROWTH = 0.5, 0.02


@define(eq=False)
class Pace:
    """One account's budget. Times are seconds on the loop's clock."""

    #: Looks a second, at most.
    rate: float
    #: Looks that may leave at once.
    burst: float
    _limit: float = 0.0
    _tokens: float = 0.0
    _at: float = 0.0
    _rested: float = 0.0

    def __attrs_post_init__(self) -> None:
        self._limit, self._tokens = self.rate, self.burst

    @property
    def limit(self) -> float:
        """Looks a second just now."""
        return self._limit

    def ready(self, now: float) -> float:
        """When the next look may leave: `now`, or later."""
        self._fill(now)
        # A part of a token smaller than a nanosecond of waiting is a rounding, not a wait.
        missing = max(1.0 - self._tokens, 0.0) / self._limit
        return max(now + (missing if missing > 1e-9 else 0.0), self._rested)

    def rests(self, now: float) -> bool:
        """Whether the provider's own wish to be left alone holds."""
        return now < self._rested

    def take(self, now: float) -> None:
        """A look leaves."""
        self._fill(now)
        self._tokens -= 1.0

    def refused(self, now: float, wait: float) -> None:
        """The provider was asked too often; nobody looks for `wait` seconds."""
        self._fill(now)
        self._limit = max(HALF * self._limit, min(SLOWEST, self.rate))
        self._tokens = min(self._tokens, 1.0)
        self._rested = max(self._rested, now + wait)

    def answered(self) -> None:
        """A look was answered."""
        self._limit = min(self._limit + REGROWTH * self.rate, self.rate)

    def _fill(self, now: float) -> None:
        self._tokens = min(self._tokens + self._limit * max(now - self._at, 0.0), self.burst)
        self._at = max(now, self._at)


def paced(slots: int, rate: float | None = None) -> Pace:
    """The budget of an account with so many slots; `rate` looks a second where the user wants another."""
    usual = max(PER_SLOT * slots, LEAST_RATE)
    return Pace(rate=rate or usual, burst=max(rate or usual, 1.0))
