"""CPU of one look, against a bare aiohttp GET of the same body in the same rounds.

The server runs in a process of its own; rounds alternate, and what counts is the median of the rounds' ratios.
"""

import asyncio
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from random import Random
from statistics import median

import aiohttp

import mjasync as mj
from benchmarks.report import Goal, Report
from mjasync.core.model import Snapshot, Spec
from mjasync.core.operations import Imagine
from mjasync.flow.session import Session

#: What this version holds on a noisy machine.
GOAL = 2.0
_TASK = "1320098173412546"


async def _round(work: Callable[[], Awaitable[object]], times: int) -> float:
    """CPU microseconds of one call."""
    begun = time.process_time()
    for _ in range(times):
        await work()
    return (time.process_time() - begun) / times * 1e6


async def _measure(url: str, rounds: int, times: int) -> list[tuple[float, float]]:
    session = Session("it", mj.MJProxy("key", base_url=url, mode_path=""), Random(1))
    async with aiohttp.ClientSession() as plain:

        async def bare() -> bytes:
            async with plain.get(f"{url}/mj/task/{_TASK}/fetch") as reply:
                return await reply.read()

        async def look() -> Snapshot:
            seen = await session.look(Spec(operation=Imagine(prompt="a cat")), _TASK)
            assert isinstance(seen, Snapshot)
            return seen

        for work in (bare, look):
            await _round(work, times)
        pairs = [(await _round(bare, times), await _round(look, times)) for _ in range(rounds)]
    await session.aclose()
    return pairs


def measure(*, quick: bool) -> Report:
    """Interleaved rounds against one server."""
    server = subprocess.Popen([sys.executable, "-m", "benchmarks.server"], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        pairs = asyncio.run(_measure(url, 8 if quick else 30, 100 if quick else 200))
    finally:
        server.terminate()
        server.wait()
        if server.stdout is not None:
            server.stdout.close()
    bare, look = median(a for a, _ in pairs), median(b for _, b in pairs)
    ratio = median(b / a for a, b in pairs)
    return Report(
        title="CPU of one look",
        head=("", "µs of CPU", "ratio"),
        rows=(("bare aiohttp GET", f"{bare:.0f}", "1"), ("Session.look", f"{look:.0f}", f"{ratio:.2f}")),
        goals=(Goal(name="look_cpu_ratio", value=ratio, op="<=", goal=GOAL),),
        notes=("Absolute figures are this machine's; the ratio is what is compared.",),
    )
