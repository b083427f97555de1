"""A later process goes on with what an earlier one left: nothing is sent twice, nothing is forgotten."""

import asyncio

import pytest
from attrs import evolve

import mjasync as mj
from mjasync.testing import run
from tests.journeys.lives import PROVIDERS, life, submits, world


@pytest.mark.fault("K01")
@pytest.mark.parametrize("provider", PROVIDERS)
def test_accepted_jobs_are_taken_up_without_one_submit(provider, tmp_path):
    async def story():
        sim, accounts = world(provider)
        async with life(tmp_path / "jobs.db", *accounts) as pool:
            jobs = [pool.imagine(f"cat {n}") for n in range(4)]
            tickets = {job.id: await job.accepted() for job in jobs}
        before = submits(sim)
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db")) as pool:
            found = await pool.recover()
            assert sorted(tickets) == sorted(job.id for job in found.reattached)
            assert ((), (), ()) == (found.finished, found.unknown, found.held)
            for job in found.reattached:
                result = await job
                assert tickets[job.id] == result.ticket
                assert f"cat {[j.id for j in jobs].index(job.id)}" == job.prompt
        assert before == submits(sim)
        assert (4, 4) == (sim.ledger.accepted, sim.ledger.charged)

    run(story())


def test_they_are_awaited_at_a_clean_exit_without_a_word(tmp_path):
    async def story():
        sim, accounts = world()
        async with life(tmp_path / "jobs.db", *accounts) as pool:
            job = pool.imagine("a cat")
            await job.accepted()
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db")) as pool:
            again = pool.job(job.id)
        assert again.done()
        assert again.result().images
        assert 1 == sim.ledger.accepted

    run(story())


@pytest.mark.parametrize("provider", PROVIDERS)
def test_what_ended_while_nobody_ran_is_found_finished(provider, tmp_path):
    async def story():
        sim, accounts = world(provider)
        sim.inject("fail", on="job", match="bad", reason="boom")
        async with life(tmp_path / "jobs.db", *accounts) as pool:
            good, bad = pool.imagine("good"), pool.imagine("bad")
            await asyncio.gather(good.accepted(), bad.accepted())
        await asyncio.sleep(3600)
        async with life(tmp_path / "jobs.db", *accounts) as pool:
            found = await pool.recover()
            # A failure is looked at twice before it is believed, so it may still be on its way.
            assert good.id in [job.id for job in found.finished]
            assert (await pool.job(good.id)).images
            with pytest.raises(mj.JobFailed, match="boom"):
                await pool.job(bad.id)
        assert 2 == submits(sim)

    run(story())


def test_what_was_never_sent_sleeps_until_somebody_says_a_word(tmp_path):
    async def story():
        sim, accounts = world("ttapi", max_jobs=2)
        async with life(tmp_path / "jobs.db", *accounts) as pool:
            jobs = [pool.imagine(f"cat {n}") for n in range(5)]
            await asyncio.sleep(5)
            held = [job.id for job in jobs if job.phase is mj.Phase.HELD]
        before = submits(sim)
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db")) as pool:
            await asyncio.sleep(1000)
            assert [mj.Phase.HELD] * len(held) == [pool.job(job).phase for job in held]
        assert before == submits(sim), "and nobody waited for them at the exit"
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db")) as pool:
            found = await pool.recover()
            assert held == [job.id for job in found.held]
            await asyncio.gather(*found.held)
            again = await pool.recover()
            assert () == again.held, "a second word wakes nobody twice"
        assert 5 == sim.ledger.accepted

    run(story())


def test_recover_a_second_time_tells_the_same_jobs_and_sends_nothing(tmp_path):
    async def story():
        sim, accounts = world("ttapi")
        async with life(tmp_path / "jobs.db", *accounts) as pool:
            job = pool.imagine("a cat")
            await job.accepted()
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db")) as pool:
            first = await pool.recover()
            await first.reattached[0]
            second = await pool.recover()
            assert [job.id] == [each.id for each in second.finished]
            assert () == second.reattached
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db")) as pool:
            assert mj.Recovery() == await pool.recover(), "what is over is nobody's concern"
        assert 1 == submits(sim)

    run(story())


@pytest.mark.fault("K02")
def test_a_process_that_ends_during_recovery_leaves_what_it_found(tmp_path):
    async def story():
        sim, accounts = world("ttapi", "mjproxy")
        async with life(tmp_path / "jobs.db", *accounts) as pool:
            jobs = [pool.imagine(f"cat {n}") for n in range(6)]
            await asyncio.gather(*(job.accepted() for job in jobs))
        for pause in (0.0, 0.01, 0.5, 3.0):
            async with life(tmp_path / "jobs.db", *accounts) as pool:
                recovering = asyncio.create_task(pool.recover())
                await asyncio.sleep(pause)
                recovering.cancel()
                await asyncio.wait([recovering])
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db")) as pool:
            results = await asyncio.gather(*(pool.job(job.id) for job in jobs))
        assert [job.ticket for job in jobs] == [result.ticket for result in results]
        assert (6, 6) == (submits(sim), sim.ledger.charged)

    run(story())


@pytest.mark.parametrize("hours", [0.05, 0.2, 3])
def test_recover_while_the_provider_is_down_waits_for_it_and_loses_nothing(hours, tmp_path):
    async def story():
        sim, accounts = world("ttapi")
        async with life(tmp_path / "jobs.db", *accounts) as pool:
            job = pool.imagine("a cat")
            await job.accepted()
        down = sim.world.inject("status", on="fetch", provider="ttapi", times=10**9, status=503)
        async with life(tmp_path / "jobs.db", *accounts) as pool:
            found = await asyncio.wait_for(pool.recover(), 600)
            assert [job.id] == [each.id for each in found.reattached], "as far as anybody knows it runs"
            await asyncio.sleep(hours * 3600)
            down.left = 0
            await asyncio.sleep(120)
            again = pool.job(job.id)
            assert mj.Phase.DONE is again.phase
            # After six minutes whoever awaits it was told, but the picture comes all the same.
            assert (again.late if hours > 0.1 else again.result()).images
        assert 1 == submits(sim)

    run(story())


@pytest.mark.fault("K16")
def test_the_job_of_an_account_that_this_pool_lacks_is_left_alone(tmp_path):
    async def story():
        sim, (ttapi, relay) = world()
        async with life(tmp_path / "jobs.db", ttapi, relay) as pool:
            job = pool.imagine("a cat", account="ttapi")
            await job.accepted()
        looks = sim.ledger.looks[job.ticket.remote_id]
        async with mj.Pool(relay, journal=str(tmp_path / "jobs.db")) as pool:
            assert mj.Recovery() == await pool.recover()
            await asyncio.sleep(1000)
        assert looks == sim.ledger.looks[job.ticket.remote_id]
        async with mj.Pool(ttapi, journal=str(tmp_path / "jobs.db")) as pool:
            assert job.ticket == (await pool.job(job.id)).ticket
        assert 1 == submits(sim)

    run(story())


def test_other_names_for_the_same_keys_change_nothing(tmp_path):
    async def story():
        sim, (account,) = world("ttapi")
        async with life(tmp_path / "jobs.db", account) as pool:
            job = pool.imagine("a cat")
            ticket = await job.accepted()
        async with mj.Pool(evolve(account, name="paid"), journal=str(tmp_path / "jobs.db")) as pool:
            assert mj.Ticket("paid", ticket.remote_id) == (await pool.job(job.id)).ticket
        assert 1 == submits(sim)

    run(story())


def test_jobs_of_earlier_runs_are_found_by_their_names(tmp_path):
    async def story():
        _, accounts = world("ttapi")
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db")) as pool:
            first = pool.imagine("a cat")
            grid = await first
            await grid.upscale(1)
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db")) as pool:
            assert () == pool.jobs
            for name in (first.id, first.id[:12], str(grid.ticket)):
                again = pool.job(name)
                assert (first.id, True) == (again.id, again.done())
                assert again is pool.job(name)
                assert grid.images == again.result().images
                assert grid.actions == again.result().actions
            second = await pool.job(str(grid.ticket)).upscale(2)
            assert [first.id, second.job_id] == [step.job_id for step in second.lineage]
            with pytest.raises(mj.ConfigError, match="names no job"):
                pool.job("ttapi:unknown")

    run(story())
