"""A pool inside a service: opened and closed by the framework that runs it."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from typing import TypedDict

from mjasync.flow.closing import Drain

#: Seconds that running jobs are given when a service stops; less than what orchestrators grant before they kill (30).
DRAIN = 10.0


class State(TypedDict):
    """What Starlette and FastAPI put into `request.state`."""

    pool: "Serving"


class Serving:
    """The two faces that frameworks know. Neither waits for all jobs: a service has to stop within seconds.

    What still runs at the provider then is in the journal, if there is one: the next process goes on with it.
    Blocks and lifespans may lie in each other, or overlap: the last one that is left closes the pool.
    """

    _drain: float
    #: `async with` blocks and lifespans that are entered.
    _blocks = 0

    async def __aenter__(self) -> object:
        raise NotImplementedError

    async def aclose(self, *, drain: float | timedelta = 0.0) -> Drain:
        """The pool's own."""
        raise NotImplementedError

    def lifespan(self, app: object = None, /) -> AbstractAsyncContextManager[State]:
        """`FastAPI(lifespan=pool.lifespan)`, `Starlette(lifespan=...)`, `Litestar(lifespan=[...])`.

        Opens the pool as the application starts, so that a busy account or journal is told then, and closes it as it
        stops, with `Pool(drain=...)` seconds (default 10) for the jobs that run. Handlers of Starlette and FastAPI
        find the pool as `request.state.pool`.
        """
        return self._running()

    async def cleanup_ctx(self, _app: object = None, /) -> AsyncIterator[None]:
        """`app.cleanup_ctx.append(pool.cleanup_ctx)` for aiohttp.web; otherwise the same as `lifespan`."""
        async with self._running():
            yield

    def _is_last(self) -> bool:
        """A block or a lifespan is left; False while the pool is still used in another one."""
        self._blocks -= 1
        return self._blocks <= 0

    @asynccontextmanager
    async def _running(self) -> AsyncIterator[State]:
        await self.__aenter__()
        try:
            yield {"pool": self}
        finally:
            if self._is_last():
                await self.aclose(drain=self._drain)
