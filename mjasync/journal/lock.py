"""A lock on a file, held by one process or shared by several; the journal's is beside it.

Not on the journal itself, whose locks are SQLite's and are lost when any descriptor of it is closed. The system takes
the lock away with the process, so that nothing stale remains; the text in the file only serves the error's text.
"""

import contextlib
import errno
import json
import os
import platform
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mjasync.errors import JournalBusy, MJError
from mjasync.journal.place import identity, unusable

if sys.platform == "win32":
    import msvcrt

    #: Bytes far behind the text, which others have to be able to read: each share locks one of them, a whole lock all.
    _PLACE, _SHARES = 1 << 20, 64

    def _take(descriptor: int, *, shared: bool) -> None:
        for place in range(_SHARES if shared else 1):
            os.lseek(descriptor, _PLACE + place, os.SEEK_SET)
            try:
                msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1 if shared else _SHARES)
            except OSError:
                if place == _SHARES - 1 or not shared:
                    raise
            else:
                break
        os.lseek(descriptor, 0, os.SEEK_SET)

else:
    import fcntl

    def _take(descriptor: int, *, shared: bool) -> None:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)


#: How the system says that somebody else has it; anything else says that there can be no lock here.
_TAKEN = (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK)
#: What this process holds, by the paths of the files.
_OURS: dict[Path, list["Lock"]] = {}


class Lock:
    """Held from `take` to `release`.

    `gone` tells whether whoever holds it can do nothing more though the process lives on: then the next one in this
    process may have it, after `give_up`, which has to let go of all that it protects. `shared`: any number may hold
    it, but nobody who does not share. `note`: what else the file says of its holder.
    """

    def __init__(
        self,
        path: Path,
        *,
        gone: Callable[[], bool] = lambda: False,
        give_up: Callable[[], None] = lambda: None,
        shared: bool = False,
        note: Mapping[str, object] | None = None,
    ) -> None:
        self.path = path
        self._gone = gone
        self.give_up = give_up
        self._shared = shared
        self._note = dict(note or {})
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
            descriptor = self._opened()
            try:
                _take(descriptor, shared=self._shared)
            except OSError as exc:
                holder = _holder(descriptor)
                os.close(descriptor)
                if exc.errno not in _TAKEN:
                    raise self.unusable(exc) from exc
                if self._inherited():
                    continue
                raise self.busy(holder, ours=bool(self._siblings())) from None
            status = os.fstat(descriptor)
            if identity(self.path) == (status.st_dev, status.st_ino):
                self._descriptor, self._identity = descriptor, (status.st_dev, status.st_ino)
            else:  # its last holder's file, deleted between our opening and locking it
                os.close(descriptor)
        _OURS.setdefault(self.path, []).append(self)
        self.pid = os.getpid()
        self.known = os.fstat(self._descriptor).st_size > 0
        _sign(self._descriptor, wall, self._note)

    def check(self) -> None:
        """Raise `JournalBusy` if another holds it now. Nothing is made, signed or kept; what cannot be told passes.

        Who only looks has the lock for a moment too, so a file whose signer is dead is left alone: whoever takes it
        just now shall not be refused because of a look.
        """
        try:
            descriptor = os.open(self.path, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
        except OSError:
            return
        try:
            holder = _holder(descriptor)
            siblings = [lock for lock in self._siblings() if not (lock._shared and self._shared)]  # noqa: SLF001
            if any(not lock.gone for lock in siblings):
                raise self.busy(holder, ours=True)
            if not siblings and _may_live(holder):
                _take(descriptor, shared=self._shared)
        except OSError as exc:
            if exc.errno in _TAKEN:
                raise self.busy(holder, ours=False) from None
        finally:
            os.close(descriptor)

    def _opened(self) -> int:
        try:
            return os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
        except OSError as exc:
            raise self.unusable(exc) from exc

    def _siblings(self) -> list["Lock"]:
        """Those of this process, on the same file."""
        return [lock for lock in _OURS.get(self.path, ()) if lock.pid == os.getpid()]

    def _inherited(self) -> bool:
        """Whether it was held by ones in this process who are gone, and has been let go of now."""
        left = [lock for lock in self._siblings() if lock.gone]
        for lock in left:
            lock.give_up()
        return bool(left) and not any(lock in _OURS.get(self.path, ()) for lock in left)

    def unusable(self, exc: OSError) -> MJError:
        """The error where there can be no such file, or no lock on it."""
        return unusable(self.path, exc)

    def busy(self, holder: Mapping[str, Any], *, ours: bool) -> MJError:
        """The error where another has it; `ours`: in this process."""
        who = f"process {holder['pid']} on {holder['host']} has held it since {holder['since']}"
        hint = "one process at a time: end that one, or give this one a journal of its own"
        if ours and holder["pid"] == os.getpid():
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
        ours = _OURS.get(self.path, [])
        if self in ours:
            ours.remove(self)
            if not ours:
                del _OURS[self.path]
        if descriptor is not None:
            os.close(descriptor)


def _sign(descriptor: int, wall: float, note: Mapping[str, object]) -> None:
    since = datetime.fromtimestamp(wall, UTC).isoformat(timespec="seconds")
    text = json.dumps({"pid": os.getpid(), "host": platform.node(), "since": since, **note})
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
    return {**known, **{name: known.get(name, "?") for name in ("pid", "host", "since")}}


def _may_live(holder: Mapping[str, Any]) -> bool:
    """False for a process of this computer that is certainly over, and where nobody signed."""
    pid = holder["pid"]
    if sys.platform == "win32" or holder["host"] != platform.node() or type(pid) is not int or pid <= 0:
        return bool(pid != "?")
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True
