"""What is shown must not steer a terminal or a page."""

import pytest

from mjasync.sheet.words import clean, count, seconds


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
