"""Every row of midjourney-proxy's contract that a submit meets, against seed 001: taken, refused, busy or unclear."""

import pytest

from mjasync.core.answers import Busy, Refused, Taken, Unclear
from tests.dialects.cases import IMAGINE, answer, doubt, refusal
from tests.dialects.mjproxy_cases import DIALECT, ID, coded, relayed


@pytest.mark.fault("H02", "H11", "P09")
@pytest.mark.parametrize(
    ("body", "remote_id"),
    [
        pytest.param(coded(1, "提交成功", ID), ID, id="contracts_mjproxy §6 code 1"),
        pytest.param(
            coded(22, "排队中，前面还有1个任务", ID, numberOfQueues=1),
            ID,
            id="contracts_mjproxy §6 code 22 + contracts_mjproxy §5 numberOfQueues",
        ),
        pytest.param(
            coded(21, "任务已存在", ID, status="SUCCESS", imageUrl="u"), ID, id="contracts_mjproxy §6 code 21 (a)"
        ),
        pytest.param(coded(21, "Waiting for window confirm", ID), ID, id="contracts_mjproxy §6 code 21 (b)"),
        pytest.param(coded(1, "窗口等待", ID), ID, id="contracts_mjproxy §5 code rewriting: 21 to 1"),
        pytest.param(coded("1", "", ID), ID, id="code as text"),
        pytest.param(
            coded(1, "", 14001934816969359),
            "14001934816969359",
            id="contracts_mjproxy §5 JSON integer: 17 digits + contracts_mjproxy C2: kept as text",
        ),
        pytest.param(coded(1, "", "0320098173412546"), "0320098173412546", id="contracts_mjproxy §5 leading zero"),
        pytest.param(
            coded(1, "", 1.32e15), "1320000000000000", id="contracts_mjproxy §5 rounded: whole as it was written"
        ),
        pytest.param(coded(1, "", "task_123"), "task_123", id="contracts_mjproxy §5 task_123"),
    ],
)
def test_taken(body, remote_id):
    """contracts_mjproxy §5 Content-Type + contracts_mjproxy C14."""
    assert Taken(remote_id=remote_id) == DIALECT.read_submit(
        answer(200, body, **{"content-type": "text/plain"}), IMAGINE
    )


SPRING = {"timestamp": 1, "status": 400, "error": "Bad Request", "path": "/mj/submit/blend"}
CLIENT_BUGS = (
    "get_channel_info_failed",
    "task_id_is_required",
    "action_is_required",
    "index_is_required",
    "content_is_required",
    "sour_base64_and_target_base64_is_required",
)
_REFUSED = [
    (
        "contracts_mjproxy §6 code 24 + contracts_mjproxy C11: at submit",
        200,
        coded(24, "可能包含敏感词", bannedWord="x"),
        "PromptRejected",
        False,
    ),
    ("contracts_mjproxy §6 code 3 (b)", 200, coded(3, "关联任务不存在或已失效"), "InvalidRequest", False),
    ("contracts_mjproxy §6 code 3 (b) T: 404", 404, coded(3, "关联任务不存在或已失效"), "InvalidRequest", False),
    ("contracts_mjproxy §6 code 4", 200, coded(4, "关联任务状态错误"), "InvalidRequest", False),
    ("contracts_mjproxy §6 code 4 sensitive", 200, coded(4, "prompt 包含敏感词"), "PromptRejected", False),
    ("contracts_mjproxy §6 code 4 T: per day", 200, coded(4, "今日绘图次数已达上限"), "QuotaExhausted", True),
    (
        "contracts_mjproxy §6 code -1, 200",
        200,
        {"success": False, "code": -1, "message": "bad"},
        "InvalidRequest",
        False,
    ),
    (
        "contracts_mjproxy §6 code -1 banned",
        200,
        {"success": False, "code": -1, "message": "banned"},
        "PromptRejected",
        False,
    ),
    ("reliability §1.3 code 21 without id", 200, coded(21, "Waiting for window confirm"), "InvalidRequest", False),
    ("contracts_mjproxy §7.4 quota_not_enough", 400, coded(4, "quota_not_enough "), "QuotaExhausted", True),
    ("contracts_mjproxy §7.4 task_not_found", 400, coded(4, "task_not_found "), "InvalidRequest", False),
    ("contracts_mjproxy §7.4 prompt_is_required", 400, coded(4, "prompt_is_required "), "InvalidRequest", False),
    (
        "contracts_mjproxy §7.4 bind_request_body_failed",
        400,
        coded(4, "bind_request_body_failed "),
        "InvalidRequest",
        False,
    ),
    ("contracts_mjproxy C22: Spring's 400", 400, SPRING, "InvalidRequest", False),
    *[
        (f"contracts_mjproxy §7.4 {words}", 400, coded(4, f"{words} "), "InvalidRequest", False)
        for words in CLIENT_BUGS
    ],
    ("contracts_mjproxy §7.4 channel disabled", 400, coded(4, "该任务所属渠道已被禁用"), "InvalidRequest", False),
    ("contracts_mjproxy §7.3 400", 400, relayed("unknown_action:x"), "InvalidRequest", False),
    ("contracts_mjproxy §7.3 401", 401, relayed("无效的令牌"), "AuthError", True),
    ("contracts_mjproxy C12: 401 quota", 401, relayed("该令牌额度已用尽"), "QuotaExhausted", True),
    ("contracts_mjproxy §7.3 403", 403, relayed("user banned"), "AuthError", True),
    ("contracts_mjproxy §7.3 403 model", 403, relayed("该令牌无权访问模型 mj_blend"), "AuthError", False),
    (
        "contracts_mjproxy §6 code 4 T: banned for a while",
        200,
        coded(4, "账号已被临时封锁，请勿使用违规词作图"),
        "AuthError",
        True,
    ),
    ("contracts_mjproxy §2 J: 401 empty", 401, b"", "AuthError", True),
    ("contracts_mjproxy §2 T: 403 text", 403, b"forbidden", "AuthError", True),
    ("DESIGN §2 401 text says quota", 401, "额度不足".encode(), "QuotaExhausted", True),
    ("402", 402, relayed("pay"), "QuotaExhausted", True),
    ("407", 407, b"", "AuthError", True),
    ("contracts_mjproxy §1 404 route", 404, b"404 page not found", "ConfigError", True),
    ("405", 405, b"", "ConfigError", True),
    *[(f"reliability §1.3 any 3xx: {n}", n, b"", "ConfigError", True) for n in (301, 302, 303, 307, 308)],
    *[(f"reliability §1.3 {n}", n, b"<html>", "InvalidRequest", False) for n in (406, 411, 413, 414, 415, 431)],
    *[(f"reliability §1.3 {n} shaped", n, relayed("no"), "InvalidRequest", False) for n in (400, 413, 422, 451)],
]


@pytest.mark.fault("H04", "H05", "H07", "H11", "H19", "U02")
@pytest.mark.parametrize(("status", "body", "kind", "account"), [pytest.param(*row[1:], id=row[0]) for row in _REFUSED])
def test_refused(status, body, kind, account):
    """contracts_mjproxy §7.5 refused + contracts_mjproxy §7.2 + contracts_mjproxy §7.1 X-Oneapi-Request-Id."""
    submitted = DIALECT.read_submit(answer(status, body, **{"x-oneapi-request-id": "req-1"}), IMAGINE)

    assert isinstance(submitted, Refused)
    assert (kind, account, "no", status) == refusal(submitted)
    assert isinstance(body, bytes) or "req-1" == submitted.failure.request_id


@pytest.mark.fault("U02")
def test_a_banned_word_is_named():
    submitted = DIALECT.read_submit(
        answer(200, coded(24, "可能包含敏感词", promptEn="x gore", bannedWord="gore")), IMAGINE
    )

    assert ("gore", "24", "可能包含敏感词") == (
        submitted.failure.word,
        submitted.failure.code,
        submitted.failure.reason,
    )


_BUSY = [
    ("contracts_mjproxy §6 code 23", 200, coded(23, "队列已满，请稍后尝试"), True),
    ("contracts_mjproxy C4: code 23 with an id", 200, coded(23, "队列已满", ID), True),
    ("contracts_mjproxy §6 code 30", 429, coded(30, "当前分组负载已饱和"), True),
    ("contracts_mjproxy C5: code 9, T", 200, coded(9, "提交失败，队列已满"), True),
    ("contracts_mjproxy §6 code 4, T: concurrency", 200, coded(4, "并发数已达上限"), True),
    ("contracts_mjproxy §6 code 4, T: queue", 200, coded(4, "队列数已达上限"), True),
    ("contracts_mjproxy §6 code 4, relayed", 400, coded(4, "并发数已达上限 "), True),
    ("contracts_mjproxy §6 code 3 (a)", 200, coded(3, "无可用的账号实例"), True),
    ("contracts_mjproxy §6 code 3 (a), account", 200, coded(3, "账号不可用: 1"), True),
    ("contracts_mjproxy §7.3 429: empty", 429, b"", True),
    ("contracts_mjproxy §7.3 503", 503, relayed("当前分组下无可用渠道"), True),
    ("reliability §1.3 425", 425, b"", True),
    ("contracts_mjproxy §7.4 task_status_not_success", 400, coded(4, "task_status_not_success "), False),
]


@pytest.mark.fault("H12", "H13", "H23")
@pytest.mark.parametrize(("status", "body", "account"), [pytest.param(*row[1:], id=row[0]) for row in _BUSY])
def test_busy(status, body, account):
    """contracts_mjproxy §7.5 busy."""
    submitted = DIALECT.read_submit(answer(status, body, **{"retry-after": "5"}), IMAGINE)

    assert isinstance(submitted, Busy)
    assert (5.0, account, "no", True) == (
        submitted.retry_after,
        submitted.account,
        submitted.failure.charged,
        submitted.failure.retryable,
    )


@pytest.mark.fault("H01", "H03", "H10", "H11", "H16", "H20", "H23")
@pytest.mark.parametrize(
    ("status", "body"),
    [
        *[
            pytest.param(400, coded(5 if n else 4, f"{text} "), id=f"contracts_mjproxy §7.4 {text}")
            for n, text in enumerate(
                (
                    "insert_midjourney_task_failed",
                    "do_request_failed",
                    "unmarshal_response_body_failed",
                    "empty_response_body",
                    "read_response_body_failed",
                    "close_response_body_failed",
                    "copy_response_body_failed",
                    "create_request_failed",
                )
            )
        ],
        pytest.param(200, coded(5, "unknown"), id="contracts_mjproxy §6 code 5"),
        pytest.param(200, coded(9, "系统异常"), id="contracts_mjproxy §6 code 9: without capacity"),
        pytest.param(200, coded(0, "", ID), id="contracts_mjproxy §6 code 0"),
        pytest.param(200, coded(99, "new", ID), id="contracts_mjproxy §6 other positive"),
        pytest.param(500, {"success": False, "code": -1, "message": "x"}, id="contracts_mjproxy §6 code -1 with 500"),
        pytest.param(500, relayed("panic"), id="contracts_mjproxy §7.3 500"),
        pytest.param(503, b"<html>", id="reliability §1.3 503 without relay shape"),
        pytest.param(503, {"message": "Service Unavailable"}, id="another gateway's 503"),
        pytest.param(503, coded(5, "x"), id="code 5 with 503"),
        *[
            pytest.param(status, relayed("x"), id=f"reliability H16 {status}")
            for status in (500, 501, 502, 504, 520, 521, 522, 523, 524, 530)
        ],
        pytest.param(408, relayed("x"), id="reliability H10 408"),
        pytest.param(409, relayed("x"), id="reliability H11 409 without id"),
        pytest.param(499, b"", id="499"),
        pytest.param(200, b"<html>console</html>", id="contracts_mjproxy §7.1 plain text, empty, HTML: 200 HTML"),
        pytest.param(200, "<html>额度</html>".encode(), id="200 HTML that says quota"),
        pytest.param(200, b"", id="contracts_mjproxy §7.4 empty body"),
        pytest.param(400, b"bad", id="400 that nobody can read"),
        pytest.param(200, b"[]", id="a list"),
        pytest.param(200, b"{}", id="no code"),
        pytest.param(204, b"", id="reliability H20 204"),
        pytest.param(200, coded(1), id="contracts_mjproxy §5 null: code 1 without id"),
        pytest.param(200, coded(22, "", ""), id="code 22 without id"),
        pytest.param(200, coded(1, "", 132009817341254.6), id="contracts_mjproxy §5 rounded"),
        pytest.param(200, coded(21, "", 132009817341254.6), id="a rounded id with code 21"),
        pytest.param(200, coded(1, "", ["u1", "u2"]), id="contracts_mjproxy §5 a list of URLs"),
        pytest.param(200, coded(1, "", "../x"), id="an impossible id"),
        pytest.param(200, coded(1, "", True), id="a bool for an id"),
        pytest.param(400, coded(1, "", ID), id="code 1 with 400"),
        pytest.param(200, b'{"code":1,"code":24,"result":"1"}', id="reliability H03 two codes"),
    ],
)
def test_unclear_is_never_a_reason_to_send_again(status, body):
    """contracts_mjproxy §7.5 unknown."""
    submitted = DIALECT.read_submit(answer(status, body), IMAGINE)

    assert isinstance(submitted, Unclear)
    assert ("SubmitOutcomeUnknown", "unknown", False) == doubt(submitted)
