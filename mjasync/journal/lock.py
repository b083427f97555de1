"""One process for each journal: a lock on a file beside it.

Not on the journal itself, whose locks are SQLite's and are lost when any descriptor of it is closed. The system takes
the lock away with the process, so that nothing stale remains; the text in the file only serves the error's text.
"""

import contextlib
import json
import os
import platform
import sys
from collections.abc import Callable
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


#: What this process holds, by the paths of the files.
_OURS: dict[Path, "Lock"] = {}


class Lock:
    """Held from `take` to `release`.

    `gone` tells whether whoever holds it can do nothing more though the process lives on: then the next one in this
    process may have it, after `give_up`, which has to let go of all that it protects.
    """

    def __init__(
        self, path: Path, *, gone: Callable[[], bool] = lambda: False, give_up: Callable[[], None] = lambda: None
    ) -> None:
        self.path = path
        self._gone = gone
        self.give_up = give_up
        self._descriptor: int | None = None
        self._identity: tuple[int, int] | None = None
        #: The process that holds it.
        self.pid = 0
        #: Whether somebody held it before.
        self.known = False

    @property
    def gone(self) -> bool:
        """True once whoever holds it can do nothing more."""
        return self._gone()

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
                if self._inherited():
                    continue
                raise self._busy(holder) from None
            status = os.fstat(descriptor)
            if identity(self.path) == (status.st_dev, status.st_ino):
                self._descriptor, self._identity = descriptor, (status.st_dev, status.st_ino)
            else:  # its last holder's file, deleted between our opening and locking it
                os.close(descriptor)
        _OURS[self.path], self.pid = self, os.getpid()
        self.known = os.fstat(self._descriptor).st_size > 0
        _sign(self._descriptor, wall)

    def _inherited(self) -> bool:
        """Whether it was held by one in this process who is gone, and has been let go of now."""
        ours = _OURS.get(self.path)
        if ours is None or ours.pid != os.getpid() or not ours.gone:
            return False
        ours.give_up()
        return _OURS.get(self.path) is not ours

    def _busy(self, holder: dict[str, Any]) -> JournalBusy:
        who = f"process {holder['pid']} on {holder['host']} has held it since {holder['since']}"
        hint = "one process at a time: end that one, or give this one a journal of its own"
        if holder["pid"] == os.getpid() and self.path in _OURS:
            who = (
                f"this very process ({holder['pid']}) has held it since {holder['since']}, in a pool that is not closed"
            )
            hint = "leave that pool first ('async with', or await pool.aclose()), or give this one a journal of its own"
        return JournalBusy(f"The journal is in use: {str(self.path).removesuffix('.lock')}", why=who, hint=hint)

    def unsign(self) -> None:
        """Nothing came of it: nobody held it before."""
        if self._descriptor is not None and not self.known:
            with contextlib.suppress(OSError):
                os.ftruncate(self._descriptor, 0)

    def release(self) -> None:
        """May be called twice. The file stays: deleting it could take away another's lock."""
        descriptor, self._descriptor = self._descriptor, None
        if _OURS.get(self.path) is self:
            del _OURS[self.path]
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
