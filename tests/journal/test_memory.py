"""The journal that keeps nothing."""

import asyncio

from mjasync.core.machine import Asked
from mjasync.core.model import Spec, Ticket
from mjasync.core.operations import Imagine
from mjasync.journal import Entry, Kept
from mjasync.journal.memory import MemoryJournal
from tests.journal.cases import Clock

SPEC = Spec(operation=Imagine(prompt="a cat"))


def test_it_takes_everything_at_once_and_keeps_nothing():
    journal = MemoryJournal()

    assert Kept() == journal.open(Clock().opening())
    assert journal.append(Entry("a", Asked(SPEC), 1.0), Entry("b", Asked(SPEC), 2.0)) is None
    assert () == journal.find(job="a")
    assert () == journal.find(key="k", ticket=Ticket("ttapi", "r"))
    assert "" == journal.place


def test_it_closes_as_often_as_anybody_likes():
    async def story():
        journal = MemoryJournal()
        await journal.aclose()
        await journal.aclose()

    asyncio.run(story())
