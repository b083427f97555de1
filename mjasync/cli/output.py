"""Results on stdout, everything else on stderr; neither may end a run that is being paid for."""

import os
import sys
from typing import TextIO


def say(line: str) -> None:
    """Print one line of result."""
    _print(line, sys.stdout)


def tell(line: str) -> None:
    """Print one line about the result."""
    _print(line, sys.stderr)


def soften() -> None:
    """Let a terminal or pipe that cannot show a letter show its number instead of raising."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _print(line: str, stream: TextIO) -> None:
    try:
        print(line, file=stream, flush=True)
    except BrokenPipeError:
        # Whoever read has left (`| head`). The jobs go on, and so does the saving; only the lines go nowhere.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
