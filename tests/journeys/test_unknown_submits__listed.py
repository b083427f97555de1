"""A submit of unknown fate that carried our token: found in the account's own list, by that token and nothing else."""

import asyncio

import pytest

import mjasync as mj
from mjasync.testing import Sim, run
from tests.flow.stories import listened
from tests.journeys.lives import freed, held, life, now, submits

HOOK = "https://me.example/hook"
HINT = "The account's own list of jobs never showed it, so probably nothing was charged."


def tagged(*accounts, **options):
    return mj.Pool(*accounts, public_url=HOOK, **options)


@pytest.mark.fault("P21", "N06")
@pytest.mark.parametrize("loss", ["lose_answer", "garbage", "empty", "no_id", "lost_status"])
def test_it_is_adopted_and_its_chain_goes_on(loss):
    async def story():
        sim = Sim(seed=1)
        sim.inject(loss, on="submit")
        async with tagged(sim.ttapi()) as pool:
            step = pool.imagine("a cat").upscale(1)
            await asyncio.sleep(14)
            assert (mj.Phase.LOST, False) == (step.parent.phase, step.parent.done())
            ticket = await step.parent.accepted()
            assert 15 <= now() < 20
            result = await step
            assert ticket == result.lineage[0].ticket
            assert (await step.parent).images
        assert (2, 2) == (submits(sim), sim.ledger.charged)

    run(story())


@pytest.mark.fault("P21")
def test_it_is_looked_for_after_15_s_after_60_s_and_then_every_two_minutes():
    async def story():
        sim = Sim(seed=1)
        sim.inject("drop", on="submit")
        account, ear = listened(sim.ttapi())
        asked = []

        async def when(request):
            if "fetch-list" in request.url:
                asked.append(now())

        ear.before = when
        async with tagged(account) as pool:
            job = pool.imagine("a cat")
            await job.ended()
            sweeps = [at for n, at in enumerate(asked) if not n or at - asked[n - 1] > 5]
            assert [15, 60, 180, 300, 420] == [pytest.approx(at, abs=3) for at in sweeps]
            assert now() == pytest.approx(450, abs=1)
            assert HINT in job.exception().why
            assert 0 == held(pool, "ttapi")
        assert 1 == submits(sim)

    run(story())


@pytest.mark.fault("P11", "P21")
@pytest.mark.parametrize("hook", [None, "https://me.example/hook/somebody-elses-token"])
def test_another_job_with_the_same_prompt_is_never_adopted(hook):
    async def story():
        sim = Sim(seed=1)
        account = sim.ttapi()
        sim.inject("drop", on="submit", match=HOOK, times=1)
        async with mj.Pool(account) as other, tagged(account) as pool:
            lost = pool.imagine("a cat")
            await asyncio.sleep(1)
            theirs = [other.imagine("a cat", hook_url=hook) if hook else other.imagine("a cat") for _ in range(3)]
            with pytest.raises(mj.SubmitOutcomeUnknown, match=HINT):
                await lost
            assert lost.ticket is None
            assert all(job.done() for job in theirs)

    run(story())


@pytest.mark.fault("P21")
def test_of_several_with_one_prompt_each_finds_its_own():
    async def story():
        sim = Sim(seed=1)
        sim.inject("lose_answer", on="submit", times=3)
        async with tagged(sim.ttapi()) as pool:
            jobs = [pool.imagine("a cat") for _ in range(5)]
            results = await asyncio.gather(*jobs)
            assert 5 == len({result.ticket for result in results}) == len({result.image for result in results})
        hooks = {job.order.notes["hookUrl"]: job.id for job in sim.ledger.booked("ttapi")}
        assert 5 == len(hooks) == submits(sim)

    run(story())


def test_one_in_a_list_of_hundreds_is_found():
    async def story():
        sim = Sim(seed=1, speed=1000)
        account = sim.ttapi()
        sim.inject("lose_answer", on="submit", match="the one")
        async with mj.Pool(account) as other:
            await other.batch([f"cat {n}" for n in range(150)])
        async with tagged(account) as pool:
            job = pool.imagine("the one")
            assert (await job).images
            assert now() < 1000
        assert 151 == submits(sim)

    run(story())


@pytest.mark.parametrize("answer", [{"status": 404}, {"status": 405}, {"status": 200, "body": "<!doctype html>"}])
def test_where_there_is_no_list_it_is_told_as_soon_as_that_is_known(answer):
    async def story():
        sim = Sim(seed=1)
        sim.inject("lose_answer", on="submit", times=2)
        sim.inject("status", on="fetch", match="fetch-list", times=10**9, **answer)
        async with tagged(sim.ttapi()) as pool:
            begun, first = now(), pool.imagine("a cat")
            with pytest.raises(mj.SubmitOutcomeUnknown) as caught:
                await first
            assert 15 <= now() - begun < 25
            assert HINT not in caught.value.why, "nobody looked"
            assert 450 == pytest.approx(await freed(pool, "ttapi") - begun, abs=3)
            begun, second = now(), pool.imagine("a dog")
            with pytest.raises(mj.SubmitOutcomeUnknown):
                await second
            assert now() - begun < 1, "now it is known before"

    run(story())


def test_a_list_that_is_only_down_is_asked_again():
    async def story():
        sim = Sim(seed=1)
        sim.inject("lose_answer", on="submit")
        down = sim.world.inject("status", on="fetch", match="fetch-list", times=10**9, status=503)
        async with tagged(sim.ttapi()) as pool:
            job = pool.imagine("a cat")
            await asyncio.sleep(150)
            assert (mj.Phase.LOST, False) == (job.phase, job.done())
            down.left = 0
            assert (await job).images
        assert 1 == submits(sim)

    run(story())


def test_a_list_that_was_down_all_the_time_is_no_hint():
    async def story():
        sim = Sim(seed=1)
        sim.inject("lose_answer", on="submit")
        sim.inject("status", on="fetch", match="fetch-list", times=10**9, status=503)
        async with tagged(sim.ttapi()) as pool:
            with pytest.raises(mj.SubmitOutcomeUnknown) as caught:
                await pool.imagine("a cat")
            assert HINT not in caught.value.why

    run(story())


def test_the_relay_has_no_list_so_it_is_told_at_once():
    async def story():
        sim = Sim(seed=1)
        sim.inject("lose_answer", on="submit")
        async with tagged(sim.mjproxy()) as pool:
            with pytest.raises(mj.SubmitOutcomeUnknown):
                await pool.imagine("a cat")
            assert now() < 1

    run(story())


def test_a_users_own_hook_carries_no_token_so_it_is_told_at_once():
    async def story():
        sim = Sim(seed=1)
        sim.inject("lose_answer", on="submit")
        async with tagged(sim.ttapi()) as pool:
            with pytest.raises(mj.SubmitOutcomeUnknown):
                await pool.imagine("a cat", hook_url="https://you.example/own")
            assert now() < 1
        assert ["https://you.example/own"] == [job.order.notes["hookUrl"] for job in sim.ledger.booked("ttapi")]

    run(story())


def test_a_job_that_failed_meanwhile_is_adopted_as_a_failure():
    async def story():
        sim = Sim(seed=1)
        sim.inject("lose_answer", on="submit")
        sim.inject("fail", on="job", at=0.1, reason="boom")
        async with tagged(sim.ttapi()) as pool:
            with pytest.raises(mj.JobFailed, match="boom"):
                await pool.imagine("a cat")
        assert (1, 0) == (submits(sim), sim.ledger.charged)

    run(story())


def test_no_token_is_in_the_journal_nor_in_a_result(tmp_path):
    async def story():
        sim = Sim(seed=1)
        sim.inject("lose_answer", on="submit", match="lost")
        async with life(tmp_path / "jobs.db", sim.ttapi(), sim.mjproxy(), public_url=HOOK) as pool:
            jobs = [pool.imagine("lost", account="ttapi"), pool.imagine("kept", account="mjproxy")]
            results = await asyncio.gather(*jobs)
        hook = sim.ledger.booked("ttapi")[0].order.notes["hookUrl"]
        token = hook.removeprefix(f"{HOOK}/")
        assert 43 == len(token)
        files = b"".join(path.read_bytes() for path in tmp_path.rglob("jobs.db*"))
        assert token.encode() not in files
        assert token not in "".join(str(result.raw) for result in results)

    run(story())
