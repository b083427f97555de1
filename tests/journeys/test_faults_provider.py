"""What providers do on a bad day: failures and successes taken back, clocks that are wrong, lines that are cut."""

import asyncio
from collections import Counter
from itertools import pairwise
from random import Random

import pytest

import mjasync as mj
from mjasync.core.wire import NotSent
from mjasync.testing import Sim, run
from tests.flow.stories import PROVIDERS, Relay, done, listened, taken, tell
from tests.journeys.weather import under

HOUR = 3600.0
FAILED = {"status": "FAILURE", "failReason": "upstream error", "progress": ""}


def told(script, *tasks, **submit):
    """A relay that took job 1, and shows these tasks for it."""
    relay = Relay({"imagine": taken("1", **submit)}, {"1": list(tasks)})

    async def story():
        async with relay.pool() as pool:
            await script(pool)
        return relay

    return run(story())


@pytest.mark.fault("P04")
def test_a_failure_that_is_taken_back_was_none():
    async def script(pool):
        result = await pool.imagine("a cat")
        assert result.images

    relay = told(script, {"status": "IN_PROGRESS", "progress": "50%"}, FAILED, done())

    assert 1 == len(relay.to("submit"))


@pytest.mark.fault("P04")
def test_a_failure_is_told_when_a_later_look_says_so_too():
    async def script(pool):
        job = pool.imagine("a cat")
        await job.accepted()
        with pytest.raises(mj.JobFailed, match="upstream error"):
            await job
        assert job.looks >= 2

    told(script, FAILED)


@pytest.mark.fault("P05")
def test_a_success_that_is_taken_back_stays_one():
    async def script(pool):
        job = pool.imagine("a cat")
        result = await job
        [seen] = await pool.look(job.ticket)
        assert "failed" == seen.status
        assert (job.phase, await job) == (mj.Phase.DONE, result)

    told(script, done(), FAILED)


@pytest.mark.fault("P19")
@pytest.mark.parametrize("at", [0, -1, 1_700_000_000, 4_102_444_800_000, "tomorrow", None], ids=str)
def test_a_providers_clock_is_not_believed(at):
    async def script(pool):
        job = pool.imagine("a cat")
        await job
        assert 0 < job.seconds < 60

    told(script, {"status": "IN_PROGRESS", "startTime": at}, done(submitTime=at, startTime=at, finishTime=at))


@pytest.mark.fault("P22")
@pytest.mark.parametrize(
    ("first", "error"),
    [(done(), None), (FAILED, mj.JobFailed), (FAILED | {"failReason": "banned prompt"}, mj.PromptRejected)],
    ids=["finished", "failed", "banned"],
)
def test_a_job_may_be_over_at_the_first_look(first, error):
    async def script(pool):
        job = pool.imagine("a cat")
        await job.ended()
        assert error is (None if job.exception() is None else type(job.exception()))
        assert asyncio.get_running_loop().time() < 20

    told(script, first)


class Jumping:
    """Every exchange takes 0 to 60 s; no job is asked about twice at once."""

    def __init__(self, ear):
        self.dice, self.flying, self.most = Random(7), Counter(), 0
        ear.before, ear.after = self.begin, self.end

    async def begin(self, request):
        self.flying[request.url, request.body] += 1
        self.most = max(self.most, self.flying[request.url, request.body])
        await asyncio.sleep(self.dice.random() * 60)

    async def end(self, request):
        self.flying[request.url, request.body] -= 1


@pytest.mark.fault("N13", "N14")
@pytest.mark.parametrize("provider", PROVIDERS)
def test_answers_that_take_up_to_a_minute_are_waited_for_one_at_a_time(provider):
    async def story():
        sim = Sim(seed=1)
        account, ear = listened(getattr(sim, provider)())
        jumping = Jumping(ear)
        async with mj.Pool(account) as pool:
            outcomes = await pool.batch([f"prompt {n}" for n in range(15)], deadline=20_000)
            shown = [outcome.error for outcome in outcomes]
        return sim.ledger.charged, jumping.most, shown

    charged, most, errors = run(story())

    assert [None] * 15 == errors
    assert (15, 1) == (charged, most)


@pytest.mark.fault("N15")
@pytest.mark.parametrize("provider", PROVIDERS)
def test_ten_minutes_without_a_network_cost_no_job(provider):
    begin, end = 30.0, 630.0

    def strike(request, now):
        return NotSent("no network") if begin <= now < end else None

    async def story():
        sim = Sim(seed=2)
        account, weather = under(getattr(sim, provider)(), strike)
        async with mj.Pool(account) as pool:
            job = pool.imagine("a cat", mode="relax", deadline=HOUR)
            assert (await job).images
            ended = asyncio.get_running_loop().time()
        looks = [now for now, _ in weather.looks() if begin + 120 < now < end]
        gaps = [later - sooner for sooner, later in pairwise(looks)]
        return sim.ledger.charged, ended, gaps

    charged, ended, gaps = run(story())

    assert 1 == charged
    assert all(25 <= gap <= 61 for gap in gaps), gaps
    assert ended <= end + 61


@pytest.mark.fault("N15")
@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("hours", [1, 8])
def test_the_result_of_a_job_that_outlived_the_network_is_found_within_a_minute(provider, hours):
    begin, end = 20.0, 20.0 + hours * HOUR

    def strike(request, now):
        return NotSent("no network") if begin <= now < end else None

    async def story():
        sim = Sim(seed=2)
        account, _ = under(getattr(sim, provider)(), strike)
        pool = mj.Pool(account)
        job = pool.imagine("a cat")
        await job.accepted()
        await job.ended()
        assert type(job.exception()) in (mj.DeadlineExceeded, mj.JobLost)
        assert job.exception().charged == "unknown"
        await asyncio.sleep(end + 61 - asyncio.get_running_loop().time())
        found = job.phase
        await pool.aclose()
        return sim.ledger.charged, found

    assert (1, mj.Phase.DONE) == run(story())


@pytest.mark.fault("U13")
@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_quota_that_ends_in_a_batch_ends_what_was_not_sent_and_nothing_else(provider):
    async def script(pool, sim):
        batch = pool.batch([f"prompt {n}" for n in range(30)])
        await asyncio.gather(*(job.accepted() for job in batch.jobs[:10]))
        empty = sim.world.inject("status", on="submit", status=402, times=99)
        outcomes = await batch
        assert [True] * 10 == [outcome.ok for outcome in outcomes[:10]]
        assert {mj.QuotaExhausted} == {type(outcome.error) for outcome in outcomes[10:]}
        assert {"no"} == {outcome.error.charged for outcome in outcomes[10:]}
        assert empty.fired <= 10, "the others were not sent into the same refusal"

    assert 10 == tell(provider, script).ledger.charged


@pytest.mark.fault("U14", "W03")
@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("hook", ["http://10.0.0.1/hook", "https://nobody.invalid/hook"])
def test_a_hook_that_nobody_hears_delays_nothing(provider, hook):
    async def script(pool, sim):
        heard = pool.imagine("a cat", hook_url=hook)
        plain = pool.imagine("a cat")
        await asyncio.gather(heard.wait(), plain.wait())
        assert heard.seconds < 120

    assert 2 == tell(provider, script).ledger.charged
