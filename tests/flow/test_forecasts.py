"""What a pool says about when its work is over, and what came of it; `core/test_forecast` has the arithmetic."""

import asyncio

import pytest

import mjasync as mj
from mjasync.flow import forecasts
from mjasync.testing import Sim, run


def test_a_pool_without_work():
    async def story():
        async with mj.Pool(Sim(seed=1).ttapi()) as pool:
            return pool.eta()

    assert run(story()) is None


def told(seed, *, prompts, learned=None, **batch):
    """All that a pool said of a batch, as (seconds that were left, range); and what it learned."""

    async def story():
        sim = Sim(seed=seed)
        async with mj.Pool(sim.ttapi(), sim.mjproxy(), looking=mj.Looking(learned=learned)) as pool:
            clock, said = asyncio.get_running_loop().time, []

            async def ask():
                while (eta := pool.eta()) is not None:
                    said.append((clock(), eta))
                    await asyncio.sleep(10)

            work = pool.batch([f"cat {n}" for n in range(prompts)], **batch)
            asking = asyncio.ensure_future(ask())
            await work
            end = clock()
            await asking
            return [(end - at, eta) for at, eta in said if end > at], pool.stats().learned

    return run(story())


def test_the_end_is_within_the_range_more_often_than_not():
    learned, said = None, []
    for seed in range(1, 6):
        some, learned = told(seed, prompts=24, learned=learned, then=lambda job: job.upscale(1))
        said += some[1:]
    inside = sum(eta.low <= left <= eta.high for left, eta in said) / len(said)

    assert len(said) > 50
    assert 0.4 < inside < 0.9
    assert all(0.3 * left < eta.likely < 3 * left + 20 for left, eta in said)


def test_many_that_wait_stand_for_more(monkeypatch):
    async def story():
        async with mj.Pool(Sim(seed=3).ttapi(), Sim(seed=4).mjproxy()) as pool:
            jobs = pool.batch([f"cat {n}" for n in range(60)]).jobs
            await asyncio.sleep(20)
            every = pool.eta()
            monkeypatch.setattr(forecasts, "MOST", 7)
            assert pool.eta().likely == pytest.approx(every.likely, rel=0.25)
            await asyncio.gather(*(job.cancel() for job in jobs))

    run(story())


def test_one_job_from_the_queue_to_its_end():
    async def story():
        sim = Sim(seed=2)
        async with mj.Pool(sim.ttapi(max_jobs=1)) as pool:
            first, second = pool.imagine("a cat"), pool.imagine("a dog")
            step = first.upscale(1)
            assert (first.eta, second.eta, step.eta) == (None, None, None)
            await first.accepted()
            running, later = first.eta, step.eta
            assert running.low < running.likely < running.high
            assert (later.low > running.low, later.high > running.high) == (True, True)
            assert second.eta is None
            whole = pool.eta()
            assert whole.likely > later.likely
            await asyncio.gather(first, second, step)
            assert (first.eta, second.eta, step.eta, pool.eta()) == (None, None, None, None)

    run(story())


def test_nobody_can_say_about_a_lost_job_and_it_keeps_its_slot():
    async def story():
        sim = Sim(seed=2)
        sim.inject("lose_answer", on="submit")
        async with mj.Pool(sim.ttapi(max_jobs=2)) as pool:
            with pytest.raises(mj.SubmitOutcomeUnknown):
                await pool.imagine("a cat")
            lost = pool.jobs[0]
            assert (lost.phase, lost.eta, pool.eta()) == (mj.Phase.LOST, None, None)
            pool.batch([f"cat {n}" for n in range(8)])
            await asyncio.sleep(5)
            eight, account = pool.eta(), pool.stats().accounts["ttapi"]
            assert (account.held, account.unknown) == (2, 1)
            assert eight.likely > 5 * 35
            for job in pool.jobs[3:]:
                await job.cancel()

    run(story())


def test_no_look_takes_longer_than_a_job_counts_as_running():
    async def story():
        sim = Sim(seed=2)
        sim.inject("stuck", on="job")
        async with mj.Pool(sim.ttapi()) as pool:
            job = pool.imagine("a cat", deadline=2000)
            await asyncio.sleep(890)
            assert 0 <= job.eta.high <= 11
            with pytest.raises(mj.MJError):
                await job

    run(story())


def test_the_next_look_is_told():
    async def story():
        sim = Sim(seed=2)
        async with mj.Pool(sim.ttapi()) as pool:
            job = pool.imagine("a cat")
            assert pool.stats().accounts["ttapi"].next_look is None
            await job.accepted()
            await asyncio.sleep(3)
            looks, wait = job.looks, pool.stats().accounts["ttapi"].next_look
            assert 0 < wait < 60
            await asyncio.sleep(wait - 0.01)
            assert job.looks == looks
            await asyncio.sleep(0.5)
            assert job.looks == looks + 1
            await job
            assert pool.stats().accounts["ttapi"].next_look is None

    run(story())
