"""A person decides about a job of unknown fate: adopt what it became, call it lost, or pay for it again."""

import asyncio

import pytest

import mjasync as mj
from mjasync.testing import Sim, run
from tests.journeys.lives import held, life, now, submits, world


async def lost_job(pool, sim, provider, prompt="a cat", **options):
    """A job whose answer was lost, and the provider's id of what it became."""
    sim.inject("lose_answer", on="submit", match=prompt)
    job = pool.imagine(prompt, account=provider, **options)
    with pytest.raises(mj.SubmitOutcomeUnknown):
        await job
    return job, sim.ledger.booked(provider)[-1].id


@pytest.mark.parametrize("provider", ["ttapi", "mjproxy"])
@pytest.mark.parametrize("seconds", [0, 1000])
def test_adopting_the_right_id_brings_the_late_result(provider, seconds, tmp_path):
    async def story():
        sim, accounts = world(provider)
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db")) as pool:
            job, remote_id = await lost_job(pool, sim, provider)
            await asyncio.sleep(seconds)
            assert job is await pool.reconcile(job, adopt=f" {remote_id} ")
            assert mj.Ticket(provider, remote_id) == job.ticket
            await asyncio.sleep(200)
            assert (mj.Phase.DONE, 0) == (job.phase, held(pool, provider))
            assert job.late.images
            assert isinstance(job.exception(), mj.SubmitOutcomeUnknown), "what was told stays told"
            assert 1 == pool.ledger().total.done
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db")) as pool:
            assert job.late.images == pool.job(str(job.ticket)).late.images
        assert 1 == submits(sim)

    run(story())


def test_adopting_a_job_that_failed_frees_the_slot():
    async def story():
        sim = Sim(seed=1)
        sim.inject("fail", on="job", reason="boom")
        async with mj.Pool(sim.ttapi()) as pool:
            job, remote_id = await lost_job(pool, sim, "ttapi")
            await asyncio.sleep(200)
            await pool.reconcile(job.id, adopt=remote_id)
            await asyncio.sleep(30)
            assert (mj.Phase.FAILED, 0, None) == (job.phase, held(pool, "ttapi"), job.late)

    run(story())


@pytest.mark.parametrize("wrong", ["unknown-id", "", "   ", "theirs"])
def test_a_wrong_id_is_refused_and_changes_nothing(wrong):
    async def story():
        sim = Sim(seed=1)
        async with mj.Pool(sim.ttapi()) as pool:
            ours = await pool.imagine("a dog")
            job, _ = await lost_job(pool, sim, "ttapi")
            given = ours.ticket.remote_id if wrong == "theirs" else wrong
            said = {"theirs": ours.job_id, "unknown-id": "does not know"}.get(wrong, "cannot be adopted")
            with pytest.raises(mj.ConfigError, match=said):
                await pool.reconcile(job, adopt=given)
            assert (mj.Phase.LOST, None, 1) == (job.phase, job.ticket, held(pool, "ttapi"))

    run(story())


@pytest.mark.fault("P10")
def test_the_id_of_another_job_of_an_earlier_process_is_refused_too(tmp_path):
    async def story():
        sim, accounts = world("ttapi")
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db")) as pool:
            ours = await pool.imagine("a dog")
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db")) as pool:
            job, _ = await lost_job(pool, sim, "ttapi")
            with pytest.raises(mj.ConfigError, match=ours.job_id):
                await pool.reconcile(job, adopt=ours.ticket.remote_id)

    run(story())


def test_a_provider_that_is_down_is_said_so_and_nothing_is_adopted():
    async def story():
        sim = Sim(seed=1)
        async with mj.Pool(sim.ttapi()) as pool:
            job, remote_id = await lost_job(pool, sim, "ttapi")
            sim.inject("status", on="fetch", times=10**9, status=503)
            with pytest.raises(mj.MJError, match="503"):
                await pool.reconcile(job, adopt=remote_id)
            assert mj.Phase.LOST is job.phase

    run(story())


@pytest.mark.parametrize("provider", ["ttapi", "mjproxy"])
def test_declaring_it_lost_frees_the_slot_at_once(provider):
    async def story():
        sim = Sim(seed=1)
        async with mj.Pool(getattr(sim, provider)(max_jobs=1)) as pool:
            job, _ = await lost_job(pool, sim, provider)
            waiting = pool.imagine("a dog")
            await asyncio.sleep(200)
            assert (1, mj.Phase.HELD) == (held(pool, provider), waiting.phase)
            begun = now()
            assert job is await pool.reconcile(job, declare_lost=True)
            await waiting.accepted()
            assert now() - begun < 1
            assert mj.Phase.LOST is job.phase

    run(story())


def test_one_that_was_declared_lost_can_be_adopted_still():
    async def story():
        sim = Sim(seed=1)
        async with mj.Pool(sim.ttapi()) as pool:
            job, remote_id = await lost_job(pool, sim, "ttapi")
            await pool.reconcile(job, declare_lost=True)
            await asyncio.sleep(0.01)
            assert 0 == held(pool, "ttapi")
            await pool.reconcile(job, adopt=remote_id)
            await asyncio.sleep(1)
            assert 1 == held(pool, "ttapi"), "it runs after all"
            await asyncio.sleep(200)
            assert job.late.images
            assert 0 == held(pool, "ttapi")

    run(story())


@pytest.mark.parametrize("provider", ["ttapi", "mjproxy"])
def test_sending_it_again_needs_consent_and_is_counted(provider, tmp_path):
    async def story():
        sim, accounts = world(provider)
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db")) as pool:
            job, _ = await lost_job(pool, sim, provider, key="order-1", mode="turbo")
            with pytest.raises(mj.ConfigError, match="second charge"):
                await pool.reconcile(job, resubmit=True)
            assert 1 == submits(sim)
            again = await pool.reconcile(job, resubmit=True, accept_double_charge=True)
            assert (job.prompt, job.mode, None) == (again.prompt, again.mode, again.spec.key)
            assert again.id != job.id
            assert (await again).images
            await asyncio.sleep(0.01)
            assert (1, 1) == (pool.ledger().total.resubmits, pool.ledger().accounts[provider].resubmits)
            assert 1 == held(pool, provider), "the first one keeps its slot"
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db")) as pool:
            assert 1 == pool.ledger().total.resubmits
        assert (2, 2) == (submits(sim), sim.ledger.charged)

    run(story())


@pytest.mark.parametrize(
    "decision",
    [
        {},
        {"accept_double_charge": True},
        {"adopt": "1", "declare_lost": True},
        {"declare_lost": True, "resubmit": True, "accept_double_charge": True},
    ],
)
def test_one_decision_at_a_time(decision):
    async def story():
        sim = Sim(seed=1)
        async with mj.Pool(sim.ttapi()) as pool:
            job, _ = await lost_job(pool, sim, "ttapi")
            with pytest.raises(mj.ConfigError, match="One decision"):
                await pool.reconcile(job, **decision)

    run(story())


def test_nothing_is_to_be_decided_about_any_other_job(tmp_path):
    async def story():
        sim, (ttapi, relay) = world()
        async with life(tmp_path / "jobs.db", ttapi, relay) as pool:
            running = pool.imagine("a dog")
            await running.accepted()
            with pytest.raises(mj.ConfigError, match="nothing to decide"):
                await pool.reconcile(running, declare_lost=True)
            job, _ = await lost_job(pool, sim, "ttapi")
        async with life(tmp_path / "jobs.db", relay) as pool:
            with pytest.raises(mj.ConfigError, match="does not have"):
                await pool.reconcile(job.id, declare_lost=True)

    run(story())


@pytest.mark.parametrize("how", ["adopt", "declare"])
def test_a_job_in_hope_can_be_decided_about_and_its_awaiter_hears_it_at_once(how):
    async def story():
        sim = Sim(seed=1)
        sim.inject("lose_answer", on="submit")
        async with mj.Pool(sim.ttapi(), public_url="https://me.example") as pool:
            step = pool.imagine("a cat").upscale(1)
            job = step.parent
            await asyncio.sleep(5)
            remote_id = sim.ledger.booked("ttapi")[0].id
            decision = {"adopt": remote_id} if how == "adopt" else {"declare_lost": True}
            await pool.reconcile(job, **decision)
            if how == "adopt":
                assert (await job).images
                assert (await step).images
                assert job.late is None
            else:
                with pytest.raises(mj.SubmitOutcomeUnknown):
                    await job
                with pytest.raises(mj.ParentFailed):
                    await step
                await asyncio.sleep(0.01)
                assert (pytest.approx(5, abs=0.1), 0) == (now(), held(pool, "ttapi"))

    run(story())


def test_a_job_of_an_earlier_process_whose_quarantine_is_over_can_be_decided_about(tmp_path):
    async def story():
        sim, accounts = world("mjproxy")
        async with life(tmp_path / "jobs.db", *accounts) as pool:
            job, remote_id = await lost_job(pool, sim, "mjproxy")
        await asyncio.sleep(86_400)
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db")) as pool:
            again = await pool.reconcile(job.id, adopt=remote_id)
            assert again.late.images
        assert 1 == submits(sim)

    run(story())
