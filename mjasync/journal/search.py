"""Looking a job up in the file: by our id, the user's key or the provider's id, however long ago it ended.

Rule 1: a key that no job was ever asked for under costs no disk. While a group is committed the file is locked for
readers, and whoever asks with a new key asks in the event loop: a thousand of them would wait for a thousand commits.
"""

import contextlib
import sqlite3
import threading
from array import array
from bisect import bisect_left, insort
from collections.abc import Iterator
from pathlib import Path

from mjasync.core.machine import Event
from mjasync.core.model import Record, Ticket
from mjasync.errors import JournalError
from mjasync.journal.codec import Unreadable
from mjasync.journal.faults import said, unopened
from mjasync.journal.projection import storable
from mjasync.journal.reading import history_of
from mjasync.journal.schema import connect
from mjasync.journal.terms import Terms

#: Two are enough to know that one was not named clearly.
_MOST = 2
BY_ID = f"SELECT id FROM jobs WHERE id >= ?1 AND id < ?1 || char(1114111) ORDER BY id LIMIT {_MOST}"  # noqa: S608
_BY_KEY = f"SELECT id FROM jobs WHERE user_key = ? LIMIT {_MOST}"  # noqa: S608
_KEYS = "SELECT user_key FROM jobs WHERE user_key IS NOT NULL"
#: Without an index: a person asks, and rarely.
_BY_LOST = f"SELECT id FROM jobs WHERE resubmit_of = ? ORDER BY asked LIMIT {_MOST}"  # noqa: S608
_BY_TICKET = (
    "SELECT id FROM jobs WHERE account = ?1 AND remote_id = ?2 UNION "  # noqa: S608
    f"SELECT id FROM jobs WHERE account = ?1 AND window_id = ?2 ORDER BY id LIMIT {_MOST}"
)


class Search:
    """A second connection, which cannot write; any thread, one at a time. BLOCKS for the disk."""

    def __init__(self, path: Path, terms: Terms) -> None:
        self._path = path
        self._terms = terms
        self.connection: sqlite3.Connection | None = connect(f"{path.as_uri()}?mode=ro")
        self.lock = threading.Lock()
        #: Eight bytes for each key, in order: one that is not here is not in the file; one that is may be.
        self._keys = array("q")
        try:
            self._keys.extend(sorted(hash(row[0]) for row in self.connection.execute(_KEYS)))
        except BaseException:
            self.close()
            raise

    def took(self, key: str) -> None:
        """A job under this key is about to be written."""
        if not self._may_have(key):
            insort(self._keys, hash(storable(key)))

    def _may_have(self, key: str) -> bool:
        wanted = hash(storable(key))
        place = bisect_left(self._keys, wanted)
        return place < len(self._keys) and self._keys[place] == wanted

    def find(
        self, *, job: str = "", key: str = "", ticket: Ticket | None = None, again: str = ""
    ) -> tuple[Record, ...]:
        """Two records at most; raises `JournalError` if the file cannot be read now."""
        if job:
            query: tuple[str, tuple[str, ...]] = BY_ID, (storable(job),)
        elif key:
            if self.connection is not None and not self._may_have(key):
                return ()
            query = _BY_KEY, (storable(key),)
        elif ticket is not None:
            query = _BY_TICKET, tuple(map(storable, (self._terms.fingerprint(ticket.account), ticket.remote_id)))
        elif again:
            query = _BY_LOST, (again,)
        else:
            return ()
        with self._reading() as db:
            found = [row[0] for row in db.execute(*query)]
            histories = {name: history_of(db, name) for name in found}
        moment = self._terms.moment()
        return tuple(self._terms.outward(name, history, moment) for name, history in histories.items())

    def history(self, job: str) -> tuple[tuple[Event, float], ...]:
        """See `Journal.history`."""
        with self._reading() as db:
            history = history_of(db, job)
        return self._terms.events(history, self._terms.moment())

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self.lock:
            if self.connection is None:
                raise JournalError(f"The journal {self._path} is closed.", hint="open a new pool on it")
            try:
                yield self.connection
            except sqlite3.OperationalError as exc:
                raise JournalError(f"The journal {self._path} cannot be read now.", why=said(exc)) from exc
            except (sqlite3.Error, Unreadable) as exc:
                raise unopened(self._path, exc) from exc

    def close(self) -> None:
        """May be called twice."""
        with self.lock, contextlib.suppress(AttributeError):
            connection, self.connection = self.connection, None
            if connection is not None:
                connection.close()
