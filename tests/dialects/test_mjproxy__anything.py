"""Whatever bytes a relay answers with, midjourney-proxy's readings neither raise nor take long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mjasync.core.answers import Busy, Missing, Trouble, Unclear
from mjasync.core.model import Snapshot
from tests.dialects.cases import IMAGINE, SETTINGS, cut, mutants, read_everything
from tests.dialects.mjproxy_cases import DIALECT, sample

SEEDS = [sample(name) for name in ("imagine_response", "action_response", "fetch_success", "fetch_empty")]
NAMES = ("error", "message", "imageUrls", "seed")
LOOKS = Snapshot | Missing | Trouble


def inner(document):
    """Its properties, or else its first button."""
    buttons = document.get("buttons")
    return document.get("properties") or (buttons[0] if isinstance(buttons, list) and buttons else None)


@SETTINGS
@given(st.integers(100, 599) | st.sampled_from([200, 400, 404]), st.binary(max_size=80) | mutants(SEEDS, inner, NAMES))
def test_no_answer_raises(status, body):
    submitted = read_everything(DIALECT, LOOKS, status, body)

    assert status < 500 or isinstance(submitted, Unclear | Busy), "5xx is no refusal"
    assert status != 500 or isinstance(submitted, Unclear | Busy)


@pytest.mark.parametrize("name", ["imagine_response", "fetch_success"])
def test_a_body_cut_at_any_byte_is_unclear(name):
    for response in cut(sample(name), 1):
        assert isinstance(DIALECT.read_submit(response, IMAGINE), Unclear)
        assert isinstance(DIALECT.read_look(response, "imagine"), Trouble)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 200_000,
        b'{"properties":' * 50_000,
        b'{"code": 1, "result": ' + b"1" * 5000 + b"}",
        b'{"code": 1, "result": NaN}',
        b'{"code": 1, "result": "a", "result": "b"}',
        b'{"code": 1, "result": "\\ud800"}',
        b'{"code": 4, "description": "' + b"quota" * 300_000 + b'"}',
        b'{"status": "FAILURE", "failReason": "' + b"quota" * 300_000 + b'"}',
        b'{"status": "SUCCESS", "progress": "1' + b" " * 1_000_000 + b'x"}',
        b'{"status": "SUCCESS", "properties": {"messageContent": "' + b"(fast" * 200_000 + b'"}}',
        b'{"status": "SUCCESS", "properties": {"messageContent": "' + b"(fast)" * 200_000 + b'"}}',
        b'{"status": "SUCCESS", "buttons": [{"customId": "MJ::JOB::upsample_v' + b"_subtle" * 100_000 + b'"}]}',
        b'{"status": "SUCCESS", "buttons": [' + b'{"customId": "x"},' * 20_000 + b"{}]}",
    ],
    ids=lambda body: body[:60].decode(),
)
def test_hostile_bodies_are_read_at_once(body):
    for status in (200, 400, 500):
        read_everything(DIALECT, LOOKS, status, body)
