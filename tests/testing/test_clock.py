"""The jumping clock: exact, patient with sockets and threads, and loud instead of hanging."""

import asyncio
import threading

import aiohttp
import anyio
import pytest
from aiohttp import web

from mjasync.testing import DeadlockError, VirtualLoop, run


def test_timers_are_jumped_to_exactly_and_cost_nothing():
    async def story():
        loop = asyncio.get_running_loop()
        assert loop.time() == 0
        moments = []
        for delay in (600.1, 0.1, 3600):
            await asyncio.sleep(delay)
            moments.append(loop.time())
        return moments

    assert run(story()) == [600.1, 600.2, 4200.2]


def test_timers_fire_in_order_and_results_and_errors_come_through():
    async def story():
        order = []

        async def say(word, delay):
            await asyncio.sleep(delay)
            order.append(word)

        await asyncio.gather(say("c", 30), say("a", 10), say("b", 20))
        return "".join(order)

    async def wrong():
        raise LookupError("mine")

    assert run(story()) == "abc"
    with pytest.raises(LookupError, match="mine"):
        run(wrong())


@pytest.mark.parametrize("wait_in_thread", [asyncio.to_thread, anyio.to_thread.run_sync])
def test_the_clock_stands_still_while_a_thread_works(wait_in_thread):
    async def story():
        loop = asyncio.get_running_loop()
        go = threading.Event()
        ticks = 0

        async def ticker():
            nonlocal ticks
            while True:
                await asyncio.sleep(1)
                ticks += 1

        ticking = asyncio.create_task(ticker())
        timer = threading.Timer(0.02, go.set)
        timer.start()
        await wait_in_thread(go.wait)
        timer.join()
        assert (loop.time(), ticks) == (0, 0)
        ticking.cancel()

    run(story())


def test_waiting_for_nothing_is_an_error():
    async def story():
        await asyncio.get_running_loop().create_future()

    with pytest.raises(DeadlockError, match="every task waits"):
        run(story())


def test_real_sockets_work_and_go_before_timers():
    async def story():
        async def slow(_request):
            await asyncio.sleep(300)
            return web.Response(text="late")

        runner = web.ServerRunner(web.Server(slow))
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        async with aiohttp.ClientSession() as session:
            for _ in range(3):
                async with session.get(f"http://127.0.0.1:{site.port}/", timeout=aiohttp.ClientTimeout(400)) as reply:
                    assert await reply.text() == "late"
        await runner.cleanup()
        return asyncio.get_running_loop().time()

    assert 900 <= run(story()) < 901


def test_a_socket_that_brings_nothing_is_a_deadlock_too():
    async def story():
        server = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0)
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            server.close()

    with pytest.raises(DeadlockError):
        run(story())


def test_a_socket_may_bring_something_from_outside():
    async def story():
        server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        arrived = asyncio.get_running_loop().create_future()

        def knock():
            import socket

            with socket.create_connection(("127.0.0.1", port)) as sock:
                sock.recv(1)
            arrived.get_loop().call_soon_threadsafe(arrived.set_result, True)

        outsider = threading.Timer(0.02, knock)
        outsider.start()
        assert await arrived
        outsider.join()
        server.close()
        await server.wait_closed()

    run(story())


def test_it_is_a_loop_factory_too():
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(asyncio.sleep(86_400))
        assert runner.get_loop().time() == 86_400


def test_debug_mode_watches_for_what_is_wrong_and_keeps_no_stacks():
    async def story():
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        future.set_result(None)
        assert loop.get_debug()
        assert "created at" not in repr(future)
        with pytest.raises(RuntimeError, match="Non-thread-safe"):
            await asyncio.to_thread(loop.call_soon, print)

    run(story(), debug=True)
