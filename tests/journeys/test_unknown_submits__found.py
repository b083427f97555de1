"""Lost and found: jobs that a provider forgot, never ended, failed by mistake, or took back."""

import asyncio

import pytest

import mjasync as mj
from mjasync.testing import Sim, run
from tests.flow.stories import Relay, done, ended, listened, taken
from tests.journeys.lives import freed, held, life, now, world

FAILURE = {"status": "FAILURE", "progress": "100%", "failReason": "boom"}
RUNNING = {"status": "IN_PROGRESS", "progress": "31%"}


@pytest.mark.fault("P01", "H09")
def test_a_job_that_the_provider_forgot_comes_alive_on_a_sighting():
    async def story():
        relay = Relay({"imagine": taken("11")}, {})
        async with relay.pool() as pool:
            job = pool.imagine("a cat")
            with pytest.raises(mj.JobLost):
                await job
            assert (mj.Phase.LOST, 1) == (job.phase, held(pool, "mjproxy"))
            relay.tasks["11"] = [RUNNING]
            await asyncio.sleep(61)
            assert mj.Phase.RUNNING is job.phase
            relay.tasks["11"] = [done()]
            await asyncio.sleep(61)
            assert (mj.Phase.DONE, 0) == (job.phase, held(pool, "mjproxy"))
            assert job.late.images
            assert isinstance(job.exception(), mj.JobLost)
        assert 1 == len(relay.to("imagine"))

    run(story())


@pytest.mark.fault("P01")
def test_it_may_come_alive_within_a_day_after_its_slot_was_given_up():
    async def story():
        relay = Relay({"imagine": taken("11")}, {})
        async with relay.pool() as pool:
            job = pool.imagine("a cat")
            await ended(job)
            assert 890 <= await freed(pool, "mjproxy") <= 910
            await asyncio.sleep(80_000)
            relay.tasks["11"] = [done()]
            await asyncio.sleep(61)
            assert job.late.images
            looks = len(relay.sent)
            await asyncio.sleep(10_000)
            assert looks == len(relay.sent), "it is over"

    run(story())


@pytest.mark.fault("P01")
def test_after_a_day_nobody_looks_any_more():
    async def story():
        relay = Relay({"imagine": taken("11")}, {})
        async with relay.pool() as pool:
            await ended(pool.imagine("a cat"))
            await asyncio.sleep(90_000)
            looks = len(relay.sent)
            assert looks < 1600, "once a minute at most"
            await asyncio.sleep(10_000)
            assert looks == len(relay.sent)

    run(story())


@pytest.mark.fault("P01")
def test_one_that_comes_alive_after_its_slot_was_lent_again_takes_one_beyond_the_cap():
    async def story():
        relay = Relay({"imagine": [taken("11"), taken("12")]}, {"12": [RUNNING]})
        async with relay.pool(max_jobs=1) as pool:
            first = pool.imagine("a cat")
            await ended(first)
            await freed(pool, "mjproxy")
            second = pool.imagine("a dog", deadline=5000)
            await second.accepted()
            relay.tasks["11"] = [RUNNING]
            await asyncio.sleep(61)
            assert (mj.Phase.RUNNING, 2) == (first.phase, held(pool, "mjproxy"))
            relay.tasks = {"11": [done()], "12": [done()]}
            assert (await second).images
            await asyncio.sleep(61)
            assert 0 == held(pool, "mjproxy")
            assert first.late.images

    run(story())


@pytest.mark.fault("P02")
def test_a_job_that_never_ends_is_given_up_and_its_late_success_is_kept(tmp_path):
    async def story():
        sim, (account,) = world("ttapi")
        sim.inject("slow", on="job", factor=40)
        async with life(tmp_path / "jobs.db", account) as pool:
            job = pool.imagine("a cat")
            with pytest.raises(mj.DeadlineExceeded):
                await job
            assert (pytest.approx(360, abs=2), 1) == (now(), held(pool, "ttapi"))
            assert 900 <= await freed(pool, "ttapi") <= 961, "twice the provider's time-out and 300 s"
            assert mj.Phase.LOST is job.phase
            end = sim.world.jobs[job.ticket.remote_id].finished_at
            assert end > 1000
            await asyncio.sleep(end - now() + 61)
            assert job.late.images
            assert mj.Phase.DONE is job.phase
        async with life(tmp_path / "jobs.db", account) as pool:
            assert job.late.images == pool.job(job.id).late.images

    run(story())


@pytest.mark.fault("P04")
def test_a_failure_is_looked_at_again_before_it_is_told():
    async def story():
        relay = Relay({"imagine": taken("11")}, {"11": [FAILURE]})
        account, ear = listened(mj.MJProxy("key", base_url="https://relay.example", transport=relay))
        seen = []

        async def when(request):
            if "/task/11/" in request.url:
                seen.append(now())

        ear.after = when
        async with mj.Pool(account) as pool:
            with pytest.raises(mj.JobFailed, match="boom"):
                await pool.imagine("a cat")
        assert 2 == len(seen)
        assert seen[1] - seen[0] >= 2

    run(story())


@pytest.mark.fault("P04")
@pytest.mark.parametrize("then", [[done()], [RUNNING, done()], [RUNNING, FAILURE, RUNNING, done()]])
def test_a_failure_that_is_taken_back_is_a_success(then):
    async def story():
        relay = Relay({"imagine": taken("11")}, {"11": [FAILURE, *then]})
        async with relay.pool() as pool:
            step = pool.imagine("a cat")
            assert (await step).images
            assert step.late is None

    run(story())


@pytest.mark.fault("P05")
def test_a_success_never_changes(tmp_path):
    async def story():
        relay = Relay({"imagine": taken("11")}, {"11": [done(), FAILURE]})
        account = mj.MJProxy("key", base_url="https://relay.example", transport=relay)
        async with mj.Pool(account, journal=str(tmp_path / "jobs.db")) as pool:
            job = pool.imagine("a cat")
            first = await job
            await asyncio.sleep(4000)
            assert (mj.Phase.DONE, first) == (job.phase, await job)
        async with mj.Pool(account, journal=str(tmp_path / "jobs.db")) as pool:
            await pool.recover()
            assert first.images == (await pool.job(job.id)).images
        assert 1 == len(relay.to("/task/11/"))

    run(story())


@pytest.mark.fault("P10")
def test_a_second_job_under_one_id_is_of_unknown_fate_and_nobody_gets_the_others_picture():
    async def story():
        relay = Relay({"imagine": taken("11")}, {"11": [done()]})
        async with relay.pool() as pool:
            first = pool.imagine("a cat")
            assert (await first).images
            with pytest.raises(mj.SubmitOutcomeUnknown, match="belongs to another job"):
                await pool.imagine("a dog")
            assert 1 == held(pool, "mjproxy")

    run(story())


@pytest.mark.fault("P10")
def test_an_id_of_a_job_of_an_earlier_process_is_known_too(tmp_path):
    async def story():
        relay = Relay({"imagine": taken("11")}, {"11": [done()]})
        account = mj.MJProxy("key", base_url="https://relay.example", transport=relay)
        async with mj.Pool(account, journal=str(tmp_path / "jobs.db")) as pool:
            await pool.imagine("a cat")
        async with mj.Pool(account, journal=str(tmp_path / "jobs.db")) as pool:
            with pytest.raises(mj.SubmitOutcomeUnknown, match="belongs to another job"):
                await pool.imagine("a dog")

    run(story())


def test_an_adopted_job_that_vanishes_is_lost_once_more():
    async def story():
        sim = Sim(seed=1)
        sim.inject("lose_answer", on="submit")
        sim.inject("vanish", on="job", after=20)
        async with mj.Pool(sim.ttapi(), public_url="https://me.example") as pool:
            job = pool.imagine("a cat")
            await job.accepted()
            with pytest.raises(mj.JobLost):
                await job
            assert mj.Phase.LOST is job.phase
            await freed(pool, "ttapi")
            assert 450 <= now() <= 460

    run(story())
