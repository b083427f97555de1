"""Reconciling: every door of `Pool.reconcile`; whole stories are in tests/journeys/test_unknown_submits__reconciled."""

import asyncio

import pytest

import mjasync as mj
from mjasync.testing import run
from tests.flow.stories import Relay, done, ended, taken
from tests.journeys.lives import held, life, world

LOST = {"imagine": {"code": 5, "description": "connection lost"}}


def decided(tasks, **decision):
    """What became of a lost job after a decision: the error or None, the job's phase, slots held."""
    relay = Relay(LOST, tasks)

    async def story():
        async with relay.pool() as pool:
            job = pool.imagine("a cat")
            assert isinstance(await ended(job), mj.SubmitOutcomeUnknown)
            error = None
            try:
                await pool.reconcile(job.id, **decision)
            except mj.MJError as exc:
                error = exc
            await asyncio.sleep(0.01)
            return error, job.phase, held(pool, "mjproxy"), job.ticket

    return run(story())


def test_an_adopted_job_that_is_done():
    assert (None, mj.Phase.DONE, 0, mj.Ticket("mjproxy", "11")) == decided({"11": [done()]}, adopt="11")


def test_an_adopted_job_that_runs_keeps_the_slot():
    running = {"status": "IN_PROGRESS", "progress": "31%"}

    assert (None, mj.Phase.RUNNING, 1, mj.Ticket("mjproxy", "11")) == decided({"11": [running]}, adopt="11")


def test_an_adopted_job_that_seems_to_have_failed_is_looked_at_again():
    error, phase, _, ticket = decided({"11": [{"status": "FAILURE", "failReason": "boom", "id": "11"}]}, adopt="11")

    assert (None, mj.Ticket("mjproxy", "11")) == (error, ticket)
    assert phase in (mj.Phase.FAILED, mj.Phase.QUEUED)


@pytest.mark.parametrize("adopt", ["11", "", " ", "../11"])
def test_an_id_that_nobody_knows(adopt):
    error, phase, slots, ticket = decided({}, adopt=adopt)

    assert isinstance(error, mj.ConfigError)
    assert (mj.Phase.LOST, 1, None) == (phase, slots, ticket)


def test_declared_lost():
    assert (None, mj.Phase.LOST, 0, None) == decided({}, declare_lost=True)


@pytest.mark.parametrize("decision", [{}, {"adopt": "1", "resubmit": True}, {"resubmit": True}])
def test_no_decision_two_decisions_or_one_without_consent(decision):
    error, phase, slots, _ = decided({}, **decision)

    assert isinstance(error, mj.ConfigError)
    assert (mj.Phase.LOST, 1) == (phase, slots)


def test_a_resubmit_is_a_new_job_and_the_old_one_stays_lost():
    relay = Relay({"imagine": [LOST["imagine"], taken("12")]}, {"12": [done()]})

    async def story():
        async with relay.pool() as pool:
            job = pool.imagine("a cat", deadline=5000)
            await ended(job)
            again = await pool.reconcile(job, resubmit=True, accept_double_charge=True)
            assert (await again).images
            assert (job.id, None) == (again.spec.resubmit_of, again.spec.deadline)
            assert mj.Phase.LOST is job.phase
            assert 1 == pool.ledger().total.resubmits

    run(story())


def test_a_job_that_is_not_lost_has_nothing_to_decide():
    relay = Relay({"imagine": taken("11")}, {"11": [done()]})

    async def story():
        async with relay.pool() as pool:
            job = pool.imagine("a cat")
            await job
            with pytest.raises(mj.ConfigError, match="is done, so there is nothing to decide"):
                await pool.reconcile(job, declare_lost=True)

    run(story())


def test_a_job_of_an_account_that_is_not_here(tmp_path):
    async def story():
        sim, (ttapi, relay) = world()
        sim.inject("lose_answer", on="submit")
        async with life(tmp_path / "jobs.db", ttapi) as pool:
            job = pool.imagine("a cat")
            await ended(job)
        async with life(tmp_path / "jobs.db", relay) as pool:
            with pytest.raises(mj.ConfigError, match="an account that this pool does not have"):
                await pool.reconcile(job.id, declare_lost=True)

    run(story())


def test_a_provider_that_is_down_is_said_so(tmp_path):
    async def story():
        sim, (account,) = world("ttapi")
        sim.inject("lose_answer", on="submit")
        async with life(tmp_path / "jobs.db", account) as pool:
            job = pool.imagine("a cat")
            await ended(job)
            sim.inject("status", on="fetch", times=10**9, status=503)
            with pytest.raises(mj.MJError, match="503"):
                await pool.reconcile(job, adopt=sim.ledger.booked("ttapi")[0].id)
            assert mj.Phase.LOST is job.phase

    run(story())


def test_a_job_is_sent_again_once_and_the_next_is_told_as_which(tmp_path):
    relay = Relay({"imagine": [LOST["imagine"], taken("12")]}, {"12": [done()]})
    words = {"resubmit": True, "accept_double_charge": True}

    async def story():
        account = relay.account()
        async with mj.Pool(account, journal=tmp_path / "j.db") as pool:
            job = pool.imagine("a cat")
            await ended(job)
            again = await pool.reconcile(job, **words)
            with pytest.raises(mj.ConfigError, match=f"sent again already, as job {again.id}"):
                await pool.reconcile(job, **words)
            await again
        async with mj.Pool(account, journal=tmp_path / "j.db") as pool:
            with pytest.raises(mj.ConfigError, match=f"sent again already, as job {again.id}"):
                await pool.reconcile(job.id, **words)
        assert 2 == len(relay.to("submit/imagine"))

    run(story())


def test_a_second_try_that_cost_nothing_may_be_followed_by_a_third():
    refused = {"code": 4, "description": "quota not enough"}
    relay = Relay({"imagine": [LOST["imagine"], refused, taken("12")]}, {"12": [done()]})
    words = {"resubmit": True, "accept_double_charge": True}

    async def story():
        async with relay.pool() as pool:
            job = pool.imagine("a cat")
            await ended(job)
            assert isinstance(await ended(await pool.reconcile(job, **words)), mj.QuotaExhausted)
            assert (await (await pool.reconcile(job, **words))).images

    run(story())
