"""`Job` against everything asyncio does to awaitables: nothing may lose a paid job."""

import asyncio

import anyio
import pytest

import mjasync as mj
from mjasync.testing import Sim, run


def story_of(main, **options):
    """Run `main(pool, sim)` on a fresh pool of one TTAPI account."""

    async def story():
        sim = Sim(seed=5)
        async with mj.Pool(sim.ttapi(), **options) as pool:
            await main(pool, sim)
        return sim

    return run(story())


async def cancelled_gather(job):
    group = asyncio.gather(job, asyncio.sleep(1000))
    await asyncio.sleep(1)
    group.cancel()
    with pytest.raises(asyncio.CancelledError):
        await group


async def expired_wait_for(job):
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(job, 1)


async def expired_timeout(job):
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1):
            await job


async def moved_on(job):
    with anyio.move_on_after(1):
        await job


async def cancelled_shield(job):
    outer = asyncio.shield(job)
    await asyncio.sleep(1)
    outer.cancel()


async def cancelled_task(job):
    task = asyncio.create_task(job.wait())
    await asyncio.sleep(1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def cancelled_task_group(job):
    with pytest.raises(ExceptionGroup):
        async with asyncio.TaskGroup() as group:
            group.create_task(job.wait())
            await asyncio.sleep(1)
            raise ValueError("another member of the group")


async def as_completed(job):
    for each in asyncio.as_completed([job, asyncio.sleep(1)]):
        await each
        break


@pytest.mark.fault("K05")
@pytest.mark.parametrize(
    "abuse",
    [
        cancelled_gather,
        expired_wait_for,
        expired_timeout,
        moved_on,
        cancelled_shield,
        cancelled_task,
        cancelled_task_group,
        as_completed,
    ],
    ids=lambda abuse: abuse.__name__,
)
def test_no_way_to_stop_waiting_harms_the_job(abuse):
    async def main(pool, sim):
        job = pool.imagine("a cat")
        other = asyncio.create_task(job.wait())
        await abuse(job)
        assert not job.done()
        assert (await job) is (await other)
        assert (await job).images

    assert story_of(main).ledger.charged == 1


def test_the_read_side_of_a_future():
    async def main(pool, sim):
        job = pool.imagine("a cat")
        called = []
        job.add_done_callback(called.append)
        job.add_done_callback(print)
        assert job.remove_done_callback(print) == 1
        for read in (job.result, job.exception):
            with pytest.raises(asyncio.InvalidStateError, match="not done"):
                read()
        assert (job.done(), job.cancelled(), job.ticket, job.parent, job.seconds) == (False, False, None, None, None)
        result = await job
        await asyncio.sleep(0)
        assert called == [job]
        job.add_done_callback(called.append)
        await asyncio.sleep(0)
        assert called == [job, job]
        assert job.result() is result
        assert job.exception() is None
        assert job.progress == 1
        assert job.seconds > 10
        assert job.looks > 0
        assert "done" in repr(job)

    story_of(main)


def test_accepted_comes_before_the_end_and_names_the_place():
    async def main(pool, sim):
        job = pool.imagine("a cat")
        ticket = await job.accepted()
        assert ticket.account == "ttapi"
        assert ticket == job.ticket == await job.accepted()
        assert job.phase is mj.Phase.QUEUED
        assert str(ticket) == f"ttapi:{ticket.remote_id}"

    story_of(main)


def test_accepted_raises_what_kept_the_job_from_being_taken():
    async def main(pool, sim):
        sim.inject("reject", on="submit", reason="[Banned prompt detected] gore")
        with pytest.raises(mj.PromptRejected):
            await pool.imagine("a cat").accepted()

    assert story_of(main).ledger.charged == 0


def test_watch_tells_the_whole_story_once_and_never_raises():
    async def main(pool, sim):
        job = pool.imagine("a cat")
        events = [event async for event in job.watch()]
        phases = list(dict.fromkeys(event.phase for event in events))
        assert phases == ["held", "sending", "queued", "running", "done"]
        shown = [event.progress for event in events if event.progress is not None]
        assert shown == sorted(shown)
        assert shown[-1] == 1
        assert [event.at for event in events] == sorted(event.at for event in events)
        assert any(event.eta for event in events)
        assert len([event async for event in job.watch()]) == 1
        sim.inject("fail", on="job", reason="[Internal error]")
        failed = [event async for event in pool.imagine("a dog").watch()]
        assert failed[-1].phase is mj.Phase.FAILED

    story_of(main)


def test_a_watcher_that_leaves_is_forgotten():
    async def main(pool, sim):
        job = pool.imagine("a cat")
        events = job.watch()
        await anext(events)
        await events.aclose()
        await job

    story_of(main)


@pytest.mark.fault("K06")
def test_cancel_before_sending_is_free():
    async def main(pool, sim):
        busy = [pool.imagine(f"cat {n}") for n in range(10)]
        job = pool.imagine("one too many")
        child = job.upscale(1)
        await busy[0].accepted()
        assert await job.cancel() == mj.Withdrawn()
        with pytest.raises(mj.JobCancelled) as caught:
            await job
        assert caught.value.outcome == mj.Withdrawn()
        assert caught.value.charged == "no"
        assert job.cancelled()
        with pytest.raises(mj.ParentFailed):
            await child
        assert [mj.Withdrawn(), None] == [await job.cancel(), await child.cancel()]

    assert story_of(main).ledger.charged == 10


@pytest.mark.fault("K06")
def test_cancel_after_sending_lets_go_and_keeps_the_slot_until_the_end():
    async def main(pool, sim):
        job = pool.imagine("a cat")
        ticket = await job.accepted()
        outcome, again = await asyncio.gather(job.cancel(), job.cancel())
        assert mj.Abandoned(ticket) == outcome == again
        with pytest.raises(mj.JobCancelled) as caught:
            await job
        assert caught.value.outcome == outcome
        assert caught.value.charged == "unknown"
        assert pool.stats().accounts["ttapi"].held == 1
        await asyncio.sleep(400)
        assert pool.stats().accounts["ttapi"].held == 0
        assert job.phase is mj.Phase.DONE
        assert job.cancelled()

    assert story_of(main).ledger.charged == 1


def test_every_awaiter_gets_the_same_error():
    async def main(pool, sim):
        sim.inject("fail", on="job", reason="[Internal error]")
        job = pool.imagine("a cat")
        errors = await asyncio.gather(job, job, job.wait(), return_exceptions=True)
        assert errors == [job.exception()] * 3
        assert isinstance(errors[0], mj.JobFailed)
        assert errors[0].job is job

    story_of(main)


def test_a_chained_job_knows_its_parent():
    async def main(pool, sim):
        grid = pool.imagine("a cat", mode="turbo")
        child = grid.upscale(2)
        assert child.parent is grid
        assert (grid.action, child.action, child.prompt, grid.prompt) == (None, "upscale2", None, "a cat")
        assert child.mode is mj.Mode.TURBO
        assert (await child).lineage[0].job_id == grid.id

    story_of(main)
