"""What a look at the money from outside found, told through the front door: keys, batches, second tries, words."""

import asyncio

import pytest

import mjasync as mj
from mjasync.testing import Sim, run
from tests.flow.stories import ended
from tests.journeys.flawed import answer, flawed, page

#: Refusals of an account or an address, and whether the same requests go through once that is mended.
REFUSALS = [
    (402, "insufficient quota", mj.QuotaExhausted, True),
    (401, "invalid api key", mj.AuthError, True),
    (403, "forbidden", mj.AuthError, True),
    (400, "Banned prompt detected: gore", mj.PromptRejected, False),
    (400, "Invalid parameter", mj.InvalidRequest, False),
]


async def asked(pool, count=3):
    """One night's work: the same prompts under the same keys; what came of each."""
    jobs = [pool.imagine(f"cat {n}", key=f"k{n}") for n in range(count)]
    return [await ended(job) for job in jobs]


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal[2].__name__)
@pytest.mark.parametrize("kept", [False, True])
def test_a_key_is_free_again_once_the_account_is_mended(refusal, kept, tmp_path):
    status, words, kind, mended = refusal

    async def story():
        account, server = flawed(Sim(seed=3).ttapi())
        journal = tmp_path / "jobs.db" if kept else None
        no = answer(status, status="FAILED", message=words, data=None)
        pool = mj.Pool(account, journal=journal)
        await pool.imagine("a first one", mode="turbo")
        server.flaws["midjourney/v1/imagine"] = no
        assert [kind] * 3 == [type(error) for error in await asked(pool)]
        server.flaws.clear()
        if kept:  # the next night
            await pool.aclose()
            pool = mj.Pool(account, journal=journal)
        again = await asked(pool)
        assert [type(None) if mended else kind] * 3 == [type(error) for error in again]
        before = len(server.to("imagine"))
        await asked(pool)
        assert before == len(server.to("imagine")), "what came of it is the key's for good"
        await pool.aclose()

    run(story())


def test_a_key_without_a_route_is_free_again(tmp_path):
    async def story():
        account, server = flawed(Sim(seed=3).ttapi(), imagine=page(404, "<html>Cannot POST</html>"))
        async with mj.Pool(account, journal=tmp_path / "jobs.db") as pool:
            assert isinstance((await asked(pool, 1))[0], mj.ConfigError)
        server.flaws.clear()
        async with mj.Pool(account, journal=tmp_path / "jobs.db") as pool:
            assert [None] == await asked(pool, 1)

    run(story())


def test_a_key_whose_job_ran_and_failed_stays(tmp_path):
    async def story():
        sim = Sim(seed=3)
        sim.inject("fail", on="job", match="cat 0", times=1, reason="boom")
        async with mj.Pool(sim.ttapi(), journal=tmp_path / "jobs.db") as pool:
            assert isinstance((await asked(pool, 1))[0], mj.JobFailed)
            assert isinstance((await asked(pool, 1))[0], mj.JobFailed)
        assert 1 == sim.ledger.accepted

    run(story())


def test_leaving_a_batch_early_leaves_others_their_jobs():
    async def story():
        async with mj.Pool(Sim(seed=3).ttapi(max_jobs=1)) as pool:
            pool.imagine("first")
            mine = pool.imagine("a", key="k")
            async for outcome in pool.batch([{"prompt": "zz", "priority": 5}, {"prompt": "a", "key": "k"}]):
                assert outcome.ok
                break
            await asyncio.sleep(1)
            assert (await mine).images

    run(story())


def test_a_second_consent_is_told_what_the_first_one_did(tmp_path):
    async def story():
        sim = Sim(seed=3)
        sim.inject("lose_answer", on="submit")
        words, account = {"resubmit": True, "accept_double_charge": True}, sim.ttapi()
        async with mj.Pool(account, journal=tmp_path / "jobs.db") as pool:
            job = pool.imagine("a cat")
            assert isinstance(await ended(job), mj.SubmitOutcomeUnknown)
            again = await pool.reconcile(job, **words)
            await again
        async with mj.Pool(account, journal=tmp_path / "jobs.db") as pool:
            with pytest.raises(mj.ConfigError, match=f"as job {again.id}"):
                await pool.reconcile(job.id, **words)
        assert 2 == sim.ledger.accepted

    run(story())


@pytest.mark.parametrize("own", [None, "https://you.example/hook"])
@pytest.mark.parametrize("public_url", [None, "https://me.example/mj"])
@pytest.mark.parametrize("kept", [False, True])
def test_what_to_do_about_an_unknown_fate_speaks_of_what_there_is(own, public_url, kept, tmp_path):
    async def story():
        sim = Sim(seed=3)
        sim.inject("drop", on="submit")
        journal = tmp_path / "jobs.db" if kept else None
        pool = mj.Pool(sim.mjproxy(), journal=journal, public_url=public_url)
        job = pool.imagine("a cat", **({"hook_url": own} if own else {}))
        while job.phase is not mj.Phase.LOST:  # noqa: ASYNC110  # with a token it is not told before it has expired
            await asyncio.sleep(1)
        hint = pool._desk.books[job.id].failure.hint
        assert bool(kept and (own or public_url)) is ("If a callback arrives" in hint)
        assert kept is ("mjasync reconcile" in hint)
        assert kept is not (f"pool.reconcile('{job.id}'" in hint)
        await pool.aclose()

    run(story())


@pytest.mark.parametrize("address", ["https://me.example/mj?a=b", "https://me.example/mj#x", "https://me.example/mj?"])
def test_a_public_address_is_a_path(address):
    with pytest.raises(mj.ConfigError, match="query or a fragment"):
        mj.Pool(Sim().ttapi(), public_url=address)
