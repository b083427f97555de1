"""Whoever wants to hear of a job: made when somebody comes, because most of those that wait are awaited by nobody."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

from attrs import define

from mjasync.flow.events import JobEvent


@define(eq=False, weakref_slot=False)
class Crowd:
    """Around one job."""

    #: A future of its own for each wait, so that no wait can harm another.
    waiters: list[asyncio.Future[None]] | None = None
    callbacks: tuple[Callable[[Any], object], ...] = ()
    watchers: tuple[deque[JobEvent], ...] = ()
    #: Somebody asked why it failed.
    read: bool = False

    def tell(self, event: JobEvent) -> None:
        """Watchers get an event, and whoever waits wakes up."""
        for events in self.watchers:
            events.append(event)
        waiters, self.waiters = self.waiters, None
        for waiter in waiters or ():
            if not waiter.done():
                waiter.set_result(None)

    def finish(self, loop: asyncio.AbstractEventLoop, job: object) -> None:
        """It is done: the callbacks are called soon, and once."""
        callbacks, self.callbacks = self.callbacks, ()
        for callback in callbacks:
            loop.call_soon(callback, job)

    async def wait(self, loop: asyncio.AbstractEventLoop) -> None:
        """Until the next publication."""
        waiter: asyncio.Future[None] = loop.create_future()
        self.waiters = self.waiters or []
        self.waiters.append(waiter)
        try:
            await waiter
        finally:
            self._forget(waiter)

    def _forget(self, waiter: asyncio.Future[None]) -> None:
        if self.waiters is not None and waiter in self.waiters:
            self.waiters.remove(waiter)
