"""The desk: chains, queueing again, and ends that come early."""

import asyncio

import pytest

import mjasync as mj
from mjasync.testing import Sim, run


@pytest.mark.fault("U11")
def test_a_chain_runs_on_its_parents_account_and_before_new_roots():
    async def story():
        sim = Sim(seed=1)
        async with mj.Pool(sim.ttapi(max_jobs=2), sim.mjproxy(max_jobs=2)) as pool:
            chains = [pool.imagine(f"chain {n}").upscale(1) for n in range(4)]
            roots = [pool.imagine(f"root {n}") for n in range(12)]
            results = await asyncio.gather(*chains, *roots)
            for result in results[:4]:
                assert len({step.ticket.account for step in result.lineage}) == 1
        ended = {entry.id: entry.accepted_at for entry in sim.ledger.jobs}
        last_child = max(ended[result.ticket.remote_id] for result in results[:4])
        last_root = max(ended[result.ticket.remote_id] for result in results[4:])
        assert last_child < last_root
        assert max(sim.ledger.peak_running.values()) <= 2

    run(story())


def test_roots_do_not_starve_behind_chains():
    async def story():
        sim = Sim(seed=1)
        async with mj.Pool(sim.ttapi(max_jobs=1)) as pool:
            grid = await pool.imagine("a cat")
            children = [grid.upscale(n % 4 + 1) for n in range(20)]
            root = pool.imagine("a patient dog")
            await root
            assert sum(child.done() for child in children) <= 6

    run(story())


def test_a_child_of_a_finished_or_failed_parent_knows_at_once():
    async def story():
        sim = Sim()
        sim.inject("fail", on="job", match="bad", reason="boom")
        async with mj.Pool(sim.ttapi()) as pool:
            good, bad = pool.imagine("good"), pool.imagine("bad")
            await asyncio.gather(good, bad, return_exceptions=True)
            assert (await good.upscale(1)).images
            with pytest.raises(mj.ParentFailed) as caught:
                await bad.upscale(1).upscale(2)
            assert isinstance(caught.value.__cause__, mj.ParentFailed)
            assert isinstance(caught.value.__cause__.__cause__, mj.JobFailed)
            assert caught.value.parent is caught.value.job.parent

    run(story())


def test_a_detached_parent_ends_its_chain_without_sending_it():
    async def story():
        sim = Sim()
        async with mj.Pool(sim.ttapi()) as pool:
            job = pool.imagine("a cat", deadline=5)
            child = job.upscale(1)
            with pytest.raises(mj.ParentFailed):
                await child
            await asyncio.sleep(300)
            assert job.phase is mj.Phase.DONE
        assert sim.ledger.accepted == 1

    run(story())


def test_priority_goes_first():
    async def story():
        sim = Sim()
        async with mj.Pool(sim.ttapi(max_jobs=1)) as pool:
            jobs = [pool.imagine(f"{n}", priority=n, mode="turbo") for n in (1, 5, 3)]
            await asyncio.gather(*jobs)
        order = [entry.prompt for entry in sorted(sim.ledger.jobs, key=lambda entry: entry.accepted_at)]
        assert order == ["5", "3", "1"]

    run(story())


def test_a_deadline_that_passes_while_the_account_rests_is_free():
    async def story():
        sim = Sim()
        async with mj.Pool(sim.ttapi()) as pool:
            sim.inject("status", on="submit", status=429, retry_after=100, times=1)
            job = pool.imagine("a cat", deadline=20)
            with pytest.raises(mj.DeadlineExceeded) as caught:
                await job
            assert caught.value.charged == "no"
            assert asyncio.get_running_loop().time() < 21
        assert sim.ledger.accepted == 0

    run(story())


def test_a_deadline_that_passes_during_a_refused_submit_is_not_sent_again():
    async def story():
        sim = Sim(latency=20)
        async with mj.Pool(sim.ttapi()) as pool:
            await pool.imagine("first use")
            sim.inject("status", on="submit", status=429)
            job = pool.imagine("a cat", deadline=10)
            with pytest.raises(mj.DeadlineExceeded):
                await job
            await asyncio.sleep(200)
            assert job.phase is mj.Phase.FAILED
        assert sim.ledger.accepted == 1

    run(story())


@pytest.mark.fault("U11")
def test_a_step_that_its_parents_account_cannot_do_says_so():
    async def story():
        sim = Sim()
        async with mj.Pool(sim.mjproxy(), sim.ttapi()) as pool:
            grids = [pool.imagine("a cat", account=name) for name in ("mjproxy", "ttapi")]
            steps = [grid.upscale(1, timeout=400) for grid in (pool.imagine("b"), pool.imagine("c"))]
            outcomes = await asyncio.gather(*grids, *steps, return_exceptions=True)
            for step in outcomes[2:]:
                on = step.ticket.account if isinstance(step, mj.Result) else "mjproxy"
                assert isinstance(step, mj.ConfigError) is (on == "mjproxy")
            with pytest.raises(mj.ConfigError, match="no timeout="):
                grids[0].upscale(1, timeout=400)

    run(story())


def test_a_key_is_free_again_after_a_withdrawal_and_names_what_the_user_asked():
    async def story():
        sim = Sim()
        async with mj.Pool(sim.ttapi(), sim.mjproxy()) as pool:
            busy = [pool.imagine(f"{n}") for n in range(20)]
            job = pool.imagine("a cat", key="k")
            assert await job.cancel() == mj.Withdrawn()
            again = pool.imagine("a cat", key="k")
            assert again is not job
            step = again.upscale(1, key="step")
            await asyncio.gather(*busy, step)
            assert again.upscale(1, key="step") is step

    run(story())


def test_a_batch_with_one_key_twice_asks_for_nothing():
    async def story():
        sim = Sim()
        async with mj.Pool(sim.ttapi()) as pool:
            with pytest.raises(mj.KeyReused, match="two requests of one batch"):
                pool.batch(["a", "b"], key="k")
            assert pool.jobs == ()
            pool.imagine("a", key="k")
            with pytest.raises(mj.KeyReused, match="names job"):
                pool.batch(["b"], key="k")
            assert len(pool.jobs) == 1

    run(story())


def test_a_deadline_leaves_no_timer_behind():
    async def story():
        async with mj.Pool(Sim().ttapi()) as pool:
            await asyncio.gather(*(pool.imagine(f"{n}", deadline=10_000) for n in range(20)))
            assert pool._desk._timers._totals == {}
            late = pool.imagine("late", deadline=10_000)
            await late.accepted()
            await pool.aclose()
        await asyncio.sleep(20_000)

    run(story())


def test_tickets_are_in_the_log(caplog):
    async def story():
        async with mj.Pool(Sim().ttapi()) as pool:
            ticket = await pool.imagine("a cat").accepted()
            await pool.aclose()
            return str(ticket)

    caplog.set_level("INFO", logger="mjasync")
    ticket = run(story())
    texts = [record.getMessage() for record in caplog.records]
    assert any("accepted as" in text and ticket in text for text in texts)
    assert any("run on at the provider" in text and ticket in text for text in texts)


def test_a_refused_job_lets_others_pass_after_a_while():
    async def story():
        sim = Sim()
        async with mj.Pool(sim.ttapi(max_jobs=1)) as pool:
            await pool.imagine("first use")
            sim.inject("queue_full", on="submit", match="poison", times=50)
            poison, good = pool.imagine("poison"), pool.imagine("good")
            await good
            assert not poison.done()
            await poison

    run(story())
