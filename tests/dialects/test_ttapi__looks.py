"""A job of TTAPI as a snapshot: its state, its pictures and its fields, against seed 000."""

import pytest

from mjasync.core.model import Status
from tests.dialects.cases import answer
from tests.dialects.ttapi_cases import DIALECT, ID


@pytest.mark.fault("P08", "P23")
@pytest.mark.parametrize(
    ("word", "status"),
    [
        pytest.param("PENDING_QUEUE", Status.QUEUED, id="contracts_ttapi §5 PENDING_QUEUE"),
        pytest.param("ON_QUEUE", Status.RUNNING, id="contracts_ttapi §5 ON_QUEUE"),
        pytest.param("SUCCESS", Status.DONE, id="contracts_ttapi §5 SUCCESS"),
        pytest.param("FAILED", Status.FAILED, id="contracts_ttapi §5 FAILED"),
        pytest.param(" on_queue ", Status.RUNNING, id="contracts_ttapi §5 other case"),
        *[
            pytest.param(word, Status.FAILED, id=f"contracts_ttapi §5 synonym {word}")
            for word in ("CANCELLED", "CANCELED", "ERROR", "FAIL", "FAILURE", "TIMEOUT")
        ],
        pytest.param("PAUSED", Status.RUNNING, id="contracts_ttapi §5 unknown + contracts_ttapi §5 progress alone"),
        pytest.param(255, Status.RUNNING, id="contracts_ttapi §5 numbers: no state"),
    ],
)
def test_status(word, status):
    seen = DIALECT.read_look(
        answer(200, {"status": word, "jobId": "afa774a3-1aee", "message": "m", "data": {"progress": "100"}}), "imagine"
    )

    assert status is seen.status, "progress 100 alone is not completion"
    assert (status is Status.FAILED) is (seen.failure is not None)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param({"data": {"status": "ON_QUEUE"}}, Status.RUNNING, id="contracts_ttapi §5 data.status"),
        pytest.param({"data": {"status": " success "}}, Status.DONE, id="data.status, other case"),
        pytest.param(
            {"status": "FAILED", "data": {"jobId": "a-b", "status": "SUCCESS"}},
            Status.FAILED,
            id="the envelope decides",
        ),
        pytest.param({"status": None, "data": {"status": "SUCCESS"}}, Status.DONE, id="null is none"),
        pytest.param({"data": {"status": 2}}, None, id="contracts_ttapi §5 numbers: never"),
        pytest.param({"status": "", "data": {"status": "SUCCESS"}}, None, id="only where there is none at all"),
    ],
)
def test_the_state_inside_data(body, status):
    assert status is getattr(DIALECT.read_look(answer(200, body), "imagine"), "status", None)


@pytest.mark.parametrize("status", [400, 404])
def test_a_job_is_read_whatever_the_http_status(status):
    assert (
        Status.FAILED
        is DIALECT.read_look(answer(status, {"status": "FAILED", "data": {"jobId": ID}}), "imagine").status
    )
