"""Endpoints as rows: what a row writes, and which options it takes."""

import json

import pytest

from mjasync.core.model import Extras, Spec
from mjasync.core.pictures import Base64
from mjasync.core.wire import HttpRequest
from mjasync.dialects._endpoints import Endpoint, encoded, unknown_extra
from tests.dialects.cases import IMAGINE

PAID = Endpoint(name="a", method="POST", path="/x/a", verbs=("pool.a",), extras={"state": "state", "hook_url": "hook"})
FREE = Endpoint(name="b", method="GET", path="/x/{id}/b", verbs=("pool.b",), paid=False)
MAYBE = Endpoint(name="c", method="GET", path="/x/c", verbs=("pool.c",), paid=False, optional=True)
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        pytest.param(
            PAID.write("https://h", {"prompt": "猫\ud800"}),
            HttpRequest(
                method="POST", url="https://h/x/a", headers=JSON, body='{"prompt": "猫?"}'.encode(), timeout=100.0
            ),
            id="paid: never repeated, and as patient as a relay; half a character is no reason to fail",
        ),
        pytest.param(
            FREE.write("https://h/p", None, remote_id="a/../b?c", query="?d=1"),
            HttpRequest(method="GET", url="https://h/p/x/a%2F..%2Fb%3Fc/b?d=1", repeatable=True, timeout=30.0),
            id="free: an id cannot leave its place",
        ),
        pytest.param(
            MAYBE.write("", None), HttpRequest(method="GET", url="/x/c", repeatable=True, timeout=60.0), id="optional"
        ),
    ],
)
def test_a_row_writes_a_request(request_, expected):
    assert expected == request_


def test_only_options_that_were_given_are_sent_in_the_providers_spelling():
    assert {} == PAID.given(Extras())
    assert {"state": "", "hook": "h"} == PAID.given(Extras(state="", hook_url="h", timeout=300))


@pytest.mark.parametrize(
    ("extras", "unknown"),
    [
        (Extras(), None),
        (Extras(state="s"), None),
        (Extras(state="s", timeout=300, translation=True), "timeout"),
        (Extras(account_filter={}), "account_filter"),
    ],
)
def test_the_first_option_that_nobody_takes_is_named(extras, unknown):
    assert unknown == unknown_extra(Spec(operation=IMAGINE, extras=extras), (PAID, FREE))


LONG = Base64("QUJD" * 100_000)
MARK = "\x00picture\x00"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"mask": LONG},
        {"base64Array": [LONG, LONG, "https://a"], "prompt": '猫 "\\', "n": [1, [LONG]]},
        {"prompt": MARK, "base64": LONG},
        {"prompt": MARK, "base64Array": []},
        {"prompt": "\\u0000picture\\u0000", "base64": LONG},
        {"accountFilter": {"odd": LONG}},
    ],
    ids=lambda body: repr(body)[:24],
)
def test_pictures_are_laid_in_as_they_are(body):
    assert body == json.loads(encoded(body))


def test_a_slow_line_gets_time():
    assert 101.0 == PAID.write("", {"mask": LONG}).timeout, "400 KB at 250 KB a second, rounded down"
    assert 30.0 == FREE.write("", {"mask": LONG}).timeout
