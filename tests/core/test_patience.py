"""Patience: laws of the look planner, and the tables of limits."""

from math import isfinite

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mjasync.core import patience
from mjasync.core.model import Mode, Status
from mjasync.core.patience import LEAST_GAP, MEMORY, MOST_GAP, RETRY_AFTER_LIMIT, Tempo, first_tempo, learned, next_look

SETTINGS = settings(derandomize=True, deadline=None, database=None, max_examples=200)

durations = st.floats(0, 1e6)
dice = st.floats(0, 1, exclude_max=True)


@st.composite
def tempos(draw):
    tempo = first_tempo(draw(st.sampled_from(Mode)), draw(st.sampled_from(["imagine", "upscale", "vary", "press"])))
    for seconds in draw(st.lists(durations, max_size=MEMORY + 4)):
        tempo = learned(tempo, seconds)
    return tempo


looks = st.fixed_dictionaries(
    {
        "elapsed": st.floats(-10, 1e7),
        "status": st.sampled_from(Status),
        "progress": st.none() | st.integers(0, 100),
        "steady": st.floats(0, 1e7),
        "dice": dice,
    }
)


@SETTINGS
@given(tempos(), looks)
def test_next_look_is_bounded_finite_and_repeatable(tempo, look):
    wait = next_look(tempo, **look)

    assert isfinite(wait)
    assert LEAST_GAP <= wait <= max(MOST_GAP * 1.05, LEAST_GAP)
    assert wait <= max(tempo.most * 1.05, LEAST_GAP, patience.THINNING * look["elapsed"] * 1.05)
    assert wait == next_look(tempo, **look)


@SETTINGS
@given(tempos(), looks)
def test_dice_move_a_wait_by_five_percent_at_most(tempo, look):
    least, most = (next_look(tempo, **{**look, "dice": n}) for n in (0.0, 0.999999))

    assert least <= most <= least * 1.106 + 1e-9


@SETTINGS
@given(st.sampled_from(Mode), st.floats(0, 3600))
def test_while_little_is_known_looks_double_from_one_second(mode, elapsed):
    wait = next_look(
        first_tempo(mode, "imagine"), elapsed=elapsed, status=Status.QUEUED, progress=None, steady=elapsed, dice=0.5
    )

    assert wait <= max(1.0, elapsed) + 1e-9


@pytest.mark.parametrize("mode", Mode)
def test_a_whole_job_needs_few_looks_and_is_found_soon(mode):
    """With durations known, the looks at a job of usual length are few and the end is noticed within the pace."""
    tempo = Tempo(170.0, tuple([170.0] * MEMORY)) if mode is Mode.RELAX else Tempo(30.0, tuple([30.0] * MEMORY))
    now, count = 0.0, 0
    while now < tempo.expected:
        now += next_look(tempo, elapsed=now, status=Status.RUNNING, progress=None, steady=now, dice=0.5)
        count += 1

    assert now - tempo.expected <= tempo.pace * 1.05
    assert count <= 6


def test_progress_moves_the_wait_never_the_pace():
    tempo = Tempo(100.0, tuple([100.0] * MEMORY))

    def wait(progress, steady):
        return next_look(tempo, elapsed=5, status=Status.RUNNING, progress=progress, steady=steady, dice=0.5)

    assert wait(0, 0) > wait(60, 0) > wait(90, 0) == pytest.approx(6.0)
    assert wait(31, 0) == pytest.approx(35.0), "0.6 x 100 x 69 % = 41 s, but never more than 35 %"
    assert wait(60, 0) == pytest.approx(24.0), "0.6 x 100 x 40 %"
    assert wait(60, 10) == pytest.approx(14.0), "the bar has stood still for ten seconds"
    assert wait(99, 50) == pytest.approx(tempo.pace), "a stuck bar cannot hide an end"


def test_progress_counts_after_the_soonest_end_too():
    tempo = Tempo(100.0, tuple([100.0] * MEMORY))

    assert pytest.approx(30.0) == next_look(tempo, elapsed=101, status=Status.RUNNING, progress=50, steady=0, dice=0.5)


def test_late_jobs_are_looked_at_less_and_less():
    tempo = Tempo(100.0, tuple([100.0] * MEMORY))
    waits = [
        next_look(tempo, elapsed=elapsed, status=Status.RUNNING, progress=None, steady=elapsed, dice=0.5)
        for elapsed in (100, 130, 200, 300, 3000)
    ]

    assert sorted(waits) == waits
    assert (pytest.approx(4.0), pytest.approx(60.0)) == (waits[0], waits[-1])


@pytest.mark.parametrize(
    ("mode", "kind", "expected"),
    [
        (Mode.TURBO, "imagine", 32.0),
        (Mode.FAST, "imagine", 52.0),
        (Mode.RELAX, "imagine", 170.0),
        (Mode.FAST, "upscale", 52.0 / 3),
        (Mode.FAST, "vary", 52.0),
        (Mode.FAST, "blend", 52.0),
        (Mode.TURBO, "zoom", 32.0),
        (Mode.RELAX, "press", 170.0),
        *((Mode.FAST, kind, 52.0 / 3) for kind in ("describe", "shorten", "seed", "upload")),
    ],
)
def test_the_first_belief_is_within_the_providers_promise(mode, kind, expected):
    assert pytest.approx(expected) == first_tempo(mode, kind).expected
    assert expected < {Mode.TURBO: 60, Mode.FAST: 90, Mode.RELAX: 600}[mode], "seed 000 lines 9-15"


def test_it_learns_a_median_and_forgets_the_oldest():
    tempo = first_tempo(Mode.FAST, "imagine")
    tempo = learned(learned(tempo, 10), 12)
    assert (52.0, (10, 12)) == (tempo.expected, tempo.seen)

    tempo = learned(tempo, 11)
    assert 11 == tempo.expected

    for _ in range(MEMORY):
        tempo = learned(tempo, 40)
    assert (40, (40,) * MEMORY) == (tempo.expected, tempo.seen)
    assert (0.0,) == learned(Tempo(1.0), -5).seen


def test_the_soonest_end_is_nearly_the_fastest_job_seen():
    assert 26.0 == Tempo(52.0, (1.0,) * 7).soonest, "too few to know"
    assert 1.0 == Tempo(52.0, (9.0,) * 7 + (1.0,)).soonest
    assert 2.0 == Tempo(52.0, (1.0, 2.0, *[9.0] * 10)).soonest, "one in twelve may be a fluke"


@pytest.mark.parametrize(("expected", "pace", "most"), [(0.1, 0.3, 0.3), (52.0, 2.08, 18.2), (1000.0, 40.0, 60.0)])
def test_pace_and_widest_gap(expected, pace, most):
    tempo = Tempo(expected)

    assert (pytest.approx(pace), pytest.approx(most)) == (tempo.pace, tempo.most)


@pytest.mark.parametrize(
    ("elapsed", "progress", "left"),
    [(0, None, 100), (0, 0, 100), (30, None, 70), (0, 75, 25), (99, 10, 1), (200, 50, 0)],
)
def test_eta(elapsed, progress, left):
    assert pytest.approx(left) == patience.eta(Tempo(100.0), elapsed=elapsed, progress=progress)


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
