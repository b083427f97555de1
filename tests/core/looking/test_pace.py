"""The budget of looks: an even stream, a second's worth at once, less after a refusal, back bit by bit."""

from math import ceil, floor

import pytest

from mjasync.core.looking import Pace, paced
from mjasync.core.looking.pace import HALF, REGROWTH, SLOWEST


def leaving(pace, count, *, now=0.0):
    """When so many looks leave that wait for nothing but the budget."""
    times = []
    for _ in range(count):
        now = pace.ready(now)
        pace.take(now)
        times.append(now)
    return times


@pytest.mark.parametrize(
    ("slots", "rate", "expected"),
    [
        (10, None, (20.0, 20.0)),
        (1, None, (2.0, 2.0)),
        (0, None, (1.0, 1.0)),
        (10, 0.2, (0.2, 1.0)),
        (10, 5.0, (5.0, 5.0)),
    ],
)
def test_an_account_gets_looks_for_its_slots_unless_somebody_says_otherwise(slots, rate, expected):
    pace = paced(slots, rate)

    assert (pace.rate, pace.burst) == expected
    assert pace.limit == pace.rate


@pytest.mark.parametrize("rate", [0.05, 0.3, 1.0, 7.0, 1000 / 3])
def test_no_window_has_more_looks_than_the_rate_and_one_burst(rate):
    pace = paced(10, rate)
    times = leaving(pace, 60)

    assert times == sorted(times)
    for first in range(60):
        for last in range(first, 60):
            window = times[last] - times[first]
            assert last - first + 1 <= floor(pace.burst + rate * window + 1e-6)


def test_looks_that_have_to_wait_leave_evenly():
    assert leaving(paced(1), 5) == pytest.approx([0.0, 0.0, 0.5, 1.0, 1.5])


def test_a_pause_saves_up_one_burst_and_no_more():
    pace = paced(1)
    leaving(pace, 2)

    assert leaving(pace, 3, now=1000.0) == pytest.approx([1000.0, 1000.0, 1000.5])


def test_a_moment_that_is_told_is_kept():
    """Whoever sets a timer for it must not find that it has moved a trifle on."""
    pace = paced(1, 0.7)
    now = 0.0
    for _ in range(500):
        pace.take(now)
        at = pace.ready(now)
        assert pace.ready(at) == at
        now = at


def test_a_clock_that_stands_or_jumps_back_brings_nothing():
    pace = paced(1)
    leaving(pace, 2, now=100.0)

    assert pace.ready(50.0) == pytest.approx(50.5)
    assert pace.ready(100.0) == pytest.approx(100.5)


def test_a_refusal_halves_the_pace_and_nobody_looks_for_as_long_as_was_said():
    pace = paced(10)
    pace.refused(3.0, 7.0)

    assert pace.limit == HALF * 20
    assert leaving(pace, 3, now=3.0)[0] == 10.0


def test_what_was_saved_up_is_gone_after_a_refusal():
    pace = paced(2)
    pace.refused(0.0, 0.0)

    assert leaving(pace, 3) == pytest.approx([0.0, 0.5, 1.0])


def test_a_shorter_wait_does_not_undo_a_longer_one():
    pace = paced(10)
    pace.refused(0.0, 30.0)
    pace.refused(1.0, 1.0)

    assert pace.ready(1.0) == 30.0


@pytest.mark.parametrize(("rate", "slowest"), [(20.0, SLOWEST), (0.05, 0.05)])
def test_no_number_of_refusals_stops_the_looks(rate, slowest):
    pace = paced(10, rate)
    for n in range(100):
        pace.refused(n, 0.0)

    assert pace.limit == slowest
    assert pace.ready(100.0) <= 100.0 + 1 / slowest


def test_answers_bring_the_pace_back_and_no_further():
    pace = paced(10)
    pace.refused(0.0, 0.0)
    limits = []
    for _ in range(ceil((1 - HALF) / REGROWTH) + 5):
        pace.answered()
        limits.append(pace.limit)

    assert limits == sorted(limits)
    assert limits[0] == pytest.approx(pace.rate * (HALF + REGROWTH))
    assert limits[-1] == pace.rate


def test_a_pace_begins_full():
    pace = Pace(rate=0.5, burst=3.0)

    assert leaving(pace, 4) == pytest.approx([0.0, 0.0, 0.0, 2.0])


def test_it_rests_for_as_long_as_the_provider_said():
    pace = paced(10)
    assert not pace.rests(5.0)
    pace.refused(5.0, 30.0)

    assert [True, True, False] == [pace.rests(at) for at in (5.0, 34.9, 35.0)]
