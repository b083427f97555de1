"""What an account takes at once: found out from its refusals, and given back by time."""

import asyncio
import logging

import pytest
from attrs import evolve

import mjasync as mj
from mjasync.testing import Sim, run
from tests.journeys.weather import page, under


def limit(pool, account):
    """What may be lent of this account's slots just now."""
    return pool._desk.queue.slots.limit(account)


def warned(caplog):
    return [record for record in caplog.records if record.name == "mjasync.slots" and record.levelno >= logging.WARNING]


def one_a_second(begin, end):
    """A provider that takes one submit a second between two moments."""
    taken = []

    def strike(request, now):
        if request.repeatable or not begin <= now < end:
            return None
        if taken and now - taken[-1] < 1.0:
            return page(429)
        taken.append(now)
        return None

    return strike


@pytest.mark.fault("H13")
@pytest.mark.fault("P17")
def test_a_provider_that_begins_to_throttle_costs_few_refusals_and_no_job():
    async def story():
        sim = Sim(seed=3)
        account, weather = under(sim.ttapi(), one_a_second(60, 1200))
        async with mj.Pool(account) as pool:
            jobs = [pool.imagine(f"cat {number}", mode="turbo") for number in range(150)]
            limits = []
            while not all(job.done() for job in jobs):
                await asyncio.sleep(5)
                limits.append(limit(pool, "ttapi"))
            assert all(job.exception() is None for job in jobs)
        refused = [now for now, met in weather.submits() if met is not None]
        assert 0 < len(refused) <= 9, "the first burst, and then hardly one"
        assert min(limits) <= 5
        assert len(weather.submits()) - len(refused) == 150
        assert sim.ledger.charged == 150

    run(story(), debug=False)


@pytest.mark.fault("P17")
def test_the_limit_comes_back_by_one_a_minute():
    async def story():
        sim = Sim(seed=3)
        account, _ = under(
            sim.ttapi(), lambda request, now: page(429) if not request.repeatable and 10 < now < 100 else None
        )
        async with mj.Pool(account) as pool:
            for number in range(300):
                pool.imagine(f"cat {number}", mode="turbo")
            seen = []
            for _ in range(80):
                await asyncio.sleep(10)
                seen.append((limit(pool, "ttapi"), pool.stats().accounts["ttapi"].held))
            limits = [lent for lent, _ in seen]
            lowest = limits.index(1)
            assert sorted(limits[lowest:]) == limits[lowest:]
            assert all(limits.count(step) in (6, 7) for step in range(2, 10)), "a minute for each step"
            assert seen[-1] == (10, 10)
            await pool.aclose()

    run(story(), debug=False)


@pytest.mark.fault("P18")
@pytest.mark.parametrize("provider", ["ttapi", "mjproxy"])
def test_a_smaller_plan_than_max_jobs_says_is_found_out(provider, caplog):
    async def story():
        sim = Sim(seed=3, caps={provider: 4})
        sim.inject("status", on="free", times=99, status=404)  # it cannot be asked
        async with mj.Pool(getattr(sim, provider)()) as pool:
            outcomes = await pool.batch([f"cat {number}" for number in range(60)], mode="turbo")
            assert all(outcome.ok for outcome in outcomes)
            assert limit(pool, provider) in (4, 5)
        minutes = asyncio.get_running_loop().time() / 60
        assert sim.ledger.peak_running == {provider: 4}
        assert sim.ledger.refusals["queue_full"] <= 6 + minutes, "the first burst, then one a minute"
        assert sim.ledger.charged == 60

    run(story(), debug=False)
    (told,) = warned(caplog)
    assert "someone else uses this account?" in told.getMessage()


@pytest.mark.fault("P18")
def test_somebody_else_on_the_account_is_noticed_and_forgotten_again(caplog):
    async def story():
        sim = Sim(seed=3)
        account = sim.ttapi()
        theirs = mj.Pool(evolve(account, rng=None))
        others = [theirs.imagine(f"theirs {number}", mode="relax") for number in range(6)]
        await asyncio.gather(*(job.accepted() for job in others))
        async with mj.Pool(account) as pool:
            jobs = [pool.imagine(f"ours {number}", mode="fast") for number in range(200)]
            await asyncio.sleep(20)
            assert limit(pool, "ttapi") == pool.stats().accounts["ttapi"].held == 4
            await asyncio.gather(*others)
            await theirs.aclose()
            await asyncio.sleep(600)
            assert limit(pool, "ttapi") == pool.stats().accounts["ttapi"].held == 10
            await asyncio.gather(*jobs)
        assert sim.ledger.peak_running == {"ttapi": 10}
        assert sim.ledger.charged == 206

    run(story(), debug=False)
    assert len(warned(caplog)) == 1


def test_calm_weather_lowers_nothing(caplog):
    async def story():
        sim = Sim(seed=3)
        async with mj.Pool(sim.ttapi(), sim.mjproxy()) as pool:
            await pool.batch([f"cat {number}" for number in range(60)], mode="turbo", then=lambda job: job.upscale(1))
            assert [limit(pool, name) for name in ("ttapi", "mjproxy")] == [10, 10]

    run(story(), debug=False)
    assert warned(caplog) == []


def test_closing_a_throttled_pool_leaves_no_timer():
    async def story():
        sim = Sim(seed=3)
        sim.inject("status", on="submit", status=429, times=3)
        pool = mj.Pool(sim.ttapi())
        pool.imagine("a cat")
        await asyncio.sleep(2)
        assert limit(pool, "ttapi") < 10
        dispatcher = pool._desk.queue._dispatcher
        await pool.aclose()
        assert all(timer.cancelled() for timer in (*dispatcher._growing.values(), *dispatcher._resting.values()))

    run(story())
