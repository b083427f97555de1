"""Looks that brought no job, and the proof that a route works before anything is paid on it."""

import pytest

from mjasync.core.answers import Absent, Trouble
from mjasync.dialects._proof import absence, asked_in_vain, look_trouble, not_routed, proof, unreadable
from mjasync.dialects._verdict import Said
from tests.dialects.cases import answer


@pytest.mark.parametrize(
    ("status", "words", "kind", "retryable"),
    [
        pytest.param(402, "", "QuotaExhausted", False, id="contracts_ttapi §8.1 402"),
        pytest.param(401, "user quota is used up", "QuotaExhausted", False, id="contracts_mjproxy §2 401 quota"),
        pytest.param(403, "余额不足", "QuotaExhausted", False, id="contracts_mjproxy C12"),
        pytest.param(401, "无效的令牌", "AuthError", False, id="contracts_mjproxy §7.3 401"),
        pytest.param(403, "", "AuthError", False, id="contracts_ttapi §8.1 403"),
        pytest.param(407, "", "AuthError", False, id="proxy"),
        *[
            pytest.param(status, "", "Unreachable", True, id=f"reliability H17 {status}")
            for status in (408, 425, 429, 500, 502, 503, 504, 524)
        ],
        pytest.param(200, "hm", "ProtocolError", False, id="reliability H01"),
        pytest.param(400, "hm", "ProtocolError", False, id="400"),
    ],
)
def test_trouble_says_nothing_about_the_job(status, words, kind, retryable):
    looked = look_trouble(Said(status=status, words=words), answer(status, **{"retry-after": "7"}), "P")

    assert isinstance(looked, Trouble)
    assert (kind, "no", retryable, 7.0) == (
        looked.failure.kind,
        looked.failure.charged,
        looked.failure.retryable,
        looked.retry_after,
    )


def test_a_token_that_is_limited_to_some_models_may_not_look():
    """contracts_mjproxy §2: such calls carry an empty model name, which is in no list."""
    for words in ("该令牌无权访问模型  (request id: 1)", "This token has no access to model "):
        failure = proof(answer(403, {"error": {"message": words}}), "midjourney-proxy", "")

        assert ("AuthError", "no") == (failure.kind, failure.charged)
        assert failure.hint.startswith("use a token without a limit")


def test_what_is_no_json_is_trouble_by_its_status():
    assert "ProtocolError" == unreadable(answer(200), "P", "not JSON").failure.kind
    assert "Unreachable" == unreadable(answer(502), "P", "not JSON").failure.kind


SPRING = {"timestamp": 1, "status": 404, "error": "Not Found", "path": "/x"}
URL = {"error": {"message": "Invalid URL (GET /mj/x)", "type": "invalid_request_error"}}


@pytest.mark.parametrize(
    ("response", "kind"),
    [
        pytest.param(answer(200), None, id="contracts_mjproxy §10.4 J: 200 and nothing"),
        pytest.param(answer(200, b" \n"), None, id="200 and blanks"),
        pytest.param(answer(204), None, id="contracts_mjproxy §10.4 T: 204"),
        pytest.param(answer(400, {"code": 4, "description": "task_no_found "}), None, id="contracts_mjproxy §10.4 N"),
        pytest.param(answer(404, {"code": 3, "description": "x"}), None, id="contracts_mjproxy C8 404 code 3"),
        pytest.param(
            answer(200, {"status": "FAILED", "message": "no", "data": None}), None, id="contracts_ttapi U8 200"
        ),
        pytest.param(answer(404, {"status": "FAILED", "message": "no"}), None, id="contracts_ttapi U8 404"),
        pytest.param(answer(400, []), None, id="any JSON"),
        pytest.param(answer(500, {"code": -1, "message": "x"}), None, id="contracts_mjproxy §6 -1 with 500"),
        pytest.param(answer(200, b"<html>console"), "ConfigError", id="contracts_mjproxy §1 wrong path: 200 HTML"),
        pytest.param(answer(404, b"404 page not found"), "ConfigError", id="404 text"),
        pytest.param(answer(404, {"detail": "Not Found"}), "ConfigError", id="no such route, FastAPI"),
        pytest.param(answer(404, SPRING), "ConfigError", id="contracts_mjproxy §7.1 Spring"),
        pytest.param(answer(404, URL), "ConfigError", id="contracts_mjproxy §7.1 OpenAI style"),
        *[pytest.param(answer(status), "ConfigError", id=f"redirect {status}") for status in (301, 302, 307, 308)],
        pytest.param(answer(401), "AuthError", id="contracts_mjproxy §2 J: 401 and nothing"),
        pytest.param(answer(401, {"error": {"message": "bad token"}}), "AuthError", id="contracts_mjproxy §2 N"),
        pytest.param(answer(403, b"forbidden"), "AuthError", id="contracts_mjproxy §2 T"),
        pytest.param(
            answer(401, {"error": {"message": "insufficient quota"}}), "QuotaExhausted", id="contracts_mjproxy C12"
        ),
        pytest.param(
            answer(401, rb'{"error":{"message":"\u8be5\u4ee4\u724c\u989d\u5ea6\u5df2\u7528\u5c3d"}}'),
            "QuotaExhausted",
            id="contracts_mjproxy C12, written with JSON's escapes",
        ),
        pytest.param(answer(402, b"{}"), "QuotaExhausted", id="contracts_ttapi §8.1 402"),
        pytest.param(answer(429), "Unreachable", id="contracts_mjproxy §7.3 429 and nothing"),
        pytest.param(answer(429, {"error": "slow"}), "Unreachable", id="429 JSON"),
        pytest.param(answer(408, {}), "Unreachable", id="408 JSON"),
        pytest.param(answer(500), "Unreachable", id="500 and nothing"),
        pytest.param(answer(502, b"<html>"), "Unreachable", id="502 HTML"),
        pytest.param(answer(503, b"<html>"), "Unreachable", id="503 HTML"),
    ],
)
def test_proof(response, kind):
    failure = proof(response, "P", "both forms")

    assert kind == (failure and failure.kind)
    assert failure is None or "no" == failure.charged
    assert kind != "ConfigError" or "both forms" == failure.hint


def test_a_question_in_vain_says_why_where_the_answer_has_no_words():
    trouble = asked_in_vain(Said(status=200), answer(200, []), "P", why="no list")

    assert ("ProtocolError", "it said: no list") == (trouble.failure.kind, trouble.failure.why)
    assert "it said: x" == asked_in_vain(Said(status=200, words="x"), answer(200, []), "P", why="no").failure.why


@pytest.mark.parametrize(
    ("response", "why"),
    [
        pytest.param(
            answer(200, b"<html>console"),
            "HTTP 200, a web page, not JSON",
            id="contracts_mjproxy §11 fallback: 200 HTML",
        ),
        pytest.param(
            answer(404, b"404 page not found"), "HTTP 404, not JSON", id="contracts_mjproxy §11 fallback: 404"
        ),
        pytest.param(answer(404, {"detail": "Not Found"}), "HTTP 404", id="404 FastAPI"),
        pytest.param(answer(404, SPRING), "HTTP 404", id="404 Spring"),
        pytest.param(answer(404, URL), "HTTP 404", id="404 OpenAI style"),
        *[
            pytest.param(answer(status), f"HTTP {status}", id=f"contracts_mjproxy §11 fallback: {status}")
            for status in (301, 302, 307, 405, 501)
        ],
    ],
)
def test_a_route_that_is_not_there(response, why):
    absent = absence(response, "P")

    assert isinstance(absent, Absent)
    assert absent.why.startswith(why)


@pytest.mark.parametrize(
    ("response", "kind"),
    [
        (answer(401, {"error": {"message": "bad token"}}), "AuthError"),
        (answer(401, {"error": {"message": "quota used up"}}), "QuotaExhausted"),
        (answer(401), "AuthError"),
        (answer(402, {}), "QuotaExhausted"),
        (answer(403, {}), "AuthError"),
        (answer(408, {}), "Unreachable"),
        (answer(429, {}), "Unreachable"),
        (answer(429), "Unreachable"),
        (answer(500, {}), "Unreachable"),
        (answer(503, b"<html>"), "Unreachable"),
        (answer(400, b"<html>"), "ProtocolError"),
        (answer(200), "ProtocolError"),
        (answer(200, b'{"code":1,"resu'), "ProtocolError"),
    ],
)
def test_a_bad_moment_says_nothing_about_the_route(response, kind):
    assert kind == absence(response, "P").failure.kind


@pytest.mark.parametrize(
    "response", [answer(200, []), answer(400, {"code": 4}), answer(404, {"code": 3}), answer(200, {})]
)
def test_an_answer_for_its_reader(response):
    assert absence(response, "P") is None


def test_what_an_account_cannot_do_is_told():
    failure = not_routed("get_seed()", Absent(why="HTTP 404" + "x" * 400))

    assert ("ActionUnavailable", "This account cannot do get_seed().", "no", 300) == (
        failure.kind,
        failure.what,
        failure.charged,
        len(failure.why),
    )
