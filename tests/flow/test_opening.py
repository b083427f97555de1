"""Opening aside: whoever goes away, comes second or closes meanwhile leaves neither a lock nor a thread behind."""

import asyncio
import threading
from pathlib import Path

import pytest

import mjasync as mj
from mjasync.flow.opening import Aside, journal_at
from mjasync.journal import Kept, Opening
from mjasync.journal.memory import MemoryJournal
from mjasync.testing import Sim, run

OPENING = Opening(now=lambda: 0.0, wall=lambda: 0.0, accounts={})


class Slow:
    """A journal whose disk answers when it is told to."""

    place = "slow"

    def __init__(self, error=None):
        self.go, self.error, self.opens, self.closes = threading.Event(), error, 0, 0

    def open(self, opening):
        self.opens += 1
        self.go.wait(30)
        if self.error:
            raise self.error
        return Kept()

    async def aclose(self):
        self.closes += 1


def started(journal, waiters=1):
    """An opening that is under way, whoever waits for it, and what was handed over."""
    aside, seated = Aside(journal), []
    return aside, [asyncio.create_task(aside.wait(lambda: OPENING, seated.append)) for _ in range(waiters)], seated


async def turns(count=20):
    for _ in range(count):
        await asyncio.sleep(0)


@pytest.mark.parametrize("waiters", [1, 2, 3])
def test_whoever_comes_second_waits_for_the_first(waiters):
    async def story():
        journal = Slow()
        aside, tasks, seated = started(journal, waiters)
        await turns()
        assert aside.busy
        journal.go.set()
        await asyncio.gather(*tasks)
        assert (1, 0, 1, False) == (journal.opens, journal.closes, len(seated), aside.busy)

    asyncio.run(story())


@pytest.mark.parametrize("cancels", [1, 2, 3, 5])
def test_what_nobody_waits_for_any_more_is_closed_again(cancels):
    async def story():
        journal = Slow()
        aside, (task,), seated = started(journal)
        await turns()
        for _ in range(cancels):
            task.cancel()
            await turns()
        assert cancels > 1 or not task.done(), "whoever went waits for the disk, once"
        journal.go.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        while aside.busy:  # noqa: ASYNC110  # the thread has no event
            await asyncio.sleep(0.001)
        assert (1, []) == (journal.closes, seated)
        await aside.wait(lambda: OPENING, seated.append)
        assert (2, 1) == (journal.opens, len(seated)), "and it can be opened again"

    asyncio.run(story())


def test_one_of_two_that_goes_takes_nothing_from_the_other():
    async def story():
        journal = Slow()
        _, (first, second), seated = started(journal, 2)
        await turns()
        first.cancel()
        await turns()
        journal.go.set()
        await second
        assert (0, 1, True) == (journal.closes, len(seated), first.cancelled())

    asyncio.run(story())


def test_a_stray_cancel_of_the_opening_itself_changes_nothing():
    async def story():
        journal = Slow()
        _, (task,), seated = started(journal)
        await turns()
        for each in asyncio.all_tasks():
            if each.get_name() == "mj:open":
                each.cancel()
        await turns()
        journal.go.set()
        await task
        assert (0, 1) == (journal.closes, len(seated))

    asyncio.run(story())


def test_closing_waits_for_the_disk_and_leaves_nothing_open():
    async def story():
        journal = Slow()
        aside, (task,), seated = started(journal)
        await turns()
        asyncio.get_running_loop().call_later(0.01, journal.go.set)
        await aside.close()
        await aside.close()
        await task
        assert (1, []) == (journal.closes, seated)

    asyncio.run(story())


def test_everybody_who_waits_hears_why_it_could_not_be_opened():
    async def story():
        journal = Slow(mj.JournalBusy("taken"))
        journal.go.set()
        aside, tasks, seated = started(journal, 2)
        found = await asyncio.gather(*tasks, return_exceptions=True)
        assert [mj.JournalBusy] * 2 == [type(each) for each in found]
        assert (0, [], False) == (journal.closes, seated, aside.busy)

    asyncio.run(story())


def test_a_pool_that_cannot_be_made_closes_what_was_opened():
    async def story():
        journal = Slow()
        journal.go.set()

        def seat(kept):
            raise ValueError("mine")

        with pytest.raises(ValueError, match="mine"):
            await Aside(journal).wait(lambda: OPENING, seat)
        assert 1 == journal.closes

    asyncio.run(story())


def test_another_loop_may_not_wait_for_it():
    journal = Slow()
    loop = asyncio.new_event_loop()

    async def begin():
        made = started(journal)
        await turns()
        return made

    aside, (task,), seated = loop.run_until_complete(begin())
    with pytest.raises(mj.ConfigError, match="another event loop"):
        asyncio.run(aside.wait(lambda: OPENING, seated.append))
    journal.go.set()
    loop.run_until_complete(task)
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()
    assert (1, False) == (len(seated), aside.busy)


@pytest.mark.parametrize("value", ["", " ", "a\0b", ":memory:", 5, b"jobs.db", [], object(), Slow])
def test_what_names_no_journal(value):
    with pytest.raises(mj.ConfigError) as caught:
        mj.Pool(Sim().ttapi(), journal=value)
    assert caught.value.hint


def test_what_names_one(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))

    assert isinstance(journal_at(None), MemoryJournal)
    assert str(tmp_path / "x.db") == journal_at("~/x.db").place
    assert str(tmp_path / "x.db") == journal_at(Path("~/x.db")).place
    own = mj.SQLiteJournal(tmp_path / "y.db")
    assert own is journal_at(own)


def test_a_pool_that_is_opened_by_two_at_once_is_one_pool(tmp_path):
    async def story():
        pool = mj.Pool(Sim().ttapi(), journal=tmp_path / "j.db")
        first, second = await asyncio.gather(pool.__aenter__(), pool.__aenter__())
        assert first is second is pool
        await pool.aclose()

    run(story())
