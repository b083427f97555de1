"""What a forked child may do with its parent's journal: nothing.

A child has a copy of every connection: it could write without an error while the parent reads what is stale, and even
closing one may roll back what the parent is about to commit. So no fork happens in the middle of a transaction, the
child lets go of the lock, and the connections stay open in it until it ends.
"""

import os
import threading
import weakref
from collections.abc import Callable
from pathlib import Path

from mjasync.errors import JournalError

_GUARDS: "weakref.WeakSet[Guard]" = weakref.WeakSet()
#: Connections of parents: were they collected, they would be closed.
_KEPT: list[object] = []
_HELD: list[threading.Lock] = []


class Guard:
    """One for each open journal; no fork happens while one of its locks is held."""

    def __init__(self, *locks: threading.Lock, connections: tuple[object, ...], let_go: Callable[[], None]) -> None:
        self.pid = os.getpid()
        self.locks = locks
        self.connections = connections
        self.let_go = let_go
        _GUARDS.add(self)

    def check(self, path: Path) -> None:
        """Raise `JournalError` in any process but the one that opened it."""
        if os.getpid() != self.pid:
            raise JournalError(
                f"The journal {path} was opened by another process.",
                why=f"process {self.pid} opened it and forked; only that one may use it",
                hint="open pools after forking, or start processes with 'spawn'",
            )

    def retire(self) -> None:
        """It is closed: a fork has nothing to mind any more."""
        _GUARDS.discard(self)


def _before() -> None:
    for guard in list(_GUARDS):
        for lock in guard.locks:
            lock.acquire()
            _HELD.append(lock)


def _after() -> None:
    while _HELD:
        _HELD.pop().release()


def _in_child() -> None:
    _after()
    for guard in list(_GUARDS):
        _KEPT.append(guard.connections)
        guard.let_go()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before, after_in_parent=_after, after_in_child=_in_child)
