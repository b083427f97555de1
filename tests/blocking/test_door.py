"""`mj.sync` and `mj.run`: with and without a running loop."""

import asyncio
import signal
import threading

import pytest

import mjasync as mj
from mjasync.testing import Sim
from tests.blocking.worlds import fed


@pytest.fixture(params=["plain", "loop runs"])
def anywhere(request):
    """Call a function as a script does, or as a notebook's cell: in a thread whose loop runs."""

    def call(function):
        if request.param == "plain":
            return function()

        async def cell():
            return function()

        loop = asyncio.new_event_loop()  # not asyncio.run: it would take Ctrl-C for itself, which a kernel does not
        try:
            return loop.run_until_complete(cell())
        finally:
            loop.close()

    return call


def test_run_calls_a_function_with_a_pool(anywhere):
    sim = Sim(seed=1)
    result = anywhere(
        lambda: mj.run(lambda pool: pool.imagine("a cat").upscale(2), mj.Pool(sim.ttapi()), loop_factory=fed)
    )

    assert "upscale2" == result.lineage[-1].action
    assert 2 == sim.ledger.charged


def test_run_waits_for_all_jobs(anywhere):
    sim = Sim(seed=1)

    async def main(pool):
        pool.imagine("a cat")
        return 7

    assert 7 == anywhere(lambda: mj.run(main, mj.Pool(sim.ttapi()), loop_factory=fed))
    assert 1 == sim.ledger.charged


def test_run_runs_a_coroutine_as_it_is(anywhere):
    async def main():
        await asyncio.sleep(3600)
        return "done"

    assert "done" == anywhere(lambda: mj.run(main(), loop_factory=fed))


def test_errors_come_through(anywhere):
    with pytest.raises(mj.PromptRejected) as caught:
        anywhere(lambda: mj.run(lambda pool: pool.imagine("gore"), mj.Pool(Sim(seed=1).ttapi()), loop_factory=fed))
    assert "_within" in [entry.name for entry in caught.traceback]


def test_sync_works_anywhere(anywhere):
    def cell():
        with mj.sync(mj.Pool(Sim(seed=1).ttapi()), loop_factory=fed) as pool:
            return pool.imagine("a cat").result().image

    assert anywhere(cell)


def test_no_thread_is_left(anywhere):
    before = set(threading.enumerate())
    anywhere(lambda: mj.run(asyncio.sleep(0)))

    assert before == set(threading.enumerate())


def test_ctrl_c_lets_go_of_the_job(anywhere):
    """Real time, a fraction of a second: a signal comes when it comes."""
    sim = Sim(seed=1)
    timers = []

    async def main(pool):
        job = pool.imagine("a cat", mode="relax")
        await job.accepted()
        timer = threading.Timer(0.05, signal.pthread_kill, (threading.main_thread().ident, signal.SIGINT))
        timers.append(timer)
        timer.start()
        await job

    with pytest.raises(KeyboardInterrupt) as caught:
        anywhere(lambda: mj.run(main, mj.Pool(sim.ttapi())))
    timers[0].join()
    assert caught.value.__notes__[0].startswith("1 paid job(s) run on at the provider, and may be charged: ttapi:")
    assert 1 == sim.ledger.accepted


def test_the_environment_has_the_pool(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MJASYNC_TTAPI_KEY", "key")
    seen = []

    async def main(pool):
        seen.append(repr(pool))

    mj.run(main)
    with mj.sync() as pool:
        seen.append(repr(pool))

    assert ["<Pool ttapi 0/10, 0 waiting, open>", "<SyncPool of <Pool ttapi 0/10, 0 waiting, open>>"] == seen


def test_nothing_to_run():
    with pytest.raises(mj.ConfigError, match=r"run\(\) cannot run str"):
        mj.run("a cat")

    async def main():
        raise AssertionError

    with pytest.raises(mj.ConfigError, match="has its pool already"):
        mj.run(main(), mj.Pool(Sim().ttapi()))


@pytest.mark.parametrize("pool", ["x", 3, object()])
def test_what_is_no_pool_is_refused(pool):
    with pytest.raises(mj.ConfigError, match="A pool is wanted"):
        mj.sync(pool)
    with pytest.raises(mj.ConfigError, match="A pool is wanted"):
        mj.run(lambda pool: pool.imagine("a cat"), pool)


def test_what_brings_nothing_to_await_is_refused():
    with pytest.raises(mj.ConfigError, match="brings int"):
        mj.run(lambda pool: 3, mj.Pool(Sim().ttapi()))
