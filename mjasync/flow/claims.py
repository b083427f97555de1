"""One pool for each account on this computer: a key has one cap, and two pools would each fill it.

Rule 1: an account is locked before anything is sent with it, by a file that bears its fingerprint; the system takes
the lock away with the process.
Rule 2: pools that say so (`shared=True`) hold it together; one that does not holds it alone. Nothing else passes
between processes: each keeps to its own `max_jobs`.
Rule 3: an account that answers in this process (`transport=`, the simulator's) is nobody else's, and is not locked.
Rule 4: where no file can be locked, a warning says so and the pool opens.
"""

import contextlib
import logging
import os
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mjasync.accounts import Account
from mjasync.errors import AccountBusy, MJError
from mjasync.journal import Opening
from mjasync.journal.forks import Guard
from mjasync.journal.lock import Lock
from mjasync.settings import lock_folders

_log = logging.getLogger("mjasync.pool")


class Unlockable(MJError):
    """No lock can be had here; never told to users, but in the log."""


class Claim(Lock):
    """The lock on one account."""

    def __init__(self, folder: Path, name: str, account: Account, opening: Opening) -> None:
        path = folder / f"{account.provider}-{account.fingerprint}.lock"
        note = {"shared": account.shared}
        super().__init__(path, gone=opening.gone, give_up=self.release, shared=account.shared, note=note)
        self._name = name
        self._kind = type(account).__name__
        self._half = max(account.max_jobs // 2, 1)
        self._share = account.max_jobs
        #: A forked child must not keep what its parent has let go of.
        self._guard: Guard | None = None

    def take(self, *, wall: float) -> None:
        """Raises `AccountBusy` if another holds it, `Unlockable` if there can be no lock."""
        super().take(wall=wall)
        self._guard = Guard(connections=(), let_go=self.release)

    def release(self) -> None:
        """See `Lock`."""
        guard, self._guard = self._guard, None
        if guard is not None:
            guard.retire()
        super().release()

    def unusable(self, exc: OSError) -> MJError:
        """See `Lock`."""
        return Unlockable(f"{self.path}: {exc.strerror or type(exc).__name__}")

    def busy(self, holder: Mapping[str, Any], *, ours: bool) -> MJError:
        """See `Lock`."""
        here = ours and holder["pid"] in (os.getpid(), "?")
        who = "this very process, in a pool that is not closed," if here else _whom(holder)
        held = f"{who} has {'a share of it' if holder.get('shared') is True else 'all of it'} since {holder['since']}"
        end = "leave that pool first ('async with', or await pool.aclose())" if here else "end that one first"
        share = self._share if self._shared else self._half
        return AccountBusy(
            f"Account {self._name!r} is in use by another pool on this computer.",
            why=f"{held}; a key has one cap, and each of two pools would fill it",
            hint=f"{end}; or give each its share of the cap: mj.{self._kind}(key=..., max_jobs={share}, shared=True) in "
            f"both, or max_jobs = {share} and shared = true in mjasync.toml. Many processes before one queue, with "
            "journal='postgresql://...' (the postgres extra), are planned and not part of this version",
        )


class Claims:
    """The accounts that one pool holds, from `take` to `release`."""

    def __init__(self, accounts: Mapping[str, Account]) -> None:
        self._wanted = {name: account for name, account in accounts.items() if account.transport is None}
        self._held: list[Claim] = []

    @property
    def needed(self) -> bool:
        """Whether there is anything to lock."""
        return bool(self._wanted)

    def take(self, opening: Opening) -> None:
        """Lock all, or none. BLOCKS for the disk. Raises `AccountBusy`."""
        if not self._wanted:
            return
        folders = lock_folders()
        try:
            for name, account in self._wanted.items():
                self._lock(folders, name, account, opening)
        except BaseException:
            self.release()
            raise

    def release(self) -> None:
        """Let go of all; may be called twice."""
        while self._held:
            self._held.pop().release()

    def _lock(self, folders: Sequence[Path], name: str, account: Account, opening: Opening) -> None:
        troubles = []
        for folder in folders:
            try:
                _made(folder)
                claim = Claim(folder, name, account, opening)
                claim.take(wall=opening.wall())
            except (OSError, Unlockable) as exc:
                troubles.append(str(exc))
            else:
                self._held.append(claim)
                return
        _log.warning(
            "account %s is not locked, so another process that uses its key would not be noticed: %s;"
            " MJASYNC_LOCKS can name a folder for such locks",
            name,
            "; ".join(troubles),
        )


def _made(folder: Path) -> None:
    """The folder, for this user alone: nobody else can put a file or a link there. Raises `OSError`."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700, parents=True)
    if not hasattr(os, "geteuid"):
        return
    status = folder.lstat()
    private = stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & 0o022
    if not private:
        raise PermissionError(f"{folder} is not a folder of this user alone")


def _whom(holder: Mapping[str, Any]) -> str:
    known = holder["pid"] != "?"
    return f"process {holder['pid']} on {holder['host']}" if known else "another process"
