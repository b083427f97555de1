"""A pool and its jobs live in one event loop: elsewhere they say so, and nothing is touched."""

import asyncio
import gc

import pytest

import mjasync as mj
from mjasync.flow.loops import check_loop, running_loop
from mjasync.testing import Sim, VirtualLoop, run

ELSEWHERE = {
    "verb": lambda pool, job: pool.imagine("a dog"),
    "step": lambda pool, job: job.upscale(1),
    "cancel": lambda pool, job: job.cancel(),
    "wait": lambda pool, job: job.wait(),
    "close": lambda pool, job: pool.aclose(),
    "leave": lambda pool, job: pool.__aexit__(None, None, None),
}


@pytest.fixture
def loop():
    made = VirtualLoop()
    yield made
    made.close()


async def touch(thing, *given):
    outcome = ELSEWHERE[thing](*given)
    if not isinstance(outcome, mj.Job):
        await outcome


def test_there_is_none():
    with pytest.raises(mj.ConfigError, match="needs a running event loop"):
        running_loop()


def test_the_own_loop_passes():
    async def story():
        check_loop(asyncio.get_running_loop())

    run(story())


@pytest.mark.fault("K17")
@pytest.mark.parametrize("thing", ELSEWHERE)
def test_in_another_loop_nothing_is_touched(loop, thing):
    sim = Sim(seed=1)
    pool = mj.Pool(sim.ttapi())

    async def begin():
        await pool.__aenter__()
        return pool.imagine("a cat")

    async def end():
        await job
        return await pool.aclose()

    job = loop.run_until_complete(begin())
    with pytest.raises(mj.ConfigError, match="belongs to another event loop"):
        run(touch(thing, pool, job))
    assert mj.Drain(finished=(), running=(), held=()) == loop.run_until_complete(end())
    assert (1, "done") == (sim.ledger.charged, job.phase)


@pytest.mark.fault("K09", "K17")
def test_a_pool_whose_loop_has_gone_is_not_closed_in_another(loop):
    pool = mj.Pool(Sim(seed=1).ttapi())

    loop.run_until_complete(touch("verb", pool, None))
    loop.close()
    with pytest.raises(mj.ConfigError, match="another event loop"):
        run(pool.aclose())
    with pytest.warns(ResourceWarning, match="never closed"):
        del pool
        gc.collect()
