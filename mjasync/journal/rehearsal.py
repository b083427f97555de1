"""A transaction that was cut short is undone on a copy first.

SQLite undoes it by itself, from the file `-journal`, as soon as anybody reads. That is right if the two belong
together; if one of them was replaced, by a restored backup or by hand, it would spoil what could still be read.
"""

import contextlib
import logging
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

from mjasync.journal.faults import passing, said
from mjasync.journal.place import beside
from mjasync.journal.schema import connect

_LOGGER = logging.getLogger("mjasync.journal")


def rehearse(path: Path, check: Callable[[sqlite3.Connection], object]) -> None:
    """Where something is to be undone: raise what `check` raises on a copy where it was."""
    log = beside(path, "-journal")
    if not log.exists() or log.stat().st_size == 0:
        return
    copy = beside(path, ".rehearsal")
    try:
        try:
            for source, target in ((path, copy), (log, beside(copy, "-journal"))):
                target.unlink(missing_ok=True)
                target.touch(mode=0o600)
                shutil.copyfile(source, target)
        except OSError as exc:
            if not passing(exc):
                raise
            _LOGGER.warning("A transaction that was cut short is undone without a rehearsal: %s", said(exc))
            return
        with contextlib.closing(connect(f"{copy.as_uri()}?mode=rw")) as db:
            check(db)
        _LOGGER.warning("The last process ended in the middle of a transaction of %s; it is undone.", path)
    finally:
        for ending in ("", "-journal"):
            beside(copy, ending).unlink(missing_ok=True)
