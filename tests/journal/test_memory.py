"""The journal that keeps nothing."""

import asyncio

import pytest

from mjasync.core import machine
from mjasync.core.machine import Accepted, Asked, IllegalMove, Saw, Sending
from mjasync.core.model import Phase, Snapshot, Spec, Status
from mjasync.core.operations import Imagine
from mjasync.journal import Entry, Kept
from mjasync.journal.memory import MemoryJournal
from tests.journal.cases import Clock

SPEC = Spec(operation=Imagine(prompt="a cat"))


def test_it_folds_what_it_was_given_in_order():
    journal = MemoryJournal()
    assert Kept() == journal.open(Clock().opening())
    journal.append(Entry("a", Asked(SPEC), 1.0))
    journal.append(Entry("b", Asked(SPEC), 2.0), Entry("a", Sending("acc"), 3.0), Entry("a", Accepted("r"), 4.0))
    journal.append(Entry("a", Saw(Snapshot(status=Status.DONE)), 5.0))

    assert {"a": Phase.DONE, "b": Phase.HELD} == {job: record.phase for job, record in journal.records.items()}
    assert machine.replay("b", [(Asked(SPEC), 2.0)]) == journal.records["b"]


def test_an_append_is_durable_at_once():
    assert MemoryJournal().append(Entry("a", Asked(SPEC), 1.0)) is None


def test_there_were_no_earlier_processes():
    journal = MemoryJournal()
    journal.append(Entry("a", Asked(SPEC), 1.0))

    assert "" == journal.place
    assert () == journal.find(job="a")


def test_closing_forgets_nothing_that_is_asked_for_later():
    journal = MemoryJournal()
    journal.append(Entry("a", Asked(SPEC), 1.0))
    asyncio.run(journal.aclose())
    asyncio.run(journal.aclose())

    assert ["a"] == list(journal.records)


def test_an_impossible_history_is_our_bug():
    journal = MemoryJournal()

    with pytest.raises(IllegalMove):
        journal.append(Entry("a", Sending("acc"), 1.0))
    assert {} == journal.records
