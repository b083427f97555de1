"""From a path to an open file that adds up, or one error that says why not.

Rule 1: nothing is changed before everything was looked at.
Rule 2: events are the truth: where the rows made from them do not fit, they are made anew, and the log says so.
"""

import contextlib
import logging
import sqlite3
from pathlib import Path

from mjasync.core.machine import IllegalMove
from mjasync.core.model import Record
from mjasync.journal.changes import State
from mjasync.journal.codec import Unreadable
from mjasync.journal.creation import create, migrate, newer
from mjasync.journal.faults import unopened
from mjasync.journal.folding import History, fold
from mjasync.journal.place import check_file, check_neighbours
from mjasync.journal.projection import over, row_of, slot_of, values_of
from mjasync.journal.reading import history_of, read
from mjasync.journal.rehearsal import rehearse
from mjasync.journal.schema import Schema, connect
from mjasync.journal.seal import Seal, digest_of
from mjasync.journal.store import put_job, put_seals, transaction

_LOGGER = logging.getLogger("mjasync.journal")

#: What code of ours raises for rows that it did not write.
_NONSENSE = (Unreadable, IllegalMove, ValueError, TypeError, LookupError, ArithmeticError, AttributeError)


def open_file(path: Path, schema: Schema) -> tuple[sqlite3.Connection, State, dict[str, History]]:
    """Open or make the journal at a resolved path whose lock is held.

    With it come what is known of it, and the histories of jobs that are not over and of those before them.
    """
    try:
        check_neighbours(path)
        if not path.exists():
            create(path, schema)
        version = check_file(path)
        if version > schema.version:
            raise newer(path, version)
        rehearse(path, lambda db: _look(db, schema))
        db = connect(f"{path.as_uri()}?mode=rw")
        with contextlib.ExitStack() as undo:
            undo.callback(db.close)
            _settle(db)
            _update(db, path, schema)
            found = _restored(db)
            undo.pop_all()
            return db, *found
    except (sqlite3.Error, OSError, *_NONSENSE) as exc:
        raise unopened(path, exc) from exc


def _look(db: sqlite3.Connection, schema: Schema) -> None:
    """Raise for a file that does not add up."""
    _settle(db)
    if db.execute("PRAGMA user_version").fetchone() == (schema.version,):
        read(db)


def _settle(db: sqlite3.Connection) -> None:
    """Durable at COMMIT, also through a power cut.

    Always a rollback journal: SQLite's other one, the WAL, had a bug from 3.7.0 to 3.51.2 that could lose commits,
    needs a third file, and is no faster where one group waits for one fsync.
    """
    mode = db.execute("PRAGMA journal_mode = TRUNCATE").fetchone()[0]
    db.execute("PRAGMA synchronous = EXTRA")
    level = db.execute("PRAGMA synchronous").fetchone()[0]
    if (mode, level) != ("truncate", 3):
        raise Unreadable(f"SQLite keeps it as {mode}/{level}, not as truncate/3")
    said = [row[0] for row in db.execute("PRAGMA integrity_check(1)")]
    if said != ["ok"]:
        raise Unreadable(str(said[0])[:200] if said else "it cannot be checked")
    _LOGGER.info("SQLite %s, journal_mode %s, synchronous %s (EXTRA).", sqlite3.sqlite_version, mode, level)


def _update(db: sqlite3.Connection, path: Path, schema: Schema) -> None:
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version > schema.version:
        raise newer(path, version)
    if version < schema.version:
        migrate(path, db, schema)
    if not schema.fits(db):
        raise Unreadable("its tables are not what they should be")


def _restored(db: sqlite3.Connection) -> tuple[State, dict[str, History]]:
    found = read(db)
    if found.jobs_fit:
        histories: dict[str, History] = {job: history_of(db, job) for job in found.wanted}
        records = {job: fold(job, history) for job, history in histories.items()}
        if _agree(db, records):
            found.state.live = {job: record for job, record in records.items() if not over(record)}
            return found.state, histories
    _LOGGER.warning("The journal's list of jobs does not fit its events, which count: it is made anew.")
    _rebuild(db, found.state)
    again = read(db)
    histories = {job: history_of(db, job) for job in again.wanted}
    records = {job: fold(job, history) for job, history in histories.items()}
    again.state.live = {job: record for job, record in records.items() if not over(record)}
    return again.state, histories


def _agree(db: sqlite3.Connection, records: dict[str, Record]) -> bool:
    """Whether the rows of these jobs and all slots say what the events say."""
    for job, record in records.items():
        row = db.execute("SELECT digest FROM jobs WHERE id = ?", (job,)).fetchone()
        if row is None or row[0] != digest_of(values_of(row_of(record))):
            return False
    slots = {slot for slot in map(slot_of, records.values()) if slot is not None}
    return slots == set(db.execute('SELECT job, account, since, "until" FROM slots'))


def _rebuild(db: sqlite3.Connection, state: State) -> None:
    """All rows of jobs and slots, from all events, in one transaction."""
    order = [row[0] for row in db.execute("SELECT job FROM events GROUP BY job ORDER BY min(seq)")]
    with transaction(db):
        db.execute("DELETE FROM slots")
        db.execute("DELETE FROM jobs")
        seal = Seal()
        for job in order:
            seal = put_job(db, fold(job, history_of(db, job)), seal)
        put_seals(db, {"jobs": seal})
    state.seals["jobs"] = seal
