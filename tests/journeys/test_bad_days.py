"""Whole bad days: three accounts, random faults, deadlines and cancels. Afterwards the books agree with the providers'."""

import asyncio
from random import Random

import pytest

import mjasync as mj
from mjasync.testing import Sim, run

SUBMIT = [
    ("status", {"status": 429}),
    ("status", {"status": 503}),
    ("status", {"status": 402}),
    ("refuse_connection", {}),
    ("lose_answer", {}),
    ("queue_full", {}),
    ("html", {}),
    ("reject", {"reason": "[Banned prompt detected] x"}),
]
LOOK = [("status", {"status": 429}), ("status", {"status": 502}), ("html", {}), ("garbage", {}), ("lose_answer", {})]
JOB = [("fail", {"reason": "boom"}), ("slow", {"factor": 3}), ("vanish", {})]
MODES = ("turbo", "fast", "relax")
DEADLINES = (None, None, 5, 100, 2000)


async def misfortune(sim, dice):
    """A few minutes in which anything may go wrong."""
    for _ in range(30):
        for place, kinds in (("submit", SUBMIT), ("fetch", LOOK), ("job", JOB)):
            kind, details = dice.choice(kinds)
            sim.inject(kind, on=place, times=dice.randint(1, 3), **details)
        await asyncio.sleep(dice.random() * 60)


async def given_up(job, moment):
    await asyncio.sleep(moment)
    await job.cancel()


async def asked(pool, dice, group):
    """150 roots, some with chains, some cancelled later."""
    for number in range(150):
        job = pool.imagine(f"prompt {number}", mode=dice.choice(MODES), deadline=dice.choice(DEADLINES))
        for _ in range(dice.choice((0, 0, 1, 2))):
            job = job.vary(1)
        if dice.random() < 0.1:
            group.create_task(given_up(job, dice.random() * 500))
        if dice.random() < 0.2:
            await asyncio.sleep(dice.random() * 20)


def check(sim, pool):
    """Every job has an end, every slot is back, and nothing was accepted that is not known here."""
    assert [job for job in pool.jobs if not job.done()] == []
    assert {stats.held for stats in pool.stats().accounts.values()} == {0}
    assert max(sim.ledger.peak_running.values()) <= 10
    known = [job.ticket.remote_id for job in pool.jobs if job.ticket]
    unclear = [job for job in pool.jobs if isinstance(job.exception(), mj.SubmitOutcomeUnknown)]
    accepted = {entry.id for entry in sim.ledger.jobs}
    assert len(known) == len(set(known))
    assert set(known) <= accepted
    assert len(accepted) - len(known) <= len(unclear)
    for job in pool.jobs:
        error = job.exception()
        assert error is None or job.ticket is None or error.charged != "no" or isinstance(error, mj.ProviderError)


@pytest.mark.fault("N06", "H13", "H16", "P01")
@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 6))])
def test_the_books_agree_after_a_bad_day(seed):
    async def story():
        dice, sim = Random(seed), Sim(seed=seed)
        async with mj.Pool(sim.ttapi(), sim.mjproxy(), sim.ttapi()) as pool:
            await asyncio.gather(*(pool.imagine("first use", account=name) for name in ("ttapi", "mjproxy", "ttapi-2")))
            async with asyncio.TaskGroup() as group:
                group.create_task(misfortune(sim, dice))
                group.create_task(asked(pool, dice, group))
            await asyncio.sleep(20_000)
            check(sim, pool)
        assert len(asyncio.all_tasks()) == 1

    run(story(), debug=False)  # asyncio's own debugging costs four times the story, and is on everywhere else
