"""A soak: pools are opened and closed in turn on one journal, while users go on; then everything is counted.

Rule 1: what the process holds at the end is what it held at the start; memory is judged by its slope after warm-up.
Rule 2: the books of the providers, the journal and what users heard are held against each other by the judge of kills.
"""

import asyncio
import contextlib
import gc
import json
import logging
import sys
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mjasync as mj
from tests.kills import oracle
from tests.kills.telling import ledger_of, providers
from tests.soak import gauges
from tests.soak.users import Users

USERS, CAP = 110, 40
#: Seconds of the client in one real second: slower than for kills, for the process is busy all the time.
SPEED = 40.0
#: Real seconds between two lines; of one pool at least, and its share of a long run.
LINE, POOL, PART = 5.0, 12.0, 1 / 20
#: Goals: MiB for each 10,000 jobs, judged from so many on; MiB in all.
SLOPE, ENOUGH, DRIFT = 1.0, 10_000, 20.0
#: Real seconds at the end without any job's end.
END = 20.0


class Bugs(logging.Handler):
    """Listens to the client's log: what comes with a traceback is a bug, all else is a bad day."""

    def __init__(self, *others: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._logs = [logging.getLogger(name) for name in ("mjasync", *others)]
        for log in self._logs:
            log.addHandler(self)
            log.propagate = False

    def close(self) -> None:
        """Listen no more."""
        for log in self._logs:
            log.removeHandler(self)
            log.propagate = True
        super().close()

    def emit(self, record: logging.LogRecord) -> None:
        """See `logging`."""
        if record.exc_info:
            self.found.append(f"{record.getMessage()}: {record.exc_info[1]!r}"[:400])


class Soak:
    """One run."""

    def __init__(self, folder: Path, *, seconds: float, seed: int, trace: bool) -> None:
        self._folder, self._seconds, self._seed, self._trace = folder, seconds, seed, trace
        self.started = time.time()
        self._told: dict[str, Any] = {}
        self._samples: list[gauges.Sample] = []
        self._lag = 0.0
        self._pools = 0
        self._wrong: list[str] = []
        self._bugs = Bugs()
        self._jobs = 0

    @contextlib.contextmanager
    def provider(self) -> Iterator[None]:
        """The other process."""
        command = [sys.executable, "-m", "tests.soak.provider", str(self._folder), str(self._seed), str(SPEED)]
        with providers(command, self._folder) as self._told:
            yield

    async def run(self) -> None:
        """All of it."""
        begin = gauges.sample(0)
        users = Users(self._folder, self._seed)
        everybody = [asyncio.create_task(users.live()) for _ in range(USERS)]
        beside = [asyncio.create_task(self._lines(users)), asyncio.create_task(self._watchdog())]
        until = time.monotonic() + self._seconds
        while (left := until - time.monotonic()) > 0:
            await self._one_pool(users, min(max(POOL, PART * self._seconds), left))
            # A closed pool is a heap of cycles, which Python throws away when it sees fit: what is left is really kept.
            gc.collect()
        for task in everybody:
            task.cancel()
        await asyncio.wait(everybody)
        await self._last_pool()
        self._jobs = users.jobs
        for task in beside:
            task.cancel()
        await asyncio.wait(beside)
        await asyncio.get_running_loop().shutdown_default_executor()
        await asyncio.sleep(SPEED * 0.1)
        self._wrong += [f"bug: {bug}" for bug in (*users.bugs[:5], *self._bugs.found[:5])]
        self._compare(begin, gauges.sample(users.jobs))
        self._report(users)

    async def _one_pool(self, users: Users, seconds: float) -> None:
        self._pools += 1
        pool = self._pool()
        await pool.__aenter__()
        users.pool = pool
        users.opened.set()
        recovering = asyncio.create_task(pool.recover())
        await asyncio.sleep(seconds * SPEED)
        users.opened.clear()
        await pool.aclose(drain=20.0 if self._pools % 2 else 0.0)
        users.pool = None
        await asyncio.wait([recovering])

    async def _last_pool(self) -> None:
        """Whatever is left comes to its end."""
        async with self._pool() as pool:
            await pool.recover()
            running, since = -1, time.monotonic()
            while time.monotonic() - since < END:
                left = sum(job.phase in ("held", "sending", "queued", "running") for job in pool.jobs)
                if left == 0:
                    break
                if left != running:
                    running, since = left, time.monotonic()
                await asyncio.sleep(5.0)
            await pool.aclose()

    def _pool(self) -> mj.Pool:
        key = self._told["key"]
        return mj.Pool(
            mj.TTAPI(key, base_url=self._told["ttapi"], max_jobs=CAP),
            mj.MJProxy(key, base_url=self._told["mjproxy"], max_jobs=CAP),
            journal=self._folder / "jobs.db",
            public_url="https://hooks.example.com/mj" if self._pools % 3 == 0 else None,
        )

    async def _lines(self, users: Users) -> None:
        began = time.monotonic()
        while True:
            await asyncio.sleep(LINE * SPEED)
            now = gauges.sample(users.jobs)
            self._samples.append(now)
            if self._trace and len(self._samples) == 3:
                tracemalloc.start(1)
                self._before = tracemalloc.take_snapshot()
            print(
                f"{time.monotonic() - began:6.0f} s  {now.jobs:7d} jobs  {self._counts()['faults']:6d} faults  "
                f"RSS {now.rss:6.1f} MiB  {now.fds:3d} fds  {now.threads:2d} threads  {now.tasks:4d} tasks  "
                f"{now.timers:4d} timers  {len(users.pool.jobs) if users.pool else 0:4d} in the pool  journal {self._journal() / 1e6:6.2f} MB  {self._pools} pools  "
                f"lag {1000 * self._lag:.0f} ms",
                flush=True,
            )
            self._lag = 0.0

    async def _watchdog(self) -> None:
        """The longest that the loop was away, in real seconds."""
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.01 * SPEED)
            self._lag = max(self._lag, time.monotonic() - before - 0.01)

    def _counts(self) -> dict[str, Any]:
        path = self._folder / "counts.json"
        counts: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {"faults": 0}
        return counts

    def _journal(self) -> int:
        path = self._folder / "jobs.db"
        return path.stat().st_size if path.exists() else 0

    def _compare(self, begin: gauges.Sample, end: gauges.Sample) -> None:
        for name in ("fds", "threads", "tasks"):
            before, after = getattr(begin, name), getattr(end, name)
            if after > before:
                self._wrong.append(f"{name}: {before} at the start, {after} at the end")
        waiting = gauges.close_wait()
        if waiting:
            self._wrong.append(f"{waiting} sockets in CLOSE_WAIT")

    def _report(self, users: Users) -> None:
        print(f"told: {', '.join(f'{word} {count}' for word, count in users.told.most_common())}")
        if self._trace and len(self._samples) >= 3:
            later = tracemalloc.take_snapshot()
            for line in later.compare_to(self._before, "lineno")[:25]:
                print(f"  kept: {line}")

    def verdict(self) -> list[str]:
        """Everything that is wrong."""
        ledger = ledger_of(self._told["url"])
        self._faults = sum(ledger["faults"].values())
        wrong = [f"{found.rule}: {found.text}" for found in oracle.judge(self._folder, ledger, cap=CAP, own="soak")]
        self._accepted = ledger["accepted"]
        self._slope, drift = gauges.slope(self._samples), gauges.drift(self._samples)
        if self._jobs >= ENOUGH and self._slope > SLOPE:
            wrong.append(f"memory grows by {self._slope:.2f} MiB for each 10,000 jobs")
        if self._jobs >= ENOUGH and drift > DRIFT:
            wrong.append(f"memory drifts by {drift:.1f} MiB")
        each = self._journal() / max(1, self._accepted)
        peaks = ", ".join(f"{name} {peak}" for name, peak in ledger["peak_running"].items())
        print(
            f"{self._pools} pools, {self._accepted} accepted, peaks {peaks} (cap {CAP}), drift {drift:+.1f} MiB, "
            f"journal {self._journal() / 1e6:.2f} MB, {each:.0f} bytes for each accepted job"
        )
        return self._wrong + wrong

    def summary(self, violations: list[str]) -> str:
        """The last line."""
        return (
            f"soak: {self._jobs} jobs, {self._faults} faults, RSS slope {self._slope:.2f} MiB/10k jobs, "
            f"{len(violations)} violations"
        )
