"""Answers that are whole at once, free requests among the paid ones, and pictures that take their time."""

import asyncio

import pytest

import mjasync as mj
from mjasync.sim.png import encode
from mjasync.testing import Sim, run
from tests.flow.stories import MASK, Relay, done, ended, envelope, listened, taken, tell

RED = encode(2, 2, bytes((200, 0, 0) * 4))


def test_an_upload_is_done_with_its_answer():
    links = ["https://x.example/1.png", "https://x.example/2.png"]
    answers = [envelope(code=1, description="ok", result=result) for result in (links, links[:1])]
    relay = Relay({"upload-discord-images": answers})

    async def story():
        async with relay.pool() as pool:
            job = pool.upload([RED, RED])
            result = await job
            assert (list(result.images), job.looks) == (links, 0)
            assert result.ticket == mj.Ticket("mjproxy", f"upload-{job.id}")
            assert pool.job(str(result.ticket)) is job
            other = await pool.upload([RED])
            assert other.ticket != result.ticket
            assert pool.stats().accounts["mjproxy"].held == 0

    run(story())


@pytest.mark.parametrize("answer", [envelope(code=1, result=[]), envelope(code=1, result=["x"]), envelope(code=1)])
def test_an_upload_whose_answer_names_nothing_is_unclear_and_not_sent_again(answer):
    relay = Relay({"upload-discord-images": answer})

    async def story():
        async with relay.pool() as pool:
            error = await ended(pool.upload([RED]))
            assert (type(error), error.charged) == (mj.SubmitOutcomeUnknown, "unknown")

    run(story())
    assert len(relay.to("upload")) == 1


def test_a_free_seed_that_gets_no_answer_is_asked_for_again_and_then_unreachable():
    async def script(pool, sim):
        single = await pool.imagine("a cat").upscale(1)
        sim.inject("lose_answer", on="free", times=2)
        assert (await single.get_seed()).seed.isdigit()
        sim.inject("lose_answer", on="free", times=999)
        error = await ended(single.get_seed())
        assert (type(error), error.charged) == (mj.Unreachable, "no")
        assert pool.stats().accounts["mjproxy"].held == 0

    assert tell("mjproxy", script, profile="plus").ledger.charged == 2


def test_a_paid_seed_that_gets_no_answer_is_unknown():
    async def script(pool, sim):
        single = await pool.imagine("a cat").upscale(1)
        sim.inject("lose_answer", on="submit")
        error = await ended(single.get_seed())
        assert (type(error), error.charged) == (mj.SubmitOutcomeUnknown, "unknown")

    ledger = tell("ttapi", script).ledger
    assert ledger.requests["ttapi.seed"] == 1


def test_a_job_that_is_withdrawn_while_its_picture_is_read_is_not_sent():
    async def story():
        sim = Sim(seed=1)
        account, ear = listened(sim.mjproxy())
        async with mj.Pool(account) as pool:
            grid = await pool.imagine("a cat")
            job = pool.describe(grid.images[0])

            async def cancel(request):
                if "/pictures/" in request.url:
                    assert await job.cancel() == mj.Withdrawn()

            ear.after = cancel
            error = await ended(job)
            assert (type(error), error.charged) == (mj.JobCancelled, "no")
            await asyncio.sleep(10)
            assert (ear.to("describe"), pool.stats().accounts["mjproxy"].held) == ([], 0)

    run(story())


@pytest.mark.parametrize("closing", [True, False])
def test_a_picture_that_takes_too_long_costs_nothing(closing):
    async def story():
        sim = Sim(seed=1)
        account, ear = listened(sim.mjproxy())
        pool = mj.Pool(account)
        grid = await pool.imagine("a cat")
        job = pool.describe(grid.images[0], deadline=None if closing else 5)

        async def dawdle(request):
            if "/pictures/" in request.url:
                await asyncio.sleep(20)

        ear.before = dawdle
        await asyncio.sleep(1)
        if closing:
            await pool.aclose()
        error = await ended(job)
        assert (type(error), error.charged) == (mj.PoolClosed if closing else mj.DeadlineExceeded, "no")
        await asyncio.sleep(100)
        await pool.aclose()
        assert ear.to("describe") == []

    run(story())


def test_a_picture_whose_server_is_away_costs_nothing_and_may_be_asked_for_again():
    async def script(pool, sim):
        grid = await pool.imagine("a cat")
        sim.inject("refuse_connection", on="image", times=9)
        error = await ended(pool.describe(grid.images[0]))
        assert (type(error), error.charged, error.retryable) == (mj.Unreachable, "no", True)
        assert pool.stats().accounts["mjproxy"].held == 0

    assert tell("mjproxy", script).ledger.charged == 1


def test_a_chain_goes_where_all_of_it_can_be_done():
    async def story():
        sim = Sim(seed=1)
        async with mj.Pool(sim.ttapi(), sim.mjproxy()) as pool:
            zooms = [pool.imagine(f"cat {n}").upscale(1).zoom(1.8) for n in range(4)]
            assert {(await job).ticket.account for job in zooms} == {"mjproxy"}
        assert sim.ledger.charged == 12

    run(story())


@pytest.mark.fault("H11")
def test_an_action_may_be_answered_with_the_job_that_it_made_before():
    grid = done(buttons=[{"customId": "MJ::JOB::upsample::1::abc", "label": "U1"}])
    relay = Relay({"imagine": taken("11"), "action": taken("22", code=21)}, {"11": grid, "22": done()})

    async def story():
        async with relay.pool() as pool:
            result = await pool.imagine("a cat")
            first, again = await result.upscale(1), await result.upscale(1)
            assert first.ticket == again.ticket == mj.Ticket("mjproxy", "22")
            assert pool.job("mjproxy:22").id == first.job_id

    run(story())
    assert relay.to("modal") == []


def test_a_mask_is_no_trouble_for_the_slot():
    async def script(pool, sim):
        single = await pool.imagine("a cat").upscale(1)
        jobs = [single.vary_region(MASK, f"hat {n}") for n in range(12)]
        assert all(result.images for result in await asyncio.gather(*jobs))

    ledger = tell("mjproxy", script, speed=10).ledger
    assert (ledger.charged, ledger.violations, set(ledger.windows.values())) == (14, [], {1})
    assert ledger.peak_running["mjproxy"] <= 10
