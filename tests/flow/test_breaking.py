"""The ground gives way: a disk that keeps nothing more, a loop that ends under an open pool."""

import asyncio

import pytest

import mjasync as mj
from mjasync.core.machine import Silence
from mjasync.core.model import Failure, Phase
from mjasync.errors import JournalWriteError
from mjasync.testing import Sim, run
from tests.flow.stories import ended

FULL = JournalWriteError("The journal is full.", why="no space left on device", hint="make room")
LOST = Failure(kind="SubmitOutcomeUnknown", what="Nobody knows.", charged="unknown")


def test_whoever_waits_hears_that_the_pools_tasks_were_cancelled():
    async def story():
        sim = Sim(seed=1)
        pool = mj.Pool(sim.ttapi())
        job = pool.imagine("a cat")
        waiting = asyncio.create_task(ended(job))
        await job.accepted()
        for task in asyncio.all_tasks() - {asyncio.current_task(), waiting}:
            task.cancel()
        error = await waiting
        assert isinstance(error, mj.PoolClosed)
        assert str(job.ticket) in error.why
        with pytest.raises(mj.PoolClosed, match="cancelled"):
            pool.imagine("a dog")
        await pool.aclose()
        return job.phase

    assert Phase.QUEUED is run(story()), "what is known of the job stays as it was"


@pytest.mark.fault("D02")
def test_a_lost_job_is_told_that_its_fate_could_not_even_be_written_down():
    async def story():
        sim = Sim(seed=1)
        async with mj.Pool(sim.ttapi()) as pool:
            job = pool.imagine("a cat")
            await job.accepted()
            desk = pool._desk
            await desk.books.note(job.id, Silence(LOST, 1e6, hope=True))
            desk._publish(desk.books[job.id], FULL)
            error = job.exception()
            assert isinstance(error, JournalWriteError)
            assert "no space left on device" == error.why
            assert FULL is error.__cause__
            with pytest.raises(JournalWriteError, match="full"):
                pool.imagine("a dog")
            await pool.aclose()

    run(story())
