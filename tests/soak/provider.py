"""`python -m tests.soak.provider FOLDER SEED SPEED`: both providers in a process of their own, on bad days.

Rule 1: about one request in twenty meets a misfortune: paid ones by a word in their prompt, free ones by dice.
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
from tests.kills.provider import ALWAYS, BREAKS, LOST, REFUSED, ROOM

#: Real seconds between two looks at the books, and the free requests that meet a misfortune in them (a share).
PERIOD, SHARE = 0.25, 0.04
#: What happens to a look; to a picture only what its own transport can see.
_FREE = (
    ("status", {"status": 503}),
    ("status", {"status": 429, "retry_after": 1}),
    ("drop", {}),
    ("html", {}),
    ("lose_answer", {}),
    ("empty", {}),
    ("garbage", {}),
)
_PICTURES = _FREE[:5]
#: A submit now and then finds the queue full: each time the client sends fewer at once for minutes.
_FULL = 0.02
_LOOKS = ("ttapi.fetch", "mjproxy.fetch", "ttapi.image", "mjproxy.image")


def main() -> None:
    """Serve until whoever started it is gone."""
    asyncio.run(_serve(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))


async def _serve(folder: Path, seed: int, speed: float) -> None:
    world = World(seed=seed, speed=speed, caps={"ttapi": ROOM, "mjproxy": ROOM}, profile="plus")
    world.inject("lose_answer", match=LOST, times=ALWAYS)
    world.inject("reject", match=REFUSED, times=ALWAYS, reason="the words are not allowed")
    world.inject("fail", match=BREAKS, times=ALWAYS)
    starter = os.getppid()
    asyncio.get_running_loop().slow_callback_duration = float("inf")  # a slow machine is no news
    async with serve(world) as served:
        _write(
            folder / "provider.json",
            {"url": served.url, "ttapi": served.ttapi_url, "mjproxy": served.mjproxy_url, "key": served.key},
        )
        weather = _weather(world, Random(seed))
        while os.getppid() == starter:  # nobody tells a process that it was orphaned
            await asyncio.sleep(PERIOD)
            next(weather)
            ledger = world.ledger
            counts = {"faults": ledger.faults.total(), "accepted": ledger.accepted, "peak": ledger.peak_running}
            _write(folder / "counts.json", counts)


def _weather(world: World, dice: Random) -> Iterator[None]:
    """As many misfortunes for the next looks as there were looks."""
    seen = 0
    while True:
        looks = sum(world.ledger.requests[name] for name in _LOOKS)
        book = world._faults.faults
        book[:] = [fault for fault in book if fault.left > 0]
        for _ in range(min(looks - seen, 1000)):
            if dice.random() < SHARE and len(book) < 50:
                picture = dice.random() < 0.1
                kind, details = dice.choice(_PICTURES if picture else _FREE)
                world.inject(kind, on="image" if picture else "fetch", **details)
        if dice.random() < _FULL:
            world.inject("queue_full")
        seen = looks
        yield


def _write(path: Path, told: dict[str, object]) -> None:
    whole = path.with_suffix(".new")
    whole.write_text(json.dumps(told))
    whole.rename(path)


if __name__ == "__main__":
    main()
