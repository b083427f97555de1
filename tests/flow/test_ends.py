"""Ends: who waits for them, and until when."""

import asyncio

from mjasync.flow.ends import Ends
from mjasync.testing import run


def test_whoever_waits_is_asked_again_at_every_stir():
    async def story():
        ends, asked = Ends(), []
        ends.came("a")
        ends.came("b")

        def over():
            asked.append(len(ends.unsettled))
            return not ends.unsettled

        waiting = asyncio.create_task(ends.until(over))
        await asyncio.sleep(0)
        ends.settled("a")
        await asyncio.sleep(0)
        assert not waiting.done()
        ends.settled("b")
        await waiting
        assert [2, 1, 0] == asked

    run(story())


def test_what_is_over_already_is_not_waited_for():
    async def story():
        await Ends().until(lambda: True)

    run(story())


def test_a_cancelled_wait_harms_no_other():
    async def story():
        ends = Ends()
        ends.came("a")
        first, second = (asyncio.create_task(ends.until(lambda: not ends.unsettled)) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        ends.settled("a")
        await second
        await asyncio.wait([first])
        assert first.cancelled()

    run(story())


def test_settled_twice_or_never_came_is_no_matter():
    async def story():
        ends = Ends()
        ends.settled("a")
        ends.came("a")
        ends.came("a")
        ends.settled("a")
        assert set() == ends.unsettled

    run(story())
