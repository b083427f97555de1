"""Books: decided, written down, then published; two writers of one job never overwrite each other."""

import asyncio

import pytest

from mjasync.core.machine import Accepted, Detached, IllegalMove, Rejected, Saw, Sending
from mjasync.core.model import Failure, Phase, Snapshot, Spec, Status
from mjasync.core.operations import Imagine
from mjasync.flow.books import Books
from mjasync.journal.memory import MemoryJournal
from mjasync.testing import run

SPEC = Spec(operation=Imagine(prompt="a cat"))
FAILURE = Failure(kind="JobFailed", what="no")


class SlowJournal(MemoryJournal):
    """A disk that takes a second."""

    def append(self, *entries):
        super().append(*entries)
        durable = asyncio.get_running_loop().create_future()
        durable.get_loop().call_later(1, durable.set_result, None)
        return durable


def open_books(journal):
    told = []
    books = Books(journal, asyncio.get_running_loop().time, told.append)
    return books, told


def test_nobody_is_told_before_it_is_durable():
    async def story():
        books, told = open_books(SlowJournal())
        books.ask("j", SPEC)
        noting = asyncio.create_task(books.note("j", Sending("ttapi")))
        await asyncio.sleep(0.5)
        assert books["j"].phase is Phase.SENDING
        assert told == []
        await noting
        assert [record.phase for record in told] == [Phase.SENDING]

    run(story())


def test_two_writers_of_one_job_keep_each_others_facts():
    async def story():
        books, _ = open_books(MemoryJournal())
        books.ask("j", SPEC)
        await books.note("j", Sending("ttapi"))
        detach = books.decide("j", Detached(FAILURE))
        accept = books.decide("j", Accepted("r1"))
        await accept()
        await detach()
        assert books["j"].remote_id == "r1"
        assert books["j"].detached == FAILURE

    run(story())


def test_an_illegal_move_changes_and_tells_nothing():
    async def story():
        journal = MemoryJournal()
        books, told = open_books(journal)
        books.ask("j", SPEC)
        with pytest.raises(IllegalMove, match="held"):
            await books.note("j", Accepted("r1"))
        assert books["j"].phase is Phase.HELD
        assert told == []
        assert await journal.load() == dict(books)

    run(story())


def test_progress_is_told_but_not_written_and_the_end_is_both():
    async def story():
        journal = MemoryJournal()
        books, told = open_books(journal)
        books.ask("j", SPEC)
        await books.note("j", Sending("ttapi"))
        await books.note("j", Accepted("r1"))
        await books.note("j", Saw(Snapshot(status=Status.RUNNING, progress=31)))
        assert (await journal.load())["j"].phase is Phase.QUEUED
        await books.note("j", Saw(Snapshot(status=Status.DONE)))
        assert (await journal.load())["j"].phase is Phase.DONE
        assert [record.phase for record in told] == [Phase.SENDING, Phase.QUEUED, Phase.RUNNING, Phase.DONE]

    run(story())


def test_late_news_of_a_finished_job_are_silent():
    async def story():
        books, told = open_books(MemoryJournal())
        books.ask("j", SPEC)
        await books.note("j", Rejected(FAILURE))
        await books.note("j", Saw(Snapshot(status=Status.DONE)))
        assert len(told) == 1
        assert len(books) == 1
        assert list(books) == ["j"]

    run(story())
