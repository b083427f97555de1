"""What whole pools learn: of which jobs, in which class, and what is told of it while a job runs."""

import asyncio
import json
from itertools import pairwise

import pytest

import mjasync as mj
from mjasync.flow.looking import Looking
from mjasync.testing import Sim, run


def classes(pool):
    """(mode, kind) -> ended jobs, as far as they have not faded."""
    return {(one["mode"], one["kind"]): round(one["laws"]["0"]["jobs"]) for one in pool.stats().learned["classes"]}


def test_jobs_teach_the_class_that_they_belong_to():
    async def story():
        sim = Sim(seed=2)
        async with mj.Pool(sim.ttapi()) as pool:
            grids = [pool.imagine(f"cat {n}", mode=mode) for n in range(3) for mode in ("fast", "turbo")]
            await asyncio.gather(*(job.upscale(1) for job in grids))
            found = classes(pool)
            assert set(found) == {(mode, kind) for mode in ("fast", "turbo") for kind in ("imagine", "upscale")}
            assert set(found.values()) == {3}

    run(story())


def test_a_mode_that_was_granted_instead_is_what_is_learned():
    async def story():
        sim = Sim(seed=2, profile="downgraded")
        async with mj.Pool(sim.mjproxy()) as pool:
            await asyncio.gather(*(pool.imagine(f"cat {n}", mode="fast") for n in range(6)))
            assert classes(pool) == {("relax", "imagine"): 6}

    run(story())


def test_a_job_that_ran_unseen_teaches_nothing_about_that_time(tmp_path):
    """It ended while nobody looked: nobody knows when."""

    async def story():
        sim = Sim(seed=2)
        account = sim.ttapi()
        path = tmp_path / "jobs.db"
        async with mj.Pool(account, journal=path) as pool:
            await pool.imagine("a cat").accepted()
            await pool.aclose()
        await asyncio.sleep(200)
        async with mj.Pool(account, journal=path) as pool:
            await pool.recover()
            assert [job.phase for job in pool.jobs] == [mj.Phase.DONE]
            assert classes(pool) == {}

    run(story())


def test_what_a_pool_has_learned_serves_the_next():
    async def story():
        sim = Sim(seed=2)
        async with mj.Pool(sim.ttapi(), sim.ttapi()) as pool:
            await asyncio.gather(*(pool.imagine(f"cat {n}", account="ttapi") for n in range(40)))
            learned = json.loads(json.dumps(pool.stats().learned))
            other = pool.imagine("a dog", account="ttapi-2")
            await other.accepted()
            borrowed = [event.eta async for event in _first(other)]
        async with mj.Pool(sim.ttapi(), looking=Looking(learned=learned)) as pool:
            taken = pool.imagine("a dog")
            await taken.accepted()
            later = [event.eta async for event in _first(taken)]
        async with mj.Pool(sim.mjproxy(), looking=Looking(learned=learned)) as pool:
            strange = pool.imagine("a dog")
            await strange.accepted()
            guessed = [event.eta async for event in _first(strange)]
        return borrowed[0], later[0], guessed[0], sim.ledger.jobs

    borrowed, later, guessed, jobs = run(story())
    took = sorted(job.finished_at - job.accepted_at for job in jobs[:40])[20]
    assert borrowed == pytest.approx(took, rel=0.2)
    assert later == pytest.approx(took, rel=0.2)
    assert guessed == pytest.approx(52, rel=0.25)


async def _first(job):
    async for event in job.watch():
        yield event
        return


def test_what_is_left_falls_as_a_job_goes_on():
    async def story():
        sim = Sim(seed=2)
        async with mj.Pool(sim.ttapi()) as pool:
            await asyncio.gather(*(pool.imagine(f"cat {n}") for n in range(40)))
            job = pool.imagine("one more")
            events = [event async for event in job.watch()]
            return events, sim.ledger.jobs[-1].finished_at

    events, end = run(story())
    told = [(event.at, event.eta) for event in events if event.eta is not None]
    assert len(told) >= 4
    assert all(later < sooner + 3 for (_, sooner), (_, later) in pairwise(told))
    assert told[-1][1] < 0.4 * told[0][1]
    assert all(abs(at + eta - end) < 15 for at, eta in told)
    assert events[-1].eta is None
