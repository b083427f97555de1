"""`python -m tests.journal.kills [N] [SEED]`: a process that writes a journal, killed with -9 at N moments.

Each goes on where the last one was killed. Afterwards the file must open, hold everything that the dead process had
told to be durable, and no call in part.
"""

import asyncio
import logging
import os
import select
import signal
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from mjasync.core.machine import FINAL
from mjasync.core.model import Phase
from mjasync.errors import MJError
from mjasync.journal import Entry, Opening
from mjasync.journal.sqlite import SQLiteJournal
from tests.journal.cases import ACCOUNTS, asked, done, picture_job, sent

#: What was told last, by what the record says.
LETTERS = {Phase.HELD: "a", Phase.QUEUED: "s", Phase.DONE: "d"}
ORDER = "asd"


def opening():
    return Opening(now=time.monotonic, wall=time.time, accounts=ACCOUNTS)


async def writing(path, pipe, first):
    """Jobs from `first` on, four at a time; a line for each call that is durable."""
    journal = SQLiteJournal(path)
    journal.open(opening())

    async def live(number):
        job = f"{number:08}"
        begin = picture_job(bytes([number % 256]) * 500) if number % 5 == 0 else asked("word " * (number % 300))
        for letter, events in (("a", (begin,)), ("s", sent(f"r{number}")), ("d", (done(),))):
            await journal.append(*(Entry(job, event, time.monotonic()) for event in events))
            os.write(pipe, f"{letter} {job}\n".encode())

    while True:
        await asyncio.gather(*(live(number) for number in range(first, first + 4)))
        first += 4


def killed(path, first, delay):
    """What a process told before it was killed, `delay` seconds after its first word."""
    mine, its = os.pipe()
    pid = os.fork()
    if pid == 0:
        logging.disable(logging.CRITICAL)
        try:
            asyncio.run(writing(path, its, first))
        finally:
            os._exit(1)
    os.close(its)
    select.select([mine], [], [], 60)
    time.sleep(delay)
    os.kill(pid, signal.SIGKILL)
    assert os.WIFSIGNALED(os.waitpid(pid, 0)[1]), "it ended by itself"
    with os.fdopen(mine, encoding="ascii") as words:
        return [line.split() for line in words]


def check(path, told):
    """Open it as the next process would; what is wrong."""
    journal = SQLiteJournal(path)
    try:
        kept = journal.open(opening())
    except MJError as exc:
        return [f"it does not open: {exc}"]
    wrong = []
    for job, letter in told.items():
        found = journal.find(job=job)
        if not found or ORDER.index(LETTERS[found[0].phase]) < ORDER.index(letter):
            wrong.append(f"{job}: {letter} was told, {found} is there")
        elif found[0].phase not in FINAL and job not in kept.records:
            wrong.append(f"{job} is not over, and was not kept")
    pictures = [picture for record in kept.records.values() for picture in record.spec.operation.images]
    wrong += ["a picture is gone" for picture in pictures if not picture.data]
    asyncio.run(journal.aclose())
    return wrong


def main(count=50, seed=1):
    logging.disable(logging.CRITICAL)
    dice, wrong, first, calls = Random(seed), [], 0, 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "j.db")
        for number in range(count):
            delay = dice.choice((0.0, dice.random() * 0.01, dice.random() * 0.1))
            words = killed(path, first, delay)
            told = {job: letter for letter, job in words}
            wrong += [f"kill {number}: {what}" for what in check(path, told)]
            calls += len(words)
            first += 4 * (len(told) // 4 + 2)
    for what in wrong:
        print(what)
    print(f"{count} kills, {calls} calls told durable, {len(wrong)} violations")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
