"""A new journal, and an older one made new: each appears whole or not at all.

Rule 1: what stands under the journal's name is ours from its first byte on: it is built beside and renamed.
Rule 2: an older file is copied before it is changed, and changed in one transaction.
"""

import contextlib
import logging
import os
import sqlite3
from pathlib import Path

from mjasync.errors import JournalError
from mjasync.journal.codec import Unreadable
from mjasync.journal.place import beside, synchronise
from mjasync.journal.schema import Schema, connect

_LOGGER = logging.getLogger("mjasync.journal")


def create(path: Path, schema: Schema) -> None:
    """An empty journal; the caller holds its lock."""
    part = beside(path, ".new")
    _clear(part)
    os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    with contextlib.closing(connect(f"{part.as_uri()}?mode=rw")) as db:
        db.execute("PRAGMA auto_vacuum = INCREMENTAL")
        schema.create(db)
    _publish(part, path)
    _LOGGER.info("Made a new journal at %s.", path)


def migrate(path: Path, db: sqlite3.Connection, schema: Schema) -> None:
    """Bring an older file to this version; a copy of it stays beside it, named after its version."""
    (version,) = db.execute("PRAGMA user_version").fetchone()
    steps = range(version, schema.version)
    if not all(step in schema.steps for step in steps):
        raise Unreadable(f"its version {version} is none that there ever was")
    copy = beside(path, f".v{version}")
    part = beside(path, ".copy")
    _clear(part)
    os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    with contextlib.closing(connect(f"{part.as_uri()}?mode=rw")) as target:
        db.backup(target)
    _publish(part, copy)
    db.execute("BEGIN IMMEDIATE")
    try:
        for step in steps:
            schema.steps[step](db)
        db.execute("UPDATE meta SET value = ? WHERE name = 'schema'", (str(schema.version),))
        db.execute(f"PRAGMA user_version = {schema.version}")
        db.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            db.execute("ROLLBACK")
        raise
    _LOGGER.warning("The journal %s is of version %d now; as it was before it is %s.", path, schema.version, copy)


def newer(path: Path, version: int) -> JournalError:
    """The error for a file of a later version."""
    return JournalError(
        f"The journal {path} was written by a later version of mjasync.",
        why=f"its tables are of version {version}, which this one does not know",
        hint="upgrade mjasync, or give this one a journal of its own",
    )


def _clear(part: Path) -> None:
    """Take away what a process left that was killed here."""
    for ending in ("", "-journal"):
        beside(part, ending).unlink(missing_ok=True)


def _publish(part: Path, path: Path) -> None:
    descriptor = os.open(part, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    os.replace(part, path)
    beside(part, "-journal").unlink(missing_ok=True)
    synchronise(path.parent)
