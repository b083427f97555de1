"""How a pool is set up: defaults, and the day as the calendar of its clock has it."""

import asyncio

from attrs import evolve

import mjasync as mj
from mjasync.flow.setup import Setup
from mjasync.flow.timers import Timeouts
from mjasync.testing import Sim, run


def test_by_default_nothing_is_limited():
    setup = Setup()

    assert (None, False, None, Timeouts()) == (setup.budget, setup.check_prompts, setup.public_url, setup.timeouts)


def test_the_day_is_utc():
    assert "1970-01-01" == Setup(wall=lambda: 86_399.0).today()
    assert "1970-01-02" == evolve(Setup(), wall=lambda: 86_400.0).today()


def test_a_pool_takes_the_calendar_of_its_loop():
    async def story():
        async with mj.Pool(Sim().ttapi()) as pool:
            assert "2026-01-01" == pool.ledger().day
            asyncio.get_running_loop().skew = 86_400
            assert "2026-01-02" == pool.ledger().day

    run(story())
