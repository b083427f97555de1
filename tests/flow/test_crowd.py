"""Whoever wants to hear of a job."""

import asyncio
import sys
from collections import deque

from mjasync.core.model import Phase
from mjasync.flow.crowd import Crowd
from mjasync.flow.events import JobEvent
from mjasync.testing import run

EVENT = JobEvent(phase=Phase.HELD, progress=None, preview=None, eta=None, at=0.0)


def test_everybody_is_told_once():
    async def story():
        crowd, seen, called = Crowd(), deque(), []
        loop = asyncio.get_running_loop()
        crowd.watchers += (seen,)
        crowd.callbacks += (called.append,)
        waits = [asyncio.create_task(crowd.wait(loop)) for _ in range(3)]
        await asyncio.sleep(0)
        waits[0].cancel()
        await asyncio.sleep(0)
        assert 2 == len(crowd.waiters)
        crowd.tell(EVENT)
        crowd.finish(loop, "job")
        crowd.finish(loop, "job")
        await asyncio.wait(waits)
        await asyncio.sleep(0)
        assert ([EVENT], ["job"], None) == (list(seen), called, crowd.waiters)
        assert waits[0].cancelled()

    run(story())


def test_a_wait_that_is_cancelled_in_the_moment_of_the_news_is_no_matter():
    async def story():
        crowd = Crowd()
        wait = asyncio.create_task(crowd.wait(asyncio.get_running_loop()))
        await asyncio.sleep(0)
        crowd.waiters[0].cancel()
        crowd.tell(EVENT)
        await asyncio.wait([wait])
        assert wait.cancelled()

    run(story())


def test_with_nobody_in_it_it_is_small():
    assert sys.getsizeof(Crowd()) <= 64
