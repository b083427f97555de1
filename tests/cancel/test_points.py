"""Whatever is cancelled, and wherever: the jobs go on, nothing is paid twice, no slot, task, thread or file is lost."""

import asyncio

import pytest

from tests.cancel.leaks import Census
from tests.cancel.plan import AT_TURNS, EVERYTHING, IN_MEMORY, ON_A_BROKEN_DISK, OVER_HTTP, WITH_JOURNAL
from tests.cancel.points import Point, cancelled_at, run_turning


@pytest.mark.fault("K05", "K06", "K07", "K08", "K12")
@pytest.mark.parametrize("part", IN_MEMORY, ids=str)
def test_at_every_await(part):
    assert all(point.struck for point in part.run())


@pytest.mark.long
@pytest.mark.fault("K05", "K06", "K12")
@pytest.mark.parametrize("part", AT_TURNS, ids=str)
def test_at_turns_of_the_loop(part):
    assert list(part.run())


@pytest.mark.fault("K05", "K06", "K12")
@pytest.mark.parametrize("part", WITH_JOURNAL, ids=str)
def test_with_a_journal_on_disk(part):
    assert all(point.struck for point in part.run())


@pytest.mark.long
@pytest.mark.fault("D02", "D07")
@pytest.mark.parametrize("part", ON_A_BROKEN_DISK, ids=str)
def test_while_the_disk_is_gone(part):
    assert list(part.run())


@pytest.mark.fault("K05", "K06", "K12")
@pytest.mark.parametrize("part", OVER_HTTP, ids=str)
def test_over_real_http(part):
    assert all(point.struck for point in part.run())


def test_every_scene_is_cancelled_at_both_providers():
    assert {"ttapi", "mjproxy"} == {part.provider for part in EVERYTHING}
    assert len(EVERYTHING) > 70


async def _swallows():
    try:
        await asyncio.sleep(1)
    except asyncio.CancelledError:
        await asyncio.sleep(1)


async def _waits_twice():
    await asyncio.sleep(1)
    await asyncio.sleep(1)


@pytest.mark.parametrize("way", ["waits", "begins", "turn"])
def test_it_would_notice_a_swallowed_cancel(way):
    with pytest.raises(AssertionError, match="swallowed"):
        run_turning(cancelled_at(Point(way=way, at=1), _swallows()))


@pytest.mark.parametrize(("way", "count"), [("waits", 2), ("begins", 2), ("again", 2)])
def test_it_counts_awaits(way, count):
    point = Point(way=way)
    run_turning(cancelled_at(point, _waits_twice()))

    assert (count, False) == (point.count, point.struck)


def test_it_would_notice_a_leak(tmp_path):
    census = Census()
    with (tmp_path / "open").open("w"):
        assert census.leaked()

    assert set() == census.leaked()
