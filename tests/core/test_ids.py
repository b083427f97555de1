"""What can be an id, and what cannot."""

import pytest

from mjasync.core.ids import is_id


@pytest.mark.parametrize(
    "text", ["afa774a3-1aee-5aba-4510-14818d6875e4", "1320098173412546", "a", "x" * 128, "_1.a:b,c"]
)
def test_an_id(text):
    assert is_id(text)


@pytest.mark.parametrize(
    "text", ["", " ", "a b", "a\n", "../etc", "a/b", "a..b", "-a", "x" * 129, "猫", "a?b", None, 7, b"a"]
)
def test_no_id(text):
    assert not is_id(text)
