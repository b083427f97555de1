"""CPU of one look, against a bare aiohttp request for the same body in the same rounds.

The bare request has the method, the headers and the session's settings that the look has, and throws the body away.
The server runs in a process of its own; rounds alternate, and what counts is the median of the rounds' ratios.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from random import Random
from statistics import median

import aiohttp

import mjasync as mj
from benchmarks import bodies
from benchmarks.report import Goal, Report
from mjasync.core.model import Snapshot, Spec
from mjasync.core.operations import Imagine
from mjasync.flow.session import Session

GOAL = 1.25
_KEY = "sk-a-key-of-usual-length-0123456789"
_SPEC = Spec(operation=Imagine(prompt="a cat"))
Work = Callable[[], Awaitable[object]]
#: By name: CPU microseconds in each round.
Rounds = dict[str, list[float]]


async def _round(work: Work, times: int) -> float:
    """CPU microseconds of one call."""
    begun = time.process_time()
    for _ in range(times):
        await work()
    return (time.process_time() - begun) / times * 1e6


def _plain() -> aiohttp.ClientSession:
    """A session as ours is set up."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, ttl_dns_cache=60),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        headers={"Accept": "application/json", "Accept-Encoding": "identity"},
    )


async def _measure(account: mj.Account, job: str, rounds: int, times: int) -> Rounds:
    session = Session("it", account, Random(1))
    request = account.signed(session._dialect.write_look(account.base_url, job, other_verb=False))  # noqa: SLF001
    async with _plain() as plain:

        async def bare() -> bytes:
            async with plain.request(
                request.method, request.url, headers=request.headers, data=request.body, allow_redirects=False
            ) as reply:
                return await reply.read()

        async def parsed() -> object:
            return json.loads(await bare())

        async def look() -> None:
            assert isinstance(await session.look(_SPEC, job), Snapshot)

        works: dict[str, Work] = {
            f"bare aiohttp {request.method}": bare,
            "the same and json.loads": parsed,
            "Session.look": look,
        }
        for work in works.values():
            await _round(work, times)
        found: Rounds = {name: [] for name in works}
        for _ in range(rounds):
            for name, work in works.items():
                found[name].append(await _round(work, times))
    await session.aclose()
    return found


def measure(*, quick: bool) -> Report:
    """Interleaved rounds against one server, for each provider."""
    rounds, times = (16, 60) if quick else (60, 100)
    server = subprocess.Popen([sys.executable, "-m", "benchmarks.server"], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        mjproxy = asyncio.run(_measure(mj.MJProxy(_KEY, base_url=url, mode_path=""), bodies.TASK, rounds, times))
        ttapi = asyncio.run(_measure(mj.TTAPI(_KEY, base_url=url), bodies.JOB, rounds, times))
    finally:
        server.terminate()
        server.wait()
        if server.stdout is not None:
            server.stdout.close()
    return _report({"mjproxy": mjproxy, "ttapi": ttapi})


def _report(found: dict[str, Rounds]) -> Report:
    rows, goals = [], []
    for provider, rounds in found.items():
        bare, ratio = next(iter(rounds.values())), 1.0
        for name, times in rounds.items():
            ratio = median(ours / plain for ours, plain in zip(times, bare, strict=True))
            rows.append((provider, name, f"{median(times):.0f}", f"{ratio:.2f}"))
        goals.append(Goal(name=f"look_cpu_ratio_{provider}", value=ratio, op="<=", goal=GOAL, clocked=True))
    return Report(
        title="CPU of one look",
        head=("account", "", "µs of CPU", "ratio"),
        rows=tuple(rows),
        goals=tuple(goals),
        notes=("Absolute figures are this machine's; the ratio is what is compared.",),
    )
