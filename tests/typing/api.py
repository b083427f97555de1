"""Only ever type-checked: what users write, and what their editors should know about it."""

import asyncio
from datetime import timedelta
from typing import assert_type

import mjasync as mj
from mjasync.testing import Sim, run


async def jobs(pool: mj.Pool) -> None:
    """Jobs, results and what asyncio makes of them."""
    job = pool.imagine("a cat", mode="turbo", deadline=timedelta(minutes=5), priority=3, key="k")
    assert_type(job, mj.Job)
    result = await job
    assert_type(result, mj.Result)
    assert_type(await job.upscale(2).vary("subtle"), mj.Result)
    assert_type(result.upscale("creative", priority=1), mj.Job)
    assert_type(result.press(result.actions[0]), mj.Job)
    assert_type(await asyncio.gather(job, job), tuple[mj.Result, mj.Result])
    assert_type(await asyncio.wait_for(job, 5), mj.Result)
    assert_type(await job.accepted(), mj.Ticket)
    assert_type(job.exception(), mj.MJError | None)
    assert_type(await job.cancel(), mj.Withdrawn | mj.Cancelled | mj.Abandoned | None)
    async for event in job.watch():
        assert_type(event, mj.JobEvent)
        assert_type(event.phase, mj.Phase)
    async with asyncio.TaskGroup() as group:
        assert_type(group.create_task(job.wait()), asyncio.Task[mj.Result])


async def batches(pool: mj.Pool) -> None:
    """Batches."""
    batch = pool.batch(["a", {"prompt": "b", "mode": "relax"}], then=lambda job: [job.upscale(1), job.vary(2)])
    assert_type(batch, mj.Batch)
    async for outcome in batch:
        assert_type(outcome, mj.Outcome)
        assert_type(outcome.error, mj.MJError | None)
    assert_type(await batch, list[mj.Outcome])


async def wrong(pool: mj.Pool) -> None:
    """What a type checker refuses."""
    pool.imagine("a cat", modee="fast")  # type: ignore[call-arg]
    pool.imagine("a cat").upscale(5)  # type: ignore[arg-type]


async def opening() -> int:
    """Pools and accounts."""
    async with mj.Pool(mj.TTAPI("key"), mj.MJProxy(key="key", base_url="https://r.example", auth="bearer")) as pool:
        assert_type(pool, mj.Pool)
        assert_type(pool.stats().accounts["ttapi"].held, int)
        assert_type(await pool.aclose(drain=3), mj.Drain)
    return 1


assert_type(run(opening()), int)
assert_type(Sim(seed=1).ttapi(), mj.TTAPI)
