"""Many that wait: what one of them costs, who goes next, and how soon."""

import asyncio
import gc
import tracemalloc

import pytest

import mjasync as mj
from mjasync.flow.forgetting import KEPT
from mjasync.testing import Sim, run
from tests.flow.stories import listened


def count_turns(loop):
    """How often the loop went round since, as a function."""
    turns, once = [0], loop._run_once

    def counted():
        turns[0] += 1
        once()

    loop._run_once = counted
    return lambda: turns[0]


@pytest.mark.parametrize("waiting", [1, 500])
def test_the_next_submit_leaves_with_the_slot(waiting):
    """Lent in the very breath in which it is free; its task is the next thing that the loop runs: no time, no timer."""

    async def story():
        account, ear = listened(Sim(seed=1).ttapi(max_jobs=1))
        async with mj.Pool(account) as pool:
            await pool.imagine("first use", mode="turbo")
            loop, turn = asyncio.get_running_loop(), count_turns(asyncio.get_running_loop())
            freed, left, stir = [], [], pool._desk.queue.freed

            def free():
                freed.append((loop.time(), turn()))
                stir()

            async def leaving(request):
                if "imagine" in request.url:
                    left.append((loop.time(), turn()))

            pool._desk.queue.freed, ear.before = free, leaving
            jobs = [pool.imagine(f"cat {n}", mode="turbo") for n in range(1 + waiting)]
            await asyncio.gather(*jobs[:2])
            (then, freed_in), (now, left_in) = freed[0], left[1]
            assert then == now
            assert left_in - freed_in <= 1
            await pool.aclose()

    run(story())


@pytest.mark.long
def test_a_waiting_job_costs_no_task_no_timer_and_little_room():
    async def story():
        async with mj.Pool(Sim(seed=1).ttapi(max_jobs=1)) as pool:
            await pool.imagine("first use").accepted()
            loop, count = asyncio.get_running_loop(), 3000
            prompts = [f"a prompt of its own, number {n}" for n in range(count)]
            gc.collect()
            tasks, timers = len(asyncio.all_tasks()), len(loop._scheduled)
            tracemalloc.start()
            try:
                jobs = [pool.imagine(prompt) for prompt in prompts]
                gc.collect()
                room = tracemalloc.get_traced_memory()[0] / count
            finally:
                tracemalloc.stop()
            assert room <= 650
            assert (tasks, timers) == (len(asyncio.all_tasks()), len(loop._scheduled))
            pool.imagine("in time", deadline=1000)
            assert timers + 1 == len(loop._scheduled)
            assert jobs[-1].phase is mj.Phase.HELD
            await pool.aclose()

    run(story())


def test_the_last_few_go_longest_first_and_whoever_waited_is_not_left_behind():
    """Seven wait for one slot: the window is three, so the long one goes when it comes into it."""

    async def story():
        async with mj.Pool(Sim(seed=1).ttapi(max_jobs=1)) as pool:
            await pool.imagine("first use", mode="turbo")
            jobs = [pool.imagine(f"short {n}", mode="turbo") for n in range(6)] + [pool.imagine("long", mode="relax")]
            await asyncio.gather(*jobs)
            order = sorted(jobs, key=lambda job: job._record.sent_at)
        return [job.prompt for job in order]

    assert [*(f"short {n}" for n in range(4)), "long", "short 4", "short 5"] == run(story())


def test_a_refused_job_keeps_its_place():
    async def story():
        sim = Sim(seed=1)
        async with mj.Pool(sim.ttapi(max_jobs=1)) as pool:
            await pool.imagine("first use", mode="turbo")
            sim.inject("status", on="submit", status=429, times=1)
            jobs = [pool.imagine(f"cat {n}", mode="turbo") for n in range(8)]
            await asyncio.gather(*jobs)
            order = sorted(jobs, key=lambda job: job._record.sent_at)
            assert jobs == order
            assert {} == pool._desk.queue._places._away

    run(story())


def test_what_was_taken_back_and_forgotten_before_the_route_was_proved_keeps_nobody_waiting():
    async def story():
        sim = Sim(seed=1)
        async with mj.Pool(sim.ttapi()) as pool:
            kept = pool.imagine("kept")
            for n in range(KEPT + 10):
                await pool.imagine(f"taken back {n}").cancel()
            await kept
            return sim.ledger.charged, pool.stats().jobs

    assert run(story()) == (1, KEPT + 11)
