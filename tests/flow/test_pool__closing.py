"""Closing a pool: nothing new leaves, what runs is named, and nobody is left waiting."""

import asyncio
import math
from datetime import timedelta

import pytest

import mjasync as mj
from mjasync.testing import Sim, run


def test_leaving_normally_waits_for_all_jobs_and_their_children():
    async def story():
        sim = Sim()
        async with mj.Pool(sim.ttapi()) as pool:
            job = pool.imagine("a cat")
            child = job.upscale(1)
            job.add_done_callback(lambda done: done.vary(1))
        assert child.done()
        assert len(pool.jobs) == 3
        assert all(each.result().images for each in pool.jobs)
        assert sim.ledger.charged == 3

    run(story())


@pytest.mark.fault("K09", "U17")
def test_an_exception_lets_go_of_the_jobs_and_tells_where_they_are():
    async def story():
        sim = Sim()
        with pytest.raises(ValueError, match="mine"):
            async with mj.Pool(sim.ttapi(max_jobs=1)) as pool:
                sent, held = pool.imagine("a"), pool.imagine("b")
                await sent.accepted()
                raise ValueError("mine")
        with pytest.raises(mj.PoolClosed) as running:
            await sent
        assert str(sent.ticket) in str(running.value)
        assert running.value.charged == "unknown"
        with pytest.raises(mj.PoolClosed, match="never sent") as never:
            await held
        assert never.value.charged == "no"
        assert sim.ledger.accepted == 1

    run(story())


@pytest.mark.fault("K06", "K09")
def test_closing_waits_for_a_submit_that_is_on_its_way():
    async def story():
        sim = Sim(latency=4)
        pool = mj.Pool(sim.ttapi())
        job = pool.imagine("a cat")
        async for event in job.watch():
            if event.phase is mj.Phase.SENDING:
                break
        drain = await pool.aclose()
        assert drain.running == (job,)
        assert job.ticket is not None
        assert sim.ledger.accepted == 1

    run(story())


def test_a_drain_waits_for_what_runs_and_sends_nothing_new():
    async def story():
        sim = Sim()
        pool = mj.Pool(sim.ttapi(max_jobs=2))
        jobs = [pool.imagine(f"cat {n}") for n in range(4)]
        await jobs[1].accepted()
        drain = await pool.aclose(drain=1000)
        assert drain.finished == (jobs[0], jobs[1])
        assert drain.held == (jobs[2], jobs[3])
        assert drain.running == ()
        assert sim.ledger.accepted == 2

    run(story())


def test_a_short_drain_gives_up():
    async def story():
        pool = mj.Pool(Sim().ttapi())
        job = pool.imagine("a cat", mode="relax")
        await job.accepted()
        drain = await pool.aclose(drain=1)
        assert drain.running == (job,)
        assert await mj.Pool(Sim().ttapi()).aclose() == mj.Drain(finished=(), running=(), held=())

    run(story())


def test_nothing_leaves_after_closing_not_even_what_was_lent_in_the_same_turn():
    async def story():
        sim = Sim()
        pool = mj.Pool(sim.ttapi())
        await pool.imagine("first use")
        job = pool.imagine("a cat")
        drain = await pool.aclose()
        assert drain.held == (job,)
        with pytest.raises(mj.PoolClosed, match="never sent"):
            await job
        assert sim.ledger.requests["ttapi.imagine"] == 1

    run(story())


@pytest.mark.parametrize("cancels", [1, 2, 3])
def test_cancelling_whoever_closes_leaves_nobody_waiting(cancels):
    async def story():
        sim = Sim(latency=8)
        pool = mj.Pool(sim.ttapi())
        job = pool.imagine("a cat")
        other = asyncio.create_task(job.wait())
        async for event in job.watch():
            if event.phase is mj.Phase.SENDING:
                break
        closer = asyncio.create_task(pool.aclose())
        for _ in range(cancels):
            await asyncio.sleep(0.1)
            closer.cancel()
        with pytest.raises(asyncio.CancelledError):
            await closer
        with pytest.raises(mj.PoolClosed):
            await other
        drain = await pool.aclose()
        assert drain.running == (job,)
        assert job.ticket is not None

    run(story())


def test_a_drain_does_not_wait_for_what_was_never_sent():
    async def story():
        sim = Sim()
        pool = mj.Pool(sim.ttapi(max_jobs=1))
        sent, held = pool.imagine("a", mode="turbo"), pool.imagine("b", mode="turbo")
        await sent.accepted()
        drain = await pool.aclose(drain=3600)
        assert (drain.finished, drain.held) == ((sent,), (held,))
        assert asyncio.get_running_loop().time() < 100

    run(story())


def test_what_runs_on_is_told_even_when_nobody_waits_for_it():
    async def story():
        pool = mj.Pool(Sim().ttapi())
        late, given_up = pool.imagine("a", deadline=3), pool.imagine("b")
        await given_up.accepted()
        await given_up.cancel()
        with pytest.raises(mj.DeadlineExceeded):
            await late
        assert (await pool.aclose()).running == (late, given_up)

    run(story())


def test_a_result_can_be_saved_after_closing(tmp_path):
    async def story():
        async with mj.Pool(Sim().ttapi()) as pool:
            result = await pool.imagine("a cat", mode="turbo")
        assert (await result.save(tmp_path / "cat")).stat().st_size > 1000

    run(story())


def test_a_watcher_hears_of_the_closing():
    async def story():
        pool = mj.Pool(Sim().ttapi())
        job = pool.imagine("a cat")
        await job.accepted()
        told = asyncio.create_task(every(job.watch()))
        await asyncio.sleep(0.5)
        await pool.aclose()
        assert len(await told) == 2

    async def every(events):
        return [event async for event in events]

    run(story())


@pytest.mark.parametrize("drain", ["5", None, -1, float("nan"), timedelta(seconds=-1)])
def test_no_time_to_drain_is_refused_and_the_pool_stays_open(drain):
    async def story():
        pool = mj.Pool(Sim().ttapi())
        job = pool.imagine("a cat")
        with pytest.raises(mj.ConfigError, match="the pool stays open"):
            await pool.aclose(drain=drain)
        assert (await job).images
        await pool.aclose(drain=timedelta(seconds=5))

    run(story())


@pytest.mark.parametrize("turns", [0, 1, 5])
def test_of_two_closings_the_shorter_wins(turns):
    async def story():
        pool = mj.Pool(Sim().ttapi())
        job = pool.imagine("a cat", mode="relax")
        await job.accepted()
        begun = asyncio.get_running_loop().time()
        first = asyncio.create_task(pool.aclose(drain=3000))
        for _ in range(turns):
            await asyncio.sleep(0)
        second = await pool.aclose(drain=1)
        assert (job,) == second.running
        assert second is await first
        assert second is await pool.aclose(drain=50)
        assert asyncio.get_running_loop().time() - begun == pytest.approx(1, abs=0.2)

    run(story())


def test_a_longer_closing_changes_nothing():
    async def story():
        pool = mj.Pool(Sim().ttapi())
        job = pool.imagine("a cat", mode="relax")
        await job.accepted()
        first = asyncio.create_task(pool.aclose(drain=2))
        await asyncio.sleep(1)
        assert (job,) == (await pool.aclose(drain=math.inf)).running
        assert asyncio.get_running_loop().time() < 10
        await first

    run(story())
