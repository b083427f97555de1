"""A thousand forged callbacks a second, over real HTTP: no outcome changes, no look is caused, real ones are answered."""

import asyncio
import json
import sys
import time
from pathlib import Path

import aiohttp
import pytest

import mjasync as mj
from mjasync.testing import Sim
from tests.journeys.ringing import URL, looks, said

RATE = 1000
STRANGER = Path(__file__).with_name("flooding.py")
JOBS = 5
#: What a machine that does nothing else is to keep; asserted ten times as large, for this one may be busy.
P99 = 0.5


def hooks(sim, listening):
    """Remote id -> where its job wants to be called, on this machine."""
    jobs = sim.world.jobs.items()
    return {remote_id: job.order.notes["hookUrl"].replace(URL, f"{listening.url}/mj") for remote_id, job in jobs}


async def called(real, seconds, body):
    """Call every real hook again and again; the seconds that each answer took."""
    took, begun = [], time.perf_counter()
    async with aiohttp.ClientSession(headers={"Content-Type": "application/json"}) as http:
        while time.perf_counter() - begun < seconds:
            for remote_id, url in real.items():
                before = time.perf_counter()
                async with http.post(url, data=body(remote_id)) as answer:
                    assert 200 == answer.status
                took.append(time.perf_counter() - before)
                await asyncio.sleep(0.01)
    return sorted(took)


async def flooded(seconds):
    sim = Sim(seed=1, speed=1.0, latency=0.01)
    sim.inject("slow", on="job", factor=100, times=JOBS)  # they run all the while
    account = sim.ttapi()
    pool = mj.Pool(account, public_url=URL)
    await pool.hooks.serve(port=0)
    (listening,) = pool.hooks._listening
    jobs = [pool.imagine(f"cat {n}") for n in range(JOBS)]
    await asyncio.gather(*(job.accepted() for job in jobs))
    real, before = hooks(sim, listening), looks(sim)
    words = [sys.executable, str(STRANGER), str(listening.port), str(RATE), str(seconds)]
    stranger = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE)
    took = await called(real, seconds, lambda remote_id: said("ttapi", remote_id))
    told = json.loads((await stranger.communicate())[0])
    caused, phases = looks(sim) - before, {job.phase for job in jobs}
    counts = pool.hooks.counts
    await pool.aclose()
    for job in jobs:
        job.exception()
    return took, told, caused, phases, counts, sim.ledger.charged


@pytest.mark.fault("W05", "W06", "W07")
@pytest.mark.parametrize("seconds", [1.5, pytest.param(10, marks=pytest.mark.long)])
def test_a_flood_of_forged_callbacks_changes_nothing(seconds, capsys):
    took, told, caused, phases, counts, charged = asyncio.run(asyncio.wait_for(flooded(seconds), 60))
    p99 = took[int(0.99 * (len(took) - 1))]
    with capsys.disabled():
        print(
            f"\n{told['rate']:.0f} forged callbacks a second for {seconds} s: {told['told']}; real ones: {len(took)}, "
            f"p50 {took[len(took) // 2] * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms; {caused} looks at {JOBS} jobs"
        )

    assert set(told["told"]) <= {"404", "429"}
    assert sum(told["told"].values()) == counts.unknown
    assert counts.unknown > 100 * seconds
    assert len(took) == counts.heard
    assert caused <= JOBS * (seconds + 2), "one look a second and job, though all real ones say that it is over"
    assert {mj.Phase.DONE, mj.Phase.FAILED}.isdisjoint(phases)
    assert JOBS == charged
    assert p99 < 10 * P99
