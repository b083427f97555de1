"""A service under load: one process that draws, one that is both providers, one that calls; then everything is counted.

Rule 1: the books of the providers, the journal and what callers were told are held against each other by the judge of
kills; what the service's process holds at the end is what it held at the start.
"""

import asyncio
import gc
import json
import socket
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

import mjasync as mj
from tests.kills import oracle
from tests.kills.quick import QuickLoop
from tests.kills.telling import ROOT, ledger_of, providers
from tests.load.service import BACKLOG, FACES
from tests.soak import gauges
from tests.soak.run import Bugs
from tests.worlds.rows import of_file

CAP = 10
#: Seconds of the service and the providers in one real second.
SPEED = 50.0
#: Seconds of a job, about, as callers guess how long all of them take.
JOB = 40.0
#: Real seconds at the end without any job's end.
END = 20.0
_OPEN = ("held", "sending", "queued", "running")


class Load:
    """One run."""

    def __init__(self, folder: Path, *, requests: int, seconds: float, seed: int, face: str) -> None:
        self._folder, self._seed, self._face = folder, seed, face
        self._requests, self._seconds = requests, seconds
        self.started = time.time()
        self._told: dict[str, Any] = {}
        self._callers: dict[str, Any] = {}
        self._wrong: list[str] = []
        self._bugs: list[str] = []
        self._lag, self._begun, self._cpu = 0.0, time.monotonic(), 0.0

    def play(self) -> list[str]:
        """All of it, with its figures printed; everything that is wrong."""
        bugs = Bugs("asyncio", "aiohttp", "uvicorn", "fastapi")
        loop = partial(QuickLoop, self.started, 0.0, SPEED)
        try:
            command = self._command("provider", self._folder, self._seed, SPEED)
            with (
                providers(command, self._folder) as self._told,
                asyncio.Runner(loop_factory=loop, debug=False) as runner,
            ):
                runner.run(self._run())
                self._bugs = bugs.found
                return self._report()
        finally:
            bugs.close()

    async def _run(self) -> None:
        self._begun, self._cpu = time.monotonic(), time.process_time()
        before = gauges.sample(0)
        watching = asyncio.create_task(self._watchdog())
        listening = socket.create_server(("127.0.0.1", 0), backlog=BACKLOG)
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        pool = self._pool(f"{url}/mj")
        async with FACES[self._face](pool, listening):
            opened = gauges.sample(0)
            await self._called(url)
            await self._ended(pool)
            idle = gauges.sample(0)
            self._counts = pool.hooks.counts
        watching.cancel()
        await asyncio.wait([watching])
        del pool
        await asyncio.get_running_loop().shutdown_default_executor()
        await asyncio.sleep(SPEED * 0.1)
        gc.collect()
        self._compare(before, opened, idle, gauges.sample(0))

    def _pool(self, public_url: str) -> mj.Pool:
        key = self._told["key"]
        return mj.Pool(
            mj.TTAPI(key, base_url=self._told["ttapi"], max_jobs=CAP),
            mj.MJProxy(key, base_url=self._told["mjproxy"], max_jobs=CAP),
            journal=self._folder / "jobs.db",
            public_url=public_url,
        )

    async def _called(self, url: str) -> None:
        pace = 2 * CAP * SPEED / JOB
        command = self._command("callers", self._folder, url, self._requests, self._seconds, self._seed, pace)
        process = await asyncio.create_subprocess_exec(*command, cwd=ROOT)
        try:
            code = await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
        self._callers = json.loads((self._folder / "callers.json").read_text())
        (self._folder / "callers.json").unlink()
        if code:
            self._wrong.append(f"the callers ended with {code}")

    async def _ended(self, pool: mj.Pool) -> None:
        """Whatever nobody awaits comes to its end, too."""
        running, since = -1, time.monotonic()
        while time.monotonic() - since < END:
            left = sum(job.phase in _OPEN for job in pool.jobs)
            if left == 0:
                return
            if left != running:
                running, since = left, time.monotonic()
            await asyncio.sleep(1.0)

    async def _watchdog(self) -> None:
        """The longest that the loop was away, in real seconds."""
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.01 * SPEED)
            self._lag = max(self._lag, time.monotonic() - before - 0.01)

    def _compare(self, *samples: gauges.Sample) -> None:
        self._samples, self._cpu = samples, time.process_time() - self._cpu
        before, after = samples[0], samples[-1]
        for name in ("fds", "threads", "tasks"):
            first, last = getattr(before, name), getattr(after, name)
            if last > first:
                self._wrong.append(f"{name}: {first} at the start, {last} at the end")
        if waiting := gauges.close_wait():
            self._wrong.append(f"{waiting} sockets in CLOSE_WAIT")

    def _command(self, module: str, *words: object) -> list[str]:
        return [sys.executable, "-m", f"tests.load.{module}", *map(str, words)]

    def _report(self) -> list[str]:
        """Print the figures; everything that is wrong."""
        ledger = ledger_of(self._told["url"])
        called = self._callers
        wrong = [f"{found.rule}: {found.text}" for found in oracle.judge(self._folder, ledger, cap=CAP, own="load")]
        looks = sum(n for name, n in ledger["requests"].items() if name.endswith((".fetch", ".list-by-condition")))
        sent = ", ".join(f"{name} {n}" for name, n in sorted(ledger["hooks"].items()))
        ours = sum(row.kind == "Accepted" for row in of_file(self._folder / "jobs.db"))
        told = ", ".join(f"{name} {n}" for name, n in sorted(called["told"].items(), key=lambda pair: -pair[1]))
        faults = ", ".join(f"{name} {n}" for name, n in sorted(ledger["faults"].items()))
        peaks = ", ".join(f"{name} {n}" for name, n in ledger["peak_running"].items())
        print(f"service by {self._face}, {time.monotonic() - self._begun:.1f} s at {SPEED:.0f} times the speed, "
              f"{1000 * self._cpu / max(1, called['requests']):.1f} ms of CPU for each request")  # fmt: skip
        print(f"requests {called['requests']}, at most {called['most']} at once; disconnected {called['disconnected']}, "
              f"of whom {called['back']} asked again and {called['tickets']} looked their ticket up")  # fmt: skip
        print(f"answered: {told}")
        print(f"faults: {faults}")
        print(f"paid jobs: {ledger['accepted']} by the providers' books ({ledger['refunded']} given back), "
              f"{ours} by ours; at once {peaks} (cap {CAP})")  # fmt: skip
        print(f"looks per job {looks / max(1, ledger['accepted']):.2f}; callbacks sent {sent}; heard {self._counts.heard}, "
              f"unknown {self._counts.unknown}")  # fmt: skip
        print(f"GET of a job meanwhile: {called['cheap']} times, p50 {1000 * called['p50']:.1f} ms, "
              f"p99 {1000 * called['p99']:.1f} ms, longest {1000 * called['max']:.0f} ms; loop away {1000 * self._lag:.0f} ms at most")  # fmt: skip
        for name, one in zip(("before", "open", "idle", "after"), self._samples, strict=True):
            print(
                f"{name:7} {one.tasks:4d} tasks {one.fds:4d} descriptors {one.threads:3d} threads {one.timers:5d} timers {one.rss:7.1f} MiB"
            )
        self._charged = ledger["charged"]
        return [*self._wrong, *called["wrong"], *wrong, *(f"bug: {bug}" for bug in self._bugs[:10])]

    def summary(self, violations: list[str]) -> str:
        """The last line."""
        called = self._callers
        return (
            f"load: {called['requests']} requests, {called['disconnected']} disconnected, {self._charged} charged, "
            f"{len(violations)} violations"
        )
