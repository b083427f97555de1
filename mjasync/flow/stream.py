"""`pool.events()`: events for `async for`, kept in a bounded buffer until they are read."""

import asyncio
from collections import deque
from typing import Self

from mjasync.errors import ConfigError
from mjasync.events import Event


class Stream:
    """What a pool tells, from the moment on at which this was made; it ends when the pool is closed.

    At most `buffer` events are kept for a slow reader: then the oldest goes, and is counted in `dropped`.
    """

    def __init__(self, buffer: int) -> None:
        if type(buffer) is not int or buffer < 1:
            raise ConfigError(f"buffer={buffer!r} is no number of events.", hint="give a whole number from 1 on")
        self._kept: deque[Event] = deque(maxlen=buffer)
        self._waiters: deque[asyncio.Future[None]] = deque()
        self._ended = False
        #: Events that were lost because nobody read them in time.
        self.dropped = 0

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Event:
        while not self._kept:
            if self._ended:
                raise StopAsyncIteration
            waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiters.append(waiter)
            await waiter
        return self._kept.popleft()

    def put(self, event: Event) -> None:
        """One more."""
        if self._ended:
            return
        self.dropped += len(self._kept) == self._kept.maxlen
        self._kept.append(event)
        self._wake()

    def end(self) -> None:
        """There are no more; what is kept can still be read."""
        self._ended = True
        self._wake()

    def _wake(self) -> None:
        while self._waiters:
            waiter = self._waiters.popleft()
            if not waiter.done():
                waiter.set_result(None)
