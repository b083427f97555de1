"""One process for each journal: a lock on a file beside it.

Not on the journal itself, whose locks are SQLite's and are lost when any descriptor of it is closed. The system takes
the lock away with the process, so that nothing stale remains; the text in the file only serves the error's text.
"""

import contextlib
import json
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mjasync.errors import JournalBusy
from mjasync.journal.place import identity, unusable

if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> None:
        # A byte far behind the text, which others have to be able to read.
        os.lseek(descriptor, 1 << 20, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)

else:
    import fcntl

    def _take(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Lock:
    """Held from `take` to `release`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None
        self._identity: tuple[int, int] | None = None

    @property
    def intact(self) -> bool:
        """False once somebody deleted the file, and with it the exclusion of others."""
        return self._descriptor is not None and identity(self.path) == self._identity

    def take(self, *, wall: float) -> None:
        """Raises `JournalBusy` if another holds it, `JournalError` if there can be no such file."""
        while self._descriptor is None:
            try:
                descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
            except OSError as exc:
                raise unusable(self.path, exc) from exc
            try:
                _take(descriptor)
            except OSError:
                holder = _holder(descriptor)
                os.close(descriptor)
                raise JournalBusy(
                    f"The journal is in use: {str(self.path).removesuffix('.lock')}",
                    why=f"process {holder['pid']} on {holder['host']} has held it since {holder['since']}",
                    hint="one process at a time: end that one, or give this one a journal of its own",
                ) from None
            status = os.fstat(descriptor)
            if identity(self.path) == (status.st_dev, status.st_ino):
                self._descriptor, self._identity = descriptor, (status.st_dev, status.st_ino)
            else:  # its last holder's file, deleted between our opening and locking it
                os.close(descriptor)
        _sign(self._descriptor, wall)

    def release(self) -> None:
        """May be called twice. The file stays: deleting it could take away another's lock."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)


def _sign(descriptor: int, wall: float) -> None:
    since = datetime.fromtimestamp(wall, UTC).isoformat(timespec="seconds")
    text = json.dumps({"pid": os.getpid(), "host": platform.node(), "since": since})
    # A full disk is no reason to go without the lock.
    with contextlib.suppress(OSError):
        os.ftruncate(descriptor, 0)
        os.write(descriptor, text.encode())


def _holder(descriptor: int) -> dict[str, Any]:
    """Who signed the file; unknown where it holds anything else."""
    found: Any = None
    with contextlib.suppress(OSError, ValueError):
        found = json.loads(os.read(descriptor, 1000))
    known = found if isinstance(found, dict) else {}
    return {name: known.get(name, "?") for name in ("pid", "host", "since")}
