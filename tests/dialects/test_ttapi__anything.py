"""Whatever bytes a gateway answers with, TTAPI's readings neither raise nor take long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mjasync.core.answers import Busy, Doubt, Missing, Taken, Trouble, Unclear, WrongVerb
from mjasync.core.model import Snapshot
from tests.dialects.cases import IMAGINE, SETTINGS, cut, mutants, read_everything
from tests.dialects.ttapi_cases import DIALECT, sample

SEEDS = [sample(name) for name in ("imagine_response", "action_response", "callback")]
NAMES = ("code", "error", "job_id", "progess", "mode", "cdnImages")
LOOKS = Snapshot | Doubt | Missing | Trouble | WrongVerb


def inner(document):
    """Its data."""
    return document.get("data")


@SETTINGS
@given(
    st.integers(100, 599) | st.sampled_from([200, 400, 404, 499]), st.binary(max_size=80) | mutants(SEEDS, inner, NAMES)
)
def test_no_answer_raises(status, body):
    submitted = read_everything(DIALECT, LOOKS, status, body)

    assert status < 500 or isinstance(submitted, Unclear | Busy | Taken), "5xx is no refusal"
    assert status != 500 or not isinstance(submitted, Busy)


@pytest.mark.parametrize("name", ["imagine_response", "callback"])
def test_a_body_cut_at_any_byte_is_unclear(name):
    for response in cut(sample(name), 0):
        assert isinstance(DIALECT.read_submit(response, IMAGINE), Unclear)
        assert isinstance(DIALECT.read_look(response, "imagine"), Trouble)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 200_000,
        b'{"data":' * 50_000,
        b'{"status": "SUCCESS", "data": {"jobId": ' + b"1" * 5000 + b"}}",
        b'{"status": "SUCCESS", "data": {"jobId": NaN}}',
        b'{"status": "SUCCESS", "data": {"jobId": "a", "jobId": "b"}}',
        b'{"status": "SUCCESS", "data": {"jobId": "\\ud800"}}',
        b'{"status": "FAILED", "message": "' + b"quota" * 300_000 + b'"}',
        b'{"status": "FAILED", "message": "' + b"insufficient " * 100_000 + b'"}',
        b'{"status": "FAILED", "message": "' + b"job [" * 300_000 + b'"}',
        b'{"status": "ON_QUEUE", "data": {"progress": "1' + b" " * 1_000_000 + b'x"}}',
        b'{"status": "ON_QUEUE", "data": {"components": [' + b'"x",' * 20_000 + b'"x"]}}',
    ],
    ids=lambda body: body[:40].decode(),
)
def test_hostile_bodies_are_read_at_once(body):
    for status in (200, 400, 500):
        read_everything(DIALECT, LOOKS, status, body)
