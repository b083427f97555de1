"""What a pool has learned about durations, in a file beside the journal.

No promise about money hangs on it: a lost one costs some looks. So it stays out of the sealed file, is replaced as a
whole, and one that cannot be read or written is a warning and no more.
"""

import contextlib
import json
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_log = logging.getLogger("mjasync.journal")

ENDING = ".learned"
#: The most bytes that are read: hundreds of classes have room in it.
_MOST = 8 * 1024 * 1024


def read(path: Path) -> dict[str, Any]:
    """What `write` wrote, or nothing. BLOCKS for the disk."""
    try:
        with path.open("rb") as file:
            told = json.loads(file.read(_MOST))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as exc:
        _log.warning("what was learned cannot be read from %s (%s); it is learned anew", path, type(exc).__name__)
        return {}
    return told if isinstance(told, dict) else {}


def write(path: Path, told: Mapping[str, Any]) -> None:
    """Put it there, whole or not at all. BLOCKS for the disk."""
    part = path.with_name(f"{path.name}.part")
    try:
        part.unlink(missing_ok=True)
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123  # with its mode
            file.write(json.dumps(told, separators=(",", ":")).encode())
        os.replace(part, path)
    except OSError as exc:
        _log.warning("what was learned cannot be kept in %s: %s", path, exc.strerror or type(exc).__name__)
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
