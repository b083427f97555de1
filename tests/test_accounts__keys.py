"""What an account keeps to itself, however it is shown, refused or echoed."""

import base64
import inspect
import json
import traceback
from urllib.parse import quote

import pytest

from mjasync.accounts import TTAPI, MJProxy, Secret
from mjasync.core.wire import HttpResponse
from mjasync.errors import ConfigError

KEY = 'canary+key/7f"3a=='
RELAY = "https://relay.example"
MAKERS = {
    "ttapi": lambda **more: TTAPI(**{"key": KEY, **more}),
    "mjproxy": lambda **more: MJProxy(**{"key": KEY, "base_url": RELAY, **more}),
}
BOTH = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)


def frames(error):
    """The traceback with locals, but for the frames of this very file, which knows the key."""
    found = traceback.TracebackException.from_exception(error, capture_locals=True)
    own = [frame for frame in found.stack if frame.filename != __file__]
    return "".join(traceback.StackSummary.from_list(own).format())


@BOTH
@pytest.mark.parametrize(
    "wrong",
    [
        {"key": KEY + " x"},
        {"key": KEY + "\n" + KEY},
        {"base_url": "nowhere"},
        {"max_jobs": 0},
        {"name": "a b"},
        {"modes": "warp"},
        {"unknown": 1},
    ],
    ids=str,
)
def test_a_refusal_passes_no_frame_with_the_key(make, wrong):
    with pytest.raises((ConfigError, TypeError)) as caught:
        make(**wrong)

    assert "mjasync/accounts.py" in frames(caught.value)
    assert KEY[:6] not in frames(caught.value)
    assert None is caught.value.__context__


def test_its_arguments_can_be_looked_up():
    assert {"key", "base_url", "max_jobs", "name"} < set(inspect.signature(TTAPI).parameters)
    assert "mode_path" in inspect.signature(MJProxy).parameters
    assert "self" not in inspect.signature(MJProxy).parameters


@BOTH
@pytest.mark.parametrize(
    "form",
    [
        str,
        lambda key: json.dumps(key)[1:-1],
        lambda key: json.dumps(key)[1:-1].replace("/", "\\/"),
        lambda key: base64.b64encode(key.encode()).decode(),
        lambda key: quote(key, safe=""),
    ],
    ids=["plain", "json", "slashes", "base64", "url"],
)
def test_an_echoed_key_is_masked(make, form):
    echo = form(KEY)
    answer = HttpResponse(status=401, body=f"no {echo}, no".encode(), headers={"x-request-id": f"r-{echo}", "a": "b"})

    masked = make().masked(answer)

    assert (401, b"no ***, no", {"x-request-id": "r-***", "a": "b"}) == (masked.status, masked.body, masked.headers)


@BOTH
def test_other_answers_are_left_alone(make):
    answer = HttpResponse(status=200, body=b'{"a": 1}', headers={"a": "b"})

    assert make().masked(answer) is answer


def test_a_key_that_would_be_found_in_anything_is_not_looked_for():
    answer = HttpResponse(status=200, body=b'{"key": "k"}')

    assert TTAPI("k").masked(answer) is answer


def test_a_secrets_spellings_are_each_named_once():
    assert ("plainkey", base64.b64encode(b"plainkey").decode()) == Secret("plainkey").spellings()


@pytest.mark.parametrize("host", ["134744072", "0x08080808", "010002004010", "0X7F000001"])
def test_a_number_is_no_name_of_this_network(host):
    with pytest.raises(ConfigError, match="unencrypted"):
        TTAPI(KEY, base_url=f"http://{host}")
