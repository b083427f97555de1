"""`python -m tests.load.callers FOLDER URL REQUESTS SECONDS SEED PACE`: those who want pictures, in their own process.

Each asks, and awaits its picture within a request; one in ten hangs up half-way. Of those every other one comes back
with the same request, the others look their ticket up. What they were told goes into `told.jsonl`, figures into
`callers.json`. Beside them somebody looks at a job fifty times a second: the cheap endpoint.

Rule 1: a request that is not answered is a violation, whatever the reason; only who hung up is owed nothing.
Rule 2: seconds are real here. PACE: jobs that end in a second, as the first guess of when half-way is.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import aiohttp

from tests.load.troubles import troubled

#: Seconds for any answer, and between two looks of whoever has only a ticket.
PATIENCE, AGAIN, EVERY = 300.0, 0.5, 0.02
GONE = 10


class Callers:
    """All of them."""

    def __init__(self, folder: Path, url: str, *, requests: int, seconds: float, seed: int, pace: float) -> None:
        self._folder, self._url = folder, url
        self._requests, self._until, self._pace = requests, time.monotonic() + seconds, pace
        self._dice = Random(seed)
        self._number = 0
        self._ids: list[str] = []
        self._lines: list[str] = []
        self.told: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.asked = self.gone = self.back = self.tickets = 0
        self.cheap: list[float] = []
        self.waiting = self.most = 0

    async def all(self) -> None:
        """Until everybody has an answer."""
        connector = aiohttp.TCPConnector(limit=0, force_close=True)
        timeout = aiohttp.ClientTimeout(total=PATIENCE)
        async with aiohttp.ClientSession(self._url, connector=connector, timeout=timeout) as self._http:
            beside = asyncio.create_task(self._look_on())
            await asyncio.gather(*(self._one(n) for n in range(self._requests)))
            beside.cancel()
            await asyncio.wait([beside])
        (self._folder / "told.jsonl").write_text("".join(self._lines))
        (self._folder / "callers.json").write_text(json.dumps(self._figures()))

    def _figures(self) -> dict[str, Any]:
        took = sorted(self.cheap) or [0.0]
        named = {"p50": 0.5, "p99": 0.99, "max": 1.0}
        return {
            "requests": self.asked,
            "disconnected": self.gone,
            "back": self.back,
            "tickets": self.tickets,
            "most": self.most,
            "told": self.told,
            "wrong": self.wrong,
            "cheap": len(self.cheap),
            **{name: took[int(share * (len(took) - 1))] for name, share in named.items()},
        }

    async def _one(self, place: int) -> None:
        """One caller: asks once, and again as long as the run shall last."""
        while True:
            self._number += 1
            number, hangs_up = self._number, self._number % GONE == 0
            order = {"id": f"request {number}", "prompt": troubled(f"load {number}", self._dice)}
            self.asked += 1
            try:
                await self._served(order, (place + 1) / self._pace / 2 if hangs_up else None)
            except (aiohttp.ClientError, OSError, ValueError, KeyError) as exc:  # TimeoutError is an OSError
                self.wrong.append(f"{order['prompt']!r} has no answer: {exc!r}"[:300])
            if time.monotonic() >= self._until:
                return

    async def _served(self, order: dict[str, str], patience: float | None) -> None:
        job = (await self._asked("POST", "/draw", json=order))["id"]
        self._ids.append(job)
        if patience is None:
            self._hear(await self._picture(job))
            return
        try:
            self._hear(await asyncio.wait_for(self._picture(job), patience))
        except TimeoutError:
            self.gone += 1
        else:
            return
        await asyncio.sleep(AGAIN)
        if self.gone % 2:
            again = (await self._asked("POST", "/draw", json=order))["id"]
            if again != job:
                self.wrong.append(f"{order['prompt']!r} came back and got another job")
            self.back += 1
            self._hear(await self._picture(again))
            return
        while not (now := await self._asked("GET", f"/draw/{job}"))["done"]:  # noqa: ASYNC110
            await asyncio.sleep(AGAIN)
        self.tickets += 1
        self._hear(now)

    async def _picture(self, job: str) -> dict[str, Any]:
        self.waiting += 1
        self.most = max(self.most, self.waiting)
        try:
            return await self._asked("GET", f"/draw/{job}/picture")
        finally:
            self.waiting -= 1

    async def _asked(self, method: str, path: str, **body: Any) -> dict[str, Any]:
        async with self._http.request(method, path, raise_for_status=True, **body) as answer:
            told: dict[str, Any] = await answer.json()
            return told

    def _hear(self, now: dict[str, Any]) -> None:
        error = now["error"]
        what = error["kind"] if error else "ok"
        if not now["done"] or (not error and not now["result"]["images"]):
            self.wrong.append(f"{now['prompt']!r} was answered before its end: {now}"[:300])
        self.told[what] += 1
        ticket = now["ticket"].partition(":")[2] if now["ticket"] else None
        charged = error["charged"] if error else "yes"
        line = {"life": 0, "job": now["id"], "told": what, "charged": charged, "ticket": ticket}
        self._lines.append(json.dumps(line) + "\n")

    async def _look_on(self) -> None:
        """The cheap endpoint, all the while."""
        while True:
            await asyncio.sleep(EVERY)
            if self._ids:
                job, began = self._dice.choice(self._ids), time.perf_counter()
                try:
                    await self._asked("GET", f"/draw/{job}")
                except (aiohttp.ClientError, OSError) as exc:
                    self.wrong.append(f"a look at {job} has no answer: {exc!r}"[:300])
                self.cheap.append(time.perf_counter() - began)


def main() -> None:
    """As started by `run`."""
    folder, url, requests, seconds, seed, pace = sys.argv[1:]
    callers = Callers(
        Path(folder), url, requests=int(requests), seconds=float(seconds), seed=int(seed), pace=float(pace)
    )
    asyncio.run(callers.all())


if __name__ == "__main__":
    main()
