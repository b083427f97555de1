"""Opening a pool aside, its accounts' locks and its journal: the disk may be slow, and whoever waits for it may go away meanwhile.

Rule 1: one opening at a time; whoever comes second waits for the first.
Rule 2: the task that opens decides at its end, and alone: somebody still waits, so there is a pool; or nobody does,
and all is closed again.
Rule 3: the accounts come first: a pool that may not open leaves no trace in a journal. Where the journal is in use as
well, that is what is told: a share of the account would not help.
"""

import asyncio
import os
import weakref
from collections.abc import Callable

from mjasync.errors import AccountBusy, ConfigError
from mjasync.flow.claims import Claims
from mjasync.images.inputs import load
from mjasync.journal import Journal, Kept, Opening
from mjasync.journal.memory import MemoryJournal
from mjasync.journal.sqlite import SQLiteJournal


class Aside:
    """Opens a journal, and the accounts before it, in a thread."""

    def __init__(self, journal: Journal, claims: Claims | None = None) -> None:
        self._journal = journal
        self._claims = claims or Claims({})
        self._waiting = 0
        self._unwanted = False
        self._task: asyncio.Task[None] | None = None

    @property
    def needed(self) -> bool:
        """Whether opening touches a disk."""
        return bool(self._journal.place) or self._claims.needed

    @property
    def busy(self) -> bool:
        """True from the first call of `wait` until the journal is open, or closed again."""
        return self._task is not None and not self._task.get_loop().is_closed()

    def now(self, opening: Opening) -> Kept:
        """Open it in this thread. BLOCKS for the disk. Raises what opening raises, and holds nothing then."""
        try:
            self._claims.take(opening)
        except AccountBusy:
            if isinstance(self._journal, SQLiteJournal):
                self._journal.check_free()
            raise
        try:
            return self._journal.open(opening)
        except BaseException:
            self._claims.release()
            raise

    def keep_for(self, owner: object) -> None:
        """The accounts are held for as long as somebody can send: until `let_go`, or until the owner is dropped."""
        weakref.finalize(owner, self._claims.release).atexit = False

    def let_go(self) -> None:
        """Nothing is sent any more: others may have the accounts."""
        self._claims.release()

    async def wait(self, opening: Callable[[], Opening], seat: Callable[[Kept], object]) -> None:
        """Open it, and hand over what it kept, unless nobody waits any more then. Raises what opening raises."""
        loop = asyncio.get_running_loop()
        if self._task is None or not self.busy:
            self._task = loop.create_task(self._open(opening(), seat), name="mj:open")
            self._task.add_done_callback(self._over)
        task = self._task
        if task.get_loop() is not loop:
            raise ConfigError("This pool is being opened in another event loop.", hint="build a pool in each loop")
        self._waiting += 1
        try:
            await asyncio.shield(task)
        finally:
            self._waiting -= 1
            if not self._waiting and not task.done():
                await asyncio.wait({task})

    async def close(self) -> None:
        """Nobody wants it any more: until what is being opened is closed again."""
        self._unwanted = True
        if self._task is not None and self.busy:
            await asyncio.wait({self._task})

    async def _open(self, opening: Opening, seat: Callable[[Kept], object]) -> None:
        work = asyncio.get_running_loop().run_in_executor(None, self.now, opening)
        while not work.done():
            try:
                await asyncio.wait({work})
            except asyncio.CancelledError:  # the thread goes on, and what it opens has to be closed
                continue
        kept, taken = work.result(), False
        try:
            if self._waiting and not self._unwanted:
                seat(kept)
                taken = True
        finally:
            if not taken:
                self._claims.release()
                await self._journal.aclose()

    def _over(self, task: asyncio.Task[None]) -> None:
        self._task = None
        if not task.cancelled():
            task.exception()  # whoever waited was told


def journal_at(place: object) -> Journal:
    """The journal that `journal=` means. Raises `ConfigError`."""
    if place is None:
        return MemoryJournal()
    if isinstance(place, str | os.PathLike):
        if "://" in str(place):
            raise ConfigError(
                "A journal in a database server is not part of this version.",
                why="journal= takes the path of an SQLite file, or None for memory",
                hint="journal='jobs.db'; one pool, one process, one journal",
            )
        return SQLiteJournal(place, encode=load)
    if isinstance(place, type) or not all(hasattr(place, name) for name in ("place", "open", "append", "find")):
        raise ConfigError(
            f"journal={place!r:.60} is no journal.",
            hint="give the path of a file as text, such as journal='jobs.db', or None for memory",
        )
    found: Journal = place  # type: ignore[assignment]  # it has what a journal has
    return found
