"""Both providers in a process of their own, and `GET /ledger`, the only witness of what was charged.

Rule 1: they accept far more at once than the client may send, so that a slot above the cap shows in the books.
Rule 2: what goes wrong is written in the prompt: misfortune strikes the same requests in every life.
"""

import asyncio
import json
import os
from pathlib import Path

from mjasync.sim import World, serve
from tests.kills.quick import SPEED

#: Words of a prompt, and what they do to its request or job.
LOST, FULL, REFUSED, BREAKS = "answer lost", "comes when full", "is refused", "breaks"
ALWAYS = 1_000_000
#: Jobs at once that an account would take.
ROOM = 1000


def live(folder: Path, seed: int) -> None:
    """Serve until the one who asked for it is gone, or says so; the address is in `provider.json`."""
    asyncio.run(_serve(folder, seed))


async def _serve(folder: Path, seed: int) -> None:
    world = World(seed=seed, speed=SPEED, caps={"ttapi": ROOM, "mjproxy": ROOM})
    world.inject("lose_answer", match=LOST, times=ALWAYS)
    world.inject("queue_full", match=FULL, times=2)
    world.inject("reject", match=REFUSED, times=ALWAYS, reason="the words are not allowed")
    world.inject("fail", match=BREAKS, times=ALWAYS)
    asyncio.get_running_loop().slow_callback_duration = float("inf")  # a slow machine is no news
    async with serve(world) as served:
        told = {"url": served.url, "ttapi": served.ttapi_url, "mjproxy": served.mjproxy_url, "key": served.key}
        whole = folder / "provider.new"
        whole.write_text(json.dumps(told))
        whole.rename(folder / "provider.json")
        starter = os.getppid()
        while os.getppid() == starter:  # noqa: ASYNC110  # nobody tells a process that it was orphaned
            await asyncio.sleep(0.5)
