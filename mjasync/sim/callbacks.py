"""The providers' callbacks: to the address that an order brought, when its job changes.

Rule 1: TTAPI tells the end, three times at most until it hears 200 (seed 000; AUTH-blog); midjourney-proxy tells every
change, once, and never hears whether anybody listened (contracts_mjproxy.md 13).
Rule 2: what a callback says is what its own server knows, which a relay in front of it may be yet to find out.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from math import inf

from mjasync.core.wire import TransportFault
from mjasync.sim import laws
from mjasync.sim.faults import Fault
from mjasync.sim.jobs import Job
from mjasync.sim.mjproxy import tasks
from mjasync.sim.ttapi import shown
from mjasync.sim.world import World

#: Sends one callback (address, JSON body) and brings the HTTP status; raises `TransportFault` where nobody answers.
Post = Callable[[str, bytes], Awaitable[int]]
#: Seconds from a change to its callback, and between TTAPI's tries; and how often it tries.
DELAY, AGAIN, TRIES = 0.5, 5.0, 3
_HOOKS = {"ttapi": "hookUrl", "mjproxy": "notifyHook"}


class Callbacks:
    """Calls back for the jobs of a world, from the moment that it is made on."""

    def __init__(self, world: World, post: Post, *, base: Callable[[str], str], delay: float = DELAY) -> None:
        # `base`: what the addresses of a provider's pictures begin with.
        self._world = world
        self._post = post
        self._base = base
        self._delay = delay
        self._tasks: set[asyncio.Task[None]] = set()
        world.took = self.took

    def took(self, job: Job) -> None:
        """A job was accepted just now."""
        hook = str(job.order.notes.get(_HOOKS[job.account.provider]) or "")
        if hook:
            task = asyncio.get_running_loop().create_task(self._tell(job, hook), name=f"sim:hook:{job.id}")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def aclose(self) -> None:
        """Call nobody any more."""
        self._world.took = None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _tell(self, job: Job, hook: str) -> None:
        provider = job.account.provider
        if self._world.strike(provider, "early", job.order.prompt):
            await self._send(job, hook)
        for moment in _moments(job):
            await self._until(moment)
            if not job.visible(self._world.now()):
                return
            await self._one(job, hook, self._world.strike(provider, "hook", job.order.prompt))

    async def _one(self, job: Job, hook: str, fault: Fault | None) -> None:
        kind = fault.kind if fault else ""
        details = fault.details if fault else {}
        await asyncio.sleep(self._delay / self._world.speed)
        if kind == "hook_lost":
            return
        if kind == "hook_late":
            await asyncio.sleep(details.get("after", 30.0) / self._world.speed)
        for _ in range(details.get("copies", 2) if kind == "hook_twice" else 1):
            await self._send(job, hook)

    async def _send(self, job: Job, hook: str) -> None:
        provider = job.account.provider
        for _ in range(TRIES if provider == "ttapi" else 1):
            body = json.dumps(self._body(job), ensure_ascii=False).encode()
            try:
                status = await self._post(hook, body)
            except TransportFault:
                status = 0
            self._world.ledger.hooks[f"{provider}.{status or 'unreachable'}"] += 1
            if status == 200:
                return
            await asyncio.sleep(AGAIN / self._world.speed)

    def _body(self, job: Job) -> dict[str, object]:
        base = self._base(job.account.provider)
        if job.account.provider == "ttapi":
            return shown.shown(self._world, job, base)
        return tasks.told(self._world, job, base)

    async def _until(self, moment: float) -> None:
        await asyncio.sleep(max(moment - self._world.now(), 0.0))


def _moments(job: Job) -> Iterator[float]:
    """When there is something to tell, in seconds on the world's clock."""
    if job.account.provider != "ttapi":
        yield job.started_at
        if job.finished_at < inf and job.failure is None:
            steps = len(laws.STEPS) - 1
            yield from (job.started_at + (job.finished_at - job.started_at) * n / steps for n in range(1, steps))
    if job.finished_at < inf:
        yield job.finished_at
