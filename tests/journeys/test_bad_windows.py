"""A bad day for windows: random faults, cancels and deadlines while dozens of them are open. None is answered twice."""

import asyncio
from random import Random

import pytest

import mjasync as mj
from mjasync.testing import Sim, run
from tests.flow.stories import MASK

FAULTS = [
    ("status", {"status": 429}),
    ("status", {"status": 502}),
    ("lost_status", {"status": 500}),
    ("refuse_connection", {}),
    ("lose_answer", {}),
    ("garbage", {}),
    ("queue_full", {}),
    ("no_id", {}),
    ("html", {}),
    ("drop", {}),
]
STEPS = [
    lambda single, **o: single.zoom(1.8, **o),
    lambda single, **o: single.zoom(2, "a hat", **o),
    lambda single, **o: single.vary_region(MASK, "a hat", **o),
    lambda single, **o: single.vary("strong", "a hat", **o),
    lambda single, **o: single.press("Custom Zoom", "a hat --zoom 1.2", **o),
]


async def misfortune(sim, dice):
    """Faults at buttons and windows, for as long as anybody could meet them."""
    while True:
        kind, details = dice.choice(FAULTS)
        where = dice.choice(["submit/action", "submit/modal", "submit/modal"])
        sim.inject(kind, on="submit", match=where, times=dice.randint(1, 2), **details)
        await asyncio.sleep(dice.random() * 4)


async def given_up(job, moment):
    await asyncio.sleep(moment)
    await job.cancel()


async def pressed(single, dice, group):
    """Forty buttons, one after the other; some are given up."""
    jobs = []
    for _ in range(40):
        job = dice.choice(STEPS)(single, deadline=dice.choice([None, None, 3, 2000]))
        if dice.random() < 0.3:
            group.create_task(given_up(job, dice.random() * 20))
        jobs.append(job)
        await asyncio.sleep(dice.random())
    return jobs


def check(sim, pool, jobs):
    """At most one answer for each window; what was charged is known here; every slot is back."""
    assert sim.ledger.violations == []
    assert set(sim.ledger.windows.values()) <= {0, 1}
    assert {stats.held for stats in pool.stats().accounts.values()} == {0}
    assert max(sim.ledger.peak_running.values()) <= 10
    assert all(job.done() for job in jobs)
    errors = [job.exception() for job in jobs]
    assert all(error.hint for error in errors if error)
    finished = errors.count(None)
    unclear = sum(error is not None and error.charged != "no" for error in errors)
    # Who got a picture paid for it once; whoever may have paid without one was told so. Two made the first picture.
    assert 0 < finished <= sim.ledger.charged - 2 <= finished + unclear


LONG = [pytest.param(name, marks=pytest.mark.long) for name in ("modal-disguised", "modal-new-id", "modal-confirm")]


@pytest.mark.parametrize("profile", ["remix", "relay-15s", *LONG])
def test_the_books_agree_after_a_bad_day_of_windows(profile):
    async def story():
        dice, sim = Random(f"{profile}/3"), Sim(seed=5, speed=5, profile=profile)
        async with mj.Pool(sim.mjproxy()) as pool:
            single = await pool.imagine("a cat").upscale(1)
            async with asyncio.TaskGroup() as group:
                trouble = group.create_task(misfortune(sim, dice))
                jobs = await pressed(single, dice, group)
                await asyncio.sleep(200)
                trouble.cancel()
            await asyncio.sleep(10_000)
            check(sim, pool, jobs)

    run(story(), debug=False)  # see `test_bad_days`
