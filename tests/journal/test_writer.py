"""Groups, their order, patience, and the end of it; the disk is a function here."""

import asyncio
import errno
import logging
import sqlite3
import threading

import pytest

from mjasync.core.machine import Resumed
from mjasync.errors import JournalWriteError
from mjasync.journal import Entry
from mjasync.journal.faults import broken
from mjasync.journal.writer import MOST, Writer
from mjasync.testing import run


def fault(code, message="disk"):
    exc = sqlite3.OperationalError(message)
    exc.sqlite_errorcode = code
    exc.sqlite_errorname = "SQLITE_X"
    return exc


class Disk:
    """Takes groups; the next ones fail with these."""

    def __init__(self, *faults):
        self.faults = list(faults)
        self.groups = []
        self.tries = 0
        self.threads = set()

    def commit(self, group):
        self.tries += 1
        self.threads.add(threading.current_thread())
        if self.faults:
            exc = self.faults.pop(0)
            if exc is not None:
                raise exc
        self.groups.append([entry.job for entry, _ in group])


def writer_on(disk, **options):
    return Writer(disk.commit, lambda exc: broken("j.db", exc), **options)


def call(*jobs):
    return [(Entry(job, Resumed(), 0.0), 0.0) for job in jobs]


def test_one_turn_of_the_loop_is_one_transaction_and_no_call_is_split():
    async def story():
        disk = Disk()
        writer = writer_on(disk)
        futures = [writer.put(call("a")), writer.put(call("b", "c")), writer.put(call("d"))]
        assert [] == disk.groups
        await asyncio.gather(*futures)
        await writer.drain()
        writer.end()
        assert threading.current_thread() not in disk.threads
        return disk.groups

    assert [["a", "b", "c", "d"]] == run(story())


def test_what_comes_while_one_is_written_is_the_next_group():
    async def story():
        disk, gate, begun = Disk(), threading.Event(), asyncio.Event()
        loop, commit = asyncio.get_running_loop(), disk.commit

        def slow(group):
            loop.call_soon_threadsafe(begun.set)
            gate.wait(10)
            commit(group)

        disk.commit = slow
        writer = writer_on(disk)
        first = writer.put(call("a"))
        await begun.wait()
        others = [writer.put(call(job)) for job in "bcd"]
        gate.set()
        await asyncio.gather(first, *others)
        writer.end()
        return disk.groups

    assert [["a"], ["b", "c", "d"]] == run(story())


def test_a_group_is_limited_but_a_call_is_whole():
    async def story():
        disk = Disk()
        writer = writer_on(disk)
        await asyncio.gather(*(writer.put(call(*["x"] * size)) for size in (MOST - 1, 1, 1, MOST + 5, 2)))
        writer.end()
        return [len(group) for group in disk.groups]

    assert [MOST, 1, MOST + 5, 2] == run(story())


def test_futures_end_in_order_and_a_cancelled_one_changes_nothing():
    async def story():
        disk, ended = Disk(), []
        writer = writer_on(disk)
        futures = [writer.put(call(str(number))) for number in range(50)]
        for number, future in enumerate(futures):
            future.add_done_callback(lambda _, number=number: ended.append(number))
        futures[7].cancel()
        await writer.drain()
        writer.end()
        assert [str(number) for number in range(50)] == disk.groups[0]
        return ended

    assert [7, *range(7), *range(8, 50)] == run(story())


@pytest.mark.fault("D02")
@pytest.mark.parametrize("inline", [False, True])
def test_what_passes_is_waited_out_and_nothing_is_told_meanwhile(inline, caplog):
    async def story():
        disk = Disk(*[fault(sqlite3.SQLITE_FULL)] * 20)
        writer = writer_on(disk, inline=inline)
        loop = asyncio.get_running_loop()
        first = writer.put(call("a"))
        await asyncio.sleep(5.5)
        second = writer.put(call("b"))
        assert (False, False, None) == (first.done(), second.done(), writer.broken)
        await second
        assert first.done()
        writer.end()
        return disk.groups, loop.time()

    groups, time = run(story())
    assert ([["a"], ["b"]], 20.0) == (groups, pytest.approx(time))
    assert 1 == caplog.text.count("it is tried again")
    assert 1 == caplog.text.count("can be written again")


@pytest.mark.fault("D02")
@pytest.mark.parametrize("exc", [fault(sqlite3.SQLITE_FULL), OSError(errno.ENOSPC, "full")], ids=["sqlite", "os"])
def test_after_half_a_minute_it_is_broken_and_everything_fails_in_order(exc):
    async def story():
        disk, ended = Disk(*[exc] * 100), []
        writer = writer_on(disk)
        futures = [writer.put(call("a"))]
        await asyncio.sleep(10)
        futures.append(writer.put(call("b")))
        for number, future in enumerate(futures):
            future.add_done_callback(lambda _, number=number: ended.append(number))
        await writer.drain()
        time = asyncio.get_running_loop().time()
        futures.append(writer.put(call("c")))
        await asyncio.sleep(100)
        writer.end()
        errors = [future.exception() for future in futures]
        assert [JournalWriteError] * 3 == [type(error) for error in errors]
        assert 3 == len({id(error) for error in errors}), "each has a traceback of its own"
        assert {"unknown"} == {error.charged for error in errors} == {writer.broken.charged}
        assert errors[0].why
        assert "make room" in errors[0].hint
        return disk, ended, time

    disk, ended, time = run(story())
    assert ([], 31, [0, 1], 30.0) == (disk.groups, disk.tries, ended, pytest.approx(time))


@pytest.mark.fault("D03")
@pytest.mark.parametrize("inline", [False, True])
@pytest.mark.parametrize(
    "exc",
    [
        fault(sqlite3.SQLITE_IOERR_FSYNC),
        fault(sqlite3.SQLITE_CORRUPT),
        fault(sqlite3.SQLITE_NOTADB),
        fault(sqlite3.SQLITE_READONLY_DBMOVED),
        OSError(errno.EIO, "input/output error"),
        MemoryError(),
        sqlite3.ProgrammingError("closed"),
    ],
    ids=lambda exc: f"{type(exc).__name__}-{getattr(exc, 'sqlite_errorcode', '')}",
)
def test_nothing_else_is_tried_twice(exc, inline, caplog):
    async def story():
        disk = Disk(exc)
        writer = writer_on(disk, inline=inline)
        futures = [writer.put(call("a")), writer.put(call("b"))]
        await writer.drain()
        writer.end()
        assert [JournalWriteError] * 2 == [type(future.exception()) for future in futures]
        return disk

    disk = run(story())
    assert (1, []) == (disk.tries, disk.groups)
    assert "The journal is broken" in caplog.text


def test_a_failure_that_nobody_awaits_makes_no_noise_of_asyncio(caplog):
    async def story():
        writer = writer_on(Disk(OSError(errno.EIO, "")))
        writer.put(call("a"))
        await writer.drain()
        writer.end()

    caplog.set_level(logging.ERROR, "asyncio")
    run(story(), debug=True)
    assert "never retrieved" not in caplog.text


def test_inline_it_is_durable_at_once():
    async def story():
        disk = Disk()
        writer = writer_on(disk, inline=True)
        assert [None, None] == [writer.put(call("a")), writer.put(call("b", "c"))]
        await writer.drain()
        writer.end()
        assert {threading.current_thread()} == disk.threads
        return disk.groups

    assert [["a"], ["b", "c"]] == run(story())


def test_ctrl_c_in_the_middle_of_a_commit_is_passed_on_and_leaves_nothing_waiting():
    async def story():
        writer = writer_on(Disk(KeyboardInterrupt()), inline=True)
        with pytest.raises(KeyboardInterrupt):
            writer.put(call("a"))
        await writer.drain()
        assert writer.broken is not None
        assert isinstance(writer.put(call("b")).exception(), JournalWriteError)

    run(story())


def test_draining_may_be_cancelled_and_done_again():
    async def story():
        disk = Disk(fault(sqlite3.SQLITE_BUSY))
        writer = writer_on(disk)
        future = writer.put(call("a"))
        first = asyncio.ensure_future(writer.drain())
        await asyncio.sleep(0.5)
        first.cancel()
        await asyncio.gather(writer.drain(), writer.drain())
        assert first.cancelled()
        assert future.done()
        writer.end()

    run(story())
