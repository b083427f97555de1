"""The journal that keeps nothing."""

import asyncio

import pytest

from mjasync.core import machine
from mjasync.core.machine import Accepted, Asked, IllegalMove, Saw, Sending
from mjasync.core.model import Phase, Snapshot, Spec, Status
from mjasync.core.operations import Imagine
from mjasync.journal import Entry
from mjasync.journal.memory import MemoryJournal

SPEC = Spec(operation=Imagine(prompt="a cat"))


def test_it_folds_what_it_was_given_in_order():
    async def story():
        journal = MemoryJournal()
        assert {} == await journal.load()
        await journal.append(Entry("a", Asked(SPEC), 1.0))
        await journal.append(
            Entry("b", Asked(SPEC), 2.0), Entry("a", Sending("acc"), 3.0), Entry("a", Accepted("r"), 4.0)
        )
        await journal.append(Entry("a", Saw(Snapshot(status=Status.DONE)), 5.0))
        records = await journal.load()
        await journal.aclose()
        await journal.aclose()
        assert records == await journal.load(), "closing forgets nothing that was asked for later"
        return records

    records = asyncio.run(story())

    assert {"a": Phase.DONE, "b": Phase.HELD} == {job: record.phase for job, record in records.items()}
    assert machine.replay("b", [(Asked(SPEC), 2.0)]) == records["b"]


def test_an_append_is_durable_without_a_turn_of_the_loop():
    waiting = MemoryJournal().append(Entry("a", Asked(SPEC), 1.0)).__await__()

    with pytest.raises(StopIteration):
        next(waiting)


def test_an_append_counts_from_the_call_on():
    journal = MemoryJournal()
    journal.append(Entry("a", Asked(SPEC), 1.0))

    assert ["a"] == list(asyncio.run(journal.load()))


def test_an_impossible_history_is_our_bug():
    journal = MemoryJournal()

    with pytest.raises(IllegalMove):
        journal.append(Entry("a", Sending("acc"), 1.0))
    assert {} == asyncio.run(journal.load())
