"""Text for a terminal: what the sheet's words are, and dates and amounts besides."""

from datetime import datetime
from math import ceil, floor

from mjasync import Eta
from mjasync.sheet.words import clean, count, seconds

__all__ = ["age", "amount", "clean", "clock", "count", "left", "moment", "seconds", "span"]

#: What a range is rounded to, and what it is told in: seconds of the step and of the unit.
_STEPS = (
    (5, 1, "s"),
    (10, 1, "s"),
    (60, 60, "min"),
    (300, 60, "min"),
    (1800, 3600, "h"),
    (36000, 3600, "h"),
)
#: A larger step is taken once a range would be more of them than this.
_MOST_STEPS = 12


def age(value: float) -> str:
    """Seconds as a clock that was started: `0:48`, `12:05`, `1:02:03`."""
    whole = int(value)
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"


def span(low: float, high: float) -> str:
    """A range of seconds as far as anybody can know it: `20–35 s`, `2–4 min`, `< 5 s`; never a false second."""
    step, unit, name = next(row for row in _STEPS if high <= row[0] * _MOST_STEPS or row is _STEPS[-1])
    first, last = floor(low / step) * step, max(ceil(high / step), 1) * step
    if first <= 0:
        return f"< {last / unit:g} {name}"
    return f"{first / unit:g}–{last / unit:g} {name}" if first < last else f"~{last / unit:g} {name}"


def left(eta: Eta | None) -> str:
    """What is left as a `span`; empty where it would be a guess from a provider's page and no more."""
    return span(eta.low, eta.high) if eta is not None and eta.known >= 1 else ""


def moment(wall: float) -> str:
    """Seconds since 1970 as a date of this machine's calendar."""
    return _shown(wall, "%Y-%m-%d %H:%M:%S")


def clock(wall: float) -> str:
    """Seconds since 1970 as a time of day of this machine's."""
    return _shown(wall, "%H:%M:%S")


def amount(quota: float) -> str:
    """Quota for people: `27`, `2.5`."""
    return f"{quota:.2f}".rstrip("0").rstrip(".")


def _shown(wall: float, form: str) -> str:
    try:
        return datetime.fromtimestamp(wall).astimezone().strftime(form)
    except (OverflowError, OSError, ValueError):
        return f"{wall:.0f} s"
