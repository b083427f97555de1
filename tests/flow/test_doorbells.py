"""Tokens and what their callbacks lead to; whole stories are in tests/journeys/test_webhooks."""

import asyncio

import pytest

import mjasync as mj
from mjasync.core.tokens import digest
from mjasync.flow import doorbells
from tests.journeys.lives import until
from tests.journeys.ringing import hook_of, looks, said, tell


def token_of(sim, n=-1):
    return digest(hook_of(sim, n).rpartition("/")[2])


def test_a_token_is_known_from_before_its_request_leaves():
    async def script(pool, sim):
        bells = pool._open().doorbells
        job = pool.imagine("a cat")
        await until(lambda: sim.ledger.accepted == 1, every=0.001)
        assert mj.Phase.SENDING is job.phase
        assert token_of(sim) == bells.knows(token_of(sim))
        assert None is bells.knows("0" * 64)
        await job

    tell("ttapi", script, calls=False)


def test_a_request_that_is_sent_again_has_another_token_and_the_old_one_is_an_alarm(caplog):
    async def script(pool, sim):
        sim.inject("lost_status", status=429, times=1)
        job = pool.imagine("a cat")
        await job
        bells = pool._open().doorbells
        old, new = token_of(sim, 0), token_of(sim, 1)
        assert (old, new) == (bells.knows(old), bells.knows(new))
        assert await bells.ring(old, said("ttapi", "x")) is True

    tell("ttapi", script, calls=False)

    assert ["it may have run, and cost"] == [
        r.getMessage()[-25:] for r in caplog.records if "refused" in r.getMessage()
    ]


def test_dead_tokens_are_forgotten_when_there_are_many(monkeypatch):
    monkeypatch.setattr(doorbells, "_MANY", 4)

    async def script(pool, sim):
        bells = pool._open().doorbells
        for _ in range(3):
            await asyncio.gather(*(pool.imagine(f"cat {n}").wait() for n in range(4)))
            await asyncio.sleep(2 * 86_400)
        assert len(bells._bells) <= 8

    tell("ttapi", script, calls=False)


@pytest.mark.parametrize("status", ["ON_QUEUE", "PENDING_QUEUE"])
def test_one_that_says_it_runs_causes_no_look(status):
    async def script(pool, sim):
        job = pool.imagine("a cat", mode="relax")
        await job.accepted()
        bells, run = pool._open().doorbells, pool._desk._watch._runs
        await until(lambda: job.id in run)
        before = looks(sim)
        for _ in range(100):
            await bells.ring(token_of(sim), said("ttapi", job.ticket.remote_id, status=status))
        await asyncio.sleep(0.2)
        assert before == looks(sim)
        assert None is run[job.id].rung

    tell("ttapi", script, calls=False)


def test_a_job_that_was_accepted_and_is_lost_is_looked_at_when_it_rings():
    async def script(pool, sim):
        body = {"status": "FAILED", "message": "job not found"}
        job = pool.imagine("a cat", mode="relax")
        await job.accepted()
        unknown = sim.world.inject("status", on="fetch", status=404, body=body, times=10**6)
        await asyncio.sleep(240)
        assert mj.Phase.LOST is job.phase
        unknown.left = 0
        before = looks(sim)
        for _ in range(100):
            await pool._desk.doorbells.ring(token_of(sim), said("ttapi", job.ticket.remote_id))
        await asyncio.sleep(0.5)
        assert 1 == looks(sim) - before
        await asyncio.sleep(600)
        assert mj.Phase.DONE is job.phase

    tell("ttapi", script, calls=False)
