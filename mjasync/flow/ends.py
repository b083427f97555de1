"""Who waits for ends: closing, draining, recovering."""

import asyncio
from collections.abc import Callable


class Ends:
    """The jobs whose awaiters still wait for something that may come, and whoever waits until there are none."""

    def __init__(self) -> None:
        self.unsettled: set[str] = set()
        self._waiters: list[asyncio.Future[None]] = []

    def came(self, job_id: str) -> None:
        """Somebody waits for this job."""
        self.unsettled.add(job_id)

    def settled(self, job_id: str) -> None:
        """Nobody waits for this job any more, or for what nobody can know."""
        self.unsettled.discard(job_id)
        self.stir()

    def stir(self) -> None:
        """What `until` waits for may have come."""
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    async def until(self, over: Callable[[], bool]) -> None:
        """Wait until `over()`, asked again at every stir."""
        while not over():
            waiter = asyncio.get_running_loop().create_future()
            self._waiters.append(waiter)
            await waiter
