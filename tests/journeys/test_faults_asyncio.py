"""What asyncio, users and the machine can do to a pool: scopes, callbacks, clocks, the end of file descriptors."""

import asyncio
import gc
import os
import resource
from pathlib import Path

import anyio
import pytest

import mjasync as mj
from mjasync.core.wire import NotSent
from mjasync.dialects import _reading
from mjasync.testing import Sim, run
from mjasync.transport.http import Http
from tests.flow.stories import PROVIDERS, tell
from tests.transport.loopback import Server, post, whole


@pytest.mark.fault("K07")
@pytest.mark.parametrize("seconds", [0, 0.01, 0.2, 5, 30, 50, 70])
@pytest.mark.parametrize("scope", ["asyncio", "anyio", "task"])
def test_a_cancelled_scope_around_a_chain_leaves_the_chain_alone(scope, seconds):
    async def script(pool, sim):
        chain = pool.imagine("a lighthouse").upscale(2).zoom(1.5)
        with pytest.raises(TimeoutError):
            if scope == "anyio":
                with anyio.fail_after(seconds):
                    await chain
            elif scope == "asyncio":
                async with asyncio.timeout(seconds):
                    await chain
            else:
                await asyncio.wait_for(asyncio.ensure_future(chain.wait()), seconds)
        assert not chain.done()
        assert (await chain).images

    sim = tell("mjproxy", script)

    assert ["imagine", "upscale", "zoom"] == [entry.kind for entry in sim.ledger.jobs]
    assert 3 == sim.ledger.charged


@pytest.mark.fault("K10")
def test_no_task_is_lost_to_the_garbage_collector():
    before = gc.get_threshold()
    gc.set_threshold(1)
    try:

        async def script(pool, sim):
            outcomes = await pool.batch([f"prompt {n}" for n in range(5)], then=lambda job: job.upscale(1))
            assert all(outcome.ok for outcome in outcomes)

        assert 10 == tell("ttapi", script).ledger.charged
    finally:
        gc.set_threshold(*before)


@pytest.mark.fault("K18")
@pytest.mark.parametrize("skew", [3600, -3600, 8 * 3600, 86_400 * 365])
@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_calendar_that_jumps_changes_neither_deadlines_nor_looks(provider, skew):
    def told(jump):
        requests = []

        async def script(pool, sim):
            loop = asyncio.get_running_loop()
            jobs = [pool.imagine(f"prompt {n}", deadline=20 if n == 3 else None) for n in range(4)]
            await asyncio.sleep(10)
            loop.skew = jump
            await asyncio.gather(*(job.ended() for job in jobs))
            assert isinstance(jobs[3].exception(), mj.DeadlineExceeded)
            requests.extend((job.looks, job.seconds, job.phase) for job in jobs)

        return tell(provider, script).ledger.requests, requests

    assert told(0) == told(skew)


def open_files():
    return len([*Path("/proc/self/fd").iterdir()])


@pytest.mark.fault("K19")
def test_without_file_descriptors_nothing_leaves_and_later_everything_does():
    async def story():
        transport = Http()
        async with Server(whole()) as server:
            soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
            taken = []
            try:
                resource.setrlimit(resource.RLIMIT_NOFILE, (open_files() + 8, hard))
                with pytest.raises(OSError, match="Too many open files"):
                    while True:
                        taken.append(os.dup(0))
                with pytest.raises(NotSent, match="Too many open files"):
                    await transport.send(post(server.url))
            finally:
                for each in taken:
                    os.close(each)
                resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
            answer = await transport.send(post(server.url))
            await transport.aclose()
        return answer.status, len(server.requests)

    assert (200, 1) == asyncio.run(story())


@pytest.mark.fault("K19")
def test_a_pool_without_file_descriptors_waits_and_pays_once():
    async def script(pool, sim):
        sim.inject("refuse_connection", on="submit", times=3)
        sim.inject("refuse_connection", on="fetch", times=3)
        assert (await pool.imagine("a cat")).images

    assert 1 == tell("ttapi", script).ledger.charged


class Poor:
    """A JSON decoder that has no memory when it is told so, once."""

    def __init__(self, decoder):
        self.decoder, self.poor = decoder, False

    def decode(self, text):
        if self.poor:
            self.poor = False
            raise MemoryError
        return self.decoder.decode(text)


@pytest.mark.fault("K20")
@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("place", ["submit", "look"])
def test_no_memory_while_decoding_ends_one_job_and_not_the_pool(provider, place, monkeypatch):
    decoder = Poor(_reading._DECODER)
    monkeypatch.setattr(_reading, "_DECODER", decoder)

    async def script(pool, sim):
        await pool.imagine("first use")
        job = pool.imagine("a cat")
        if place == "look":
            await job.accepted()
        decoder.poor = True
        await job.ended()
        assert job.exception() is None or isinstance(job.exception(), mj.MJError)
        assert job.exception() is None or job.exception().charged == "unknown"
        assert (await pool.imagine("another")).images
        await asyncio.sleep(3000)
        assert pool.stats().accounts[provider].held == 0

    assert 3 == tell(provider, script).ledger.charged
    assert not decoder.poor, "it struck"


@pytest.mark.fault("K22")
def test_a_callback_that_raises_or_is_no_callback_harms_nobody():
    called = []

    async def coroutine(job):
        called.append(job)

    def raises(_job):
        raise RuntimeError("a user's mistake")

    async def script(pool, sim):
        loop = asyncio.get_running_loop()
        told = []
        loop.set_exception_handler(lambda _loop, context: told.append(type(context["exception"])))
        job = pool.imagine("a cat")
        for callback in (raises, called.append, lambda each: each.result().images):
            job.add_done_callback(callback)
        other = pool.imagine("a dog")
        await asyncio.gather(job, other)
        await asyncio.sleep(0)
        assert [RuntimeError] == told
        assert [job] == called

    assert 2 == tell("mjproxy", script).ledger.charged


@pytest.mark.fault("K22")
def test_a_callback_that_takes_long_delays_no_charge_and_no_look():
    async def story():
        sim = Sim(seed=3)
        async with mj.Pool(sim.ttapi()) as pool:
            for number in range(5):
                pool.imagine(f"prompt {number}").add_done_callback(lambda _job: sum(range(200_000)))
        return sim.ledger.charged

    assert 5 == run(story())
