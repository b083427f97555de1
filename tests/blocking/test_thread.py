"""The loop's thread: what is handed in comes out, once, whoever interrupts."""

import asyncio
import contextlib
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from mjasync.blocking.thread import LoopThread
from mjasync.errors import ConfigError, PoolClosed
from mjasync.testing import VirtualLoop


@pytest.fixture
def thread():
    before = set(threading.enumerate())
    thread = LoopThread()
    yield thread
    thread.close()
    assert before == set(threading.enumerate())


class Told:
    """What became of a coroutine."""

    def __init__(self):
        self.ends = []

    async def forever(self):
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await asyncio.sleep(0)  # a cancel that came again would end here
            await asyncio.sleep(0.01)
            self.ends.append("cancelled once")
            raise


def test_a_function_runs_in_the_loop(thread):
    assert "mj:sync" == thread.call(threading.current_thread).name
    assert thread.call(asyncio.get_running_loop).is_running()


def test_a_coroutine_is_waited_for(thread):
    assert "done" == thread.wait(lambda: asyncio.sleep(0.01, "done"))
    assert "done" == thread.wait(lambda: asyncio.sleep(0.01, "done"), timeout=5)


async def _fails():
    raise KeyError("mine")


def test_errors_keep_their_type_and_their_trace(thread):
    with pytest.raises(KeyError, match="mine") as caught:
        thread.wait(_fails)
    assert "_fails" in [entry.name for entry in caught.traceback]
    with pytest.raises(ZeroDivisionError):
        thread.call(lambda: 1 / 0)


@pytest.mark.parametrize("timeout", [0, 0.05])
def test_a_wait_that_is_too_long_has_ended_when_it_is_told(thread, timeout):
    told = Told()
    begun = time.monotonic()

    with pytest.raises(TimeoutError, match="not within"):
        thread.wait(told.forever, timeout=timeout)
    assert timeout <= time.monotonic() - begun < 5
    assert ["cancelled once"] == told.ends or timeout == 0


def test_what_comes_in_the_last_moment_counts(thread):
    async def stubborn():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        return "all the same"

    assert "all the same" == thread.wait(stubborn, timeout=0.05)


def test_a_time_out_of_the_work_is_its_own(thread):
    async def late():
        raise TimeoutError("mine")

    with pytest.raises(TimeoutError, match="mine"):
        thread.wait(late, timeout=5)


def test_an_interrupt_cancels_the_wait_and_waits_for_its_end(thread):
    told = Told()
    main = threading.main_thread().ident
    timer = threading.Timer(0.1, signal.pthread_kill, (main, signal.SIGINT))
    timer.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            thread.wait(told.forever)
    finally:
        timer.join()

    assert ["cancelled once"] == told.ends
    assert "well" == thread.call(lambda: "well")


def test_it_does_not_wait_for_itself(thread):
    def inside():
        assert "here" == thread.call(lambda: "here")
        with pytest.raises(ConfigError, match="would wait for itself"):
            thread.wait(lambda: asyncio.sleep(0))
        return True

    assert thread.call(inside)


def test_many_threads_may_ask_at_once(thread):
    with ThreadPoolExecutor(8) as others:
        found = others.map(lambda n: thread.wait(lambda: asyncio.sleep(0.001 * (n % 5), n)), range(200))

        assert list(range(200)) == list(found)


def test_after_the_end_nothing_is_waited_for(thread):
    thread.close()
    thread.close()

    assert thread.closed
    assert threading.current_thread() is thread.call(threading.current_thread)
    with pytest.raises(PoolClosed):
        thread.wait(lambda: asyncio.sleep(0))


def test_who_waits_at_the_end_hears_of_it(thread):
    told = Told()
    with ThreadPoolExecutor(1) as others:
        waiting = others.submit(thread.wait, told.forever)
        while not thread.call(lambda: [task for task in asyncio.all_tasks() if "forever" in repr(task)]):
            time.sleep(0.001)
        thread.close()

        with pytest.raises(PoolClosed, match="This pool is closed"):
            waiting.result()
    assert ["cancelled once"] == told.ends


def test_a_loop_that_cannot_be_made():
    def broken():
        raise OSError("no more files")

    with pytest.raises(OSError, match="no more files"):
        LoopThread(broken)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_loop_that_breaks_keeps_nobody_waiting(thread):
    told, broke = Told(), SystemExit("the disk is on fire")

    def breaks():
        raise broke

    with ThreadPoolExecutor(1) as others:
        waiting = others.submit(thread.wait, told.forever)
        thread._handed(breaks)
        with pytest.raises(PoolClosed, match="loop of this pool broke") as first:
            waiting.result(timeout=10)
    with pytest.raises(PoolClosed, match="SystemExit: the disk is on fire") as later:
        thread.wait(told.forever)
    with pytest.raises(PoolClosed) as checked:
        thread.check()
    assert broke is first.value.__cause__ is later.value.__cause__ is checked.value.__cause__
    thread._thread.join()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_what_is_handed_in_as_the_loop_breaks_is_told_so():
    def breaks():
        raise SystemExit

    for _ in range(200):
        thread = LoopThread()
        thread._handed(breaks)
        with pytest.raises(PoolClosed) as met:
            thread.wait(Told().forever, timeout=10)
        assert isinstance(met.value.__cause__, SystemExit)
        thread._thread.join()  # its last words are this test's


def test_virtual_time_stands_still_while_nobody_waits():
    thread = LoopThread(lambda: VirtualLoop(fed=True))
    rang = []
    thread.call(lambda: asyncio.get_running_loop().call_later(600, rang.append, "bell"))
    for _ in range(100):
        thread.call(lambda: None)
    assert (0, []) == (thread.call(lambda: asyncio.get_running_loop().time()), rang)
    thread.wait(lambda: asyncio.sleep(601))
    assert (601, ["bell"]) == (thread.call(lambda: asyncio.get_running_loop().time()), rang)
    thread.close()
