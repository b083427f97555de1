"""What every journal promises: a protocol and three values."""

import asyncio
import inspect

import attrs
import pytest

from mjasync.core.machine import Sending
from mjasync.journal import Entry, Journal, Kept
from mjasync.journal.memory import MemoryJournal


def test_an_entry_is_a_value():
    entry = Entry("j", Sending("a"), 1.0)

    assert Entry("j", Sending("a"), 1.0) == entry
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        entry.at = 2.0


def test_nothing_kept_is_nothing():
    assert ({}, (), {}, {}) == attrs.astuple(Kept())


@pytest.mark.parametrize("name", ["open", "find", "aclose"])
def test_the_memory_journal_keeps_to_the_protocol(name):
    assert inspect.signature(getattr(Journal, name)) == inspect.signature(getattr(MemoryJournal, name))


def test_the_protocols_own_bodies_do_nothing():
    assert [None, None, None] == [Journal.append(None), Journal.open(None, None), Journal.find(None)]
    assert None is asyncio.run(Journal.aclose(None))
