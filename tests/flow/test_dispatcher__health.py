"""What the dispatcher learns from refusals: fewer jobs at once, further apart, or one that finds out."""

import asyncio
import logging

import pytest

from mjasync.core import patience
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


FULL, OFTEN = busy(499), busy(429)


def lent(cap, jobs):
    """A dispatcher with so many jobs lent on an account of `cap` slots."""
    dispatcher, started = made(cap)
    dispatcher.put(*(wish(str(n)) for n in range(jobs)))
    return dispatcher, started


def bounce(dispatcher, job, refusal):
    """What the queue does with a refused job."""
    dispatcher.refused(job, "a", refusal, 0)
    dispatcher.give_back(job)


@pytest.mark.fault("H13", "P17")
def test_a_burst_of_too_many_requests_halves_the_limit_once():
    async def story():
        dispatcher, _ = lent(10, 10)
        for job in range(6):
            bounce(dispatcher, str(job), OFTEN)
            await asyncio.sleep(0.05)
        assert dispatcher.slots.limit("a") == 5
        await asyncio.sleep(10)
        assert dispatcher.slots.is_open("a")
        bounce(dispatcher, "6", OFTEN)
        assert dispatcher.slots.limit("a") == 5, "its answer was late: it was lent with the others"
        assert dispatcher.slots.held("a") == 3, "what is lent stays lent"

    run(story())


@pytest.mark.fault("P17")
def test_a_throttle_ends_at_one_and_grows_back_by_one_a_minute():
    async def story():
        dispatcher, _ = lent(10, 10)
        for job in range(10):
            dispatcher.give_back(str(job))
        limits = []
        for job in range(4):
            dispatcher.put(wish(f"again {job}"))
            bounce(dispatcher, f"again {job}", OFTEN)
            limits.append(dispatcher.slots.limit("a"))
            await asyncio.sleep(30)
        assert limits == [5, 2, 1, 1]
        dispatcher.put(*(wish(f"more {n}") for n in range(20)))
        grown = []
        for _ in range(11):
            await asyncio.sleep(patience.REGROWTH)
            grown.append(dispatcher.slots.limit("a"))
        assert grown == [2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10]
        assert dispatcher.slots.held("a") == 10, "each step lends in the same turn"

    run(story())


@pytest.mark.fault("P17")
def test_a_throttled_account_is_sent_one_job_at_a_time():
    async def story():
        dispatcher, started = lent(4, 4)
        for job in range(4):
            bounce(dispatcher, str(job), OFTEN)
        del started[:]
        dispatcher.put(*(wish(f"next {n}") for n in range(9)))
        seen = []
        for _ in range(6):
            await asyncio.sleep(0.9)
            seen.append(len(started))
        assert seen == [1, 1, 2, 2, 2, 2], "1.5 s apart, and two slots for now"
        bounce(dispatcher, "next 0", OFTEN)
        assert len(started) == 2
        await asyncio.sleep(200)
        assert (dispatcher.slots.limit("a"), len(started)) == (4, 5)
        for job in list(started):
            dispatcher.give_back(job)
        assert len(started) == 9, "it has all of them back: no gap is kept any more"

    run(story())


@pytest.mark.fault("P17")
def test_a_gap_is_kept_also_after_a_refused_account_takes_a_job_again():
    async def story():
        dispatcher, started = lent(8, 4)
        bounce(dispatcher, "0", OFTEN)
        dispatcher.barred("a")
        bounce(dispatcher, "1", OFTEN)
        await asyncio.sleep(5)
        dispatcher.put(*(wish(f"next {n}") for n in range(9)))
        assert started[4:] == ["next 0"]
        await asyncio.sleep(5)
        assert started[4:] == ["next 0"], "it finds out, and nothing goes before it did"
        dispatcher.taken("a")
        assert started[5:] == ["next 1"]
        dispatcher.barred("a")
        dispatcher.give_back("next 1")
        assert started[6:] == ["next 2"]
        dispatcher.taken("a")
        dispatcher.give_back("2")
        assert started[7:] == [], "the gap is not over"
        await asyncio.sleep(1.6)
        assert started[7:] == ["next 3"]
        assert len(timers()) == 2, "of two gaps the later one counts"
        dispatcher.stop()
        assert timers() == []

    run(story())


@pytest.mark.fault("P18")
def test_a_full_queue_is_a_measurement_and_said_once(caplog):
    async def story():
        dispatcher, _ = lent(10, 10)
        for job in range(6):
            bounce(dispatcher, str(job), FULL)
        assert (dispatcher.slots.limit("a"), dispatcher.slots.held("a")) == (4, 4)
        await asyncio.sleep(61)
        assert dispatcher.slots.limit("a") == 5
        dispatcher.put(wish("next"))
        bounce(dispatcher, "next", FULL)
        assert dispatcher.slots.limit("a") == 4
        await asyncio.sleep(6 * 60 + 1)
        assert dispatcher.slots.limit("a") == 10
        dispatcher.put(wish("later"))
        bounce(dispatcher, "later", FULL)

    run(story())
    told = [record for record in caplog.records if record.name == "mjasync.slots"]
    assert [record.levelno for record in told] == [logging.WARNING] * 2, "once, and again when it had all of them back"
    assert all("someone else uses this account?" in record.getMessage() for record in told)
    assert "with 9 of our jobs there, and has 10 slots" in told[0].getMessage()


@pytest.mark.fault("P18")
def test_a_full_queue_with_nothing_of_ours_leaves_one_slot_and_one_word(caplog):
    async def story():
        dispatcher, started = lent(1, 1)
        for _ in range(3):
            bounce(dispatcher, "0", FULL)
            assert dispatcher.slots.limit("a") == 1
            dispatcher.put(wish("0"))
            await asyncio.sleep(40)
        assert started == ["0"] * 4

    run(story())
    assert len([record for record in caplog.records if record.name == "mjasync.slots"]) == 1


def test_the_limit_does_not_grow_while_the_account_rests():
    async def story():
        dispatcher, _ = lent(10, 10)
        bounce(dispatcher, "0", busy(429, wait=300))
        await asyncio.sleep(299)
        assert dispatcher.slots.limit("a") == 5
        await asyncio.sleep(2)
        assert dispatcher.slots.limit("a") == 6

    run(story())


@pytest.mark.parametrize(
    "refusal", [busy(), busy(503), busy(425), busy(200, code="3")], ids=["no network", "503", "425", "code 3"]
)
def test_other_refusals_rest_the_account_and_lower_nothing(refusal):
    async def story():
        dispatcher, _ = lent(10, 10)
        bounce(dispatcher, "0", refusal)
        assert not dispatcher.slots.is_open("a")
        assert dispatcher.slots.limit("a") == 10

    run(story())


def test_a_full_queue_when_more_than_the_cap_runs_there_says_nothing(caplog):
    async def story():
        dispatcher, _ = made(1)
        for job in ("old", "older", "0"):
            dispatcher.slots.adopt(job, "a")
        bounce(dispatcher, "0", FULL)
        assert dispatcher.slots.limit("a") == 1

    run(story())
    assert caplog.records == []


@pytest.mark.fault("H05")
@pytest.mark.fault("H07")
def test_one_job_at_a_time_finds_out_whether_a_refused_account_takes_any_again():
    async def story():
        dispatcher, started = lent(4, 2)
        dispatcher.barred("a")
        dispatcher.barred("a")
        dispatcher.give_back("1")
        dispatcher.put(*(wish(f"next {n}") for n in range(6)))
        assert started == ["0", "1", "next 0"]
        dispatcher.give_back("0")
        assert started[3:] == [], "an older job's end says nothing"
        dispatcher.barred("a")
        dispatcher.drop("next 1")
        dispatcher.give_back("next 0")
        assert started[3:] == ["next 2"]
        dispatcher.give_back("next 2")
        assert started[4:] == ["next 3"], "its prompt was rejected, which says little"
        dispatcher.taken("a")
        assert started[5:] == ["next 4", "next 5"]
        dispatcher.taken("a")

    run(story())


def test_a_refused_account_does_not_wait_for_ever_for_the_one_that_was_to_find_out():
    async def story():
        dispatcher, started = made(4)
        dispatcher.barred("a")
        dispatcher.put(*(wish(str(n)) for n in range(4)))
        await asyncio.sleep(patience.PROBE_AGAIN + 1)
        assert started == ["0", "1"], "its slot is kept, and the next one tries"
        dispatcher.barred("a")
        dispatcher.give_back("1")
        assert started == ["0", "1", "2"]
        dispatcher.taken("a")
        assert started == ["0", "1", "2", "3"]
        assert timers() == []
        dispatcher.barred("a")
        dispatcher.give_back("3")
        dispatcher.put(wish("4"))
        assert len(timers()) == 1
        dispatcher.stop()
        assert timers() == []

    run(story())


def timers():
    """What the loop still has to do later."""
    return [timer for timer in asyncio.get_running_loop()._scheduled if not timer.cancelled()]


def test_stopping_leaves_no_timer():
    async def story():
        dispatcher, _ = lent(10, 10)
        bounce(dispatcher, "0", OFTEN)
        assert len(timers()) == 2
        dispatcher.stop()
        bounce(dispatcher, "1", FULL)
        assert timers() == []
        assert dispatcher.slots.limit("a") == 5

    run(story())
