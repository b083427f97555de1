"""What a provider says to the answer to a window counts for its slots as what it says to any other request."""

import asyncio

import pytest

import mjasync as mj
from mjasync.core import patience
from mjasync.testing import Sim, run


def refused_at_the_window(fault, *, alone=True, times=1, **details):
    """The account's figures before, just after and long after a "not now" at a window; and when the next job left."""

    async def story():
        sim = Sim(seed=1)
        async with mj.Pool(sim.mjproxy()) as pool:
            single = await pool.imagine("a cat").upscale(1)
            others = [] if alone else [pool.imagine(f"cat {n}", mode="relax") for n in range(4)]
            await asyncio.gather(*(other.accepted() for other in others))
            before = figures(pool)
            sim.inject(fault, on="submit", match="submit/modal", times=times, **details)
            zoomed = single.zoom(1.8)
            await zoomed.accepted()
            await asyncio.sleep(1)
            assert sim.ledger.faults[fault]
            begun, next_job = asyncio.get_running_loop().time(), pool.imagine("a dog")
            during = figures(pool)
            await next_job.accepted()
            waited = asyncio.get_running_loop().time() - begun
            await zoomed
            await asyncio.sleep(patience.REGROWTH * 20)
            return before, during, figures(pool), waited

    return run(story())


def figures(pool):
    account = pool.stats().accounts["mjproxy"]
    return account.limit, account.crowded


@pytest.mark.fault("P17", "H13")
def test_too_often_halves_and_rests():
    before, during, after, waited = refused_at_the_window("status", status=429, retry_after=40)
    assert ((10, False), (5, False), (10, False)) == (before, during, after)
    assert waited > 35, "the account asked for that much rest"


@pytest.mark.fault("P18")
def test_queue_full_measures_what_runs_beside_it():
    before, during, after, _ = refused_at_the_window("queue_full", alone=False)
    assert ((10, False), (4, True), (10, False)) == (before, during, after)


def test_a_network_that_is_gone_says_nothing_about_slots():
    before, during, after, _ = refused_at_the_window("refuse_connection")
    assert ((10, False), (10, False), (10, False)) == (before, during, after)
