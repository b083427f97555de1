"""Figures of a pool."""

import asyncio
import copy
import json
import pickle

import attrs
import pytest

import mjasync as mj
from mjasync.flow.stats import Meter
from mjasync.testing import Sim, run


def test_the_meter_adds_up_taken_slots():
    meter = Meter(slots=2, peaks={"a": 0})
    assert meter.use(10) == 0
    meter.change("a", 1, 1, 100)
    meter.change("a", 2, 2, 110)
    assert meter.use(120) == pytest.approx((10 + 20) / 40)
    meter.change("a", 0, 0, 120)
    assert meter.use(1000) == pytest.approx((10 + 20) / 40)
    assert meter.peaks == {"a": 2}


def test_use_is_of_the_slots_that_there_were():
    meter = Meter(slots=2, peaks={"a": 0})
    meter.resize(4, 50)
    meter.change("a", 2, 2, 100)
    meter.resize(2, 110)
    assert meter.use(120) == pytest.approx((20 + 20) / (40 + 20))
    meter.change("a", 0, 0, 120)
    meter.resize(9, 1000)
    assert meter.use(2000) == pytest.approx((20 + 20) / (40 + 20))


def test_nothing_lent_and_no_time_passed_is_no_use():
    meter = Meter(slots=2, peaks={"a": 0})
    meter.change("a", 1, 1, 5)
    assert meter.use(5) == 0


def test_figures_are_plain_values_of_their_moment():
    async def story():
        sim = Sim(seed=2)
        async with mj.Pool(sim.ttapi()) as pool:
            await pool.imagine("a cat")
            first = pool.stats()
            before = copy.deepcopy(first.learned)
            await asyncio.gather(*(pool.imagine(f"cat {n}") for n in range(3)))
            return first, before, pool.stats()

    first, before, later = run(story())
    assert before == first.learned != later.learned
    for same in (copy.deepcopy(later), pickle.loads(pickle.dumps(later))):
        assert (later, later.learned) == (same, same.learned)
    assert later.learned == json.loads(json.dumps(attrs.asdict(later)))["learned"]
    assert "learned" not in repr(later)
    assert later == attrs.evolve(later, learned={}), "figures are compared by what they count"


def test_a_pool_tells_its_figures():
    async def story():
        sim = Sim()
        sim.inject("fail", on="job", match="bad", reason="boom")
        sim.inject("lose_answer", on="submit", match="lost")
        async with mj.Pool(sim.ttapi(max_jobs=3), sim.mjproxy()) as pool:
            prompts = ["bad", "lost", *(f"cat {n}" for n in range(6))]
            jobs = [pool.imagine(prompt, account="ttapi") for prompt in prompts]
            assert pool.stats().waiting == 8
            await asyncio.gather(*jobs, return_exceptions=True)
            stats = pool.stats()
            assert (stats.jobs, stats.done, stats.failed, stats.lost, stats.waiting) == (8, 6, 1, 1, 0)
            assert stats.accounts["ttapi"].cap == 3
            assert stats.accounts["ttapi"].peak == 3
            assert stats.accounts["ttapi"].done == 6
            assert stats.accounts["mjproxy"].peak == 0
            assert 0 < stats.slot_use <= 1
            assert stats.looks_per_job == stats.looks / 6
            assert stats.seconds == asyncio.get_running_loop().time()
        assert (
            mj.Stats(
                seconds=1, jobs=0, waiting=0, done=0, failed=0, lost=0, looks=9, accounts={}, slot_use=0
            ).looks_per_job
            == 0
        )

    run(story())
