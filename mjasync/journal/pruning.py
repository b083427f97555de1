"""What has been over for long goes: whole chains only, for a step is nothing without what it began with.

The ledger and the prices stay. A job of unknown fate has not ended, however old it is: it may have been charged.
"""

import logging
import sqlite3
from collections.abc import Mapping

from attrs import frozen

from mjasync.journal.changes import State
from mjasync.journal.projection import is_over
from mjasync.journal.store import put_seals, transaction

_LOGGER = logging.getLogger("mjasync.journal")
#: Free pages worth giving back to the file system.
_FREE_PAGES = 64


@frozen
class _Job:
    id: str
    parent: str | None
    over: bool
    #: When something happened to it last, in seconds since 1970.
    last: float


def prune(db: sqlite3.Connection, state: State, *, before: float) -> int:
    """Delete chains to which nothing has happened since `before`, and whose every job has ended; how many jobs.

    All or nothing; raises sqlite3.Error.
    """
    old = _old({job.id: job for job in _jobs(db)}, before)
    if not old:
        return 0
    seals = dict(state.seals)
    with transaction(db):
        for job in old:
            for (digest,) in db.execute("SELECT digest FROM events WHERE job = ?", (job,)).fetchall():
                seals["events"] = seals["events"].minus(digest)
            (digest,) = db.execute("SELECT digest FROM jobs WHERE id = ?", (job,)).fetchone()
            seals["jobs"] = seals["jobs"].minus(digest)
            db.execute("DELETE FROM events WHERE job = ?", (job,))
            db.execute("DELETE FROM jobs WHERE id = ?", (job,))
        put_seals(db, seals)
    state.seals = seals
    if db.execute("PRAGMA freelist_count").fetchone()[0] > _FREE_PAGES:
        # It frees a page a step, and `execute` makes one step only.
        db.executescript("PRAGMA incremental_vacuum")
    _LOGGER.info("Pruned %d jobs that ended long ago; the ledger still counts them.", len(old))
    return len(old)


def _jobs(db: sqlite3.Connection) -> list[_Job]:
    rows = db.execute("SELECT id, parent, phase, coalesce(ended, asked) FROM jobs")
    return [_Job(name, parent, is_over(phase), last) for name, parent, phase, last in rows]


def _old(jobs: Mapping[str, _Job], before: float) -> list[str]:
    """Ids of the jobs of chains that are over since then."""
    heads = {name: _head(jobs, name) for name in jobs}
    kept = {heads[job.id] for job in jobs.values() if not job.over or job.last >= before}
    return [name for name, head in heads.items() if head not in kept]


def _head(jobs: Mapping[str, _Job], name: str) -> str:
    """The job that the chain began with."""
    while (parent := jobs[name].parent) is not None and parent in jobs:
        name = parent
    return name
