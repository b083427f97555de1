"""What a pool has learned about durations, in a file beside the journal.

No promise about money hangs on it: a lost one costs some looks. So it stays out of the sealed file, is replaced as a
whole, and one that cannot be read or written is a warning and no more.

Rule 1: what another version wrote, or what nobody can read, is never lost for nothing: it stays where it is until
something was learned, and is then kept aside, as `.learned.old`.
"""

import contextlib
import json
import logging
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_log = logging.getLogger("mjasync.journal")

ENDING = ".learned"
#: The most bytes that are read: hundreds of classes have room in it.
_MOST = 8 * 1024 * 1024
#: Nobody waits for whoever may write into a pipe.
_READING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def read(path: Path) -> dict[str, Any]:
    """What `write` wrote, or nothing. BLOCKS for the disk."""
    try:
        return _table(path)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as exc:
        _log.warning("what was learned cannot be read from %s (%s); it is learned anew", path, type(exc).__name__)
        return {}


def write(path: Path, told: Mapping[str, Any]) -> None:
    """Put it there, whole or not at all; nothing, where nothing was learned. BLOCKS for the disk."""
    if not told.get("classes"):
        return
    part = path.with_name(f"{path.name}.part")
    try:
        part.unlink(missing_ok=True)
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123  # with its mode
            file.write(json.dumps(told, separators=(",", ":")).encode())
        if _foreign(path, told):
            os.replace(path, path.with_name(f"{path.name}.old"))
        os.replace(part, path)
    except OSError as exc:
        _log.warning("what was learned cannot be kept in %s: %s", path, exc.strerror or type(exc).__name__)
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _table(path: Path) -> dict[str, Any]:
    """Raises `OSError`, `ValueError` or `RecursionError`."""
    with open(os.open(path, _READING), "rb") as file:  # noqa: PTH123  # with its flags
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError("no regular file")
        told = json.loads(file.read(_MOST))
    if not isinstance(told, dict):
        raise ValueError("no table")  # noqa: TRY004  # of JSON
    return told


def _foreign(path: Path, told: Mapping[str, Any]) -> bool:
    """Whether there is what this version cannot read."""
    try:
        there = _table(path)
    except FileNotFoundError:
        return False
    except (OSError, ValueError, RecursionError):
        return True
    return bool(there) and (there.get("version") != told["version"] or not isinstance(there.get("classes"), list))
