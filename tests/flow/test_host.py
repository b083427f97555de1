"""The host task: work outlives the task that asked for it, and nothing outlives the host."""

import asyncio

import anyio

from mjasync.flow.host import Host
from mjasync.testing import run


def test_work_handed_over_early_or_late_runs():
    async def story():
        ran = []

        async def work(word):
            ran.append(word)

        host = Host()
        host.spawn(work, "before the start", name="a")
        host.start()
        await asyncio.sleep(1)
        host.spawn(work, "after it", name="b")
        await asyncio.sleep(1)
        await host.stop()
        assert ran == ["before the start", "after it"]

    run(story())


def test_it_may_be_started_and_stopped_by_different_tasks():
    async def story():
        host = Host()

        async def start():
            host.start()

        async def stop():
            await host.stop()

        await asyncio.create_task(start())
        await asyncio.create_task(stop())
        assert len(asyncio.all_tasks()) == 1

    run(story())


def test_stopping_cancels_work_but_waits_for_what_is_shielded():
    async def story():
        ended = []

        async def shielded():
            with anyio.CancelScope(shield=True):
                await asyncio.sleep(30)
                ended.append("receipt")
            await asyncio.sleep(1000)
            ended.append("never")

        host = Host()
        host.start()
        host.spawn(shielded, name="a")
        await asyncio.sleep(1)
        await host.stop()
        assert ended == ["receipt"]
        assert asyncio.get_running_loop().time() == 30

    run(story())


def test_stopping_what_never_started_is_nothing():
    async def story():
        await Host().stop()

    run(story())


def test_failing_work_ends_nothing_but_itself(caplog):
    async def story():
        ran = []

        async def wrong():
            raise LookupError("mine")

        async def stray():
            raise asyncio.CancelledError

        async def right():
            await asyncio.sleep(5)
            ran.append("right")

        host = Host()
        host.start()
        for work in (wrong, stray, right):
            host.spawn(work, name="a")
        await asyncio.sleep(10)
        assert ran == ["right"]
        await host.stop()
        host.spawn(right, name="too late")
        await asyncio.sleep(10)
        assert ran == ["right"]

    run(story())
    assert ["mjasync has a bug: %r broke off"] == [record.msg for record in caplog.records]
