"""Looking: seldom, timely, patient with nonsense, and never the reason why a job is lost."""

import asyncio

import pytest

import mjasync as mj
from mjasync.core.wire import HttpResponse
from mjasync.testing import Sim, run
from tests.flow.stories import PROVIDERS, tell


@pytest.mark.fault("H01", "H06", "H17")
@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(
    ("fault", "details"),
    [
        ("lose_answer", {}),
        ("html", {}),
        ("garbage", {}),
        ("refuse_connection", {}),
        ("status", {"status": 500}),
        ("status", {"status": 502}),
        ("status", {"status": 429, "retry_after": 20}),
        ("status", {"status": 401}),
    ],
    ids=str,
)
def test_bad_looks_never_fail_a_job(provider, fault, details):
    async def script(pool, sim):
        job = pool.imagine("a cat")
        await job.accepted()
        # Looks that are refused for a key are a minute apart, and more each time.
        sim.inject(fault, on="fetch", times=4 if details == {"status": 401} else 8, **details)
        assert (await job).images

    assert tell(provider, script).ledger.charged == 1


@pytest.mark.fault("H09", "P01")
@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_job_that_vanishes_is_lost_after_several_looks(provider):
    async def script(pool, sim):
        sim.inject("vanish", on="job")
        job = pool.imagine("a cat")
        with pytest.raises(mj.JobLost) as caught:
            await job
        assert caught.value.charged == "unknown"
        assert job.phase is mj.Phase.LOST
        assert asyncio.get_running_loop().time() > 60
        assert pool.stats().accounts[provider].held == 1
        await asyncio.sleep(1000)
        assert pool.stats().accounts[provider].held == 0

    tell(provider, script)


@pytest.mark.fault("P02")
@pytest.mark.parametrize(("mode", "limit"), [("turbo", 360), ("fast", 360), ("relax", 660)])
def test_without_a_deadline_the_providers_own_time_out_and_a_minute_is_the_limit(mode, limit):
    async def script(pool, sim):
        sim.inject("stuck", on="job")
        job = pool.imagine("a cat", mode=mode)
        with pytest.raises(mj.DeadlineExceeded) as caught:
            await job
        assert limit <= asyncio.get_running_loop().time() <= limit + 2
        assert caught.value.ticket == job.ticket
        assert isinstance(caught.value, TimeoutError)
        assert pool.stats().accounts["ttapi"].held == 1
        await asyncio.sleep(2 * limit + 400)
        assert job.phase is mj.Phase.LOST
        assert pool.stats().accounts["ttapi"].held == 0

    tell("ttapi", script)


def test_a_deadline_counts_from_the_asking_and_the_late_result_is_still_seen():
    async def script(pool, sim):
        running = pool.imagine("a cat", deadline=5)
        held = [pool.imagine("b", deadline=5) for _ in range(12)][-1]
        for job, charged in ((running, "unknown"), (held, "no")):
            with pytest.raises(mj.DeadlineExceeded) as caught:
                await job
            assert caught.value.charged == charged
        assert asyncio.get_running_loop().time() == pytest.approx(5, abs=0.01)
        assert held.ticket is None
        assert held.phase is mj.Phase.FAILED
        await asyncio.sleep(200)
        assert running.phase is mj.Phase.DONE
        assert pool.stats().accounts["ttapi"].held == 0

    assert tell("ttapi", script).ledger.charged == 10


def test_a_deadline_may_outlast_the_providers_limit():
    async def script(pool, sim):
        sim.inject("slow", on="job", factor=12)
        assert (await pool.imagine("a cat", deadline=3600)).images

    tell("ttapi", script)


def test_looks_are_few_and_timely():
    async def script(pool, sim):
        for mode in ("turbo", "fast"):
            await asyncio.gather(*(pool.imagine(f"{mode} {n}", mode=mode) for n in range(60)))
        assert pool.stats().looks_per_job < 11
        lateness = [
            job.result().seconds - (entry.finished_at - entry.accepted_at)
            for job in pool.jobs
            for entry in sim.ledger.jobs
            if entry.id == job.ticket.remote_id
        ]
        assert len(lateness) == 120
        assert sum(lateness) / len(lateness) < 1.6

    tell("ttapi", script, max_jobs=10)


def test_a_much_faster_provider_is_noticed():
    async def story():
        sim = Sim(speed=60)
        async with mj.Pool(sim.ttapi()) as pool:
            loop = asyncio.get_running_loop()
            await pool.imagine("first")
            assert loop.time() < 3
            await asyncio.gather(*(pool.imagine(f"cat {n}") for n in range(10)))
            begun = loop.time()
            await asyncio.gather(*(pool.imagine(f"dog {n}") for n in range(10)))
            assert loop.time() - begun < 2.5

    run(story())


class Emptyhanded:
    """TTAPI that finishes every job without naming a picture, the first `times` times."""

    def __init__(self, times):
        self.left = times

    async def send(self, request):
        if request.url.endswith("/imagine"):
            return HttpResponse(status=200, body=b'{"status":"SUCCESS","message":"","data":{"jobId":"afa774a3-1aee"}}')
        if b"0000-0000" in request.body:
            return HttpResponse(status=404, body=b'{"status":"FAILED","message":"job not found","data":null}')
        self.left -= 1
        image = b'"https://x.example/1.png"' if self.left < 0 else b"null"
        return HttpResponse(status=200, body=b'{"status":"SUCCESS","message":"","data":{"cdnImage":%s}}' % image)

    async def aclose(self):
        pass


@pytest.mark.fault("P06")
def test_a_finished_job_without_a_picture_is_looked_at_again():
    async def story():
        async with mj.Pool(mj.TTAPI("k", transport=Emptyhanded(3))) as pool:
            assert (await pool.imagine("a cat")).image == "https://x.example/1.png"
            assert pool.jobs[0].looks == 4

    run(story())


@pytest.mark.fault("P06")
def test_a_finished_job_that_never_names_a_picture_says_so():
    async def story():
        async with mj.Pool(mj.TTAPI("k", transport=Emptyhanded(99))) as pool:
            with pytest.raises(mj.ProtocolError, match="names no picture") as caught:
                await pool.imagine("a cat")
            assert caught.value.charged == "yes"
            assert pool.jobs[0].looks == 5

    run(story())


@pytest.mark.parametrize("answer", ["system busy, please retry", "Too many requests", ""])
def test_a_look_that_is_refused_in_the_words_of_a_failure_ends_no_job(answer):
    async def script(pool, sim):
        job = pool.imagine("a cat")
        await job.accepted()
        body = f'{{"status":"FAILED","message":"{answer}","data":null}}'
        sim.inject("status", on="fetch", status=200, body=body, times=4)
        assert (await job).images

    assert tell("ttapi", script).ledger.charged == 1


def test_a_failure_that_names_no_job_is_believed_when_it_stays():
    async def script(pool, sim):
        job = pool.imagine("a cat")
        await job.accepted()
        body = '{"status":"FAILED","message":"[Internal error]","data":null}'
        sim.inject("status", on="fetch", status=200, body=body, times=99)
        with pytest.raises(mj.JobFailed, match="Internal error"):
            await job

    tell("ttapi", script)


def test_half_a_minute_of_refused_looks_ends_no_job_and_frees_no_slot():
    async def script(pool, sim):
        sim.inject("slow", on="job", factor=2, times=15)
        jobs = [pool.imagine(f"cat {n}") for n in range(15)]
        await jobs[0].accepted()
        await asyncio.sleep(20)
        body = '{"status":"FAILED","message":"Too many requests, please slow down","data":null}'
        fault = sim.world.inject("status", on="fetch", status=200, body=body, times=10_000)
        await asyncio.sleep(30)
        assert fault.fired > 10
        sim.world._faults = type(sim.world._faults)()
        outcomes = await asyncio.gather(*jobs, return_exceptions=True)
        assert all(isinstance(outcome, mj.Result) for outcome in outcomes)

    assert tell("ttapi", script).ledger.peak_running == {"ttapi": 10}


def test_one_result_without_pictures_does_not_set_the_pace():
    looks = []

    async def script(pool, sim):
        sim.inject("slow", on="job", factor=5)
        job = pool.imagine("a cat", mode="fast", deadline=2000)
        await job.accepted()
        if looks:
            empty = '{"status":"SUCCESS","message":"","data":{}}'
            sim.inject("status", on="fetch", status=200, body=empty, times=1)
        await job
        looks.append(job.looks)

    tell("ttapi", script)
    tell("ttapi", script)
    assert looks[1] <= looks[0] + 5
