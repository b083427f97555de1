"""An event loop in a thread of its own, and the way in from other threads.

Not anyio's portal: it awaits whatever can be awaited, a `Job` too, and it cancels what ends a cancelled call again and
again, closing a pool included. Here a cancelled call is told once and waited for.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError, Future
from concurrent.futures import wait as wait_for
from typing import Any, TypeVar

from mjasync.errors import ConfigError, PoolClosed

T = TypeVar("T")
NewLoop = Callable[[], asyncio.AbstractEventLoop]

#: Seconds: where a lock cannot be interrupted (Windows), Ctrl-C is heard this late.
_SLICE = 1.0


class LoopThread:
    """Runs until it is closed. A daemon: a program that forgets to close it may end all the same."""

    def __init__(self, new_loop: NewLoop | None = None) -> None:
        self._new_loop = new_loop
        self._opened: Future[asyncio.AbstractEventLoop] = Future()
        #: Held while something is handed in, so that nothing comes after the end.
        self._gate = threading.Lock()
        self._closed = False
        #: What ended the loop, if nobody closed it.
        self._broke: BaseException | None = None
        #: How many coroutines of other threads run in the loop.
        self._waiting = 0
        #: What somebody waits for: told, if the loop breaks, by the thread's last words.
        self._owed: set[Future[Any]] = set()
        self._thread = threading.Thread(target=self._main, name="mj:sync", daemon=True)
        self._thread.start()
        self._loop = self._opened.result()

    @property
    def closed(self) -> bool:
        """True once it takes nothing more."""
        return self._closed

    def check(self) -> None:
        """Raise `PoolClosed` if the loop broke."""
        if self._broke is not None:
            raise self._gone()

    def call(self, function: Callable[[], T]) -> T:
        """What a plain function says in the loop; after the end, what it says here."""
        if self._is_here():
            return function()
        future: Future[T] = Future()

        def run() -> None:
            try:
                future.set_result(function())
            except BaseException as exc:  # noqa: BLE001  # whoever called hears it
                future.set_exception(exc)

        if not self._handed(run, future):
            return function()
        return future.result()

    def wait(self, work: Callable[[], Coroutine[Any, Any, T]], timeout: float | None = None) -> T:
        """What a coroutine brings, awaited in the loop.

        Raises `TimeoutError` after `timeout` seconds; then, and where this thread is interrupted, the wait has been
        cancelled and has ended. Raises `ConfigError` in the loop's own thread, and `PoolClosed` after the end.
        """
        if self._is_here():
            raise ConfigError(
                "A blocking call in the loop's own thread would wait for itself.",
                hint="in a callback, use what needs no waiting, or hand the work to another thread",
            )
        future: Future[T] = Future()
        tasks: list[asyncio.Task[T]] = []

        def begin() -> None:
            tasks.append(self._begun(work(), future))

        if not self._handed(begin, future):
            raise self._gone()
        try:
            if not _over(future, timeout):
                self._cancel(tasks)
                _over(future, None)
                if future.cancelled() and not self._closed:
                    raise TimeoutError(f"not within {timeout:g} s")
            return future.result()
        except CancelledError:
            if self._closed:
                raise self._gone() from self._broke
            raise
        except BaseException:
            if not future.done():  # interrupted
                self._cancel(tasks)
                _over(future, None)
            raise

    def close(self) -> None:
        """End the thread, once what was handed in has run. What still waits in it is cancelled."""
        with self._gate:
            if not self._closed:
                self._closed = True
                self._loop.call_soon_threadsafe(self._stop.set)
        if not self._is_here():
            self._thread.join()

    def _main(self) -> None:
        try:
            with asyncio.Runner(loop_factory=self._new_loop) as runner:
                self._run(runner)
        except BaseException as exc:
            if self._opened.done():
                raise
            self._opened.set_exception(exc)
        finally:
            with self._gate:
                self._closed = True
            for future in [each for each in self._owed if not each.done()]:
                future.set_exception(self._gone())

    def _run(self, runner: asyncio.Runner) -> None:
        try:
            runner.run(self._until_closed())
        except BaseException as exc:
            self._broke = exc  # before those who wait are cancelled
            self._closed = True
            raise

    async def _until_closed(self) -> None:
        self._stop = asyncio.Event()
        loop: Any = asyncio.get_running_loop()
        if hasattr(loop, "wanted"):  # virtual time, which need not go on while nobody waits
            loop.wanted = lambda: self._closed or self._waiting > 0
        self._opened.set_result(loop)
        await self._stop.wait()

    def _is_here(self) -> bool:
        return threading.current_thread() is self._thread

    def _handed(self, function: Callable[[], None], future: "Future[Any] | None" = None) -> bool:
        """Whether the loop takes it; `future` is what somebody waits for then."""
        with self._gate:
            if not self._closed:
                try:
                    self._loop.call_soon_threadsafe(function)
                except RuntimeError:  # it broke, and is closed already
                    self._closed = True
            if not self._closed and future is not None:
                self._owed.add(future)
                future.add_done_callback(self._owed.discard)
            return not self._closed

    def _gone(self) -> PoolClosed:
        if self._broke is None:
            return PoolClosed("This pool is closed.", hint="wait for its jobs, and save what they bring, before")
        why = f"{type(self._broke).__name__}: {self._broke}".rstrip(": ")[:200]
        hint = "what was sent goes on at the provider; a pool with the same journal= takes it up again"
        error = PoolClosed("The event loop of this pool broke.", why=f"something in it raised {why}", hint=hint)
        error.__cause__ = self._broke
        return error

    def _begun(self, work: Coroutine[Any, Any, T], future: "Future[T]") -> "asyncio.Task[T]":
        def end(task: "asyncio.Task[T]") -> None:
            self._waiting -= 1
            _ended(task, future)

        self._waiting += 1
        task = self._loop.create_task(work)
        task.add_done_callback(end)
        return task

    def _cancel(self, tasks: "list[asyncio.Task[T]]") -> None:
        def cancel() -> None:
            for task in tasks:
                task.cancel()

        self._handed(cancel)


def _ended(task: "asyncio.Task[T]", future: "Future[T]") -> None:
    if task.cancelled():
        future.cancel()
        future.set_running_or_notify_cancel()
    elif (error := task.exception()) is not None:
        future.set_exception(error)
    else:
        future.set_result(task.result())


def _over(future: "Future[T]", timeout: float | None) -> bool:
    """Whether it ends within so many seconds."""
    left = timeout
    while left is None or left > 0:
        step = _SLICE if left is None else min(left, _SLICE)
        if wait_for([future], step).done:
            return True
        left = None if left is None else left - step
    return future.done()
