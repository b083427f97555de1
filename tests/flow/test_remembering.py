"""What was learned outlives the process: a minute after it was, and when the pool closes."""

import asyncio
import json

import mjasync as mj
from mjasync.flow.remembering import SOON
from mjasync.testing import Sim, run


def learned(folder):
    path = folder / "jobs.db.learned"
    return json.loads(path.read_text()) if path.exists() else None


async def some(pool, count=12):
    await asyncio.gather(*(pool.imagine(f"cat {n}", mode="turbo") for n in range(count)))


def test_it_is_kept_a_minute_after_a_lesson_and_at_the_end(tmp_path):
    async def story():
        sim = Sim(seed=3)
        async with mj.Pool(sim.ttapi(), journal=tmp_path / "jobs.db") as pool:
            await pool.imagine("a cat")
            assert learned(tmp_path) is None
            await asyncio.sleep(SOON + 1)
            assert ["imagine"] == [one["kind"] for one in learned(tmp_path)["classes"]]
            await some(pool)
        return learned(tmp_path)

    told = run(story())
    assert {"fast": 1, "turbo": 11} == {one["mode"]: int(one["laws"]["0"]["jobs"]) for one in told["classes"]}
    assert "a cat" not in json.dumps(told)


def test_the_next_pool_begins_with_it(tmp_path):
    def looks(**options):
        async def story():
            sim = Sim(seed=4)
            async with mj.Pool(sim.ttapi(), **options) as pool:
                job = pool.imagine("first of the day", mode="turbo")
                await job
                return job.looks

        return run(story())

    async def teach():
        sim = Sim(seed=5)
        async with mj.Pool(sim.ttapi(), journal=tmp_path / "jobs.db") as pool:
            await some(pool, 40)
            return pool.stats().learned

    told = json.loads(json.dumps(run(teach())))
    cold, warm = looks(), looks(journal=tmp_path / "jobs.db")

    assert warm < cold
    assert warm == looks(looking=mj.Looking(learned=told))


def test_a_pool_without_a_journal_keeps_nothing_and_arms_no_timer():
    async def story():
        sim = Sim(seed=6)
        async with mj.Pool(sim.ttapi()) as pool:
            await pool.imagine("a cat")
            loop = asyncio.get_running_loop()
            return [timer for timer in loop._scheduled if not timer.cancelled() and timer.when() > loop.time() + 30]

    assert [] == run(story())
