"""Signals: the first lets go in order, the second leaves at once."""

import asyncio
import os
import signal
import subprocess
import sys
import threading

import pytest

from mjasync import Phase, Pool
from mjasync.cli import interrupting
from mjasync.cli.interrupting import Way
from mjasync.testing import Sim, run
from tests.cli.test_farewell import interrupt


class Left(Exception):
    """In place of the end of the process."""


def leave(code):
    raise Left(code)


async def asleep():
    await asyncio.sleep(1e6)


def test_work_that_ends_by_itself():
    async def story():
        done = []

        async def work():
            done.append(1)

        with interrupting.listening() as signals:
            async with Pool(Sim().ttapi()) as pool:
                way = await interrupting.through(work(), pool, signals)
                return way, done, signals.came

    assert (Way.DONE, [1], False) == run(story())


def test_what_goes_wrong_is_raised():
    async def work():
        raise LookupError

    async def story():
        with interrupting.listening() as signals:
            async with Pool(Sim().ttapi()) as pool:
                with pytest.raises(LookupError):
                    await interrupting.through(work(), pool, signals)

    run(story())


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_the_first_signal_closes_the_pool(number, code):
    async def story():
        with interrupting.listening() as signals:
            async with Pool(Sim().ttapi(max_jobs=1)) as pool:
                batch = pool.batch(["a cat", "a dog"])

                async def work():
                    async for _ in batch:
                        pass

                asyncio.get_running_loop().call_later(5, os.kill, os.getpid(), number)
                way = await interrupting.through(work(), pool, signals)
                return way, signals.code, [job.phase for job in batch.jobs], [job.cancelled() for job in batch.jobs]

    way, found, phases, cancelled = run(story())
    assert (Way.CLOSED, code) == (way, found)
    assert Phase.HELD is phases[1], "the journal of a pool keeps it; nobody withdrew it"
    assert [False, False] == cancelled


def test_a_signal_before_the_work_begins():
    async def story():
        with interrupting.listening() as signals:
            async with Pool(Sim().ttapi()) as pool:
                signals.handle(signal.SIGTERM, None)
                return await interrupting.through(asleep(), pool, signals), signals.code

    assert (Way.CLOSED, 143) == run(story())


def test_a_cancel_counts_as_ctrl_c():
    async def story():
        with interrupting.listening() as signals:
            async with Pool(Sim().ttapi()) as pool:
                asyncio.get_running_loop().call_later(5, asyncio.current_task().cancel)
                return await interrupting.through(asleep(), pool, signals), signals.came, signals.code

    assert (Way.CLOSED, True, 130) == run(story())


@pytest.mark.parametrize(("latency", "way"), [(8.0, Way.CLOSED), (25.0, Way.STUCK)])
def test_a_request_on_its_way_is_waited_for_so_long(latency, way, capsys):
    async def story():
        loop = asyncio.get_running_loop()
        with interrupting.listening() as signals:
            async with Pool(Sim(latency=latency).ttapi()) as pool:
                job = pool.imagine("a cat")
                await asyncio.sleep(latency + 1)  # the route is proved first
                assert Phase.SENDING is job.phase
                begun = loop.time()
                signals.handle(signal.SIGINT, None)
                doing = asyncio.ensure_future(interrupting.through(asleep(), pool, signals))
                found = await doing
                return found, loop.time() - begun, job.ticket is not None

    found, seconds, accepted = run(story())
    assert (way, way is Way.CLOSED) == (found, accepted)
    assert seconds <= interrupting.PATIENCE + 0.1
    assert "Waiting for 1 request on the way, at most 10 s" in capsys.readouterr().err


def test_the_second_signal_leaves_at_once(capfd):
    async def story():
        with interrupting.listening("this is how to go on", leave=leave) as signals:
            signals.handle(signal.SIGTERM, None)
            with pytest.raises(Left, match="143"):
                signals.handle(signal.SIGINT, None)

    run(story())
    assert "Left at once.\nthis is how to go on\n" == capfd.readouterr().err


def test_handlers_are_put_back():
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]

    async def story():
        inside = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
        with interrupting.listening() as signals:
            assert signals.handle == signal.getsignal(signal.SIGINT)
        assert inside == [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]

    run(story())
    assert before == [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]


def test_in_another_thread_no_signals_come():
    before, found = signal.getsignal(signal.SIGINT), []

    async def story():
        with interrupting.listening():
            found.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=run, args=(story(),))
    thread.start()
    thread.join()
    assert [before] == found


# In a process of its own.

HANGING = """
import asyncio, sys
from aiohttp import web

async def answer(request):
    if request.path.endswith("/imagine"):
        print("asked", flush=True)
        await asyncio.sleep(600)
    return web.json_response({"status": "FAILED", "message": "job not found", "data": None})

async def main():
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


@pytest.fixture
def hanging(environ):
    """A provider that takes a submit, and never answers it: its variables, and a way to wait for a submit."""
    with subprocess.Popen([sys.executable, "-c", HANGING], env=environ(), stdout=subprocess.PIPE, text=True) as server:
        port = server.stdout.readline().strip()
        yield (
            {"MJASYNC_TTAPI_KEY": "k", "MJASYNC_TTAPI_URL": f"http://127.0.0.1:{port}"},
            server.stdout.readline,
        )
        server.kill()


@pytest.mark.fault("K04")
def test_a_second_ctrl_c_leaves_a_submit_to_the_journal(alone, hanging, environ, call):
    variables, asked = hanging
    words = [sys.executable, "-m", "mjasync", "imagine", "a cat", "--journal", "jobs.db"]
    with subprocess.Popen(words, cwd=alone, env=environ(**variables), stderr=subprocess.PIPE, text=True) as process:
        assert "asked\n" == asked()
        process.send_signal(signal.SIGTERM)
        while "Waiting for 1 request on the way" not in process.stderr.readline():
            pass
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert 143 == process.returncode
    assert "Left at once.\nresume    mjasync resume --journal jobs.db" in err
    code, out, _ = call("jobs", "--journal", "jobs.db")
    assert 0 == code
    assert "sending" in out


@pytest.mark.fault("K04")
def test_sigterm_ends_in_order(alone, provider, environ, call, monkeypatch):
    _, variables = provider(speed=1)
    (alone / "p.txt").write_text("a cat\na dog\n")
    words = ["batch", "p.txt", "--mode", "relax", "--journal", "jobs.db", "--upscale", "1"]
    code, err = interrupt(words, alone, environ(**variables), signal.SIGTERM)
    assert 143 == code
    assert "paid job" in err
    assert "resume    mjasync resume --journal jobs.db" in err
