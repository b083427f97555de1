"""A clock that jumps: ten-minute jobs in milliseconds, the same every time.

The loop's time stands still while anything can run, and jumps to the next timer when nothing can. Safe because

1. it jumps only after a real, non-blocking look at the sockets found nothing to do,
2. it never jumps while a worker thread still works for the loop,
3. waiting without any timer, socket or thread is a `DeadlockError` instead of a hang.
"""

import asyncio
import contextlib
import selectors
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from contextvars import Context
from itertools import count
from typing import Any, TypeVar

import anyio.to_thread

T = TypeVar("T")

#: Real seconds for which an open socket may still bring something before a wait without a timer counts as a deadlock.
_SOCKET_GRACE = 1.0
_THREAD_TICK = 0.001
#: What the calendar shows at virtual second 0: 2026-01-01, 00:00 UTC.
EPOCH = 1_767_225_600.0


_RUNS = count(1)


class DeadlockError(RuntimeError):
    """Every task waits, and nothing can ever wake one: in real time this would hang for ever."""


class _JumpingSelector(selectors.DefaultSelector):
    """Looks at the sockets for real; where a real loop would sleep, it moves the loop's clock instead."""

    loop: "VirtualLoop"

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or (timeout is not None and timeout <= 0):
            return ready
        if self.loop.threads_at_work():
            return super().select(_THREAD_TICK)
        if not self.loop.wanted():
            return super().select(None)
        if timeout is None:
            return self._last_chance()
        self.loop.jump(timeout)
        return ready

    def _last_chance(self) -> list[tuple[selectors.SelectorKey, int]]:
        """Only a socket can help now; the loop's own wake-up pipe is always there."""
        if self.loop.fed:
            return super().select(None)
        ready = super().select(_SOCKET_GRACE) if len(self.get_map()) > 1 else []
        if not ready:
            raise DeadlockError("every task waits, and there is no timer, socket or thread that could wake one")
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop on virtual time; `loop.time()` begins at 0. Use `run`, or give it to `asyncio.Runner`.

    `fed`: another thread gives it work, as for `mj.sync(pool, loop_factory=lambda: VirtualLoop(fed=True))`; so waiting
    for nothing is no deadlock, and time stands still while that thread waits for nothing.
    """

    #: asyncio's own heap of timers, and whether it is in debug mode.
    _scheduled: list[asyncio.TimerHandle]
    _debug: bool

    def __init__(self, *, fed: bool = False) -> None:
        self.fed = fed
        #: Whether time may go on; whoever feeds the loop sets it.
        self.wanted: Callable[[], bool] = lambda: True
        self._now = 0.0
        #: Seconds by which the calendar is wrong.
        self.skew = 0.0
        #: Names this run of virtual time, as a computer names its starts.
        self.boot = f"virtual-{next(_RUNS)}"
        self._threads = 0
        selector = _JumpingSelector()
        selector.loop = self
        super().__init__(selector)
        self._clock_resolution = 1e-9

    def time(self) -> float:
        """Virtual seconds."""
        return self._now

    def wall(self) -> float:
        """Virtual seconds since 1970: journals take the date from here. Set `skew` to let the calendar jump."""
        return EPOCH + self._now + self.skew

    def create_future(self) -> asyncio.Future[Any]:
        """As usual, in debug mode too, where each would keep its whole stack, which takes longer than all else."""
        debug, self._debug = self._debug, False
        try:
            return super().create_future()
        finally:
            self._debug = debug

    def jump(self, timeout: float) -> None:
        """Move the clock exactly onto the next timer: `now + timeout` could round to just before it."""
        # The loop has dropped cancelled timers from the top of its heap just before it asks.
        due = self._scheduled[0].when() if self._scheduled else self._now + timeout
        self._now = max(self._now, min(due, self._now + timeout + 1e-6))

    def threads_at_work(self) -> bool:
        """True while a thread works for this loop, by `asyncio.to_thread`, an executor or `anyio.to_thread`."""
        if self._threads:
            return True
        with contextlib.suppress(RuntimeError, LookupError):
            return anyio.to_thread.current_default_thread_limiter().borrowed_tokens > 0
        return False

    def run_in_executor(  # type: ignore[override]  # whatever the loop's own takes and gives
        self, executor: Executor | None, func: Any, *args: Any
    ) -> Any:
        """As usual; the clock stands still until the work is done."""
        self._threads += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._thread_done)
        return future

    async def shutdown_default_executor(self, timeout: float | None = None) -> None:
        """As usual; the thread that waits for the workers is one of them."""
        self._threads += 1
        try:
            await super().shutdown_default_executor()
        finally:
            self._threads -= 1

    def _thread_done(self, _future: object) -> None:
        self._threads -= 1


def run(main: Coroutine[Any, Any, T], *, context: Context | None = None, debug: bool | None = None) -> T:
    """`asyncio.run` on virtual time: run a story to its end and return its result.

    Timers cost nothing, real sockets and worker threads work. Raises `DeadlockError` where a real loop would hang.
    """
    with asyncio.Runner(debug=debug, loop_factory=VirtualLoop) as runner:
        return runner.run(main, context=context)
