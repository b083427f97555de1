"""Results on stdout, everything else on stderr; neither may end a run that is being paid for."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

#: Where lines for a terminal go instead while something is drawn there.
_above: list[Callable[[str], None]] = []
#: Why results could not be printed; a reader who has left is no reason.
_lost: list[str] = []


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


def begin() -> None:
    """Let a terminal or pipe that cannot show a letter show its number instead of raising; what is closed is nowhere."""
    _lost.clear()
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            setattr(sys, name, _nowhere(number))
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def verdict(code: int) -> int:
    """Return the exit code: not 0 where a result could not be printed."""
    try:
        sys.stdout.flush()
    except OSError as exc:
        _give_up(sys.stdout, exc)
    return code or (1 if _lost else 0)


def _nowhere(number: int) -> TextIO:
    """In place of a stream that was closed (`2>&-`): a file that is opened later must not get its number, and its lines."""
    null = os.open(os.devnull, os.O_RDWR)
    if null != number and not _is_open(number):  # a lower one was free, too
        os.dup2(null, number)
        os.close(null)
        null = number
    return open(null, "r" if number == 0 else "w", closefd=False)  # as long as the process


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def _print(line: str, stream: TextIO) -> None:
    if _above and stream.isatty():
        _above[-1](line)
        return
    try:
        print(line, file=stream, flush=True)
    except OSError as exc:
        _give_up(stream, exc)


def _give_up(stream: TextIO, exc: OSError) -> None:
    """Whoever read has left (`| head`), or the disk is full. Jobs and saving go on; only the lines go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
    if not isinstance(exc, BrokenPipeError) and stream is sys.stdout:
        _lost.append(exc.strerror or "")
        tell(f"Results cannot be printed any more: {exc.strerror}.\n  do    look at where stdout goes")
