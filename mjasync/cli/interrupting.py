"""Ctrl-C and SIGTERM: the first lets go in order, the second leaves at once.

Rule 1: after the first nothing new is sent; a submit that is on its way may arrive, for so many seconds at most.
Rule 2: nothing is withdrawn: the pool is closed before whoever waits for its jobs is told to stop.
Rule 3: leaving at once is safe. The intent to send is on disk before the first byte, as for a process that is killed.
"""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from enum import Enum, auto
from types import FrameType
from typing import Any, NoReturn

from mjasync import Phase, Pool
from mjasync.cli import output
from mjasync.cli.text import count

#: Seconds for submits that are on their way.
PATIENCE = 10.0
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
#: Shows the cursor again, should the panel have hidden it.
_CURSOR = b"\x1b[?25h"


class Way(Enum):
    """How a piece of work came to its end."""

    DONE = auto()
    #: Interrupted, and the pool is closed.
    CLOSED = auto()
    #: Interrupted, and a request is still on its way.
    STUCK = auto()


class Signals:
    """What came. `code` is the exit code of whoever was interrupted."""

    def __init__(self, leave: Callable[[int], NoReturn], words: str) -> None:
        self.code = 128 + signal.SIGINT
        self.came = False
        self._leave = leave
        self._words = f"Left at once.\n{words}".rstrip().encode() + b"\n"
        self._loop = asyncio.get_running_loop()
        self._bell = asyncio.Event()

    async def wait(self) -> None:
        """Return once a signal came."""
        await self._bell.wait()

    def leave(self) -> NoReturn:
        """End the process now, whatever still runs in it."""
        self._leave(self.code)

    def handle(self, number: int, _frame: FrameType | None) -> None:
        """Take a signal in; may be called between any two instructions."""
        if self.came:
            with suppress(OSError):  # print() may be in the middle of something
                os.write(2, (_CURSOR if sys.stderr.isatty() else b"") + self._words)
            self.leave()
        self.came, self.code = True, 128 + number
        self._loop.call_soon_threadsafe(self._bell.set)


@contextmanager
def listening(words: str = "", *, leave: Callable[[int], NoReturn] = os._exit) -> Iterator[Signals]:
    """Take signals in until the end of the block; where the system does not allow that, none come.

    `words`: what is said when the second one makes an end of it.
    """
    signals = Signals(leave, words)
    before: dict[signal.Signals, Any] = {}
    if threading.current_thread() is threading.main_thread():
        for number in _SIGNALS:
            with suppress(OSError, ValueError):
                before[number] = signal.signal(number, signals.handle)
    try:
        yield signals
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


async def through(work: Coroutine[Any, Any, None], pool: Pool, signals: Signals) -> Way:
    """Do the work, until a signal or a cancel comes."""
    if signals.came:
        work.close()
        return await _closed(pool)
    doing, bell = asyncio.ensure_future(work), asyncio.ensure_future(signals.wait())
    try:
        await asyncio.wait((doing, bell), return_when=asyncio.FIRST_COMPLETED)
    except asyncio.CancelledError:
        signals.came = True
    finally:
        bell.cancel()
    if not doing.done():
        return await _closed(pool, doing)
    await doing
    return Way.DONE


async def _closed(pool: Pool, doing: "asyncio.Future[None] | None" = None) -> Way:
    on_their_way = sum(job.phase is Phase.SENDING for job in pool.jobs)
    closing = asyncio.ensure_future(pool.aclose())
    await asyncio.sleep(0)  # it has begun: from here on nobody who leaves withdraws anything
    if doing is not None:
        doing.cancel()
        await asyncio.gather(doing, return_exceptions=True)
    if on_their_way:
        requests = count(on_their_way, "request")
        output.tell(f"Waiting for {requests} on the way, at most {PATIENCE:g} s; interrupt again to leave at once.")
    await asyncio.wait((closing,), timeout=PATIENCE)
    return Way.CLOSED if closing.done() else Way.STUCK
