"""`mj.sync(pool)` and `mj.run(main)`: the two ways in without `await`."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar, overload

from mjasync.blocking.farewell import farewell
from mjasync.blocking.pool import SyncPool
from mjasync.blocking.thread import LoopThread, NewLoop
from mjasync.errors import ConfigError
from mjasync.flow.pool import Pool

T = TypeVar("T")


def sync(pool: Pool | None = None, *, loop_factory: NewLoop | None = None) -> SyncPool:
    """Open a pool for code without `await`, in a script or in a notebook's cell alike.

        with mj.sync(mj.Pool(mj.TTAPI(key="..."))) as pool:
            cat = pool.imagine("a cat").upscale(2).result()
            cat.save("cat.png")

    Without a pool: one from the environment, as `Pool.from_env()`. Its loop runs in a thread of its own. `result()`
    stands where async code has `await`; all else has the same names. Raises what opening a pool raises.
    """
    return SyncPool(_opened(pool), loop_factory)


@overload
def run(main: Coroutine[Any, Any, T], *, loop_factory: NewLoop | None = None) -> T: ...


@overload
def run(
    main: Callable[[Pool], Awaitable[T]], pool: Pool | None = None, *, loop_factory: NewLoop | None = None
) -> T: ...


def run(
    main: Coroutine[Any, Any, T] | Callable[[Pool], Awaitable[T]],
    pool: Pool | None = None,
    *,
    loop_factory: NewLoop | None = None,
) -> T:
    """Run async code from code that is not, and return what it brings.

        picture = mj.run(lambda pool: pool.imagine("a cat").upscale(2))

    `main` is called with the opened pool, by default one from the environment; what it returns is awaited, then the
    pool is closed as by `async with`. A coroutine is run as it is, as `asyncio.run` does. Where this thread has a
    running loop already, as in a notebook, it runs in a thread of its own meanwhile. Ctrl-C cancels `main`, which lets
    go of paid jobs. For virtual time in tests there is `mjasync.testing.run`.
    """
    if isinstance(main, Coroutine):
        work: Coroutine[Any, Any, T] = main
        if pool is not None:
            work.close()
            raise ConfigError("A coroutine has its pool already.", hint="give run() a function: mj.run(main, pool)")
        return _run(lambda: work, loop_factory)
    if not callable(main):
        raise ConfigError(f"run() cannot run {type(main).__name__}.", hint="give it a function that takes a pool")
    opened = _opened(pool)
    last: list[str] = []
    try:
        return _run(lambda: _within(opened, main, last), loop_factory)
    except KeyboardInterrupt as exc:
        for words in last:
            exc.add_note(words)
        raise


def _opened(pool: Pool | None) -> Pool:
    if pool is not None and not isinstance(pool, Pool):
        raise ConfigError(f"A pool is wanted, and this is {type(pool).__name__}.", hint="mj.Pool(mj.TTAPI(key=...))")
    return Pool.from_env() if pool is None else pool


async def _within(pool: Pool, main: Callable[[Pool], Awaitable[T]], last: list[str]) -> T:
    try:
        async with pool:
            work = main(pool)
            if not isinstance(work, Awaitable):
                raise ConfigError(
                    f"What run() was given brings {type(work).__name__}, which cannot be awaited.",
                    hint="give it a coroutine function, or one that returns a job: mj.run(lambda pool: pool.imagine(...))",
                )
            return await work
    finally:
        last.append(farewell(await pool.aclose()))


def _run(work: Callable[[], Coroutine[Any, Any, T]], new_loop: NewLoop | None) -> T:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        with asyncio.Runner(loop_factory=new_loop) as runner:
            return runner.run(work())
    thread = LoopThread(new_loop)
    try:
        return thread.wait(work)
    finally:
        thread.close()
