"""HTTP values: what they show, what they hide, and Retry-After in all its forms."""

from math import isfinite

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mjasync.core.wire import (
    API_BODY_LIMIT,
    HttpRequest,
    HttpResponse,
    NoAnswer,
    NotSent,
    TransportFault,
    nowhere,
    retry_after,
)

SETTINGS = settings(derandomize=True, deadline=None, database=None, max_examples=200)
DATE = "Sun, 06 Nov 1994 08:49:37 GMT"


def test_a_request_is_not_repeatable_unless_its_dialect_says_so():
    request = HttpRequest(method="POST", url="https://h/")

    assert (False, 30.0, API_BODY_LIMIT, None) == (
        request.repeatable,
        request.timeout,
        request.body_limit,
        request.body,
    )
    assert 2 * 1024 * 1024 == API_BODY_LIMIT
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        request.repeatable = True


def test_reprs_hide_headers_and_bodies():
    request = HttpRequest(method="POST", url="https://h/", headers={"TT-API-KEY": "canary"}, body=b"prompt")
    response = HttpResponse(status=200, body=b"prompt", headers={"set-cookie": "canary"})

    shown = f"{request!r} {response!r}"
    assert "canary" not in shown
    assert "prompt" not in shown


def test_the_two_faults_have_one_base():
    assert (TransportFault, TransportFault) == (NotSent.__base__, NoAnswer.__base__)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(None, None, id="absent"),
        pytest.param("0", 0.0, id="reliability H14 0"),
        pytest.param("5", 5.0, id="reliability H14 5"),
        pytest.param(" 12 ", 12.0, id="reliability H14 blanks"),
        pytest.param("86400", 86400.0, id="reliability H14 a day"),
        pytest.param("-5", None, id="reliability H14 negative"),
        pytest.param("+5", None, id="reliability H14 plus"),
        pytest.param("12.5", 12.5, id="reliability H14 fraction"),
        pytest.param("12.", None, id="reliability H14 no fraction"),
        pytest.param("1e9", None, id="reliability H14 exponent"),
        pytest.param("garbage", None, id="reliability H14 garbage"),
        pytest.param("", None, id="reliability H14 empty"),
        pytest.param("٥", None, id="reliability H14 other digits"),
        pytest.param("5, 5", None, id="reliability H14 two values"),
        pytest.param("nan", None, id="reliability H14 nan"),
        pytest.param("inf", None, id="reliability H14 inf"),
        pytest.param("0x10", None, id="reliability H14 hex"),
        pytest.param("Sun, 06 Nov 1994 08:50:07 GMT", 30.0, id="reliability H15 future"),
        pytest.param("Sun, 06 Nov 1994 08:49:07 GMT", 0.0, id="reliability H15 past"),
        pytest.param("Mon, 07 Nov 1994 08:49:37 GMT", 86400.0, id="reliability H15 a day ahead"),
        pytest.param("Sun, 06 Nov 1994 09:49:37 +0100", 0.0, id="reliability H15 other zone"),
        pytest.param("Sun, 06 Nov 1994 08:50:07 -0000", None, id="reliability H15 no zone"),
        pytest.param("Sun, 99 Nov 1994 08:50:07 GMT", None, id="reliability H15 impossible"),
        pytest.param("Sun, 06 Nov 99999999999999 08:50:07 GMT", None, id="reliability H15 huge year"),
    ],
)
def test_retry_after(value, expected):
    headers = {"date": DATE} if value is None else {"date": DATE, "retry-after": value}

    assert expected == retry_after(HttpResponse(status=429, headers=headers))


@pytest.mark.parametrize("date", [None, "yesterday", ""])
def test_a_date_needs_the_servers_own_clock(date):
    headers = {"retry-after": "Sun, 06 Nov 1994 08:50:07 GMT"}

    assert retry_after(HttpResponse(status=503, headers=headers if date is None else {**headers, "date": date})) is None


def test_ten_to_the_twentieth_is_long_but_finite():
    seconds = retry_after(HttpResponse(status=429, headers={"retry-after": "1" + "0" * 20}))

    assert seconds is not None
    assert seconds >= 1e9
    assert isfinite(seconds)


_words = st.text(alphabet="0123456789 -+:,.GMTSunNovabJ/()\t", max_size=40) | st.text(max_size=20)


@SETTINGS
@given(_words, _words | st.just(DATE))
def test_retry_after_never_raises_and_is_never_negative(value, date):
    seconds = retry_after(HttpResponse(status=429, headers={"retry-after": value, "date": date}))

    assert seconds is None or (seconds >= 0 and isfinite(seconds))


def test_an_address_that_is_none_stands_beside_the_real_one():
    assert "https://h/mj/task/1/no-such-route" == nowhere("https://h/mj/task/1/fetch")
