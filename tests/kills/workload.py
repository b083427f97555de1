"""What users want in one process: everything that a journal has to keep, and everything that may go wrong with it.

Rule 1: every request has a prompt of its own in the whole story, so that a second charge shows in the books.
Rule 2: what has a key is asked for again in every life, as a script does that is simply run again.
"""

import asyncio
import contextlib
import json
import os
import struct
import zlib
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import mjasync as mj
from tests.kills.deadly import Fate
from tests.kills.provider import BREAKS, FULL, LOST, REFUSED


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


_HEADER = struct.pack(">IIBBBBB", 32, 32, 8, 0, 0, 0, 0)
#: A picture to be described: 32 grey rows.
PICTURE = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", _HEADER)
    + _chunk(b"IDAT", zlib.compress(bytes(33 * 32)))
    + _chunk(b"IEND", b"")
)


class Visit:
    """Users of one life. What they are told goes into `told.jsonl` at once."""

    def __init__(self, pool: mj.Pool, fate: Fate, folder: Path, *, number: int) -> None:
        self._pool, self._fate, self._folder, self._number = pool, fate, folder, number
        self._told = os.open(folder / "told.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._heard: set[str] = set()

    def works(self, work: str) -> list[Coroutine[Any, Any, None]]:
        """What happens at the same time in this life."""
        if work == "burst":
            return [self._plain(f"burst {n}" + (f", {LOST}" if n % 5 == 4 else "")) for n in range(16)]
        keyed = [
            self._windows(),
            self._plain(f"one whose {LOST}", account="ttapi"),
            self._plain(f"one that {FULL}", account="ttapi"),
            self._plain(f"one that {BREAKS}", account="ttapi"),
            self._plain(f"one that {REFUSED}", account="mjproxy"),
            self._plain("one that nobody waits for", account="ttapi", deadline=15),
        ]
        if self._number:
            return keyed
        return [*keyed, self._chain(), self._describe(), self._relay_lost(), self._cancelled()]

    async def hear_all(self) -> None:
        """Whatever earlier lives asked for."""
        await asyncio.gather(*(self._hear(job) for job in self._pool.jobs))

    async def _plain(self, prompt: str, **options: Any) -> None:
        await self._hear(self._pool.imagine(prompt, mode="turbo", key=prompt, **({"account": "ttapi"} | options)))

    async def _windows(self) -> None:
        """A chain at the relay: two custom zooms of the same picture, the answer to one window is lost."""
        grid = self._pool.imagine("windows", mode="turbo", account="mjproxy", key="w")
        single = grid.upscale(2, key="w.2")
        wide = single.zoom(1.7, key="w.2.wide")
        lost = single.zoom(1.3, f"a window whose {LOST}", key="w.2.lost")
        await asyncio.gather(self._hear(single, save="single.png"), self._hear(wide), self._hear(lost))

    async def _chain(self) -> None:
        grid = self._pool.imagine("chain", mode="turbo", account="ttapi")
        await asyncio.gather(self._hear(grid, save="grid.png"), self._hear(grid.upscale(1)), self._hear(grid.vary(3)))

    async def _describe(self) -> None:
        described = self._pool.describe(PICTURE, mode="turbo", account="mjproxy")
        await self._hear(described)

    async def _relay_lost(self) -> None:
        await self._hear(self._pool.imagine(f"relay, {LOST}", mode="turbo", account="mjproxy"))

    async def _cancelled(self) -> None:
        job = self._pool.imagine("given up", mode="turbo", account="mjproxy")
        with contextlib.suppress(mj.MJError):
            await job.accepted()
            await job.cancel()
        await self._hear(job)

    async def _hear(self, job: mj.Job, save: str = "") -> None:
        try:
            await job.accepted()
            self._tell(job, "accepted", "yes")
            result = await job
        except mj.MJError as exc:
            self._tell(job, type(exc).__name__, exc.charged)
            return
        self._tell(job, "ok", "yes")
        if save:
            self._fate.saving += 1
            try:
                await result.save(self._folder / save)
            except mj.MJError as exc:  # the pool was closed meanwhile
                self._tell(job, f"unsaved: {exc}", "yes")
            finally:
                self._fate.saving -= 1

    def _tell(self, job: mj.Job, what: str, charged: str) -> None:
        ticket = job.ticket.remote_id if job.ticket else None
        line = {"life": self._number, "job": job.id, "told": what, "charged": charged, "ticket": ticket}
        os.write(self._told, json.dumps(line).encode() + b"\n")
