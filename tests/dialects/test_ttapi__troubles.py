"""A job of TTAPI that failed, is gone, or cannot be asked about just now; and the proof of an account."""

import pytest

from mjasync.core.answers import Doubt, Missing, Trouble, WrongVerb
from mjasync.core.model import Status
from tests.dialects.cases import answer
from tests.dialects.ttapi_cases import DIALECT, ID, failed


@pytest.mark.parametrize(
    ("message", "kind", "retryable"),
    [
        pytest.param("Job Timeout", "JobFailed", True, id="contracts_ttapi §8.2 Job Timeout"),
        pytest.param(
            "[Banned prompt detected] x", "PromptRejected", False, id="contracts_ttapi §8.2 [Banned prompt detected]"
        ),
        pytest.param("[Image denied] x", "PromptRejected", False, id="contracts_ttapi §8.2 [Image denied]"),
        pytest.param("[Invalid parameter] x", "InvalidRequest", False, id="contracts_ttapi §8.2 [Invalid parameter]"),
        pytest.param("[Invalid prompt]", "InvalidRequest", False, id="contracts_ttapi §8.2 [Invalid prompt]"),
        pytest.param("[Invalid link!] x", "InvalidRequest", False, id="contracts_ttapi §8.2 [Invalid link"),
        pytest.param("[TTAPI prompt filter]", "PromptRejected", False, id="contracts_ttapi §8.2 [TTAPI prompt filter]"),
        pytest.param("[TTAPI image filter]", "PromptRejected", False, id="contracts_ttapi §8.2 [TTAPI image filter]"),
        *[
            pytest.param(text, "JobFailed", True, id=f"contracts_ttapi §8.2 {text}")
            for text in (
                "[Internal error]",
                "[Internal server error]",
                "[Bad response]",
                "Execution error",
                "system exception",
                "Failed to process your command",
                "Unknown Integration",
                "Unknown Message",
                "未知消息",
                "未知集成",
                "",
            )
        ],
        pytest.param("[Invalid parameter] --raw is case-sensitive", "InvalidRequest", False, id="the brackets decide"),
        pytest.param("[Internal error] no moderation parameter", "JobFailed", True, id="the brackets decide, upstream"),
        pytest.param("Job Timeout: see the parameter timeout", "JobFailed", True, id="a time-out is no bad parameter"),
        pytest.param("Execution error: field required", "JobFailed", True, id="upstream before a bad parameter"),
        pytest.param("insufficient quota", "QuotaExhausted", False, id="contracts_ttapi §8.2 insufficient quota"),
    ],
)
def test_why_a_job_failed(message, kind, retryable):
    null = dict.fromkeys(("progress", "discordImage", "cdnImage", "components", "seed", "images"))
    body = {"status": "FAILED", "jobId": ID, "message": message, "data": {"action": "imagine", "jobId": ID, **null}}

    seen = DIALECT.read_look(answer(200, body), "imagine")

    assert Status.FAILED is seen.status
    assert (kind, retryable, message, "unknown") == (
        seen.failure.kind,
        seen.failure.retryable,
        seen.failure.reason,
        seen.failure.charged,
    )


@pytest.mark.parametrize("status", [200, 400])
def test_a_failure_that_names_no_job_is_doubted(status):
    doubt = DIALECT.read_look(answer(status, failed("[Banned prompt detected]")), "imagine")

    assert isinstance(doubt, Doubt)
    assert (Status.FAILED, "PromptRejected") == (doubt.snapshot.status, doubt.snapshot.failure.kind)
    named = DIALECT.read_look(answer(200, {**failed("x"), "jobId": "afa774a3-1aee"}), "imagine")
    assert (Status.FAILED, "afa774a3-1aee") == (named.status, named.remote_id)


@pytest.mark.parametrize(
    ("status", "message", "telling"), [(500, "[Banned prompt detected] x", True), (503, "[Internal error]", False)]
)
def test_a_failed_job_in_a_server_error_is_doubted(status, message, telling):
    # contracts_ttapi §6.2: with which HTTP status a failed job is told, no page says.
    doubt = DIALECT.read_look(answer(status, failed(message, data={"jobId": ID, "prompt": "a cat"})), "imagine")

    assert isinstance(doubt, Doubt)
    assert (telling, Status.FAILED, ID) == (doubt.telling, doubt.snapshot.status, doubt.snapshot.remote_id)
    for body in (failed(message), failed(message, jobId=ID), failed(message, data={"jobId": ID})):
        assert isinstance(DIALECT.read_look(answer(status, body), "imagine"), Trouble), "that may be about the look"


@pytest.mark.fault("H06")
@pytest.mark.parametrize("status", [401, 403, 429, 500])
def test_a_refused_look_is_no_failed_job(status):
    body = {"status": "FAILED", "message": "no", "data": {"x": 1}}

    assert isinstance(DIALECT.read_look(answer(status, body), "imagine"), Trouble)


@pytest.mark.fault("H09", "P01")
@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        pytest.param(404, failed("x"), "it said: x", id="contracts_ttapi §8.1 404 on fetch"),
        pytest.param(404, {}, "it answered HTTP 404", id="404 without words"),
        pytest.param(400, failed("Job not found"), "it said: Job not found", id="contracts_ttapi U8 400"),
        pytest.param(200, failed("job does not exist"), "it said: job does not exist", id="contracts_ttapi U8 200"),
        pytest.param(200, failed("任务不存在"), "it said: 任务不存在", id="in Chinese"),
    ],
)
def test_missing(status, body, words):
    looked = DIALECT.read_look(answer(status, body), "imagine")

    assert isinstance(looked, Missing)
    assert ("JobLost", "unknown", words) == (looked.failure.kind, looked.failure.charged, looked.failure.why)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        pytest.param(405, b"", id="contracts_ttapi §8.1 405"),
        pytest.param(405, failed("x"), id="405 JSON"),
        pytest.param(404, b"<html>", id="contracts_ttapi U2 404 without JSON"),
    ],
)
def test_the_other_verb(status, body):
    assert WrongVerb() == DIALECT.read_look(answer(status, body), "imagine")


@pytest.mark.fault("H01", "H06", "H17")
@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        pytest.param(401, failed("Wrong TT-API-KEY"), "AuthError", id="reliability H06 401"),
        pytest.param(401, failed("API key does not exist"), "AuthError", id="reliability H06 401: a key, not a job"),
        pytest.param(403, failed("x"), "AuthError", id="reliability H06 403"),
        pytest.param(402, failed("x"), "QuotaExhausted", id="402"),
        pytest.param(429, failed("x"), "Unreachable", id="429"),
        pytest.param(500, failed("upstream not found"), "Unreachable", id="reliability H17 500"),
        pytest.param(502, b"<html>", "Unreachable", id="reliability H17 502"),
        pytest.param(200, b"<html>", "ProtocolError", id="reliability H01"),
        pytest.param(200, b"", "ProtocolError", id="empty"),
        pytest.param(200, [], "ProtocolError", id="a list"),
        pytest.param(200, {"message": "x"}, "ProtocolError", id="no status"),
        pytest.param(302, b"", "ProtocolError", id="a redirect"),
        pytest.param(200, {"error": {"message": "gateway"}}, "ProtocolError", id="contracts_ttapi §8.1 error.message"),
        pytest.param(200, {"error": "gateway"}, "ProtocolError", id="contracts_ttapi §8.1 error"),
    ],
)
def test_trouble_is_not_news_of_the_job(status, body, kind):
    looked = DIALECT.read_look(answer(status, body, **{"retry-after": "9"}), "imagine")

    assert isinstance(looked, Trouble)
    assert (kind, 9.0) == (looked.failure.kind, looked.retry_after)


def test_proof():
    assert DIALECT.read_proof(answer(200, failed("job not exist"))) is None
    failure = DIALECT.read_proof(answer(200, b"<html>"))
    assert ("ConfigError", True) == (failure.kind, "hosted accounts" in failure.hint)
