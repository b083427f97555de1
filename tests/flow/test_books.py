"""Books: decided, written down, then told; two writers of one job never overwrite each other."""

import asyncio

import pytest

from mjasync.core import machine
from mjasync.core.machine import Accepted, Asked, Detached, IllegalMove, Rejected, Saw, Sending
from mjasync.core.model import Failure, Phase, Snapshot, Spec, Status, Ticket
from mjasync.core.operations import Imagine
from mjasync.core.tokens import digest
from mjasync.errors import JournalWriteError
from mjasync.flow.books import Books
from mjasync.journal.memory import MemoryJournal
from mjasync.testing import run

SPEC = Spec(operation=Imagine(prompt="a cat"))
FAILURE = Failure(kind="JobFailed", what="no")


class Folding(MemoryJournal):
    """What the events come to."""

    def __init__(self):
        self.records = {}

    def append(self, *entries):
        for entry in entries:
            known = self.records.get(entry.job)
            self.records[entry.job] = (
                machine.apply(known, entry.event, entry.at)
                if known
                else machine.replay(entry.job, [(entry.event, entry.at)])
            )


class SlowJournal(Folding):
    """A disk that takes a second."""

    def append(self, *entries):
        super().append(*entries)
        durable = asyncio.get_running_loop().create_future()
        durable.get_loop().call_later(1, durable.set_result, None)
        return durable


class FullDisk(Folding):
    """A disk that keeps the first event of a job, and no other."""

    def append(self, *entries):
        if entries[0].job in self.records:
            refused = asyncio.get_running_loop().create_future()
            refused.set_exception(JournalWriteError("the disk is full"))
            return refused
        return super().append(*entries)


def open_books(journal):
    told = []
    books = Books(journal, asyncio.get_running_loop().time, lambda record, error: told.append((record, error)))
    return books, told


def phases(told):
    return [record.phase for record, _ in told]


def test_nobody_is_told_before_it_is_durable():
    async def story():
        books, told = open_books(SlowJournal())
        books.ask("j", SPEC)
        noting = asyncio.create_task(books.note("j", Sending("ttapi")))
        await asyncio.sleep(0.5)
        assert Phase.SENDING is books["j"].phase
        assert [] == told
        await noting
        assert [Phase.HELD, Phase.SENDING] == phases(told)

    run(story())


def test_two_writers_of_one_job_keep_each_others_facts_and_are_told_in_order():
    async def story():
        books, told = open_books(SlowJournal())
        books.ask("j", SPEC)
        await books.note("j", Sending("ttapi"))
        books.settle("j", Detached(FAILURE))
        await books.note("j", Accepted("r1"))
        assert "r1" == books["j"].remote_id
        assert FAILURE == books["j"].detached
        assert [None, None, None, "r1"] == [record.remote_id for record, _ in told]

    run(story())


def test_what_is_settled_is_told_without_anybody_waiting():
    async def story():
        books, told = open_books(Folding())
        books.ask("j", SPEC)
        books.settle("j", Rejected(FAILURE))
        assert [] == told, "not in the breath of the decision: whoever decides may be in the middle of something"
        await asyncio.sleep(0)
        assert [Phase.FAILED] == phases(told)

    run(story())


def test_an_illegal_move_changes_and_tells_nothing():
    async def story():
        journal = Folding()
        books, told = open_books(journal)
        books.ask("j", SPEC)
        with pytest.raises(IllegalMove, match="held"):
            await books.note("j", Accepted("r1"))
        assert Phase.HELD is books["j"].phase
        assert [] == told
        assert journal.records == dict(books)

    run(story())


def test_progress_is_told_but_not_written_and_the_end_is_both():
    async def story():
        journal = Folding()
        books, told = open_books(journal)
        books.ask("j", SPEC)
        await books.note("j", Sending("ttapi"))
        await books.note("j", Accepted("r1"))
        await books.note("j", Saw(Snapshot(status=Status.RUNNING, progress=31)))
        assert Phase.QUEUED is journal.records["j"].phase
        await books.note("j", Saw(Snapshot(status=Status.DONE)))
        assert Phase.DONE is journal.records["j"].phase
        assert [Phase.SENDING, Phase.QUEUED, Phase.RUNNING, Phase.DONE] == phases(told)

    run(story())


@pytest.mark.fault("P05")
def test_late_news_of_a_finished_job_are_silent():
    async def story():
        books, told = open_books(Folding())
        books.ask("j", SPEC)
        await books.note("j", Rejected(FAILURE))
        await books.note("j", Saw(Snapshot(status=Status.DONE)))
        assert 1 == len(told)
        assert ["j"] == list(books)
        assert 1 == len(books)

    run(story())


def test_a_disk_that_refuses_the_intent_keeps_the_byte_from_leaving():
    async def story():
        books, told = open_books(FullDisk())
        books.ask("j", SPEC)
        with pytest.raises(JournalWriteError, match="full"):
            await books.note("j", Sending("ttapi"))
        assert Phase.HELD is books["j"].phase, "it was never sent"
        assert [(Phase.HELD, "the disk is full")] == [(record.phase, error.what) for record, error in told]

    run(story())


def test_what_happened_all_the_same_is_told_with_the_reason_why_it_was_not_kept():
    async def story():
        books, told = open_books(FullDisk())
        books.ask("j", SPEC)
        await books.note("j", Rejected(FAILURE))
        assert Phase.FAILED is books["j"].phase
        assert [JournalWriteError] == [type(error) for _, error in told]

    run(story())


def test_the_token_of_a_hook_is_masked_before_anything_is_kept():
    async def story():
        journal = Folding()
        books, _ = open_books(journal)
        books.ask("j", SPEC)
        await books.note("j", Sending("ttapi", digest("secret")))
        await books.note("j", Accepted("r1"))
        await books.note("j", Saw(Snapshot(status=Status.DONE, raw={"data": {"hookUrl": "https://x.example/secret"}})))
        assert {"data": {"hookUrl": "https://x.example/***"}} == journal.records["j"].snapshot.raw

    run(story())


class Archive(MemoryJournal):
    """A journal of one job that an earlier process ended."""

    def __init__(self):
        events = [Asked(SPEC), Sending("ttapi"), Accepted("r1"), Saw(Snapshot(status=Status.DONE))]
        self.old = machine.replay("old", [(event, 1.0) for event in events])

    def find(self, *, job="", key="", ticket=None, again=""):
        return (self.old,) if ticket == Ticket("ttapi", "r1") else ()


def test_asking_whether_an_id_is_known_brings_nothing_in():
    async def story():
        books, _ = open_books(Archive())
        assert (True, False, False) == (
            books.is_known("ttapi", "r1"),
            books.is_known("ttapi", "r2"),
            books.is_known("other", "r1"),
        )
        assert [] == list(books)
        assert ("old",) == books.known_as("ttapi", "r1"), "this does"
        assert books.is_known("ttapi", "r1")
        assert ["old"] == list(books)

    run(story())
