"""200 jobs on 10 slots in each mode, in virtual time: how long it takes, and how many requests that costs.

The bound is clairvoyant: the same jobs in the same order, each slot taken again in the moment its job ends.
"""

import asyncio
import heapq
from collections.abc import Sequence

import mjasync as mj
from benchmarks.naive import Naive
from benchmarks.report import Goal, Report
from mjasync.sim.ledger import Ledger
from mjasync.testing import Sim, run

SLOTS = 10
#: Seconds of one exchange with the provider.
RTT = 0.15
FIXED = (1.0, 5.0, 30.0)
#: Makespan over the bound and requests per job that the cadence of this version should reach.
GOALS = {"turbo": (1.06, 12.0), "fast": (1.06, 12.0), "relax": (1.06, 24.0)}


def bound(ledger: Ledger) -> float:
    """Seconds that a client with perfect foresight needs for the jobs in the ledger."""
    slots = [0.0] * SLOTS
    for seconds in durations(ledger).values():
        heapq.heapreplace(slots, slots[0] + RTT + seconds)
    return max(slots)


def durations(ledger: Ledger) -> dict[str, float]:
    """Seconds from acceptance to the end, by remote id, in the order of acceptance."""
    return {entry.id: (entry.finished_at or 0.0) - entry.accepted_at for entry in ledger.jobs}


def ours(prompts: Sequence[str], mode: str, seed: int) -> tuple[float, float, float]:
    """Makespan over the bound, requests per job, and mean seconds from an end to its being noticed."""

    async def story() -> tuple[float, float, float]:
        sim = Sim(seed=seed, latency=RTT)
        async with mj.Pool(sim.ttapi(max_jobs=SLOTS)) as pool:
            await asyncio.gather(*(pool.imagine(prompt, mode=mode) for prompt in prompts))
            looks = pool.stats().looks
            true = durations(sim.ledger)
            late = [job.result().seconds - true[job.result().ticket.remote_id] for job in pool.jobs]
        ratio = asyncio.get_running_loop().time() / bound(sim.ledger)
        return ratio, 1 + looks / len(prompts), sum(late) / len(late)

    return run(story())


def fixed(prompts: Sequence[str], mode: str, seed: int, interval: float) -> tuple[float, float]:
    """Makespan over the bound and requests per job of a client that looks every `interval` seconds."""

    async def story() -> tuple[float, float]:
        sim = Sim(seed=seed, latency=RTT)
        account = sim.ttapi()
        assert account.transport is not None
        client = Naive(account, account.transport, interval)
        await client.all(prompts, mode, SLOTS)
        return asyncio.get_running_loop().time() / bound(sim.ledger), 1 + client.looks / len(prompts)

    return run(story())


def measure(*, quick: bool) -> Report:
    """All modes, all policies."""
    prompts = [f"prompt {n}" for n in range(60 if quick else 200)]
    rows, goals = [], []
    for mode, (most_ratio, most_requests) in GOALS.items():
        ratio, requests, late = ours(prompts, mode, seed=7)
        rows.append((mode, "mjasync", f"{ratio:.4f}", f"{requests:.1f}", f"{late:.2f} s"))
        goals.append(Goal(name=f"makespan_{mode}", value=ratio, op="<=", goal=most_ratio))
        goals.append(Goal(name=f"requests_{mode}", value=requests, op="<=", goal=most_requests))
        for interval in FIXED:
            ratio, requests = fixed(prompts, mode, seed=7, interval=interval)
            rows.append((mode, f"every {interval:g} s", f"{ratio:.4f}", f"{requests:.1f}", ""))
    return Report(
        title=f"Makespan and requests: {len(prompts)} jobs, {SLOTS} slots, virtual time",
        head=("mode", "looking", "makespan / bound", "requests per job", "mean lateness"),
        rows=tuple(rows),
        goals=tuple(goals),
        notes=("The bound knows every end in advance. Our figures begin cold: nothing was learned before.",),
    )
