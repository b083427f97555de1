"""Whoever listens hears everything in order, and can harm nobody."""

import asyncio
import gc
import logging
import time

import pytest

import mjasync as mj
from mjasync import events
from mjasync.flow.news import MOST_FAILURES, News, listeners
from mjasync.logs import Logs
from mjasync.testing import Sim, run


def tell(news, number=0):
    news.tell(events.MoneyWarned, account="a", what=str(number))


def told(*ears, pool_options=None, script=None, seed=3):
    """The pictures of a small story with these listeners, and the server's own books."""

    async def story():
        sim = Sim(seed=seed)
        async with mj.Pool(sim.ttapi(), on_event=ears, **(pool_options or {})) as pool:
            if script is not None:
                return await script(pool)
            grid = await pool.imagine("a cat").upscale(1)
        return grid.image, sim.ledger.charged

    return run(story())


def test_every_listener_hears_every_event_in_order():
    first, second = [], []

    told(first.append, second.append)

    assert first == second
    assert isinstance(first[0], events.Opened)
    assert isinstance(first[-1], events.Closed)
    assert [event.at for event in first] == sorted(event.at for event in first)


def test_both_clocks_are_told():
    async def story():
        loop, heard = asyncio.get_running_loop(), []
        async with mj.Pool(Sim(seed=3).ttapi(), on_event=heard.append) as pool:
            await pool.imagine("a cat")
        return loop.time(), loop.wall(), heard[-1]

    at, wall, last = run(story())
    assert (at, wall) == (last.at, last.wall)


def test_nothing_is_made_where_nobody_listens():
    logging.getLogger("mjasync").setLevel(logging.CRITICAL)
    try:
        assert [] == [kind.__name__ for kind in events.ALL if News().wants(kind)]
    finally:
        logging.getLogger("mjasync").setLevel(logging.NOTSET)


def test_what_is_not_logged_by_default_is_not_made():
    assert not News().wants(events.Looked)
    assert not News().wants(events.MoneyMoved)
    assert News().wants(events.OutcomeUnknown)
    assert News([print]).wants(events.MoneyMoved)


@pytest.mark.parametrize(
    "error", [ValueError("broken"), asyncio.CancelledError(), StopIteration(), AssertionError(), GeneratorExit()]
)
def test_a_listener_that_raises_harms_no_job_and_no_other_listener(error, caplog):
    heard = []

    def broken(event):
        raise error

    plain = told()
    assert plain == told(broken, heard.append)
    assert isinstance(heard[-1], events.Closed)
    failures = [line for line in caplog.records if "the job goes on" in line.message]
    assert len(failures) == 1


def test_one_that_goes_on_failing_is_not_called_any_more(caplog):
    calls = []

    def broken(event):
        calls.append(event)
        raise ValueError("broken")

    news = News([broken])
    for number in range(MOST_FAILURES + 5):
        tell(news, number)

    assert MOST_FAILURES == len(calls)
    assert "not called any more" in caplog.text
    assert 2 == len([line for line in caplog.records if line.name == "mjasync.events"])


def test_one_that_fails_now_and_then_goes_on():
    calls = []

    def shaky(event):
        calls.append(event)
        if len(calls) % 3:
            raise ValueError("broken")

    news = News([shaky])
    for number in range(MOST_FAILURES * 5):
        tell(news, number)

    assert MOST_FAILURES * 5 == len(calls)


def test_one_that_holds_up_the_loop_is_named_once_and_for_long_not_called(caplog):
    now = [0.0]
    calls = []

    def slow(event):
        calls.append(event)
        now[0] += 2.0

    news = News([slow])
    news.begin(lambda: now[0], time.time)
    for number in range(MOST_FAILURES + 5):
        tell(news, number)

    assert MOST_FAILURES == len(calls)
    assert 1 == caplog.text.count("the whole event loop waited for it")


def test_a_listener_may_use_the_pool_and_all_hear_its_events_after_this_one():
    first, second, pools = [], [], []

    def asks(event):
        first.append(event)
        if isinstance(event, events.Ended) and event.kind == "imagine":
            pools[0].job(event.job).upscale(1)

    async def script(pool):
        pools.append(pool)
        await pool.imagine("a cat")

    told(asks, second.append, script=script)

    assert first == second
    assert ["imagine", "upscale1"] == [event.kind for event in first if isinstance(event, events.Ended)]


def test_whoever_hears_of_an_end_can_read_the_result():
    read, pools = [], []

    def reads(event):
        if isinstance(event, events.Ended):
            read.append(pools[0].job(event.job).result().image)

    async def script(pool):
        pools.append(pool)
        return (await pool.imagine("a cat")).image

    assert [told(reads, script=script)] == read


def test_an_end_is_told_before_what_it_lets_begin():
    heard = []

    told(heard.append)

    names = [(type(event).__name__, getattr(event, "kind", "")) for event in heard]
    assert names.index(("Ended", "imagine")) < names.index(("SlotLent", "upscale1"))


def test_a_reader_that_nobody_holds_is_let_go():
    news = News()
    stream = news.stream(5)
    assert news.wants(events.Looked)

    del stream
    gc.collect()

    assert not news.wants(events.Looked)


def test_logs_of_the_users_take_the_place_of_the_usual_ones(caplog):
    with caplog.at_level(logging.DEBUG, "mjasync"):
        told(Logs(prompts=True))

    asked = [line for line in caplog.records if getattr(line, "mj_event", "") == "JobQueued"]
    assert ["a cat", None] == [line.mj_prompt for line in asked]


@pytest.mark.parametrize("given", [3, "text", [None]], ids=str)
def test_what_cannot_be_called_is_refused(given):
    with pytest.raises((mj.ConfigError, TypeError)):
        listeners(given)


async def waits(event):
    """A coroutine function."""


class Waits:
    async def __call__(self, event):
        """Waits too."""


@pytest.mark.parametrize("given", [waits, Waits(), [print, waits]], ids=["function", "object", "one of two"])
def test_what_has_to_be_awaited_is_refused_with_the_way_to_do_it(given):
    with pytest.raises(mj.ConfigError, match=r"pool\.events"):
        mj.Pool(mj.TTAPI(key="k" * 20), on_event=given)


def test_one_or_several_listeners():
    assert (print,) == listeners(print)
    assert (print, repr) == listeners([print, repr])
