"""A task of midjourney-proxy that failed, is gone, or cannot be asked about just now; and the proof of an account."""

import pytest

from mjasync.core.answers import Missing, Trouble
from tests.dialects.cases import answer
from tests.dialects.mjproxy_cases import DIALECT, coded, relayed


@pytest.mark.parametrize(
    ("task", "kind", "retryable"),
    [
        pytest.param({"failReason": "Banned prompt detected"}, "PromptRejected", False, id="banned"),
        pytest.param(
            {"failReason": "可能包含敏感词"}, "PromptRejected", False, id="contracts_mjproxy C11: code 24 later"
        ),
        pytest.param({"failReason": "Invalid parameter: --zz"}, "InvalidRequest", False, id="parameter"),
        pytest.param(
            {"failReason": "upstream task timeout (>1 h)"}, "JobFailed", True, id="contracts_mjproxy §10.5 1 h"
        ),
        pytest.param({"failReason": None}, "JobFailed", True, id="contracts_mjproxy C19: null"),
        pytest.param(
            {"status": "CANCEL", "failReason": "取消任务"}, "JobFailed", True, id="contracts_mjproxy §10.2 CANCEL"
        ),
    ],
)
def test_why_a_job_failed(task, kind, retryable):
    failure = DIALECT.read_look(answer(200, {"status": "FAILURE", **task}), "imagine").failure

    assert (kind, retryable, "unknown") == (failure.kind, failure.retryable, failure.charged)


@pytest.mark.fault("H09", "P01")
@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        pytest.param(200, b"", "HTTP 200 with nothing", id="contracts_mjproxy §10.4 J"),
        pytest.param(200, b" \n", "HTTP 200 with nothing", id="blanks"),
        pytest.param(200, b"null", "HTTP 200 with nothing", id="null"),
        pytest.param(204, b"", "HTTP 204 with nothing", id="contracts_mjproxy §10.4 T"),
        pytest.param(
            400,
            coded(4, "task_no_found "),
            "it said: task_no_found",
            id="contracts_mjproxy §10.4 N + contracts_mjproxy §7.4 task_no_found: fetch",
        ),
        pytest.param(
            404, coded(3, "关联任务不存在或已失效"), "it said: 关联任务", id="contracts_mjproxy C8: 404 code 3"
        ),
        pytest.param(404, {}, "HTTP 404 with nothing", id="contracts_mjproxy §10.4 seed"),
        pytest.param(404, b"", "HTTP 404 with nothing", id="contracts_mjproxy C8: 404 and nothing"),
        pytest.param(404, b"404: Not Found", "it said: 404: Not Found", id="contracts_mjproxy C8: 404 in plain text"),
        pytest.param(200, coded(3, "not found"), "it said: not found", id="200 code 3"),
    ],
)
def test_missing(status, body, why):
    looked = DIALECT.read_look(answer(status, body), "imagine")

    assert isinstance(looked, Missing)
    assert ("JobLost", "unknown") == (looked.failure.kind, looked.failure.charged)
    assert why in looked.failure.why


@pytest.mark.fault("H01", "H06", "H17")
@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        pytest.param(401, relayed("无效的令牌"), "AuthError", id="reliability H06 401: a bad key is no lost job"),
        pytest.param(401, b"", "AuthError", id="contracts_mjproxy §2 J"),
        pytest.param(403, relayed("token may not use model"), "AuthError", id="contracts_mjproxy §2 403 on fetch"),
        pytest.param(401, relayed("该令牌额度已用尽"), "QuotaExhausted", id="contracts_mjproxy C12"),
        pytest.param(429, relayed("model not found for now"), "Unreachable", id="429"),
        pytest.param(500, relayed("task not found"), "Unreachable", id="reliability H17 500"),
        pytest.param(502, b"<html>", "Unreachable", id="502"),
        pytest.param(503, relayed("x"), "Unreachable", id="503"),
        pytest.param(404, b"<html>", "ProtocolError", id="reliability H09 404 with HTML is a route"),
        pytest.param(200, b"<html>", "ProtocolError", id="reliability H01"),
        pytest.param(200, coded(5, "do_request_failed"), "ProtocolError", id="code 5"),
        pytest.param(200, {"error": "x", "status": "SUCCESS"}, "ProtocolError", id="an error is no task"),
        pytest.param(200, [], "ProtocolError", id="a list"),
        pytest.param(400, {"status": "SUCCESS"}, "ProtocolError", id="a task with 400"),
        pytest.param(302, b"", "ProtocolError", id="a redirect"),
    ],
)
def test_trouble_is_not_news_of_the_job(status, body, kind):
    looked = DIALECT.read_look(answer(status, body, **{"retry-after": "9"}), "imagine")

    assert isinstance(looked, Trouble)
    assert (kind, 9.0) == (looked.failure.kind, looked.retry_after)


def test_proof():
    """contracts_mjproxy C1."""
    assert DIALECT.read_proof(answer(400, coded(4, "task_no_found "))) is None
    failure = DIALECT.read_proof(answer(200, b"<html>"))
    assert "ConfigError" == failure.kind
    assert all(form in failure.hint for form in ("'/mj-{mode}'", "'/{mode}'", "mode_path=''")), "DESIGN: both forms"
