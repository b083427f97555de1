"""`python -m tests.journal.disk_faults`: ENOSPC and EIO at every write, truncation and fsync of a journal.

Each number of each scenario fails once, and from there on for ever. What may never happen: something that was told
durable is missing afterwards, the file does not open again, a call ends neither well nor with `JournalWriteError`, an
opening ends in anything but `JournalError`, or in `JournalCorrupt`, which would blame the file for its disk.
"""

import asyncio
import logging
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

from mjasync.errors import JournalCorrupt, JournalError, JournalWriteError
from mjasync.journal import Entry
from mjasync.testing import run
from tests.journal.cases import DAY, LIVES, Clock, asked, done, lived, open_at, opened, sent
from tests.journal.faulty import FULL, Faulty

EIO = -1
CALLS = (("a", asked("a dog " * 900)), ("a", *sent("ra")), ("b", asked()), ("a", done()), ("b", *sent("rb"), done()))


async def calls(journal, clock):
    """Append them one after another; how many events of each job were told durable, and how the others ended."""
    told, errors = Counter(), []
    for job, *events in CALLS:
        future = journal.append(*(Entry(job, event, clock.now) for event in events))
        try:
            if future is not None:
                await future
        except JournalWriteError as exc:
            errors.append(exc)
        else:
            told[job] += len(events)
            assert not errors, "after the first failure every call fails"
    await journal.aclose()
    return told


def copied(folder):
    """A journal in which something was lived; the clock after it."""
    clock, whole = Clock(), folder.parent / "whole"
    if whole.exists():
        clock.move(len([event for events in LIVES.values() for event in events]))
    else:
        lived(whole / "j.db", clock)
    shutil.copytree(whole, folder)
    return clock


def appending(folder, faulty, arm):
    """Faults while an open journal takes entries."""
    path, clock = folder / "j.db", copied(folder)
    with faulty:
        journal, _ = open_at(path, clock)
        arm()
        told = run(calls(journal, clock))
        faulty.at = None
    check(path, clock, told)


def check(path, clock, told):
    """It opens again, and holds what it told, in whole calls."""
    whole = {"a": {0, 1, 3, 4}, "b": {0, 1, 4}}
    with opened(path, clock) as (journal, kept):
        assert {"held", "running"} <= set(kept.records), "what was there before"
        for job, sizes in whole.items():
            db = journal._open.store._db
            (found,) = db.execute("SELECT count(*) FROM events WHERE job = ?", (job,)).fetchone()
            assert found in sizes, "half a call"
            assert found >= told[job], f"{told[job] - found} events of {job} are lost"
            assert bool(found) == (job in [record.id for record in journal.find(job=job)])


def opening(folder, faulty, arm, *, fresh):
    """Faults while a journal is made, or opened and pruned."""
    path = folder / "j.db"
    clock = Clock() if fresh else copied(folder)
    clock.move(40 * DAY)
    with faulty:
        arm()
        try:
            journal, _ = open_at(path, clock)
        except JournalCorrupt:
            raise
        except JournalError:
            pass
        else:
            asyncio.run(journal.aclose())
        faulty.at = None
    with opened(path, clock) as (_, kept):
        assert fresh or "held" in kept.records


def making(folder, faulty, arm):
    """A new journal."""
    opening(folder, faulty, arm, fresh=True)


def reopening(folder, faulty, arm):
    """An older one."""
    opening(folder, faulty, arm, fresh=False)


def scenario(play, folder, *, every=1):
    """Count, then fail at every number, or at `every` so many; (faults, what went wrong)."""
    faulty = Faulty()
    play(folder / "count", faulty, lambda: faulty.fail(None, FULL, lasting=False))
    count, faults, wrong = len(faulty.done), 0, []
    for at in range(0, count, every):
        for code in (FULL, EIO):
            for lasting in (False, True):
                name = (
                    f"{play.__name__} {at} {'ENOSPC' if code == FULL else 'EIO'}{' from there on' if lasting else ''}"
                )
                faults += 1
                try:
                    play(
                        folder / name,
                        faulty,
                        lambda at=at, code=code, lasting=lasting: faulty.fail(at, code, lasting=lasting),
                    )
                except Exception as exc:  # noqa: BLE001  # it is what is counted
                    wrong.append(f"{name}: {type(exc).__name__}: {exc}")
                shutil.rmtree(folder / name, ignore_errors=True)
    return faults, wrong


def main():
    logging.disable(logging.CRITICAL)
    faults, wrong = 0, []
    with tempfile.TemporaryDirectory() as folder:
        for play in (appending, making, reopening):
            here = Path(folder, play.__name__)
            here.mkdir()
            number, found = scenario(play, here)
            print(f"{play.__name__}: {number} faults, {len(found)} violations")
            faults, wrong = faults + number, wrong + found
    for what in wrong:
        print(what)
    print(f"{faults} faults, {len(wrong)} violations")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
