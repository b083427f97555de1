"""Rows as values: what stands in the tables, believed only if the seals say so.

Everything that does not add up is `Unreadable`; whoever opens the file makes a `JournalCorrupt` of it.
"""

import sqlite3
from collections.abc import Iterable
from typing import Any

from attrs import frozen

from mjasync.core.machine import Event
from mjasync.journal import codec, schema
from mjasync.journal.changes import State, line_of
from mjasync.journal.codec import Unreadable
from mjasync.journal.projection import COLUMNS, is_over
from mjasync.journal.seal import Seal, digest_of


def history_of(db: sqlite3.Connection, job: str) -> list[tuple[Event, float]]:
    """A job's events with the wall's times, oldest first; raises `Unreadable`."""
    return [(codec.load(kind, data), wall) for kind, data, wall in db.execute(schema.GET_HISTORY, (job,))]


@frozen(kw_only=True)
class Found:
    """A whole file that adds up."""

    state: State
    #: Ids of jobs that are not over, and of those before them in their chains; the oldest first.
    wanted: tuple[str, ...]
    #: Whether the rows of jobs are what was written; if not, they can be made anew.
    jobs_fit: bool


def read(db: sqlite3.Connection) -> Found:
    """Add up every row; raises `Unreadable` for events, a ledger or prices that do not fit their seals."""
    seals = {name: Seal(count, total) for name, count, total in db.execute('SELECT name, "count", total FROM seals')}
    if set(seals) != set(schema.SEALED):
        raise Unreadable("its seals are not what they should be")
    state = State(seals=seals)
    _events(db, state)
    _lines(db, state)
    _prices(db, state)
    live, fit = _jobs(db, state)
    first: dict[str, int | None] = {}
    for job in live:
        step: str | None = job
        while step is not None and step not in first:
            (first[step],) = db.execute("SELECT min(seq) FROM events WHERE job = ?", (step,)).fetchone()
            step = next((parent for (parent,) in db.execute("SELECT parent FROM jobs WHERE id = ?", (step,))), None)
    known = {job: seq for job, seq in first.items() if seq is not None}
    return Found(
        state=state,
        wanted=tuple(sorted(known, key=known.__getitem__)),
        jobs_fit=fit and len(known) == len(first),
    )


def _check(name: str, state: State, seal: Seal) -> None:
    if seal != state.seals[name]:
        raise Unreadable(f"{name}: a row is missing, is one too many or was changed")


def _events(db: sqlite3.Connection, state: State) -> None:
    """Row by row: a journal may hold a hundred thousand jobs, and nothing of those that are over is needed."""
    seal = Seal()
    for seq, job, kind, wall, data, digest in db.execute("SELECT * FROM events ORDER BY seq"):
        if not isinstance(data, str | bytes) or digest != digest_of((seq, job, kind, wall), data):
            raise Unreadable(f"event {seq} was changed")
        seal = seal.plus(digest)
        state.seq, state.wall = seq, max(state.wall, wall)
    _check("events", state, seal)


def _lines(db: sqlite3.Connection, state: State) -> None:
    for *values, digest in db.execute("SELECT * FROM ledger"):
        _check_row("ledger", values, digest)
        state.lines[values[0], values[1]] = line_of(tuple(values))
    _check("ledger", state, Seal.of(row[0] for row in db.execute("SELECT digest FROM ledger")))


def _prices(db: sqlite3.Connection, state: State) -> None:
    for *values, digest in db.execute("SELECT * FROM prices"):
        _check_row("prices", values, digest)
        account, mode, kind, price = values
        state.prices[account, mode, kind] = price
    _check("prices", state, Seal.of(row[0] for row in db.execute("SELECT digest FROM prices")))


def _check_row(name: str, values: Iterable[Any], digest: object) -> None:
    if not all(isinstance(value, str | int | float | None) for value in values) or digest != digest_of(tuple(values)):
        raise Unreadable(f"a row of {name} was changed")


def _jobs(db: sqlite3.Connection, state: State) -> tuple[list[str], bool]:
    """The ids of jobs that are not over, and whether all rows fit their seal."""
    live: list[str] = []
    seal, fit = Seal(), True
    for *values, digest in db.execute(schema.GET_JOBS):
        row = dict(zip(COLUMNS, values, strict=True))
        fit = fit and not any(isinstance(value, bytes) for value in values) and digest == digest_of(tuple(values))
        seal = seal.plus(digest if isinstance(digest, int) else 0)
        if not is_over(row["phase"]):
            live.append(row["id"])
    return live, fit and seal == state.seals["jobs"]
