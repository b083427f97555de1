"""From held to a slot and back: what the queue does is seen in what the providers are sent, and when."""

import asyncio

import pytest

import mjasync as mj
from mjasync.testing import Sim, run


def test_a_proof_that_is_only_busy_is_asked_again_while_jobs_wait():
    async def story():
        sim = Sim()
        sim.inject("status", on="fetch", status=429, times=12)
        async with mj.Pool(sim.ttapi()) as pool:
            outcomes = await pool.batch([f"cat {n}" for n in range(5)], mode="turbo")
        assert all(outcome.ok for outcome in outcomes)

    run(story())


def test_a_proof_that_stays_busy_says_so_and_costs_nothing():
    async def story():
        sim = Sim()
        sim.inject("status", on="fetch", status=503, times=999)
        async with mj.Pool(sim.ttapi()) as pool:
            with pytest.raises(mj.Unreachable, match="cannot answer now"):
                await pool.imagine("a cat")
            assert asyncio.get_running_loop().time() > 60
        assert sim.ledger.requests["ttapi.imagine"] == 0

    run(story())


def test_a_bad_account_beside_a_good_one_is_not_asked_for_every_job():
    async def story():
        sim = Sim()
        sim.inject("status", provider="ttapi", on="fetch", status=401, times=999)
        async with mj.Pool(sim.ttapi(), sim.mjproxy()) as pool:
            for number in range(20):
                job = pool.imagine(f"cat {number}", mode="turbo")
                await job.accepted()
        assert sim.ledger.requests["ttapi.fetch"] <= 2

    run(story())


def test_when_no_account_can_be_used_all_reasons_are_told():
    async def story():
        sim = Sim()
        sim.inject("status", provider="ttapi", on="fetch", status=401, times=9)
        sim.inject("html", provider="mjproxy", on="fetch", times=9)
        async with mj.Pool(sim.ttapi(), sim.mjproxy()) as pool:
            with pytest.raises(mj.MJError) as caught:
                await pool.imagine("a cat")
        assert "refused the key" in str(caught.value)
        assert "no such API at this address" in str(caught.value)

    run(story())


def test_a_short_network_outage_costs_no_job():
    async def story():
        sim = Sim()
        async with mj.Pool(sim.ttapi()) as pool:
            await pool.imagine("first use")
            sim.inject("refuse_connection", on="submit", times=40)
            outcomes = await pool.batch([f"cat {n}" for n in range(10)], mode="turbo", then=lambda job: job.upscale(1))
            assert all(outcome.ok for outcome in outcomes)

    run(story())


def test_a_queue_of_jobs_refused_for_a_key_ends_with_the_steps_that_wait_too():
    async def story():
        sim = Sim()
        async with mj.Pool(sim.ttapi(max_jobs=1)) as pool:
            grid = await pool.imagine("a cat", mode="turbo")
            sim.inject("status", on="submit", status=402, times=999)
            steps = [grid.upscale(n) for n in (1, 2, 3)]
            ended = await asyncio.gather(*steps, return_exceptions=True)
            assert all(isinstance(error, mj.QuotaExhausted) for error in ended)
            assert all(error.charged == "no" for error in ended)
        assert sim.ledger.requests["ttapi.action"] == 1

    run(story())


@pytest.mark.long
@pytest.mark.fault("K23")
def test_twenty_thousand_waiting_jobs_are_no_trouble():
    async def story():
        sim = Sim()
        async with mj.Pool(sim.ttapi()) as pool:
            jobs = [pool.imagine(f"{n}") for n in range(20_000)]
            await jobs[0]
            assert await jobs[-1].cancel() == mj.Withdrawn()
            assert len(asyncio.all_tasks()) < 30
            await pool.aclose()
            assert sum(job.phase is mj.Phase.HELD for job in jobs) > 19_900

    run(story())


def test_an_account_that_comes_back_joins_a_batch_that_still_waits():
    async def story():
        sim = Sim()
        sim.inject("refuse_connection", provider="ttapi", on="fetch", times=4)
        async with mj.Pool(sim.ttapi(max_jobs=2), sim.mjproxy(max_jobs=2)) as pool:
            outcomes = await pool.batch([f"cat {n}" for n in range(20)])
            assert {outcome.value.ticket.account for outcome in outcomes} == {"ttapi", "mjproxy"}

    run(story())


def test_a_dead_account_leaves_its_jobs_to_the_other_one():
    async def story():
        sim = Sim()
        async with mj.Pool(sim.ttapi(max_jobs=3), sim.mjproxy(max_jobs=3)) as pool:
            await asyncio.gather(*(pool.imagine("first use", account=name) for name in ("ttapi", "mjproxy")))
            sim.inject("refuse_connection", provider="ttapi", on="submit", times=9999)
            outcomes = await pool.batch([f"cat {n}" for n in range(12)], mode="relax")
            assert all(outcome.ok for outcome in outcomes)

    run(story())


def test_a_key_is_free_again_when_a_deadline_kept_its_job_from_being_sent():
    async def story():
        sim = Sim()
        async with mj.Pool(sim.ttapi(max_jobs=1)) as pool:
            busy = pool.imagine("busy")
            late = pool.imagine("a cat", key="k", deadline=1)
            with pytest.raises(mj.DeadlineExceeded):
                await late
            again = pool.imagine("a cat", key="k", deadline=1000)
            assert again is not late
            await asyncio.gather(busy, again)

    run(story())


def test_a_drain_ends_when_the_last_submit_was_refused():
    async def story():
        sim = Sim(latency=1)
        pool = mj.Pool(sim.ttapi())
        await pool.imagine("first use", mode="turbo")
        sim.inject("status", on="submit", status=429)
        job = pool.imagine("a cat")
        async for event in job.watch():
            if event.phase is mj.Phase.SENDING:
                break
        begun = asyncio.get_running_loop().time()
        drain = await pool.aclose(drain=600)
        assert asyncio.get_running_loop().time() - begun < 10
        assert drain.held == (job,)

    run(story())


@pytest.mark.parametrize("warm", [False, True])
def test_a_chain_goes_where_all_of_it_can_be_done(warm):
    """TTAPI has no custom zoom: paying it for the first two steps would buy a dead end."""

    async def story():
        sim = Sim(seed=5)
        async with mj.Pool(sim.ttapi(), sim.mjproxy()) as pool:
            if warm:
                await asyncio.gather(*(pool.imagine("first use", account=name) for name in ("ttapi", "mjproxy")))
            chains = [pool.imagine(f"a cat {n}").upscale(1).zoom(1.8) for n in range(4)]
            plain = [pool.imagine(f"a dog {n}") for n in range(4)]
            results = await asyncio.gather(*chains)
            assert {"mjproxy"} == {step.ticket.account for result in results for step in result.lineage}
            assert {"ttapi", "mjproxy"} >= {(await job).ticket.account for job in plain}
        assert sim.ledger.charged == 16 + 2 * warm
        assert sim.ledger.violations == []

    run(story())


def test_steps_that_no_account_can_do_together_narrow_nothing():
    async def story():
        sim = Sim(seed=5)
        async with mj.Pool(sim.ttapi(), sim.mjproxy()) as pool:
            grid = pool.imagine("a cat")
            single = grid.upscale(1)
            zoomed = single.zoom(1.8)
            tiles = grid.upscale(2, get_u_images=True)  # TTAPI only
            await zoomed
            with pytest.raises(mj.ConfigError, match="get_u_images"):
                await tiles
            assert grid.ticket.account == "mjproxy"

    run(story())
