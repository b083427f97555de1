"""Text from elsewhere, made safe to print: a prompt or a provider's words must not steer a terminal."""

import re
import unicodedata
from datetime import datetime
from math import ceil, floor

from mjasync import Eta

# CSI ("\x1b[31m"), OSC, DCS, SOS, PM and APC up to their terminator, then two-character escapes; each also in its
# one-byte C1 form.
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x9c|\x1b\\)?"
    r"|\x1b[ -/]*[0-~]?"
)
#: Marks that turn the direction of writing: they can make a line read as another one.
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
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
_UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})


def clean(text: object, limit: int | None = None) -> str:
    """One line without escapes, controls and direction marks; cut to `limit` characters with an ellipsis."""
    line = _ESCAPES.sub("", str(text))
    line = "".join(" " if unicodedata.category(char) in _UNPRINTABLE else char for char in line if char not in _BIDI)
    line = " ".join(line.split())
    return line if limit is None or len(line) <= limit else line[: limit - 1].rstrip() + "…"


def seconds(value: float | None) -> str:
    """Seconds for people: `1.4 s`, `2 m 05 s`, or a dash where there are none."""
    if value is None:
        return "–"
    if value < 60:
        return f"{value:.1f} s"
    whole = round(value)
    return f"{whole // 60} m {whole % 60:02d} s"


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


def count(number: int, word: str) -> str:
    """`1 picture`, `2 pictures`."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


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
