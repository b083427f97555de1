"""Dates, amounts and spans of time, as a terminal shows them."""

import re

import pytest

from mjasync import Eta
from mjasync.cli.text import age, amount, clock, left, moment, span


def test_moments_are_of_this_machines_calendar():
    assert re.fullmatch(r"2026-01-0[12] \d\d:\d\d:05|2025-12-31 \d\d:\d\d:05", moment(1_767_225_605.4))
    assert moment(1_767_225_605.4).endswith(clock(1_767_225_605.4))
    assert moment(1e300).endswith(" s")


@pytest.mark.parametrize(("quota", "expected"), [(0.0, "0"), (27.0, "27"), (2.5, "2.5"), (0.004, "0"), (100.0, "100")])
def test_amounts(quota, expected):
    assert expected == amount(quota)


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0, 3, "< 5 s"),
        (3, 9, "< 10 s"),
        (12, 33, "10–35 s"),
        (60, 60, "~60 s"),
        (50, 80, "50–80 s"),
        (100, 200, "1–4 min"),
        (400, 900, "5–15 min"),
        (1000, 2000, "15–35 min"),
        (4000, 9000, "1–2.5 h"),
        (40000, 90000, "10–30 h"),
        (1e6, 2e6, "270–560 h"),
    ],
)
def test_a_range_is_never_a_false_second(low, high, words):
    assert words == span(low, high)


def test_a_guess_from_a_page_is_not_told():
    assert "" == left(None)
    assert "" == left(Eta(low=20, likely=25, high=30, known=0.5))
    assert "20–30 s" == left(Eta(low=20, likely=25, high=30, known=1))


@pytest.mark.parametrize(("value", "words"), [(0, "0:00"), (48.9, "0:48"), (725, "12:05"), (3723, "1:02:03")])
def test_age(value, words):
    assert words == age(value)
