"""Text from elsewhere, made safe to show: a prompt or a provider's words must not steer a terminal or a page."""

import re
import unicodedata

# CSI ("\x1b[31m"), OSC, DCS, SOS, PM and APC up to their terminator, then two-character escapes; each also in its
# one-byte C1 form.
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x9c|\x1b\\)?"
    r"|\x1b[ -/]*[0-~]?"
)
#: Marks that turn the direction of writing: they can make a line read as another one.
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
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


def count(number: int, word: str) -> str:
    """`1 picture`, `2 pictures`."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
