"""Enough of a key to tell two apart, and too little to use."""

import pytest

from mjasync.accounts import Secret
from mjasync.cli.keys import masked


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("k", "***"),
        ("abcd", "***"),
        ("a" * 15 + "1234", "***"),
        ("a" * 16 + "1234", "***1234"),
        ("sk-" + "x" * 60 + "9f3a", "***9f3a"),
    ],
)
def test_at_most_the_last_four_and_of_a_short_one_nothing(key, expected):
    assert expected == masked(Secret(key))
