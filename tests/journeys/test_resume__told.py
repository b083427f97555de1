"""What whoever waited was told, and what a later process makes of it: deadlines, cancels, results that come late."""

import asyncio

import pytest

import mjasync as mj
from mjasync.testing import run
from tests.journeys.lives import PROVIDERS, held, kill, life, now, sending, submits, world


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_deadline_begins_anew_in_each_process(provider, tmp_path):
    async def story():
        sim, accounts = world(provider)
        sim.inject("stuck", on="job")
        async with life(tmp_path / "jobs.db", *accounts) as pool:
            job = pool.imagine("a cat", deadline=100)
            await asyncio.sleep(80)
            assert not job.done()
        async with life(tmp_path / "jobs.db", *accounts) as pool:
            begun = now()
            with pytest.raises(mj.DeadlineExceeded, match="within 100 s"):
                await pool.job(job.id)
            assert now() - begun == pytest.approx(100, abs=1)
        assert 1 == submits(sim)

    run(story())


def test_the_deadline_of_a_job_that_sleeps_begins_when_it_is_woken(tmp_path):
    async def story():
        sim, accounts = world("ttapi", max_jobs=1)
        async with life(tmp_path / "jobs.db", *accounts) as pool:
            await pool.imagine("in the way").accepted()
            job = pool.imagine("a cat", deadline=200)
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db")) as pool:
            await asyncio.sleep(500)
            assert not pool.job(job.id).done()
            found = await pool.recover()
            assert (await found.held[0]).images
        assert 2 == submits(sim)

    run(story())


def test_without_a_deadline_the_providers_own_patience_begins_anew(tmp_path):
    async def story():
        sim, accounts = world("ttapi")
        sim.inject("stuck", on="job")
        async with life(tmp_path / "jobs.db", *accounts) as pool:
            job = pool.imagine("a cat")
            await asyncio.sleep(300)
        async with life(tmp_path / "jobs.db", *accounts) as pool:
            begun = now()
            with pytest.raises(mj.DeadlineExceeded, match="within 360 s"):
                await pool.job(job.id)
            assert now() - begun == pytest.approx(360, abs=2)

    run(story())


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_cancelled_job_stays_cancelled_and_its_result_comes_late(provider, tmp_path):
    async def story():
        sim, accounts = world(provider)
        async with life(tmp_path / "jobs.db", *accounts) as pool:
            job = pool.imagine("a cat")
            await job.accepted()
            assert mj.Abandoned(job.ticket) == await job.cancel()
        async with life(tmp_path / "jobs.db", *accounts) as pool:
            again = pool.job(job.id)
            with pytest.raises(mj.JobCancelled) as caught:
                await again
            assert mj.Abandoned(job.ticket) == caught.value.outcome
            assert 1 == held(pool, provider)
            await asyncio.sleep(200)
            assert again.late.images
            assert again.cancelled()
        async with life(tmp_path / "jobs.db", *accounts) as pool:
            assert again.late.images == pool.job(job.id).late.images
        assert 1 == submits(sim)

    run(story())


def test_a_job_that_was_cancelled_before_it_was_sent_is_over(tmp_path):
    async def story():
        sim, accounts = world("ttapi", max_jobs=1)
        async with life(tmp_path / "jobs.db", *accounts) as pool:
            await pool.imagine("in the way").accepted()
            chain = pool.imagine("a cat").upscale(1)
            assert mj.Withdrawn() == await chain.parent.cancel()
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db")) as pool:
            found = await pool.recover()
            assert () == found.held
            with pytest.raises(mj.JobCancelled):
                await pool.job(chain.parent.id)
            with pytest.raises(mj.ParentFailed):
                await pool.job(chain.id)
        assert 1 == submits(sim)

    run(story())


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("meanwhile", [0, 4000])
def test_a_job_that_was_told_as_too_late_gives_its_result_in_the_next_process(provider, meanwhile, tmp_path):
    async def story():
        sim, accounts = world(provider)
        async with life(tmp_path / "jobs.db", *accounts) as pool:
            job = pool.imagine("a cat", deadline=5)
            with pytest.raises(mj.DeadlineExceeded):
                await job
        await asyncio.sleep(meanwhile)
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db")) as pool:
            again = pool.job(job.id)
            assert (await again).images, "that its time was up has been told, and is not told again"
            assert again.late.images
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db")) as pool:
            assert (await pool.job(job.id)).images, "in the next one it is simply a result"
        assert 1 == submits(sim)

    run(story())


def test_the_step_after_a_late_parent_is_not_sent_and_a_new_one_is(tmp_path):
    async def story():
        sim, accounts = world("ttapi")
        async with life(tmp_path / "jobs.db", *accounts) as pool:
            step = pool.imagine("a cat", deadline=5).upscale(1)
            with pytest.raises(mj.ParentFailed):
                await step
            await asyncio.sleep(200)
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db")) as pool:
            with pytest.raises(mj.ParentFailed):
                await pool.job(step.id)
            assert (await (await pool.job(step.parent.id)).upscale(1)).images
        assert 2 == submits(sim)

    run(story())


@pytest.mark.fault("K06")
def test_a_job_cancelled_while_sending_when_the_process_was_killed(tmp_path):
    async def story():
        sim, accounts = world("mjproxy")
        async with life(tmp_path / "jobs.db", *accounts) as pool:
            job = pool.imagine("a cat")
            await sending(job)
            assert mj.Abandoned(None) == await job.cancel()
            corpse = kill(tmp_path / "jobs.db")
        async with mj.Pool(*accounts, journal=str(corpse)) as pool:
            found = await pool.recover()
            assert [job.id] == [each.id for each in found.unknown]
            with pytest.raises(mj.JobCancelled):
                await found.unknown[0]
            assert 1 == held(pool, "mjproxy")
        assert 1 == submits(sim)

    run(story())
