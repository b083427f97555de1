"""Every row of TTAPI's contract that a submit meets, against seed 000: taken, refused, busy or unclear."""

import pytest

from mjasync.core.answers import Busy, Refused, Taken, Unclear
from tests.dialects.cases import IMAGINE, answer, doubt, refusal
from tests.dialects.ttapi_cases import DIALECT, ID, failed


@pytest.mark.fault("H11")
@pytest.mark.parametrize(
    ("status", "body"),
    [
        pytest.param(
            200,
            {"status": "SUCCESS", "data": {"jobId": ID}},
            id="contracts_ttapi §2 data.jobId + contracts_ttapi §8.1 200 SUCCESS + contracts_ttapi §10 3",
        ),
        pytest.param(200, {"status": "SUCCESS", "data": {"job_id": ID}}, id="contracts_ttapi §2 data.job_id"),
        pytest.param(200, {"status": "SUCCESS", "jobId": ID, "data": None}, id="contracts_ttapi §2 jobId"),
        pytest.param(200, {"status": "SUCCESS", "job_id": ID}, id="contracts_ttapi §2 job_id"),
        pytest.param(200, {"status": "SUCCESS", "data": ID}, id="contracts_ttapi §2 data is the id"),
        pytest.param(200, {"status": " success ", "data": {"jobId": ID}}, id="other case"),
        pytest.param(200, {"status": "PENDING_QUEUE", "data": {"jobId": ID}}, id="a state where SUCCESS belongs"),
        pytest.param(200, {"data": {"status": "SUCCESS", "jobId": ID}}, id="no status, and an id"),
        pytest.param(201, {"status": "SUCCESS", "data": {"jobId": ID}}, id="201"),
        pytest.param(
            400,
            failed(f"Job [{ID}] already exists"),
            id="contracts_ttapi §8.2 already exists, 400 + contracts_ttapi §8.3 action",
        ),
        pytest.param(200, failed(f"job [{ID}] already exists."), id="contracts_ttapi §8.2 already exists, 200"),
    ],
)
def test_taken(status, body):
    assert Taken(remote_id=ID) == DIALECT.read_submit(answer(status, body), IMAGINE)


_REFUSED = [
    ("contracts_ttapi §8.1 400", 400, failed("prompt is required"), "InvalidRequest", False),
    (
        "contracts_ttapi §8.1 401 + contracts_ttapi §2 data absent",
        401,
        {"status": "FAILED", "message": "Wrong TT-API-KEY"},
        "AuthError",
        True,
    ),
    ("contracts_ttapi §8.1 401, no JSON", 401, b"<html>", "AuthError", True),
    ("DESIGN §2 401 says quota", 401, b"insufficient quota", "QuotaExhausted", True),
    ("contracts_ttapi §8.1 402", 402, failed("balance"), "QuotaExhausted", True),
    ("contracts_ttapi §8.1 403 + contracts_ttapi §10 12", 403, failed("blocked"), "AuthError", True),
    ("proxy 407", 407, b"", "AuthError", True),
    ("contracts_ttapi §8.1 404, route", 404, b"<html>", "ConfigError", True),
    ("contracts_ttapi §8.1 404, resource", 404, failed("job not found"), "InvalidRequest", False),
    ("contracts_ttapi §8.1 405", 405, b"", "ConfigError", True),
    ("contracts_ttapi §8.2 Wrong TT-API-KEY, 200", 200, failed("Wrong TT-API-KEY"), "AuthError", True),
    ("contracts_ttapi §8.2 Wrong TT-API-KEY, 400", 400, failed("Wrong TT-API-KEY"), "AuthError", True),
    (
        "contracts_ttapi §8.1 200 FAILED + contracts_ttapi §5 FAILED on submit + contracts_ttapi §8.2 anything else",
        200,
        failed("no"),
        "InvalidRequest",
        False,
    ),
    (
        "contracts_ttapi §8.2 [Banned prompt detected]",
        400,
        failed("[Banned prompt detected] x"),
        "PromptRejected",
        False,
    ),
    ("contracts_ttapi §8.2 banned, 200", 200, failed("[Banned prompt detected]"), "PromptRejected", False),
    ("contracts_ttapi §8.2 [Image denied]", 400, failed("[Image denied]"), "PromptRejected", False),
    ("contracts_ttapi §8.2 [Invalid parameter]", 400, failed("[Invalid parameter] --x"), "InvalidRequest", False),
    ("the brackets decide", 400, failed("[Invalid parameter] --raw is case-sensitive"), "InvalidRequest", False),
    ("the brackets decide, upstream", 400, failed("[Internal error] moderation"), "ProviderError", False),
    ("contracts_ttapi §8.2 [Invalid prompt]", 400, failed("[Invalid prompt]"), "InvalidRequest", False),
    ("contracts_ttapi §8.2 [Invalid link", 400, failed("[Invalid link!]"), "InvalidRequest", False),
    ("contracts_ttapi §8.2 [TTAPI prompt filter]", 400, failed("[TTAPI prompt filter]"), "PromptRejected", False),
    ("contracts_ttapi §8.2 [TTAPI image filter]", 400, failed("[TTAPI image filter]"), "PromptRejected", False),
    ("contracts_ttapi §8.2 banned prompt words", 400, failed("banned prompt words"), "PromptRejected", False),
    ("contracts_ttapi §8.2 insufficient quota", 400, failed("Insufficient quota"), "QuotaExhausted", True),
    ("contracts_ttapi §8.2 insufficient balance", 200, failed("insufficient balance"), "QuotaExhausted", True),
    *[
        (f"reliability §1.3 {n}", n, failed("no"), "InvalidRequest", False)
        for n in (406, 411, 413, 414, 415, 422, 431, 451)
    ],
    *[(f"reliability §1.3 any 3xx: {n}", n, b"", "ConfigError", True) for n in (301, 302, 303, 307, 308)],
]


@pytest.mark.fault("H04", "H05", "H07", "H19", "U02")
@pytest.mark.parametrize(("status", "body", "kind", "account"), [pytest.param(*row[1:], id=row[0]) for row in _REFUSED])
def test_refused(status, body, kind, account):
    submitted = DIALECT.read_submit(answer(status, body, **{"x-request-id": "req-1"}), IMAGINE)

    assert isinstance(submitted, Refused)
    assert (kind, account, "no", status) == refusal(submitted)
    assert isinstance(body, bytes) or "req-1" == submitted.failure.request_id


@pytest.mark.fault("H12", "H13", "H23")
@pytest.mark.parametrize(
    ("status", "body"),
    [
        pytest.param(425, b"", id="reliability §1.3 425"),
        pytest.param(429, failed("too frequent"), id="contracts_ttapi §8.1 429"),
        pytest.param(429, b"", id="429 and nothing"),
        pytest.param(499, failed("queue insufficient"), id="contracts_ttapi §8.1 499 + contracts_ttapi §10 11: 499"),
        pytest.param(
            400, failed("The queue is full"), id="contracts_ttapi §8.2 queue is full + contracts_ttapi §10 11: 400"
        ),
        pytest.param(400, failed("queue full"), id="contracts_ttapi §8.2 queue full"),
        pytest.param(200, failed("queue is full"), id="queue is full, 200"),
    ],
)
def test_busy(status, body):
    """contracts_ttapi §8.3 refusals."""
    submitted = DIALECT.read_submit(answer(status, body, **{"retry-after": "5"}), IMAGINE)

    assert isinstance(submitted, Busy)
    assert (5.0, True, "no") == (submitted.retry_after, submitted.account, submitted.failure.charged)


@pytest.mark.fault("H01", "H03", "H10", "H11", "H16", "H20", "H23")
@pytest.mark.parametrize(
    ("status", "body"),
    [
        pytest.param(200, b"<html>", id="reliability §1.3 HTML with 200"),
        pytest.param(200, "<html>余额 insufficient balance".encode(), id="HTML with 200 that says quota"),
        pytest.param(400, b"<html>insufficient quota", id="HTML with 400 that says quota"),
        pytest.param(200, b"", id="reliability §1.3 empty"),
        pytest.param(200, b"null", id="null"),
        pytest.param(200, b"[]", id="a list"),
        pytest.param(204, b"", id="reliability H20 204"),
        pytest.param(202, b"", id="reliability H20 202"),
        pytest.param(200, {"status": "SUCCESS", "data": {}}, id="contracts_ttapi §2 SUCCESS without an id"),
        pytest.param(200, {"status": "SUCCESS", "data": []}, id="SUCCESS, data a list"),
        pytest.param(200, {"status": "SUCCESS", "data": {"jobId": 1.5}}, id="SUCCESS, id rounded"),
        pytest.param(200, {"status": "SUCCESS", "data": {"jobId": "../x"}}, id="SUCCESS, id impossible"),
        pytest.param(200, {"message": "ok"}, id="no status at all"),
        pytest.param(200, {"status": 1, "message": "queue is full"}, id="an unknown status"),
        pytest.param(200, b'{"status":"SUCCESS","status":"FAILED","data":null}', id="reliability H03 two statuses"),
        pytest.param(400, failed("No available accounts"), id="contracts_ttapi §8.2 No available accounts"),
        pytest.param(200, failed("No available accounts"), id="No available accounts, 200"),
        pytest.param(400, b"bad", id="400 that nobody can read"),
        pytest.param(408, failed("x"), id="reliability H10 408"),
        pytest.param(409, failed("conflict"), id="reliability H11 409 without id"),
        pytest.param(499, b"<html>", id="reliability §1.3 499 without the envelope"),
        pytest.param(499, {"error": "client closed request"}, id="499 of a gateway that speaks JSON"),
        *[
            pytest.param(status, failed("x"), id=f"contracts_ttapi §8.1 {status}: reliability H16")
            for status in (500, 501, 502, 503, 504, 520, 521, 522, 523, 524, 530)
        ],
        *[
            pytest.param(status, b"<html>", id=f"contracts_ttapi §8.1 gateway HTML: {status}")
            for status in (500, 502, 503, 504)
        ],
    ],
)
def test_unclear_is_never_a_reason_to_send_again(status, body):
    """contracts_ttapi §8.3 ambiguous."""
    submitted = DIALECT.read_submit(answer(status, body), IMAGINE)

    assert isinstance(submitted, Unclear)
    assert ("SubmitOutcomeUnknown", "unknown", False) == doubt(submitted)
