"""The host task: one task owns the task group in which everything that costs money runs.

A task group has to be left by the task that entered it, but a pool is often opened and closed by different tasks
(fixtures, notebook cells, start-up and shut-down hooks). So neither of them owns it: a third task does.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

import anyio
from anyio.abc import TaskGroup

Work = Callable[..., Coroutine[Any, Any, Any]]


_log = logging.getLogger("mjasync.host")


class Host:
    """Runs work until it is stopped. Work handed over before it is up waits for it."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None
        self._group: TaskGroup | None = None
        self._early: list[tuple[Work, tuple[Any, ...], str]] = []
        self._stop = asyncio.Event()
        #: Called if the host task ends without having been stopped.
        self.died: Callable[[], None] | None = None

    @property
    def alive(self) -> bool:
        """False once it is stopped, or somebody cancelled it, as the end of a loop does."""
        return self._task is not None and not self._task.done() and not self._task.cancelling()

    def start(self) -> None:
        """Bring the host task up; must be called inside a running loop."""
        self._task = asyncio.get_running_loop().create_task(self._main(), name="mj:host")

    def spawn(self, work: Work, *args: Any, name: str) -> None:
        """Run `work(*args)` in the group. A failure of it is logged, and ends none of the others."""
        if self._group is None:
            self._early.append((work, args, name))
        elif self._task is not None and not self._task.done():
            self._group.start_soon(self._contained, work, args, name=name)

    async def stop(self) -> None:
        """Cancel all work and wait until it has ended; what is shielded ends by itself first."""
        self._stop.set()
        if self._task is not None:
            await asyncio.wait([self._task])

    async def _main(self) -> None:
        try:
            async with anyio.create_task_group() as group:
                self._group = group
                for work, args, name in self._early:
                    group.start_soon(self._contained, work, args, name=name)
                self._early.clear()
                await self._stop.wait()
                group.cancel_scope.cancel()
        finally:
            if not self._stop.is_set() and self.died is not None:
                self.died()

    async def _contained(self, work: Work, args: tuple[Any, ...]) -> None:
        try:
            await work(*args)
        except asyncio.CancelledError:
            if self._stop.is_set():
                raise
            # One task's stray cancel must not end the others; whoever handed it over has seen it.
        except Exception:  # noqa: BLE001  # one job's trouble must not end the others
            _log.exception("mjasync has a bug: %r broke off", work)
