"""When callbacks are relied on: proved by ends in a row, and lost at the first miss."""

import pytest

from mjasync.core.looking import trust
from mjasync.core.looking.trust import FORGIVEN, GRACE, MOST, PROVED, Trust, safety_gap


def told(trust, *jobs, at=0.0):
    """These jobs end, and a callback told of each."""
    for job in jobs:
        trust.rang(job)
        trust.ended(job, at)


def test_nobody_is_relied_on_before_three_ends_in_a_row():
    bells, seen = Trust(), []
    for n in range(4):
        seen.append(bells.alive(0.0))
        told(bells, f"job {n}")

    assert [False, False, False, True] == seen
    assert PROVED == 3


def test_a_callback_that_comes_after_the_look_counts_within_ten_seconds():
    bells = Trust()
    told(bells, "a", "b")

    assert bells.ended("c", 100.0) is True
    bells.late("c", 100.0 + GRACE - 0.1)

    assert bells.alive(200.0) is True
    assert 0 == bells.missed


def test_one_that_never_comes_is_missed_after_ten_seconds():
    bells = Trust()
    told(bells, "a", "b", "c")
    bells.ended("d", 100.0)

    assert [True, False] == [bells.alive(100.0 + GRACE - 0.1), bells.alive(100.0 + GRACE)]
    assert (1, 0) == (bells.missed, bells.streak)


def test_one_that_comes_too_late_was_missed():
    bells = Trust()
    told(bells, "a", "b")
    bells.ended("c", 0.0)
    bells.late("c", GRACE)

    assert (False, 1) == (bells.alive(GRACE), bells.missed)


def test_a_repeated_one_counts_once():
    bells = Trust()
    for _ in range(5):
        bells.rang("a")
    bells.ended("a", 0.0)
    for _ in range(5):
        bells.late("a", 1.0)

    assert 1 == bells.streak


def test_one_that_says_over_proves_nothing_before_a_look_shows_it():
    bells = Trust()
    for job in "abc":
        bells.rang(job)

    assert bells.alive(0.0) is False
    bells.forget("a")
    assert bells.ended("a", 0.0) is True, "what nobody looks at any more is not remembered"


def test_after_a_miss_more_are_needed_and_after_many_it_is_forgiven():
    bells = Trust()
    told(bells, "a", "b", "c")
    needed = []
    for n in range(6):
        bells.ended("miss", 100.0 * n)
        bells.judge(100.0 * n + GRACE)
        needed.append(bells.needed)
        told(bells, *(f"{n}/{m}" for m in range(bells.needed)), at=100.0 * n + 50)
        assert bells.alive(100.0 * n + 60) is True
    told(bells, *(f"more {n}" for n in range(FORGIVEN)), at=1000.0)

    assert [6, 12, 24, 48, 48, 48] == needed
    assert (MOST, PROVED) == (48, bells.needed)


def test_misses_before_anything_was_proved_ask_for_no_more():
    bells = Trust()
    for n in range(10):
        bells.ended(f"{n}", 0.0)

    assert bells.alive(GRACE) is False
    assert (10, PROVED) == (bells.missed, bells.needed)


@pytest.mark.parametrize(
    ("median", "late", "expected"),
    [(52.0, False, 44.2), (52.0, True, 11.05), (1.0, False, trust.LEAST), (1000.0, False, trust.FURTHEST)],
)
def test_how_far_looks_are_apart_while_callbacks_are_expected(median, late, expected):
    assert pytest.approx(expected) == safety_gap(median, 0.0, late=late)
    assert safety_gap(median, 0.99, late=late) < expected, "jitter makes it shorter only"
