"""Whose event loop: a pool and its jobs live in one, and nothing of theirs is safe to touch from another."""

import asyncio

from mjasync.errors import ConfigError


def running_loop() -> asyncio.AbstractEventLoop:
    """The loop that runs; raises `ConfigError` where there is none."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        raise ConfigError(
            "A pool needs a running event loop.",
            hint="call it inside a coroutine: asyncio.run(main()), with async with mj.Pool(...) in main()",
        ) from None


def check_loop(loop: asyncio.AbstractEventLoop, *, job: str = "") -> None:
    """Raise `ConfigError` unless this is the loop that runs here: the pool's, or that of a job by its id."""
    if running_loop() is not loop:
        raise ConfigError(
            f"Job {job} belongs to another event loop." if job else "This pool belongs to another event loop.",
            why="the pool was first used in a loop that is not the running one",
            hint="keep one asyncio.run() around all of a pool's life, or build a pool in each loop",
        )
