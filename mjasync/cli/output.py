"""Results on stdout, everything else on stderr; neither may end a run that is being paid for."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

#: Where lines for a terminal go instead while something is drawn there.
_above: list[Callable[[str], None]] = []


def say(line: str) -> None:
    """Print one line of result."""
    _print(line, sys.stdout)


def tell(line: str) -> None:
    """Print one line about the result."""
    _print(line, sys.stderr)


@contextmanager
def above(show: Callable[[str], None]) -> Iterator[None]:
    """Until the end of the block whatever is printed on a terminal goes to `show`, which draws below it."""
    _above.append(show)
    try:
        yield
    finally:
        _above.remove(show)


def soften() -> None:
    """Let a terminal or pipe that cannot show a letter show its number instead of raising."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _print(line: str, stream: TextIO) -> None:
    if _above and stream.isatty():
        _above[-1](line)
        return
    try:
        print(line, file=stream, flush=True)
    except OSError as exc:
        # Whoever read has left (`| head`), or the disk is full. The jobs go on, and so does the saving; only the lines
        # go nowhere.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
        if not isinstance(exc, BrokenPipeError) and stream is sys.stdout:
            tell(f"Results cannot be printed any more: {exc.strerror}.\n  do    look at where stdout goes")
