"""What is printed must not steer a terminal."""

import re

import pytest

from mjasync import Eta
from mjasync.cli.text import age, amount, clean, clock, count, left, moment, seconds, span


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a cat", "a cat"),
        ("a\x1b[31mred\x1b[0m cat", "ared cat"),
        ("\x1b]0;new title\x07a cat", "a cat"),
        ("\x1b]8;;https://evil.example\x1b\\a cat\x1b]8;;\x1b\\", "a cat"),
        ("\x9d0;title\x9ca cat", "a cat"),
        ("\x9b2Ja cat", "a cat"),
        ("\x1bPdevice\x1b\\a cat", "a cat"),
        ("\x1bca cat", "a cat"),
        ("a\r\nb\tc\x00d\x7fe\x85f", "a b c d e f"),
        ("a \u202eevil\u2066 cat", "a evil cat"),
        ("a\u2028b\u2029c\ud800d", "a b c d"),
        ("猫 — a café 🐈", "猫 — a café 🐈"),
        ("\x1b", ""),
        (7, "7"),
    ],
)
def test_clean(text, expected):
    assert clean(text) == expected


def test_clean_cuts():
    assert clean("a black cat on a roof", 12) == "a black cat…"
    assert clean("twelve chars", 12) == "twelve chars"


@pytest.mark.parametrize(
    ("value", "expected"), [(None, "–"), (0.04, "0.0 s"), (12.34, "12.3 s"), (60, "1 m 00 s"), (125.4, "2 m 05 s")]
)
def test_seconds(value, expected):
    assert seconds(value) == expected


def test_count():
    assert count(1, "job") == "1 job"
    assert count(0, "job") == "0 jobs"


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
