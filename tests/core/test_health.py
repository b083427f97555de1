"""What refusals say about how many jobs an account takes at once."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mjasync.core.answers import Busy
from mjasync.core.health import Sign, ceiling, lowered, sign_of
from mjasync.core.model import Failure

SETTINGS = settings(derandomize=True, deadline=None, database=None, max_examples=200)


def busy(status, code=None, *, account=True):
    return Busy(failure=Failure(kind="ProviderError", what="no", status=status, code=code), account=account)


@pytest.mark.parametrize(
    ("refusal", "sign"),
    [
        pytest.param(busy(429), Sign.TOO_OFTEN, id="reliability H13"),
        pytest.param(busy(429, "23"), Sign.TOO_OFTEN, id="a relay's 429, whatever its code"),
        pytest.param(busy(499), Sign.FULL, id="TTAPI: queue used up"),
        *(
            pytest.param(busy(status), Sign.FULL, id=f"TTAPI: queue is full, HTTP {status}")
            for status in (200, 400, 403)
        ),
        pytest.param(busy(200, "23"), Sign.FULL, id="seed 001: code 23"),
        *(pytest.param(busy(400, code), Sign.FULL, id=f"relays: code {code}") for code in ("30", "9", "4")),
        pytest.param(busy(None), Sign.NOTHING, id="never left"),
        pytest.param(busy(425), Sign.NOTHING, id="reliability H12: too early"),
        pytest.param(busy(503), Sign.NOTHING, id="no channel at the relay"),
        pytest.param(busy(200, "3"), Sign.NOTHING, id="no usable account at the relay"),
        pytest.param(busy(429, account=False), Sign.NOTHING, id="about one job only"),
    ],
)
def test_signs(refusal, sign):
    assert sign == sign_of(refusal)


@pytest.mark.parametrize(
    ("max_jobs", "told", "slots"),
    [(10, None, 10), (10, 5, 5), (10, 10, 10), (10, 50, 10), (10, 1, 1), (10, 0, 10), (10, -1, 10), (1, 5, 1)],
)
def test_what_an_account_says_of_itself_only_lowers(max_jobs, told, slots):
    assert slots == ceiling(max_jobs, told)


@pytest.mark.parametrize(
    ("limit", "sign", "running", "old", "after"),
    [
        (10, Sign.TOO_OFTEN, 9, False, 5),
        (5, Sign.TOO_OFTEN, 0, False, 2),
        (1, Sign.TOO_OFTEN, 0, False, 1),
        (10, Sign.TOO_OFTEN, 9, True, 10),
        (10, Sign.FULL, 9, False, 9),
        (10, Sign.FULL, 3, True, 3),
        (3, Sign.FULL, 9, False, 3),
        (10, Sign.FULL, 0, False, 1),
        (10, Sign.NOTHING, 0, False, 10),
    ],
)
def test_what_becomes_of_the_limit(limit, sign, running, old, after):
    assert after == lowered(limit, sign, running=running, old=old)


@SETTINGS
@given(st.integers(1, 100), st.sampled_from(Sign), st.integers(0, 200), st.booleans())
def test_a_refusal_never_raises_the_limit_nor_ends_the_account(limit, sign, running, old):
    assert 1 <= lowered(limit, sign, running=running, old=old) <= limit
