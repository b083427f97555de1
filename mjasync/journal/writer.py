"""The one thread that writes, and the queue before it.

Rule 1: everything that waits goes into one transaction (a group commit); one call is never split.
Rule 2: what passes is tried again every second, for half a minute, and nothing is told meanwhile; all else ends it.
Rule 3: futures end in the order of the calls. After the first that failed, every one fails.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from attrs import frozen

from mjasync.errors import JournalWriteError
from mjasync.journal import Entry
from mjasync.journal.faults import passing, said

_LOGGER = logging.getLogger("mjasync.journal")

#: Seconds for which a passing fault is waited out, and between two tries.
PATIENCE, PAUSE = 30.0, 1.0
#: Entries of one transaction, but for a single call with more: who waits for the first need not wait for thousands.
MOST = 500

#: Entries with the wall's time.
Group = Sequence[tuple[Entry, float]]


@frozen(eq=False)
class _Call:
    entries: Group
    future: asyncio.Future[None]


class Writer:
    """Used in one event loop; `commit` runs in the thread, or right here if it is to be `inline`."""

    def __init__(
        self,
        commit: Callable[[Group], None],
        broken: Callable[[BaseException], JournalWriteError],
        *,
        inline: bool = False,
    ) -> None:
        self._commit = commit
        self._make_broken = broken
        self._thread = None if inline else ThreadPoolExecutor(1, thread_name_prefix="mjasync-journal")
        self._waiting: deque[_Call] = deque()
        self._busy = False
        self._since: float | None = None
        self._idle: list[asyncio.Future[None]] = []
        self._fault: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def broken(self) -> JournalWriteError | None:
        """Set once nothing can be written any more."""
        return None if self._fault is None else self._make_broken(self._fault)

    def put(self, entries: Group) -> asyncio.Future[None] | None:
        """Take a call; None if it is durable already."""
        loop = self._loop = asyncio.get_running_loop()
        future = loop.create_future()
        if self._fault is not None:
            self._fail([_Call(entries, future)], self._fault)
            return future
        self._waiting.append(_Call(entries, future))
        if not self._busy:
            self._busy = True
            if self._thread is None:
                self._next()
            else:
                # What is asked for in the same turn of the loop belongs into the same transaction.
                loop.call_soon(self._next)
        return None if self._thread is None and future.done() and self._fault is None else future

    def _next(self) -> None:
        """Begin the next group, or rest."""
        if not self._waiting:
            self._rest()
            return
        group = [self._waiting.popleft()]
        size = len(group[0].entries)
        while self._waiting and size + len(self._waiting[0].entries) <= MOST:
            group.append(self._waiting.popleft())
            size += len(group[-1].entries)
        self._try(group)

    def _rest(self) -> None:
        self._busy = False
        for waiter in self._idle:
            if not waiter.done():
                waiter.set_result(None)
        self._idle.clear()

    def _try(self, group: list[_Call]) -> None:
        entries = [entry for call in group for entry in call.entries]
        if self._thread is not None:
            work = asyncio.get_running_loop().run_in_executor(self._thread, self._commit, entries)
            work.add_done_callback(partial(self._tried, group))
            return
        try:
            self._commit(entries)
        except BaseException as exc:
            self._failed(group, exc)
            if not isinstance(exc, Exception):  # Ctrl-C came in the middle of it
                raise
        else:
            self._done(group)

    def _tried(self, group: list[_Call], work: asyncio.Future[None]) -> None:
        exc = asyncio.CancelledError() if work.cancelled() else work.exception()
        if exc is None:
            self._done(group)
        else:
            self._failed(group, exc)

    def _done(self, group: list[_Call]) -> None:
        if self._since is not None:
            _LOGGER.warning("The journal can be written again.")
            self._since = None
        for call in group:
            if not call.future.done():
                call.future.set_result(None)
        self._next()

    def _failed(self, group: list[_Call], exc: BaseException) -> None:
        loop = asyncio.get_running_loop()
        if passing(exc):
            if self._since is None:
                self._since = loop.time()
                _LOGGER.warning("The journal cannot be written now; it is tried again: %s", said(exc))
            if loop.time() - self._since < PATIENCE:
                loop.call_later(PAUSE, self._try, group)
                return
        self._fault = exc
        _LOGGER.error("The journal is broken: %s", said(exc))
        calls = [*group, *self._waiting]
        self._waiting.clear()
        self._fail(calls, exc)
        self._rest()

    def _fail(self, calls: Sequence[_Call], exc: BaseException) -> None:
        for call in calls:
            if not call.future.done():
                call.future.set_exception(self._make_broken(exc))
                # It is in the log, and in `broken`: a future that nobody awaits need not tell it again.
                call.future.exception()

    async def drain(self) -> None:
        """Until nothing is waiting any more; may be cancelled, and called again."""
        loop = asyncio.get_running_loop()
        # What waited in a loop that has ended was never told to be durable, and never will be.
        while self._busy and loop is self._loop:
            waiter = loop.create_future()
            self._idle.append(waiter)
            await waiter

    def end(self) -> None:
        """Join the thread, which has nothing to do after `drain`."""
        if self._thread is not None:
            self._thread.shutdown(wait=True)
