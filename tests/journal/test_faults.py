"""What a failure means, and how it is told."""

import errno
import sqlite3
from pathlib import Path

import pytest

from mjasync.errors import JournalBusy, JournalCorrupt, JournalError, JournalWriteError
from mjasync.journal.codec import Unreadable
from mjasync.journal.faults import Replaced, broken, passing, said, unopened

HERE = Path("/somewhere/j.db")


def fault(code):
    exc = sqlite3.OperationalError("what SQLite says")
    exc.sqlite_errorcode, exc.sqlite_errorname = code, "SQLITE_NAME"
    return exc


@pytest.mark.parametrize(
    ("exc", "expected"),
    [
        (fault(sqlite3.SQLITE_FULL), True),
        (fault(sqlite3.SQLITE_BUSY), True),
        (fault(sqlite3.SQLITE_BUSY_SNAPSHOT), True),
        (fault(sqlite3.SQLITE_READONLY), True),
        (fault(sqlite3.SQLITE_CANTOPEN), True),
        (fault(sqlite3.SQLITE_READONLY_DBMOVED), False),
        (fault(sqlite3.SQLITE_IOERR_WRITE), False),
        (fault(sqlite3.SQLITE_IOERR_FSYNC), False),
        (fault(sqlite3.SQLITE_CORRUPT), False),
        (fault(sqlite3.SQLITE_NOTADB), False),
        (sqlite3.IntegrityError("unique"), False),
        (OSError(errno.ENOSPC, ""), True),
        (OSError(errno.EIO, ""), False),
        (Replaced("gone"), False),
        (ValueError(), False),
    ],
)
def test_what_passes(exc, expected):
    assert expected is passing(exc)


@pytest.mark.parametrize(
    ("exc", "hint"),
    [(fault(sqlite3.SQLITE_FULL), "make room"), (fault(sqlite3.SQLITE_IOERR), "disk"), (Replaced("x"), "put the file")],
)
def test_a_broken_journal_says_what_why_and_what_to_do(exc, hint):
    error = broken(HERE, exc)

    assert JournalWriteError is type(error)
    assert ("unknown", exc, said(exc)) == (error.charged, error.__cause__, error.why)
    assert str(HERE) in error.what
    assert hint in error.hint
    assert broken(HERE, exc) is not error


@pytest.mark.parametrize(
    ("exc", "kind"),
    [
        (fault(sqlite3.SQLITE_CORRUPT), JournalCorrupt),
        (fault(sqlite3.SQLITE_NOTADB), JournalCorrupt),
        (sqlite3.OperationalError("no such table: events"), JournalCorrupt),
        (Unreadable("odd"), JournalCorrupt),
        (ValueError("odd"), JournalCorrupt),
        (fault(sqlite3.SQLITE_IOERR), JournalError),
        (fault(sqlite3.SQLITE_CANTOPEN), JournalError),
        (fault(sqlite3.SQLITE_FULL), JournalError),
        (PermissionError(errno.EACCES, "no"), JournalError),
        (JournalBusy("x"), JournalBusy),
    ],
)
def test_what_went_wrong_at_opening(exc, kind):
    error = unopened(HERE, exc)

    assert kind is type(error)
    assert error.hint or kind is JournalBusy
    if kind is JournalCorrupt:
        assert "nothing was overwritten" in error.hint
