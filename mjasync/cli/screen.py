"""The lowest lines of a terminal, drawn again in place; whatever else is printed meanwhile stands above them.

Rule 1: nothing flickers. A picture that has not changed is not drawn; one that has is written over the old one, all at
once where the terminal can (synchronized output).
Rule 2: a terminal that was made narrower has wrapped the old lines: they are counted as it shows them now.
Rule 3: a terminal that takes nothing just now (Ctrl-S) is not waited for, before the end.
"""

import os
import re
import select
from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console, RenderableType

_BEGIN, _END = "\x1b[?2026h", "\x1b[?2026l"
_HIDE, _SHOW = "\x1b[?25l", "\x1b[?25h"
_TO_LINE_END, _TO_END = "\x1b[K", "\x1b[J"
_STYLES = re.compile(r"\x1b\[[0-9;]*m")


class Screen:
    """What is drawn at the end of a console's text."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._drawn: list[str] = []
        self._size = (0, 0)
        # xterm and GNU screen cut lines that have become too long; all others wrap them.
        self._wraps = "XTERM_VERSION" not in os.environ and "STY" not in os.environ

    @property
    def ready(self) -> bool:
        """Whether the terminal takes what is written now, without waiting."""
        try:
            return bool(select.select((), (self._console.file.fileno(),), (), 0)[1])
        except (OSError, ValueError):  # not a file, or a system that cannot tell
            return True

    def draw(self, picture: RenderableType, above: Sequence[str] = ()) -> None:
        """Write `above` for good, and the picture below it, instead of the last one."""
        size = self._console.width, self._console.height
        with self._console.capture() as caught:
            self._console.print(picture, end="")
        lines = caught.get().rstrip("\n").split("\n")[: max(size[1] - 1, 1)]
        if lines == self._drawn and size == self._size and not above:
            return
        gone = _TO_END if above or (self._drawn and size != self._size) else ""
        text = f"{_TO_LINE_END}\n".join(lines)
        self._write(f"{_BEGIN}{_HIDE}{self._to_top()}{gone}{_printed(above)}{text}{_TO_END}{_END}")
        self._drawn, self._size = lines, size

    def clear(self, above: Sequence[str] = ()) -> None:
        """Take the picture away, and leave `above` in its place."""
        self._write(f"{_BEGIN}{self._to_top()}{_TO_END}{_printed(above)}{_SHOW}{_END}")
        self._drawn = []

    def _to_top(self) -> str:
        """From the end of the last picture to its beginning."""
        width, height = max(self._console.width, 1), max(self._console.height, 1)
        rows = sum(-(-cell_len(_STYLES.sub("", line)) // width) or 1 if self._wraps else 1 for line in self._drawn)
        up = min(rows, height) - 1
        return f"\r\x1b[{up}A" if up > 0 else "\r"

    def _write(self, text: str) -> None:
        self._console.file.write(text)
        self._console.file.flush()


def _printed(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
