"""What the dispatcher learns from second requests and from the accounts themselves."""

import asyncio

import pytest

from mjasync.core import patience
from mjasync.core.model import Phase
from mjasync.core.slots import Slots
from mjasync.flow.dispatcher import LocalDispatcher
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


def on_the_way(cap, phases):
    """A dispatcher whose lent jobs stand as told."""
    slots = Slots({"a": cap})
    slots.open("a")
    dispatcher = LocalDispatcher(slots, lambda job, account: None, lambda job: phases[job])
    dispatcher.put(*(wish(job) for job in phases))
    return dispatcher


@pytest.mark.fault("P18")
def test_our_own_burst_is_nobody_elses_use_of_the_account(caplog):
    """Ten are sent at once and the account takes four, whichever answers come first."""

    async def story(order):
        phases = dict.fromkeys("0123456789", Phase.SENDING)
        dispatcher = on_the_way(10, phases)
        for job in order:
            await asyncio.sleep(0.1)
            if job in "0123":
                phases[job] = Phase.QUEUED
                dispatcher.taken("a")
            else:
                phases[job] = Phase.HELD
                bounce(dispatcher, job, FULL)
        assert (4, False) == (dispatcher.slots.limit("a"), dispatcher.is_crowded("a"))

    for order in ("0123456789", "4567890123", "0415263789", "4567801239"):
        run(story(order))
    assert [] == caplog.records


@pytest.mark.fault("P18")
def test_the_number_that_is_told_is_of_jobs_that_were_accepted(caplog):
    async def story():
        phases = {"0": Phase.RUNNING, "1": Phase.QUEUED, "2": Phase.HELD, "3": Phase.LOST, "4": Phase.SENDING}
        dispatcher = on_the_way(8, phases)
        await asyncio.sleep(1)
        bounce(dispatcher, "4", FULL)
        assert dispatcher.is_crowded("a")

    run(story())
    (record,) = caplog.records
    assert "with 3 of our jobs there, and has 8 slots" in record.getMessage()


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
