"""Submits whose answer was lost: told in fixed words, the slot held for exactly the quarantine, nothing sent again."""

import asyncio
import time

import pytest

import mjasync as mj
from mjasync.testing import Sim, run
from mjasync.testing.clock import EPOCH
from tests.journeys.lives import PROVIDERS, freed, held, life, now, submits, world

#: The ways in which an answer gets lost; in the first one nothing was accepted.
LOSSES = ["drop", "lose_answer", "garbage", "empty", "no_id", "lost_status"]
#: Provider, options, seconds: reliability.md §1.4, 2.
LENGTHS = [
    ("ttapi", {}, 450),
    ("ttapi", {"mode": "turbo"}, 450),
    ("ttapi", {"mode": "relax"}, 750),
    ("ttapi", {"timeout": 1200}, 1350),
    ("ttapi", {"timeout": 1200, "mode": "relax"}, 1350),
    ("mjproxy", {}, 900),
    ("mjproxy", {"mode": "turbo"}, 900),
    ("mjproxy", {"mode": "relax"}, 3900),
]


def shown(at):
    return time.strftime("%H:%M:%S", time.localtime(EPOCH + at))


@pytest.mark.fault("N06")
@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("loss", LOSSES)
def test_without_a_hook_it_is_told_at_once_and_not_sent_again(provider, loss):
    async def story():
        sim, accounts = world(provider)
        sim.inject(loss, on="submit")
        async with mj.Pool(*accounts) as pool:
            job = pool.imagine("a cat")
            with pytest.raises(mj.SubmitOutcomeUnknown) as caught:
                await job
            assert now() < 1
            assert ("unknown", False, job) == (caught.value.charged, caught.value.retryable, caught.value.job)
            assert (mj.Phase.LOST, 1, None) == (job.phase, held(pool, provider), job.ticket)
            await asyncio.sleep(4000)
            assert 0 == held(pool, provider)
        assert 1 == submits(sim)

    run(story())


@pytest.mark.parametrize("kept", [False, True])
def test_the_words_are_fixed(kept, tmp_path):
    async def story():
        sim, accounts = world("ttapi", max_jobs=7)
        sim.inject("lose_answer", on="submit")
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db") if kept else None) as pool:
            await asyncio.sleep(100)
            job = pool.imagine("a cat")
            with pytest.raises(mj.SubmitOutcomeUnknown) as caught:
                await job
            at = now()
        what, *rest = str(caught.value).splitlines()
        assert (
            f"The request for job {job.id} left this machine at {shown(at)} and no usable answer came back "
            "(connection reset after the request (a scripted fault))." == what
        )
        assert (
            "Account 'ttapi' may have accepted it and may charge for it. mjasync has not sent it again. "
            f"One of 7 slots stays reserved until {shown(at + 450)}." == caught.value.why
        )
        shell, python = f"`mjasync reconcile {job.id} --journal ", f"`await pool.reconcile('{job.id}', ...)` with "
        assert [kept, not kept] == [words in caught.value.hint for words in (shell, python)]
        assert "callback" not in caught.value.hint, "nobody was asked to call back"
        assert rest

    run(story())


@pytest.mark.fault("P21", "N06")
@pytest.mark.parametrize(("provider", "options", "seconds"), LENGTHS, ids=str)
def test_the_slot_is_held_for_the_whole_quarantine_and_not_longer(provider, options, seconds):
    async def story():
        sim, accounts = world(provider)
        sim.inject("lose_answer", on="submit")
        async with mj.Pool(*accounts) as pool:
            job = pool.imagine("a cat", **options)
            await job.ended()
            begun = now()
            assert seconds - 1 <= await freed(pool, provider) - begun <= seconds + 1
            assert mj.Phase.LOST is job.phase

    run(story())


@pytest.mark.fault("P21")
@pytest.mark.parametrize("provider", PROVIDERS)
def test_ten_of_them_hold_ten_slots_and_the_eleventh_job_waits(provider):
    async def story():
        sim, accounts = world(provider)
        sim.inject("lose_answer", on="submit", times=10)
        async with mj.Pool(*accounts) as pool:
            lost = [pool.imagine(f"cat {n}") for n in range(10)]
            await asyncio.gather(*(job.ended() for job in lost))
            assert {mj.SubmitOutcomeUnknown} == {type(job.exception()) for job in lost}
            assert (10, 10) == (held(pool, provider), pool.stats().lost)
            assert f"{provider} 10/10" in repr(pool)
            begun = now()
            assert (await pool.imagine("the eleventh")).images
            assert now() - begun >= {"ttapi": 450, "mjproxy": 900}[provider]
            assert 10 == pool.ledger().total.possible.jobs
        assert (11, 10) == (submits(sim), sim.ledger.peak_running[provider])

    run(story())


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_step_after_it_is_never_sent(provider):
    async def story():
        sim, accounts = world(provider)
        sim.inject("lose_answer", on="submit")
        async with mj.Pool(*accounts) as pool:
            step = pool.imagine("a cat").upscale(1)
            with pytest.raises(mj.ParentFailed) as caught:
                await step
            assert isinstance(caught.value.__cause__, mj.SubmitOutcomeUnknown)
            assert "no" == caught.value.charged
        assert 1 == submits(sim)

    run(story())


@pytest.mark.parametrize("public_url", [None, "https://me.example/hook"])
@pytest.mark.parametrize("chained", [False, True])
def test_closing_never_waits_for_a_quarantine(public_url, chained, tmp_path):
    async def story():
        sim = Sim(seed=1)
        sim.inject("drop", on="submit", match="lost")
        async with mj.Pool(sim.ttapi(), journal=str(tmp_path / "jobs.db"), public_url=public_url) as pool:
            lost = pool.imagine("lost")
            last = lost.upscale(1) if chained else lost
            await pool.imagine("found").accepted()
            await asyncio.sleep(10)
        assert now() < 120, "the other job is waited for"
        assert isinstance(lost.exception(), mj.SubmitOutcomeUnknown)
        assert isinstance(last.exception(), mj.SubmitOutcomeUnknown | mj.ParentFailed | mj.PoolClosed)

    run(story())


def test_a_deadline_of_a_job_in_hope_is_told_in_time():
    async def story():
        sim = Sim(seed=1)
        sim.inject("drop", on="submit")
        async with mj.Pool(sim.ttapi(), public_url="https://me.example/hook") as pool:
            job = pool.imagine("lost", deadline=30)
            with pytest.raises(mj.DeadlineExceeded):
                await job
            assert (30, 1) == (pytest.approx(now()), held(pool, "ttapi"))

    run(story())


def test_life_goes_on_around_it(tmp_path):
    async def story():
        sim, accounts = world("ttapi", max_jobs=2)
        sim.inject("lose_answer", on="submit", match="lost")
        async with life(tmp_path / "jobs.db", *accounts) as pool:
            lost = pool.imagine("lost")
            results = await asyncio.gather(*(pool.imagine(f"cat {n}") for n in range(4)))
            assert 4 == len({result.image for result in results})
            assert isinstance(lost.exception(), mj.SubmitOutcomeUnknown)
        assert 2 == sim.ledger.peak_running["ttapi"]

    run(story())
