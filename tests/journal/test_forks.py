"""A forked child may do nothing, and harms nothing."""

import json
import subprocess
import sys

import pytest

STORY = """
import asyncio, gc, json, os, sys, time
from mjasync.core.model import Ticket
from mjasync.errors import JournalError
from mjasync.journal import Entry, Opening
from mjasync.journal.sqlite import SQLiteJournal
from tests.journal.cases import Clock, asked, opened, sent

clock = Clock()


def refused(work):
    try:
        work()
    except JournalError as exc:
        return "opened by another process" in str(exc)
    return False


async def main():
    journal = SQLiteJournal(sys.argv[1])
    journal.open(clock.opening())
    await journal.append(Entry("a", asked(), 1.0))
    mine, its = os.pipe()
    pid = os.fork()
    if pid == 0:
        told = {
            "append": refused(lambda: journal.append(Entry("b", asked(), 1.0))),
            "find": refused(lambda: journal.find(job="a")),
            "open": refused(lambda: journal.open(clock.opening())),
            "busy": refused(lambda: SQLiteJournal(sys.argv[1]).open(clock.opening())),
        }
        try:
            SQLiteJournal(sys.argv[1]).open(clock.opening())
        except JournalError as exc:
            told["busy"] = f"process {os.getppid()}" in str(exc)
        closing = journal.aclose()
        try:
            closing.send(None)
        except StopIteration:
            told["aclose"] = True
        del journal
        gc.collect()
        os.write(its, json.dumps(told).encode())
        os.read(mine, 0)
        time.sleep(30) if "linger" in sys.argv else None
        os._exit(0)
    if "linger" not in sys.argv:
        assert os.waitpid(pid, 0)[1] == 0
    told = json.loads(os.read(mine, 10_000))
    for number in range(20):
        await journal.append(Entry("a", sent("r")[number], 1.0)) if number < 2 else None
    told["parent"] = journal.find(job="a")[0].remote_id
    await journal.aclose()
    again = SQLiteJournal(sys.argv[1])
    told["again"] = list(again.open(clock.opening()).records)
    await again.aclose()
    if "linger" in sys.argv:
        os.kill(pid, 9)
        os.waitpid(pid, 0)
    print(json.dumps(told))


asyncio.run(main(), debug=False)
"""


@pytest.mark.fault("K14")
@pytest.mark.parametrize("linger", [(), ("linger",)], ids=["child ends first", "child lives on"])
def test_a_forked_child_is_told_and_its_parent_goes_on(tmp_path, linger):
    # In a process of its own: pytest's has threads, and forks of such processes are warned about.
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", STORY, str(tmp_path / "j.db"), *linger]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    assert "" == done.stderr
    expected = {"append": True, "find": True, "open": True, "busy": True, "aclose": True, "parent": "r", "again": ["a"]}
    assert expected == json.loads(done.stdout)
