"""The in-process dispatcher: slots are lent in the turn in which they become free, and never by a dying one."""

import asyncio

from mjasync.core.answers import Busy
from mjasync.core.model import Failure
from mjasync.core.slots import Slots, Wish
from mjasync.flow.dispatcher import LocalDispatcher
from mjasync.testing import run


def made(cap=1):
    started = []
    slots = Slots({"a": cap})
    slots.open("a")
    return LocalDispatcher(slots, lambda job, account: started.append(job)), started


def wish(job):
    return Wish(job=job, accounts=("a",))


def busy(status=None, *, code=None, wait=None):
    """A refusal of the account; without a status it says only "not now"."""
    return Busy(failure=Failure(kind="ProviderError", what="no", status=status, code=code), retry_after=wait)


def test_the_next_job_starts_in_the_same_turn():
    async def story():
        dispatcher, started = made()
        for job in ("1", "2", "3"):
            dispatcher.put(wish(job))
        assert started == ["1"]
        dispatcher.give_back("1")
        assert started == ["1", "2"]
        assert dispatcher.drop("3")
        assert not dispatcher.drop("3")
        dispatcher.give_back("2")
        assert started == ["1", "2"]

    run(story())


def test_jobs_put_together_are_sorted_before_the_first_is_lent():
    async def story():
        dispatcher, started = made()
        dispatcher.put(wish("1"), Wish(job="2", accounts=("a",), priority=1))
        assert started == ["2"]

    run(story())


def test_a_resting_account_lends_nothing_and_a_shorter_rest_changes_nothing():
    async def story():
        dispatcher, started = made()
        dispatcher.refused("0", "a", busy(wait=10), 0)
        dispatcher.refused("0", "a", busy(wait=2), 0)
        dispatcher.put(wish("1"))
        await asyncio.sleep(10)
        assert started == []
        dispatcher.refused("0", "a", busy(wait=15), 0)
        await asyncio.sleep(15)
        assert started == []
        await asyncio.sleep(2)
        assert started == ["1"]

    run(story())


def test_many_refusals_at_once_are_one_and_an_acceptance_begins_anew():
    async def story():
        dispatcher, started = made(cap=2)
        for _ in range(10):
            dispatcher.refused("0", "a", busy(), 1)
        dispatcher.put(wish("1"))
        await asyncio.sleep(1.01)
        assert started == ["1"]
        for _ in range(4):
            dispatcher.refused("0", "a", busy(), 1)
            await asyncio.sleep(20)
        dispatcher.taken("a")
        dispatcher.refused("0", "a", busy(), 1)
        dispatcher.put(wish("2"))
        await asyncio.sleep(1.01)
        assert started == ["1", "2"]

    run(story())


def test_a_stopped_dispatcher_lends_nothing():
    async def story():
        dispatcher, started = made()
        dispatcher.put(wish("1"))
        dispatcher.put(wish("2"))
        dispatcher.refused("0", "a", busy(), 0)
        dispatcher.stop()
        dispatcher.give_back("1")
        await asyncio.sleep(10)
        assert started == ["1"]

    run(story())
