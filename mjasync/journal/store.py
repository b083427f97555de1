"""The open file: groups of events go in as one transaction each, with everything that follows from them."""

import contextlib
import logging
import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from mjasync.core.model import Record
from mjasync.core.operations import attached
from mjasync.journal import Entry, schema
from mjasync.journal.calendar import Calendar
from mjasync.journal.changes import Changes, State, line_values
from mjasync.journal.folding import fold
from mjasync.journal.pictures import Pictures, files_of
from mjasync.journal.projection import row_of, slot_of, values_of
from mjasync.journal.reading import history_of
from mjasync.journal.seal import Seal, digest_of
from mjasync.journal.terms import Terms

_LOGGER = logging.getLogger("mjasync.journal")


@contextlib.contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All or nothing; the lock on writing is taken at once."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        # Where SQLite has rolled back by itself there is nothing left to roll back.
        with contextlib.suppress(sqlite3.Error):
            db.execute("ROLLBACK")
        raise


class Store:
    """One thread at a time; everything BLOCKS for the disk."""

    def __init__(
        self, db: sqlite3.Connection, state: State, terms: Terms, pictures: Pictures, calendar: Calendar
    ) -> None:
        self._db = db
        self.state = state
        self._terms = terms
        self._pictures = pictures
        self._calendar = calendar

    def commit(self, group: Sequence[tuple[Entry, float]]) -> None:
        """Make these entries durable, each with the wall's time; after an exception nothing has happened.

        Except that it may have, if the disk failed while it was told to keep the transaction: `faults` knows.
        """
        changes = Changes(self.state, self._recall)
        for entry, wall in group:
            changes.take(entry.job, self._terms.inward(entry.event, entry.at), wall)
        with transaction(self._db):
            seals = write(self._db, changes)
            self._calendar.mark(self._db)
        changes.adopt(seals.items())
        self._tidy(changes.ended)

    def _recall(self, job: str) -> Record:
        return fold(job, history_of(self._db, job))

    def _tidy(self, ended: Iterable[Record]) -> None:
        """Pictures of jobs that are over go, if no other job waits for the same."""
        for record in ended:
            files = files_of(attached(record.spec.operation))
            for other in self.state.live.values() if files else ():
                files -= files_of(attached(other.spec.operation))
            self._pictures.drop(files)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()


def write(db: sqlite3.Connection, changes: Changes) -> dict[str, Seal]:
    """Inside a transaction: the rows of these changes, and the new seals, which are returned."""
    seals = dict(changes.state.seals)
    db.executemany(schema.PUT_EVENT, changes.events)
    for row in changes.events:
        seals["events"] = seals["events"].plus(row[5])
    for record in changes.records.values():
        seals["jobs"] = put_job(db, record, seals["jobs"])
    for place, line in changes.lines.items():
        old, values = changes.state.lines.get(place), line_values(line)
        seals["ledger"] = _replaced(seals["ledger"], line_values(old) if old else None, values)
        db.execute(schema.PUT_LINE, (*values, digest_of(values)))
    for named, price in changes.prices.items():
        last = changes.state.prices.get(named)
        seals["prices"] = _replaced(seals["prices"], None if last is None else (*named, last), (*named, price))
        db.execute(schema.PUT_PRICE, (*named, price, digest_of((*named, price))))
    put_seals(db, {name: seal for name, seal in seals.items() if seal != changes.state.seals[name]})
    return seals


def _replaced(seal: Seal, old: tuple[object, ...] | None, new: tuple[object, ...]) -> Seal:
    return (seal if old is None else seal.minus(digest_of(old))).plus(digest_of(new))


def put_job(db: sqlite3.Connection, record: Record, seal: Seal) -> Seal:
    """Inside a transaction: the job's row and slot; returns the new seal of `jobs`."""
    row = row_of(record)
    values = values_of(row)
    digest = digest_of(values)
    found = db.execute("SELECT digest FROM jobs WHERE id = ?", (row.id,)).fetchone()
    twin = 0
    if row.parent is None and row.remote_id is not None:
        twin = int(db.execute(schema.GET_TWIN, (row.account, row.remote_id, row.id)).fetchone() is not None)
        if twin:
            _LOGGER.error("Job %s has the provider's id of another job: %s.", row.id, row.remote_id)
    db.execute(schema.PUT_JOB, (*values, digest, twin))
    slot = slot_of(record)
    if slot is not None:
        db.execute(schema.PUT_SLOT, slot)
    elif found is not None:
        db.execute("DELETE FROM slots WHERE job = ?", (row.id,))
    return (seal if found is None else seal.minus(found[0])).plus(digest)


def put_seals(db: sqlite3.Connection, seals: dict[str, Seal]) -> None:
    """Inside a transaction."""
    db.executemany(schema.PUT_SEAL, [(seal.count, seal.total, name) for name, seal in seals.items()])
