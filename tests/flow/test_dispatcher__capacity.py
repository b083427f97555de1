"""What the dispatcher learns from second requests and from the accounts themselves."""

import asyncio

import pytest

from mjasync.core import patience
from mjasync.testing import run
from tests.flow.test_dispatcher__health import FULL, OFTEN, bounce, lent, made, wish


def test_a_second_request_of_a_job_that_was_lent_long_ago_has_something_new_to_tell():
    async def story():
        dispatcher, _ = lent(10, 10)
        bounce(dispatcher, "0", OFTEN)
        await asyncio.sleep(10)
        dispatcher.refused("1", "a", OFTEN, 0, asked_at=9.0)
        assert 2 == dispatcher.slots.limit("a")
        dispatcher.refused("2", "a", OFTEN, 0, asked_at=8.0)
        assert 2 == dispatcher.slots.limit("a"), "it was asked before the last halving"

    run(story())


def test_an_account_with_fewer_slots_keeps_to_them_and_with_more_lends_at_once():
    async def story():
        dispatcher, started = lent(10, 4)
        dispatcher.resize("a", 3)
        dispatcher.put(wish("x"))
        for job in range(2):
            dispatcher.give_back(str(job))
        assert [*"0123", "x"] == started
        dispatcher.put(wish("y"))
        assert "y" not in started
        dispatcher.resize("a", 4)
        assert "y" in started

    run(story())


@pytest.mark.fault("P18")
def test_an_account_is_crowded_until_it_has_all_its_slots_again():
    async def story():
        dispatcher, _ = lent(10, 4)
        bounce(dispatcher, "0", FULL)
        assert dispatcher.is_crowded("a")
        await asyncio.sleep(patience.REGROWTH * 6)
        assert dispatcher.is_crowded("a")
        await asyncio.sleep(patience.REGROWTH * 4)
        assert not dispatcher.is_crowded("a")

    run(story())


def test_one_job_goes_while_somebody_finds_out_how_many_may():
    async def story():
        dispatcher, started = made(4)
        dispatcher.sound("a")
        dispatcher.put(*(wish(str(n)) for n in range(5)))
        assert ["0"] == started
        dispatcher.sounded("a")
        assert [*"0123"] == started

    run(story())


def test_an_account_that_is_barred_meanwhile_stays_so():
    async def story():
        dispatcher, started = made(4)
        dispatcher.sound("a")
        dispatcher.barred("a")
        dispatcher.sounded("a")
        dispatcher.put(*(wish(str(n)) for n in range(5)))
        assert ["0"] == started
        dispatcher.taken("a")
        assert [*"0123"] == started

    run(story())
