"""`python -m tests.load.provider FOLDER SEED SPEED`: both providers in a process of their own, which call back and fail.

Rule 1: what strikes a paid request, its job or its callbacks is a word in the prompt; what strikes looks is diced.
Rule 2: it accepts far more at once than the client may send, so that a slot above the cap shows in the books.
"""

import asyncio
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

from mjasync.sim import World, serve
from tests.load.troubles import TROUBLES

ALWAYS, ROOM = 1_000_000, 1000
#: Real seconds between two looks at the books; the shares of looks and of submits that meet a misfortune.
PERIOD, LOOKS, SUBMITS = 0.1, 0.04, 0.01
_BAD_LOOKS = (
    ("status", {"status": 503}),
    ("status", {"status": 429, "retry_after": 1}),
    ("drop", {}),
    ("lose_answer", {}),
    ("html", {}),
    ("garbage", {}),
)
_FETCHES = ("ttapi.fetch", "mjproxy.fetch", "mjproxy.list-by-condition")


def main() -> None:
    """Serve until whoever started it is gone."""
    asyncio.run(_serve(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))


async def _serve(folder: Path, seed: int, speed: float) -> None:
    world = World(seed=seed, speed=speed, caps={"ttapi": ROOM, "mjproxy": ROOM}, profile="plus")
    for word, _, kind, details in TROUBLES:
        world.inject(kind, match=word, times=ALWAYS, **details)
    starter = os.getppid()
    asyncio.get_running_loop().slow_callback_duration = float("inf")  # a slow machine is no news
    async with serve(world) as served:
        told = {"url": served.url, "ttapi": served.ttapi_url, "mjproxy": served.mjproxy_url, "key": served.key}
        whole = folder / "provider.new"
        whole.write_text(json.dumps(told))
        whole.rename(folder / "provider.json")
        weather = _weather(world, Random(seed))
        while os.getppid() == starter:  # nobody tells a process that it was orphaned
            await asyncio.sleep(PERIOD)
            next(weather)


def _weather(world: World, dice: Random) -> Iterator[None]:
    """As many misfortunes for the next requests as there were requests; those that waited long are forgotten."""
    seen, asked = 0, 0
    while True:
        looks, submits = sum(world.ledger.requests[name] for name in _FETCHES), world.ledger.accepted
        book = world._faults.faults
        book[:] = [fault for fault in book if fault.left > 0]
        for _ in range(looks - seen):
            if dice.random() < LOOKS and len(book) < 50:
                kind, details = dice.choice(_BAD_LOOKS)
                world.inject(kind, on="fetch", **details)
        for _ in range(submits - asked):
            if dice.random() < SUBMITS:
                world.inject("status", status=429, retry_after=2)
        seen, asked = looks, submits
        yield


if __name__ == "__main__":
    main()
