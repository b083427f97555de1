"""Events for `async for`: in order, bounded, and over when the pool is closed."""

import asyncio

import pytest

import mjasync as mj
from mjasync.events import MoneyWarned
from mjasync.flow.stream import Stream
from mjasync.testing import Sim, run


def event(number):
    return MoneyWarned(at=float(number), wall=0.0, account="a", what=str(number))


async def read(stream):
    return [each.what async for each in stream]


def test_what_is_kept_is_read_in_order_and_then_it_ends():
    async def story():
        stream = Stream(9)
        for number in range(3):
            stream.put(event(number))
        stream.end()
        return await read(stream)

    assert ["0", "1", "2"] == run(story())


def test_a_slow_reader_loses_the_oldest_and_can_tell_how_many():
    async def story():
        stream = Stream(2)
        for number in range(5):
            stream.put(event(number))
        stream.end()
        return stream.dropped, await read(stream)

    assert (3, ["3", "4"]) == run(story())


def test_a_reader_that_waits_is_woken_by_the_next_event_and_by_the_end():
    async def story():
        stream = Stream(9)
        reader = asyncio.create_task(read(stream))
        await asyncio.sleep(1)
        stream.put(event(1))
        await asyncio.sleep(1)
        stream.end()
        return await reader

    assert ["1"] == run(story())


def test_nothing_is_put_after_the_end():
    async def story():
        stream = Stream(9)
        stream.end()
        stream.put(event(1))
        return await read(stream)

    assert [] == run(story())


def test_two_readers_share_and_neither_is_left_waiting():
    async def story():
        stream = Stream(9)
        readers = [asyncio.create_task(read(stream)) for _ in range(2)]
        await asyncio.sleep(0)
        for number in range(4):
            stream.put(event(number))
        await asyncio.sleep(0)
        stream.end()
        return sorted(what for each in await asyncio.gather(*readers) for what in each)

    assert ["0", "1", "2", "3"] == run(story())


def test_a_reader_that_was_cancelled_takes_no_event_with_it():
    async def story():
        stream = Stream(9)
        reader = asyncio.create_task(read(stream))
        await asyncio.sleep(0)
        reader.cancel()
        stream.put(event(1))
        stream.end()
        return await read(stream)

    assert ["1"] == run(story())


@pytest.mark.parametrize("buffer", [0, -1, 1.5, True, None, "9"])
def test_a_buffer_is_a_number_of_events(buffer):
    with pytest.raises(mj.ConfigError, match="buffer="):
        Stream(buffer)


def test_a_pool_can_be_read_from_before_it_is_opened_until_it_is_closed():
    async def story():
        pool = mj.Pool(Sim(seed=3).ttapi())
        stream = pool.events()
        async with pool:
            await pool.imagine("a cat")
        return [type(each).__name__ async for each in stream]

    told = run(story())
    assert ("Opened", "Closed") == (told[0], told[-1])
    assert "Ended" in told


def test_a_pool_that_was_never_opened_ends_its_readers_too():
    async def story():
        pool = mj.Pool(Sim(seed=3).ttapi())
        stream = pool.events()
        await pool.aclose()
        return await read(stream)

    assert [] == run(story())


def test_a_reader_in_a_task_hears_of_a_job_while_it_runs():
    async def story():
        heard = []
        async with mj.Pool(Sim(seed=3).ttapi()) as pool:

            async def listen(stream):
                async for each in stream:
                    done = pool.jobs[0].done() if pool.jobs else None
                    heard.append((type(each).__name__, done))

            task = asyncio.create_task(listen(pool.events()))
            await pool.imagine("a cat")
            in_time = ("Accepted", False) in heard
        await task
        return in_time

    assert run(story())
