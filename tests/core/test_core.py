"""The package of what decides holds no code of its own."""

import mjasync.core


def test_its_page_says_its_law():
    assert "What decides: no await, no clock, no dice, no disk, no logging." == mjasync.core.__doc__
