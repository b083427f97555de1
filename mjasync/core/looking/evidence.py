"""What looks have shown about how long jobs take: ends and seconds at risk, for each bin of age.

Every look is evidence: one that finds a job running adds seconds at risk, and nothing has to be known about its end;
one that finds it over adds an end, spread over the time since the look before as the belief of the moment says.
"""

from array import array
from collections.abc import Mapping, Sequence
from typing import Any

from mjasync.core.looking.bins import COUNT, EDGES, WIDTHS, bin_of, survival

#: Each end weighs this share of the next one: about the last hundred count.
DECAY = 0.99
#: Of an end's weight, so much is spread evenly over the time it may lie in, whatever is believed.
_EVEN = 0.02
#: Beyond this weight the sums are brought back to scale.
_HEAVY = 1e6
_TABLES = ("well", "wrong", "risk")
_BINS = {str(k): k for k in range(COUNT)}


class Evidence:
    """Sums for each bin; they fade as new ones come, which is done by letting what is new weigh more."""

    __slots__ = ("_risk", "_weight", "_well", "_wrong", "fresh", "jobs")

    def __init__(self) -> None:
        self._well, self._wrong, self._risk = (array("d", bytes(8 * COUNT)) for _ in range(3))
        self._weight = 1.0
        #: Ends, faded.
        self.jobs = 0.0
        #: Ends since somebody last asked.
        self.fresh = 0

    @property
    def blank(self) -> bool:
        """True if nothing was seen."""
        return not self.jobs and not any(self._risk)

    @property
    def tables(self) -> tuple[list[float], list[float], list[float]]:
        """Results, failures and seconds at risk, for each bin."""
        share = 1 / self._weight
        well, wrong, risk = ([share * value for value in each] for each in (self._well, self._wrong, self._risk))
        return well, wrong, risk

    def alive(self, after: float, until: float) -> None:
        """It was seen running at `until`, and was at risk since `after` (ages, seconds)."""
        risk, weight, first, last = self._risk, self._weight, bin_of(after), bin_of(until)
        if first == last:
            risk[first] += weight * (until - after)
            return
        risk[first] += weight * (EDGES[first + 1] - after)
        for k in range(first + 1, last):
            risk[k] += weight * WIDTHS[k]
        risk[last] += weight * max(0.0, until - EDGES[last])

    def ended(
        self, after: float, until: float, *, ok: bool, hazard: Sequence[float], own: Sequence[float], smear: int
    ) -> None:
        """It ended within (after, until]. `hazard`: of any end; `own`: of this kind of end; `smear`: bins to each side."""
        self.fade(DECAY)
        self.jobs += 1
        self.fresh += 1
        left = self._weight
        each = left / (smear + 1) ** 2
        ends, risk = self._well if ok else self._wrong, self._risk
        overlaps = _overlaps(after, until)
        for (k, seconds), share in zip(overlaps, _shares(overlaps, until - after, hazard, own), strict=True):
            weight = share * self._weight
            risk[k] += seconds * (left - weight / 2)
            left -= weight
            for other in range(max(k - smear, 0), min(k + smear + 1, COUNT)):
                ends[other] += share * each * (smear + 1 - abs(other - k))

    def fade(self, factor: float) -> None:
        """All that is known weighs this share of what it did."""
        self.jobs *= factor
        self._weight /= factor
        if self._weight > _HEAVY:
            self._well, self._wrong, self._risk = (array("d", values) for values in self.tables)
            self._weight = 1.0

    def dump(self) -> dict[str, Any]:
        """As JSON; four digits are more than it is sure of."""
        return {
            "jobs": round(self.jobs, 4),
            **{name: _sparse(values) for name, values in zip(_TABLES, self.tables, strict=True)},
        }

    @classmethod
    def load(cls, told: Mapping[str, Any]) -> "Evidence":
        """What `dump` gave. Raises `ValueError` for anything else."""
        evidence = cls()
        evidence.jobs = number(told.get("jobs"))
        for name, values in zip(_TABLES, (evidence._well, evidence._wrong, evidence._risk), strict=True):
            for k, value in _items(told.get(name)):
                values[k] = value
        return evidence


def _overlaps(after: float, until: float) -> list[tuple[int, float]]:
    """The bins that a time touches, and for how many seconds."""
    pairs = [
        (k, (until if k == COUNT - 1 else min(EDGES[k + 1], until)) - max(EDGES[k], after))
        for k in range(bin_of(after), bin_of(until) + 1)
    ]
    return [(k, seconds) for k, seconds in pairs if seconds > 0]


def _shares(
    overlaps: list[tuple[int, float]], whole: float, hazard: Sequence[float], own: Sequence[float]
) -> list[float]:
    """How likely the end lies in each of them, given that it lies in one."""
    alive, likely = 1.0, []
    for k, seconds in overlaps:
        likely.append(seconds * own[k] * alive + 1e-12)
        alive *= survival(hazard[k], seconds)
    total = sum(likely)
    return [
        (1 - _EVEN) * each / total + _EVEN * seconds / whole
        for each, (_, seconds) in zip(likely, overlaps, strict=True)
    ]


def _sparse(values: Sequence[float]) -> dict[str, float]:
    return {str(k): float(f"{value:.4g}") for k, value in enumerate(values) if value > 1e-6}


def _items(told: object) -> list[tuple[int, float]]:
    pairs = table(told).items()
    if any(k not in _BINS for k, _ in pairs):
        raise ValueError("what was learned is not readable: it has other bins")
    return [(_BINS[k], number(value)) for k, value in pairs]


def table(told: object) -> Mapping[str, Any]:
    """An object out of JSON. Raises `ValueError` for anything else."""
    if not isinstance(told, Mapping):
        raise ValueError(f"what was learned is not readable: {_kind(told)} is no table")  # noqa: TRY004  # of JSON
    return told


def amounts(told: object) -> list[float]:
    """A list of amounts out of JSON. Raises `ValueError` for anything else."""
    if not isinstance(told, list):
        raise ValueError(f"what was learned is not readable: {_kind(told)} is no list")  # noqa: TRY004  # of JSON
    return [number(each) for each in told]


def number(told: object) -> float:
    """An amount out of JSON, not negative. Raises `ValueError` for anything else."""
    if isinstance(told, bool) or not isinstance(told, int | float) or not 0 <= told < 1e12:
        raise ValueError(f"what was learned is not readable: {_kind(told)} is no amount")
    return float(told)


def _kind(told: object) -> str:
    """Its type alone: whatever is no amount may be too deep or too long to be shown."""
    return f"{type(told).__name__} {told}" if isinstance(told, float) else type(told).__name__
