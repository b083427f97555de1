"""A journal for reading: also while another process has it open, and without a key.

Accounts go by their fingerprints here, and times are seconds since 1970. A reader delays the process that writes, so
every question is short.
"""

import contextlib
import shutil
import sqlite3
import tempfile
from pathlib import Path
from typing import Self

from attrs import frozen

from mjasync.core.ledger import Line
from mjasync.core.machine import Event
from mjasync.core.model import Phase
from mjasync.errors import ConfigError, JournalError
from mjasync.journal.changes import line_of
from mjasync.journal.codec import Unreadable
from mjasync.journal.creation import newer
from mjasync.journal.faults import unopened
from mjasync.journal.folding import on_the_wall
from mjasync.journal.place import beside, check_file
from mjasync.journal.projection import storable
from mjasync.journal.reading import history_of
from mjasync.journal.schema import CURRENT, connect
from mjasync.journal.search import BY_ID

_JOBS = (
    "SELECT id, parent, account, mode, kind, phase, prompt, remote_id, asked, ended, quota, user_key AS key, resubmit_of, "
    "phase = 'done' AND told_early AS late, phase = 'lost' AS unknown FROM jobs WHERE (NOT ?1 OR (phase = 'done' AND told_early)) AND (NOT ?2 OR phase = 'lost') "
    "ORDER BY asked DESC, id LIMIT ?3"
)


@frozen(kw_only=True)
class ArchivedJob:
    """One job as the journal has it."""

    id: str
    parent: str | None
    #: Fingerprint; None for a job that was never sent.
    account: str | None
    mode: str
    kind: str
    phase: Phase
    #: Its beginning.
    prompt: str
    remote_id: str | None
    #: Seconds since 1970.
    asked: float
    ended: float | None
    #: The provider's own unit; None where it told no price.
    quota: float | None
    #: It ended well after whoever awaited it had been told something else.
    late: bool
    #: Nobody can say whether the provider took it.
    unknown: bool
    #: The user's own request id.
    key: str | None
    #: The job of unknown fate that this one was sent instead of.
    resubmit_of: str | None


@frozen(kw_only=True)
class ArchivedLedger:
    """What was spent by account and day, and how many jobs may yet cost something."""

    lines: tuple[Line, ...]
    #: Jobs that were accepted and have not ended.
    reserved: int
    #: Jobs of unknown fate, and those whose request is on its way.
    possible: int


class Archive:
    """Use `Archive.open`, as a context manager or with `close`."""

    def __init__(self, path: Path, db: sqlite3.Connection, undo: contextlib.ExitStack) -> None:
        self._path = path
        self._db = db
        self._undo = undo

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """Raises `JournalError` where there is no journal, `JournalCorrupt` for what is none of ours. BLOCKS."""
        place = Path(path).absolute()
        if not place.exists():
            raise JournalError(
                f"There is no journal {place}.",
                hint="check the path; Pool(…, journal=PATH) makes one at its first use",
            )
        try:
            version = check_file(place.resolve())
            if version > CURRENT.version:
                raise newer(place, version)
            if version < CURRENT.version:
                raise JournalError(
                    f"The journal {place} was written by an earlier version of mjasync.",
                    hint="open a pool on it once: it is copied and brought to this version",
                )
            with contextlib.ExitStack() as undo:
                db = _connected(place.resolve(), undo)
                return cls(place, db, undo.pop_all())
        except (sqlite3.Error, OSError) as exc:
            raise unopened(place, exc) from exc

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        """May be called twice."""
        self._undo.close()

    def jobs(self, *, late: bool = False, unknown: bool = False, limit: int = 100) -> tuple[ArchivedJob, ...]:
        """The newest jobs first; `late`, `unknown`: only such."""
        return tuple(map(_job, self._rows(_JOBS, late, unknown, limit)))

    def story(self, job: str) -> tuple[tuple[float, Event], ...]:
        """Every event of the job whose id begins so, with its time; () if there is none.

        An account is its fingerprint there, and `held_until` is seconds since 1970. Raises `ConfigError` where two
        ids begin so.
        """
        found = [row[0] for row in self._rows(BY_ID, storable(job))] if job else []
        if len(found) > 1 and found[0] != job:
            raise ConfigError(f"More than one job's id begins with {job!r}.", hint="give more of it")
        if not found:
            return ()
        try:
            history = history_of(self._db, found[0])
        except (sqlite3.Error, Unreadable) as exc:
            raise unopened(self._path, exc) from exc
        return tuple((wall, on_the_wall(event, wall)) for event, wall in history)

    def ledger(self) -> ArchivedLedger:
        """The books, by account and day."""
        lines = tuple(line_of(tuple(row)[:-1]) for row in self._rows("SELECT * FROM ledger ORDER BY day, account"))
        phases = {row[0]: row[1] for row in self._rows("SELECT phase, count(*) FROM jobs GROUP BY phase")}
        return ArchivedLedger(
            lines=lines,
            reserved=phases.get(Phase.QUEUED, 0) + phases.get(Phase.RUNNING, 0),
            possible=phases.get(Phase.LOST, 0) + phases.get(Phase.SENDING, 0),
        )

    def _rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        try:
            return self._db.execute(query, values).fetchall()
        except sqlite3.Error as exc:
            raise unopened(self._path, exc) from exc


def _connected(path: Path, undo: contextlib.ExitStack) -> sqlite3.Connection:
    """To the file; to a copy of it, where a process died in a transaction that only a writer may undo."""
    try:
        db = connect(f"{path.as_uri()}?mode=ro")
    except sqlite3.OperationalError as exc:
        if exc.sqlite_errorcode & 0xFF != sqlite3.SQLITE_READONLY:
            raise
        copy = Path(undo.enter_context(tempfile.TemporaryDirectory(prefix="mjasync-"))) / path.name
        for ending in ("", "-journal"):
            shutil.copyfile(beside(path, ending), beside(copy, ending))
        db = connect(f"{copy.as_uri()}?mode=rw")
    undo.callback(db.close)
    db.row_factory = sqlite3.Row
    return db


def _job(row: sqlite3.Row) -> ArchivedJob:
    values = dict(zip(row.keys(), row, strict=True))
    late, unknown = bool(values.pop("late")), bool(values.pop("unknown"))
    return ArchivedJob(phase=Phase(values.pop("phase")), late=late, unknown=unknown, **values)
