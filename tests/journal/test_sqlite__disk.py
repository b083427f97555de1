"""The disk is full, fails, or is taken away under an open journal."""

import asyncio
import re
import subprocess
import sys

import pytest

from mjasync.errors import JournalWriteError
from mjasync.journal import Entry
from mjasync.journal.sqlite import SQLiteJournal
from mjasync.testing import run
from tests.journal import disk_faults, faulty
from tests.journal.cases import Clock, asked, lived, opened, rows, truth

needs_library = pytest.mark.skipif(not faulty.available, reason="SQLite is not a shared library here")


@needs_library
@pytest.mark.fault("D01")
@pytest.mark.fault("D03")
@pytest.mark.parametrize("play", [disk_faults.making, disk_faults.reopening, disk_faults.appending])
def test_enospc_and_eio_at_every_write_truncation_and_fsync(tmp_path, play):
    faults, wrong = disk_faults.scenario(play, tmp_path, every=5)

    assert [] == wrong
    assert faults >= 20


@pytest.mark.fault("D01")
def test_a_limit_on_the_files_size(tmp_path):
    """A fault of the real system, with no ctypes in between; in another process, for limits are for good."""
    story = """
import asyncio, resource, signal, sys
from mjasync.errors import JournalWriteError
from mjasync.journal import Entry
from tests.journal.cases import Clock, asked
from mjasync.journal.sqlite import SQLiteJournal


async def story():
    clock, told = Clock(), 0
    journal = SQLiteJournal(sys.argv[1])
    journal.open(clock.opening())
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, resource.RLIM_INFINITY))
    try:
        while True:
            await journal.append(Entry(str(told), asked("word " * 50), 0.0))
            told += 1
    except JournalWriteError as exc:
        print(told, journal.broken is not None, exc.why)
    await journal.aclose()


asyncio.run(story())
"""
    done = subprocess.run(
        [sys.executable, "-c", story, str(tmp_path / "j.db")], capture_output=True, text=True, check=False
    )
    told = re.match(r"(\d+) True disk I/O error", done.stdout)
    assert told, done
    with opened(tmp_path / "j.db") as (_, kept):
        assert int(told[1]) <= len(kept.records) <= int(told[1]) + 1
    assert int(told[1]) > 20


async def last_words(journal, clock, job="late"):
    with pytest.raises(JournalWriteError) as caught:
        await journal.append(Entry(job, asked(), clock.now))
    with pytest.raises(JournalWriteError):
        await journal.append(Entry(job, asked(), clock.now))
    await journal.aclose()
    return caught.value


@pytest.mark.fault("D07")
@pytest.mark.parametrize("what", ["deleted", "replaced", "moved", "unlocked"])
@pytest.mark.parametrize("inline", [False, True])
def test_a_file_that_is_taken_away_takes_no_more(tmp_path, what, inline):
    path = tmp_path / "j.db"
    clock = lived(path)
    other = tmp_path / "other.db"
    lived(other, lives={"other": (asked(),)})

    async def story():
        journal = SQLiteJournal(path, inline=inline)
        journal.open(clock.opening())
        if what == "replaced":
            other.replace(path)
        elif what == "moved":
            path.rename(tmp_path / "moved.db")
        else:
            (path if what == "deleted" else tmp_path / "j.db.lock").unlink()
        return await last_words(journal, clock), journal.broken

    error, _ = run(story())
    assert "moved, deleted or replaced" in error.why
    assert "put the file back" in error.hint
    if what == "replaced":
        assert [("other",)] == rows(path, "SELECT id FROM jobs"), "nothing was written into it"
    assert (what in {"replaced", "unlocked"}) == path.exists()


@pytest.mark.fault("D02")
def test_another_program_that_locks_the_file_is_waited_for(tmp_path, monkeypatch):
    path = tmp_path / "j.db"
    clock = lived(path)

    async def story():
        journal = SQLiteJournal(path)
        journal.open(clock.opening())
        journal._open.store._db.execute("PRAGMA busy_timeout = 0")
        with LockedByAnother(path) as unlock:
            future = journal.append(Entry("new", asked(), clock.now))
            await asyncio.sleep(10)
            assert not future.done()
            assert journal.broken is None
            unlock()
            await future
        await journal.aclose()

    run(story())
    assert "new" in truth(path, clock)[0].records


class LockedByAnother:
    def __init__(self, path):
        code = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        code += (
            "db.execute('BEGIN EXCLUSIVE'); print('locked', flush=True); sys.stdin.readline(); db.execute('ROLLBACK')\n"
        )
        code += "print('free', flush=True)"
        command = [sys.executable, "-c", code, str(path)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        assert "locked\n" == self.process.stdout.readline()
        return self.unlock

    def unlock(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        assert "free\n" == self.process.stdout.readline()

    def __exit__(self, *exc_info):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


@pytest.mark.fault("D05")
def test_what_is_damaged_under_an_open_journal_ends_it_and_is_not_made_worse(tmp_path):
    path = tmp_path / "j.db"
    clock = lived(path)

    async def story():
        journal = SQLiteJournal(path, inline=True)
        journal.open(clock.opening())
        with path.open("r+b") as file:
            file.write(bytes(40_000))
        damaged = path.read_bytes()
        error = await last_words(journal, clock)
        assert damaged == path.read_bytes()
        return error

    assert "disk" in run(story()).hint


def test_a_loop_that_ends_while_entries_wait_loses_only_what_was_not_told(tmp_path):
    clock, path = Clock(), tmp_path / "j.db"
    journal = SQLiteJournal(path)
    journal.open(clock.opening())

    async def leave():
        await journal.append(Entry("a", asked(), clock.now))
        journal.append(Entry("b", asked(), clock.now))

    asyncio.run(leave())
    asyncio.run(journal.aclose())
    assert {"a"} <= set(truth(path, clock)[0].records) <= {"a", "b"}
