"""The journal as a process that may die has it: a real one inside, and the moment of death in front.

Rule 1: what was not durable when the process died never becomes so; what was, stays.
Rule 2: durability may take its time here, as behind a writer thread: promises are kept in order.
"""

import asyncio
from collections import deque
from typing import Any

from mjasync.core.machine import Event
from mjasync.errors import JournalWriteError
from mjasync.journal import Entry, Journal, Kept, Opening
from tests.worlds.chronicle import Chronicle
from tests.worlds.line import Mortal
from tests.worlds.rows import Row


class MortalJournal:
    """A journal of one life."""

    def __init__(self, inner: Journal, life: Mortal, chronicle: Chronicle, *, delay: float = 0.0) -> None:
        self._inner, self._life, self._chronicle, self._delay = inner, life, chronicle, delay
        self._pending: deque[tuple[tuple[Entry, ...], asyncio.Future[None]]] = deque()
        self._wall = lambda: 0.0
        #: What became durable in this life, in order.
        self.rows: list[Row] = []
        #: Second of this life from which on the disk takes nothing; what it refused once is refused for good.
        self.full: float | None = None
        self.broken = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    @property
    def place(self) -> str:
        """See `Journal`."""
        return self._inner.place

    def open(self, opening: Opening) -> Kept:
        """See `Journal`."""
        self._wall = opening.wall
        return self._inner.open(opening)

    def find(self, **wanted: Any) -> Any:
        """See `Journal`; a dead process finds nothing."""
        return () if self._life.dead else self._inner.find(**wanted)

    def append(self, *entries: Entry) -> asyncio.Future[None] | None:
        """See `Journal`."""
        self._alive()
        self._life.moment("append", after=False)
        self._alive()
        durable = self._taken(entries)
        self._life.moment("append", after=True)
        self._alive()
        return durable

    async def aclose(self) -> None:
        """See `Journal`."""
        if not self._life.dead:
            self._flush()
            await self._inner.aclose()

    async def bury(self) -> None:
        """Let go of the file's handles; what it would write then is nobody's."""
        await self._inner.aclose()

    def _taken(self, entries: tuple[Entry, ...]) -> asyncio.Future[None] | None:
        loop = asyncio.get_running_loop()
        if self.full is not None and self.full <= loop.time():
            if not self.broken:
                self._chronicle.note("disk full")
                self._life.fired["disk.full"] += 1
            self.broken = True
            failed: asyncio.Future[None] = loop.create_future()
            failed.set_exception(JournalWriteError("no space left on device"))
            failed.exception()
            return failed
        if not self._delay:
            self._write(entries)
            return None
        future: asyncio.Future[None] = loop.create_future()
        self._pending.append((entries, future))
        loop.call_later(self._delay, self._flush, 1)
        return future

    def _flush(self, most: int = 10**9) -> None:
        """The writer thread comes to the next decisions."""
        while self._pending and most and not self._life.dead:
            entries, future = self._pending.popleft()
            self._write(entries)
            most -= 1
            if not future.done():
                future.set_result(None)

    def _write(self, entries: tuple[Entry, ...]) -> None:
        self._inner.append(*entries)
        for entry in entries:
            row = Row(job=entry.job, kind=type(entry.event).__name__, wall=self._wall(), facts=_facts(entry.event))
            self.rows.append(row)
            self._chronicle.note("journal", row.job, row.kind, row.told())

    def _alive(self) -> None:
        if self._life.dead:
            raise asyncio.CancelledError


def _facts(event: Event) -> dict[str, Any]:
    """What the oracle reads of an event, as plain values; the same as the file's JSON has."""
    facts: dict[str, Any] = {}
    for name in ("account", "remote_id", "held_until", "hope", "by"):
        if hasattr(event, name):
            facts[name] = getattr(event, name)
    failure = getattr(event, "failure", None)
    if failure is not None:
        facts["failure"] = {"kind": failure.kind, "charged": failure.charged}
    snapshot = getattr(event, "snapshot", None)
    if snapshot is not None:
        facts["snapshot"] = {"status": str(snapshot.status), "progress": snapshot.progress}
    spec = getattr(event, "spec", None)
    if spec is not None:
        operation = spec.operation
        said = {name: getattr(operation, name) for name in ("prompt", "action", "number") if hasattr(operation, name)}
        facts["spec"] = {"operation": {"is": type(operation).__name__, **said}, "parent": spec.parent, "key": spec.key}
    return facts
