"""The embedded journal: one SQLite file, one process, one thread that writes.

Rule 1: an event is durable before anybody is told; what was told is never forgotten, `kill -9` and power cuts included.
Rule 2: a file that does not add up is never used, never overwritten, and never silently replaced by an empty one.
"""

import asyncio
import contextlib
import logging
import os
import sqlite3
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from mjasync.core.machine import Asked, Event
from mjasync.core.model import Record, Ticket
from mjasync.core.operations import attached
from mjasync.errors import JournalError, JournalWriteError
from mjasync.journal import Entry, Kept, Opening, learned
from mjasync.journal.calendar import GET_MARK, Calendar
from mjasync.journal.changes import State
from mjasync.journal.faults import Replaced, broken, passing, said, unopened
from mjasync.journal.forks import Guard
from mjasync.journal.lock import Lock
from mjasync.journal.opening import open_file
from mjasync.journal.pictures import Encode, Pictures, files_of
from mjasync.journal.place import beside, check_disk, folder_of, identity, place_of
from mjasync.journal.pruning import prune
from mjasync.journal.schema import CURRENT
from mjasync.journal.search import Search
from mjasync.journal.store import Store
from mjasync.journal.terms import Terms
from mjasync.journal.writer import Group, Writer

_LOGGER = logging.getLogger("mjasync.journal")
_DAY = 86_400.0


@frozen(kw_only=True, eq=False)
class _Open:
    """What there is from `open` to `aclose`."""

    path: Path
    calendar: Calendar
    identity: tuple[int, int] | None
    lock: Lock
    store: Store
    search: Search
    writer: Writer
    guard: Guard


class SQLiteJournal:
    """The journal in the file at `path`; `Pool(journal=SQLiteJournal(path, keep_days=None))`. The pool opens it.

    `allow_network` overrides the refusal of network file systems. `inline` commits in the calling thread, so that
    `append` returns None: for simulations, where a thread would cost more than the disk. `keep_days` is for how long
    chains are kept after they have ended (None: for ever); the ledger is kept anyhow. `encode` makes the bytes of a
    picture that has none yet (a PIL image); without it such a picture does not survive the process.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        allow_network: bool = False,
        inline: bool = False,
        keep_days: float | None = 30,
        encode: Encode | None = None,
    ) -> None:
        self._path = place_of(path)
        self._allow_network = allow_network
        self._inline = inline
        self._keep_days = keep_days
        self._encode = encode
        self._open: _Open | None = None
        self._owner: Guard | None = None
        self._writing = threading.Lock()
        self._learning = threading.Lock()

    def __repr__(self) -> str:
        return f"<SQLiteJournal {str(self._path)!r} {'open' if self._open else 'closed'}>"

    @property
    def place(self) -> str:
        """The absolute path."""
        return str(self._path)

    @property
    def broken(self) -> JournalWriteError | None:
        """Why nothing can be written any more; None while all is well."""
        return self._open.writer.broken if self._open else None

    def open(self, opening: Opening) -> Kept:
        """See `Journal`."""
        if self._owner is not None:
            self._owner.check(self._path)
        if self._open is not None and self._open.lock.gone:
            self._give_up()
        if self._open is not None:
            raise JournalError(f"The journal {self._path} is open already.", hint="give each pool its own journal")
        lock: Lock | None = None
        try:
            path = folder_of(self._path).resolve() / self._path.name
            path = path.resolve() if path.is_symlink() else path
            if not self._allow_network:
                check_disk(path)
            lock = Lock(beside(path, ".lock"), gone=opening.gone, give_up=self._give_up)
            lock.take(wall=opening.wall())
            missing = lock.known and not path.exists()
            kept = self._opened(path, opening, lock)
            if missing:
                _LOGGER.warning("Made a new journal at %s; there was one here before.", path)
            return kept
        except BaseException as exc:
            if lock is not None:
                if not path.exists():
                    lock.unsign()
                lock.release()
            if isinstance(exc, OSError | sqlite3.Error):
                raise unopened(self._path, exc) from exc
            raise

    def check_free(self) -> None:
        """Raise `JournalBusy` if another pool has it open now. BLOCKS for the disk; nothing is made or changed."""
        Lock(beside(self._path.resolve(), ".lock")).check()

    def _opened(self, path: Path, opening: Opening, lock: Lock) -> Kept:
        pictures = Pictures(beside(path, ".pictures"), self._encode)
        db, state, histories = open_file(path, CURRENT)
        with contextlib.ExitStack() as undo:
            undo.callback(db.close)
            mark = db.execute(GET_MARK).fetchone()
            calendar = Calendar(opening, last=state.wall, mark=mark[0] if mark else None)
            terms = Terms(opening, pictures, calendar)
            self._tidy(db, state, pictures, calendar.wall())
            search = Search(path, terms)
            undo.callback(search.close)
            kept = evolve(terms.kept(state, histories), learned=learned.read(beside(path, learned.ENDING)))
            undo.pop_all()
        guard = Guard(self._writing, search.lock, connections=(db, search.connection), let_go=lock.release)
        self._owner = guard
        self._open = _Open(
            path=path,
            identity=identity(path),
            lock=lock,
            calendar=calendar,
            store=Store(db, state, terms, pictures, calendar),
            search=search,
            writer=Writer(self._commit, lambda exc: broken(path, exc), inline=self._inline),
            guard=guard,
        )
        return kept

    def _tidy(self, db: sqlite3.Connection, state: State, pictures: Pictures, wall: float) -> None:
        """What nobody needs any more; a journal that cannot be tidied now serves as well."""
        try:
            if self._keep_days is not None:
                prune(db, state, before=wall - self._keep_days * _DAY)
            pictures.sweep(
                {file for record in state.live.values() for file in files_of(attached(record.spec.operation))}
            )
        except (sqlite3.Error, OSError) as exc:
            if not passing(exc):
                raise
            _LOGGER.warning("The journal was not tidied: %s", said(exc))

    def append(self, *entries: Entry) -> asyncio.Future[None] | None:
        """See `Journal`; also raises `JournalError` where it is not open, or was opened by another process."""
        opened = self._needed()
        wall = opened.calendar.wall()
        for entry in entries:
            if isinstance(entry.event, Asked) and entry.event.spec.key is not None:
                opened.search.took(entry.event.spec.key)
        return opened.writer.put([(entry, wall) for entry in entries])

    def _commit(self, group: Group) -> None:
        """In the thread that writes."""
        opened = self._needed()
        if identity(opened.path) != opened.identity or not opened.lock.intact:
            raise Replaced("the file or its lock was moved, deleted or replaced while it was open")
        with self._writing:
            opened.store.commit(group)

    def _needed(self) -> _Open:
        if self._owner is not None:
            self._owner.check(self._path)
        if self._open is None:
            raise JournalError(f"The journal {self._path} is not open.", hint="a pool opens it at its first use")
        return self._open

    def find(
        self, *, job: str = "", key: str = "", ticket: Ticket | None = None, again: str = ""
    ) -> tuple[Record, ...]:
        """See `Journal`; raises `JournalError` if the file cannot be read now."""
        return self._needed().search.find(job=job, key=key, ticket=ticket, again=again)

    def history(self, job: str) -> tuple[tuple[Event, float], ...]:
        """See `Journal`."""
        return self._needed().search.history(job)

    def learn(self, told: Mapping[str, Any]) -> None:
        """See `Journal`."""
        opened = self._open
        if opened is not None and os.getpid() == opened.guard.pid:
            with self._learning:
                learned.write(beside(opened.path, learned.ENDING), told)

    async def aclose(self) -> None:
        """See `Journal`."""
        opened = self._open
        if opened is None or os.getpid() != opened.guard.pid:
            return
        await opened.writer.drain()
        if self._open is not opened:  # closed by another call meanwhile
            return
        self._give_up()

    def _give_up(self) -> None:
        """Let go of everything, once nothing is written any more; also of what a loop has left that is closed."""
        opened, self._open, self._owner = self._open, None, None
        if opened is not None:
            opened.guard.retire()
            opened.writer.end()
            opened.search.close()
            opened.store.close()
            opened.lock.release()
