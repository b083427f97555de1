"""What a failed write means: wait and try again, or never trust this file again.

Rule 1: a full disk, a held lock and missing rights pass; the transaction was rolled back and can be written later.
Rule 2: after an I/O error nobody knows what the disk holds: a second fsync would report success for pages that the
first one has lost. So that is the end, and the outcome of what was being written is unknown.
"""

import errno
import sqlite3
from pathlib import Path

from mjasync.errors import JournalCorrupt, JournalError, JournalWriteError
from mjasync.journal.codec import Unreadable
from mjasync.journal.place import corrupt, unusable

_PASSING = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
    }
)
_PASSING_ERRNO = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS, errno.EMFILE, errno.ENFILE}
)
#: SQLite's words for a disk or a system that fails, not for a file that is wrong.
_OF_THE_SYSTEM = _PASSING | {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH}


class Replaced(Exception):
    """The file is gone, or another one stands in its place."""


def _code(exc: BaseException) -> int | None:
    """SQLite's primary result code."""
    code: int | None = getattr(exc, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


def passing(exc: BaseException) -> bool:
    """Whether trying again can help."""
    if isinstance(exc, sqlite3.Error):
        return _code(exc) in _PASSING and getattr(exc, "sqlite_errorcode", None) != sqlite3.SQLITE_READONLY_DBMOVED
    return isinstance(exc, OSError) and exc.errno in _PASSING_ERRNO


def said(exc: BaseException) -> str:
    """The exception on one line, with SQLite's own name for it."""
    name = getattr(exc, "sqlite_errorname", None) or type(exc).__name__
    return f"{str(exc)[:200]} ({name})"


def broken(path: Path, exc: BaseException) -> JournalWriteError:
    """The error of everything that a journal can take no more; a new one each time, for a traceback is added to it."""
    hint = "make room and rights for it, then open the pool again: it asks what became of every job that was sent"
    if isinstance(exc, Replaced):
        hint = "put the file back as it was, then open the pool again; what was sent since then is only known here"
    elif not passing(exc):
        hint = "look after the disk (dmesg, smartctl), then open the pool again: the journal is checked as a whole"
    error = JournalWriteError(
        f"The journal {path} can no longer be written.", why=said(exc), hint=hint, charged="unknown"
    )
    error.__cause__ = exc
    return error


def unopened(path: Path, exc: Exception) -> JournalError:
    """The error for whatever went wrong while a file was opened and read."""
    if isinstance(exc, JournalError):
        return exc
    if isinstance(exc, OSError) or _code(exc) in _OF_THE_SYSTEM:
        return unusable(path, exc)
    error: JournalCorrupt = corrupt(path, str(exc) if isinstance(exc, Unreadable) else said(exc))
    error.__cause__ = exc
    return error
