"""Quarantine: who is asked meanwhile, what counts as news, and when the slot is free."""

import asyncio
import json

import pytest
from attrs import evolve

import mjasync as mj
from mjasync.core import patience
from mjasync.core.wire import HttpResponse
from mjasync.testing import Sim, run
from tests.flow.stories import Relay, done, ended, listened, taken
from tests.journeys.lives import freed, held, now, until

HOOK = "https://me.example"
RUNNING = {"status": "IN_PROGRESS", "progress": "31%"}


def tagged(account, **options):
    return mj.Pool(account, public_url=HOOK, **options)


def test_a_job_without_id_or_token_is_only_waited_out():
    async def story():
        sim = Sim(seed=1)
        sim.inject("lose_answer", on="submit")
        account, ear = listened(sim.ttapi())
        async with mj.Pool(account) as pool:
            await ended(pool.imagine("a cat"))
            sent = len(ear.sent)
            assert 450 == pytest.approx(await freed(pool, "ttapi"), abs=2)
            assert sent == len(ear.sent)

    run(story())


@pytest.mark.fault("P01")
def test_a_job_with_an_id_is_looked_at_once_a_minute():
    async def story():
        relay = Relay({"imagine": taken("11")}, {})
        async with relay.pool() as pool:
            job = pool.imagine("a cat")
            await ended(job)
            begun, looks = now(), len(relay.sent)
            await freed(pool, "mjproxy")
            assert (now() - begun) // 60 == pytest.approx(len(relay.sent) - looks, abs=2)

    run(story())


def test_an_account_that_asked_to_be_left_alone_is():
    async def story():
        relay = Relay({"imagine": taken("11")}, {})
        async with relay.pool() as pool:
            await ended(pool.imagine("a cat"))
            watch = pool._desk._watch
            (rounds,) = watch._rounds.values()
            rounds._pace.refused(now(), 200.0)
            looks = len(relay.sent)
            await asyncio.sleep(199)
            assert looks == len(relay.sent)
            await asyncio.sleep(100)
            assert looks < len(relay.sent)
            await pool.aclose()

    run(story())


@pytest.mark.parametrize(
    ("told", "phase"),
    [
        (RUNNING, mj.Phase.RUNNING),
        ({"status": "FAILURE", "failReason": "boom"}, mj.Phase.FAILED),
        (done(), mj.Phase.DONE),
    ],
)
def test_a_sighting_puts_it_back_among_those_that_are_looked_at(told, phase):
    async def story():
        relay = Relay({"imagine": taken("11")}, {})
        async with relay.pool() as pool:
            job = pool.imagine("a cat")
            error = await ended(job)
            relay.tasks["11"] = [told]
            await asyncio.sleep(125)
            assert phase is job.phase
            assert (phase is mj.Phase.RUNNING) is (held(pool, "mjproxy") == 1)
            assert error is job.exception(), "what was told stays told"

    run(story())


def test_that_it_still_runs_is_no_news_of_a_job_that_was_given_up_for_running_so_long():
    async def story():
        relay = Relay({"imagine": taken("11")}, {"11": [RUNNING]})
        async with relay.pool() as pool:
            job = pool.imagine("a cat")
            await ended(job)
            await freed(pool, "mjproxy")
            await asyncio.sleep(1000)
            assert mj.Phase.LOST is job.phase
            relay.tasks["11"] = [done()]
            await asyncio.sleep(61)
            assert job.late.images

    run(story())


@pytest.mark.parametrize("provider", ["ttapi", "mjproxy"])
def test_a_lost_blend_is_found_by_its_token_though_it_has_no_prompt(provider, tmp_path):
    async def story():
        sim = Sim(seed=1)
        account = getattr(sim, provider)()
        async with tagged(account) as pool:
            grid = await pool.imagine("a cat")
            await grid.save(tmp_path / "cat.png")
            sim.inject("lose_answer", on="submit")
            blend = pool.blend([(tmp_path / "cat.png").read_bytes()] * 2)
            if provider == "ttapi":
                assert (await blend).images
            else:
                assert isinstance(await ended(blend), mj.SubmitOutcomeUnknown)

    run(story())


def test_every_row_is_looked_at_once_and_a_few_of_a_page():
    async def story():
        sim = Sim(seed=1, speed=100)
        account, ear = listened(sim.ttapi())
        async with mj.Pool(account) as other:
            await other.batch([f"cat {n}" for n in range(60)])
        async with tagged(account) as pool:
            sim.inject("drop", on="submit")
            looked = len(ear.to("/fetch")) - len(ear.to("fetch-list"))
            job = pool.imagine("a cat")
            await ended(job)
            looks = len(ear.to("/fetch")) - len(ear.to("fetch-list")) - looked
            assert 60 <= looks <= 65, "the first 20, then 20 more at each sweep, none twice"
            assert "never showed it" in job.exception().why

    run(story())


class Endless:
    """A TTAPI whose list has no end; everything else is the simulator's."""

    def __init__(self, inner):
        self.inner, self.pages = inner, 0

    async def send(self, request):
        if "fetch-list" not in request.url:
            return await self.inner.send(request)
        self.pages += 1
        rows = [{"job_id": f"{self.pages}-{n}", "action": "imagine", "prompt": "x"} for n in range(patience.SWEEP_ROWS)]
        body = json.dumps({"status": "SUCCESS", "message": "success", "data": rows}).encode()
        return HttpResponse(status=200, body=body)

    async def aclose(self):
        await self.inner.aclose()


def test_a_list_without_an_end_is_not_read_to_it_and_is_no_hint():
    async def story():
        sim = Sim(seed=1)
        sim.inject("drop", on="submit")
        account = sim.ttapi()
        endless = Endless(account.transport)
        async with tagged(evolve(account, transport=endless)) as pool:
            job = pool.imagine("a cat")
            await ended(job)
            assert "never showed it" not in job.exception().why
            assert 5 * 4 * patience.SWEEP_PAGES >= endless.pages > 0

    run(story())


def test_whoever_was_told_early_hears_no_more_when_it_is_found():
    async def story():
        sim = Sim(seed=1)
        sim.inject("lose_answer", on="submit")
        async with tagged(sim.ttapi()) as pool:
            job = pool.imagine("a cat", deadline=5)
            assert isinstance(await ended(job), mj.DeadlineExceeded)
            await asyncio.sleep(200)
            assert job.late.images
            assert 0 == held(pool, "ttapi")

    run(story())


def test_closing_in_the_middle_of_a_sweep_is_no_matter():
    async def story():
        sim = Sim(seed=1, latency=3)
        sim.inject("lose_answer", on="submit")
        pool = tagged(sim.ttapi())
        job = pool.imagine("a cat")
        await until(lambda: sim.ledger.requests["ttapi.fetch-list"], every=0.1)
        await pool.aclose()
        assert isinstance(job.exception(), mj.SubmitOutcomeUnknown)

    run(story())


def test_a_bell_that_nobody_waits_for_is_no_matter():
    async def story():
        sim = Sim(seed=1)
        async with mj.Pool(sim.ttapi()) as pool:
            job = pool.imagine("a cat")
            await job.accepted()
            pool._desk.look_up(job.id)
            assert (await job).images
        assert 1 == sim.ledger.accepted

    run(story())


def test_whoever_waits_here_looks_up_when_a_bell_rings():
    async def story():
        sim = Sim(seed=1)
        sim.inject("lose_answer", on="submit")
        async with tagged(sim.ttapi()) as pool:
            job = pool.imagine("a cat")
            await asyncio.sleep(5)
            await pool.reconcile(job, declare_lost=True)
            await asyncio.sleep(0.01)
            assert (0, True) == (held(pool, "ttapi"), job.done())
        assert 0 == sim.ledger.requests["ttapi.fetch-list"]

    run(story())
