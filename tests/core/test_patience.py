"""Patience: laws of the look planner, and the tables of limits."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mjasync.core import patience
from mjasync.core.model import Mode
from mjasync.core.patience import LEAST_GAP, MOST_GAP, RETRY_AFTER_LIMIT

SETTINGS = settings(derandomize=True, deadline=None, database=None, max_examples=200)

durations = st.floats(0, 1e6)
dice = st.floats(0, 1, exclude_max=True)


@SETTINGS
@given(st.floats(0, 1e6), st.floats(0.001, 3600))
def test_a_timer_that_was_set_to_a_moment_rings_when_it_has_come(since, seconds):
    assert patience.has_lasted(seconds, since=since, now=since + seconds), "however the sum was rounded"
    assert not patience.has_lasted(seconds, since=since, now=since + seconds - 0.0005)


@pytest.mark.parametrize(
    ("retry_after", "seconds"), [(None, LEAST_GAP), (0.1, LEAST_GAP), (30, 30), (1e12, RETRY_AFTER_LIMIT)]
)
def test_a_server_that_is_back_is_asked_again_as_soon_as_it_wished(retry_after, seconds):
    assert seconds == patience.once_answered(retry_after)


def test_the_sum_that_is_rounded_down():
    since = 0.9860512465201465
    assert (since + 2) - since < 2
    assert patience.has_lasted(2, since=since, now=since + 2)


@SETTINGS
@given(st.integers(0, 10_000), st.none() | st.floats(0, 1e12), dice)
def test_waits_after_bad_news_grow_and_never_undercut_the_server(count, retry_after, dice):
    floor = min(retry_after or 0.0, RETRY_AFTER_LIMIT)
    look = patience.after_failed_look(count, retry_after, dice)
    rest = patience.after_refusal(count + 1, retry_after, dice)

    assert max(floor, LEAST_GAP) <= look <= RETRY_AFTER_LIMIT + MOST_GAP
    assert floor < rest <= RETRY_AFTER_LIMIT + 30
    assert look <= patience.after_failed_look(count + 1, retry_after, dice)
    assert rest <= patience.after_refusal(count + 2, retry_after, dice)


@SETTINGS
@given(st.integers(1, 10_000), st.none() | st.floats(0, 1e12), dice, st.floats(0, 1e5))
def test_a_look_refused_for_a_key_is_repeated_slowly_after_the_first(count, retry_after, dice, left):
    usual = patience.after_failed_look(count, retry_after, dice)
    wait = patience.after_refused_look(count, retry_after, dice, left=left)

    assert usual <= wait <= max(15 * 60 * 1.1, usual)
    assert wait <= patience.after_refused_look(count + 1, retry_after, dice, left=left)
    assert wait == usual or (count > 1 and wait <= left - patience.LAST_LOOK), "once more before somebody gives up"


@pytest.mark.fault("H06")
def test_the_slow_looks_are_one_to_fifteen_minutes_apart():
    waits = [patience.after_refused_look(count, None, 0.0, left=1e6) for count in range(1, 8)]

    assert [1.0, 60.0, 120.0, 240.0, 480.0, 900.0, 900.0] == waits
    assert 95.0 == patience.after_refused_look(3, None, 0.0, left=100.0)


@pytest.mark.fault("P17")
@pytest.mark.parametrize(("gap", "after"), [(None, 1.5), (1.5, 3.0), (6.0, 12.0), (12.0, 12.0)])
def test_submits_to_an_account_that_was_asked_too_often_are_ever_further_apart(gap, after):
    assert after == patience.paced(gap)


@pytest.mark.parametrize(("since", "left"), [(0, 360), (359, 1), (360, 540), (899, 1), (900, 0), (5000, 0)])
def test_somebody_gives_up_twice(since, left):
    assert left == patience.limits("ttapi", Mode.FAST, None).left(since)


@pytest.mark.fault("H18")
def test_a_server_that_always_says_one_second_is_left_alone_for_longer_all_the_same():
    waits = [patience.after_failed_look(count, 1.0, 0.0) for count in (1, 2, 6, 60)]

    assert [1.0, 2.0, 30.0, 30.0] == waits


@pytest.mark.parametrize(
    ("provider", "mode", "timeout", "own", "quarantine"),
    [
        pytest.param("ttapi", Mode.FAST, None, 300, 450, id="seed 000 line 75: 300, reliability 1.4: 7.5 min"),
        pytest.param("ttapi", Mode.TURBO, None, 300, 450, id="seed 000 line 75: 300, turbo"),
        pytest.param("ttapi", Mode.RELAX, None, 600, 750, id="seed 000 line 75: relax 600, 12.5 min"),
        pytest.param("ttapi", Mode.FAST, 1200, 1200, 1350, id="reliability 1.4: 22.5 min at 1200 s"),
        pytest.param("mjproxy", Mode.FAST, None, 900, 900, id="reliability 1.4: B 15 min fast"),
        pytest.param("mjproxy", Mode.TURBO, None, 900, 900, id="reliability 1.4: B 15 min turbo"),
        pytest.param("mjproxy", Mode.RELAX, None, 3600, 3900, id="reliability 1.4: B 65 min relax"),
    ],
)
def test_limits(provider, mode, timeout, own, quarantine):
    limits = patience.limits(provider, mode, timeout)

    assert (own, quarantine, own + 60, 2 * own + 300) == (
        limits.timeout,
        limits.quarantine,
        limits.patience,
        limits.give_up,
    )
    assert limits.give_up > limits.quarantine >= limits.timeout


def test_what_is_waited_for_in_seconds_fits_together():
    """A frozen picture is believed before its job is given up, and a window's answer before its job's patience ends."""
    shortest = min(patience.limits(provider, mode, None).patience for provider in ("ttapi", "mjproxy") for mode in Mode)

    assert shortest > 2 * patience.FROZEN_SECONDS
    assert shortest > sum(patience.after_refusal(n, None, 0.999) for n in range(1, patience.WINDOW_TRIES))
    assert patience.FROZEN_SECONDS > MOST_GAP * 0.95
    assert 5 * patience.EMPTY_GAP <= 30  # P06: a link that lags is waited for half a minute at most
