"""Shares of an account's cap."""

import attrs
import pytest

from mjasync.accounts import TTAPI
from mjasync.errors import ConfigError

KEY = "sk-canary-0123456789"


def test_a_share_has_to_be_sized():
    with pytest.raises(ConfigError, match="shared=True needs max_jobs=") as caught:
        TTAPI(key=KEY, shared=True)
    assert "shared=True, max_jobs=5" in caught.value.hint
    share = TTAPI(key=KEY, shared=True, max_jobs=10)
    assert (True, 10, False) == (share.shared, attrs.evolve(share, name="x").max_jobs, TTAPI(key=KEY).shared)


@pytest.mark.parametrize("value", [1, "yes", None, 0])
def test_shared_is_yes_or_no(value):
    with pytest.raises(ConfigError, match="shared= cannot be used"):
        TTAPI(key=KEY, shared=value, max_jobs=5)
