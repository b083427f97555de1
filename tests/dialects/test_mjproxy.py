"""midjourney-proxy, both ways, against seed 001 and every row of its contract that imagine, action and fetch meet."""

import json
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mjasync.core.answers import Busy, Missing, Refused, Taken, Trouble, Unclear
from mjasync.core.model import Action, Extras, Imagine, Mode, Press, Snapshot, Spec, Status
from mjasync.core.wire import HttpResponse
from mjasync.dialects.mjproxy import MJProxyDialect
from mjasync.errors import ActionUnavailable

SETTINGS = settings(derandomize=True, deadline=None, database=None, max_examples=250)
SAMPLES = Path(__file__).parents[1] / "samples" / "mjproxy"
BASE = "https://relay.example/mj-fast"
ID = "1320098173412546"
H = "26d56b92-4ed6-45e2-8561-563797923135"
DIALECT = MJProxyDialect()


def sample(name):
    return json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def answer(status, body=b"", **headers):
    return HttpResponse(
        status=status, body=body if isinstance(body, bytes) else json.dumps(body).encode(), headers=headers
    )


def coded(code, description="", result=None, **properties):
    return {"code": code, "description": description, "properties": properties, "result": result}


def relayed(message):
    return {"error": {"message": f"{message} (request id: 1)", "type": "new_api_error"}}


def imagine(prompt="black cat", **more):
    return Spec(operation=Imagine(prompt=prompt), **more)


def press(action="upscale2", **more):
    return Spec(operation=Press(action=action), **more)


# --- writing ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template", "mode", "expected"),
    [
        pytest.param("/mj-{mode}", "fast", "/mj-fast", id="seed 001 line 77"),
        pytest.param("/mj-{mode}", "relax", "/mj-relax", id="seed 001 line 78"),
        pytest.param("/{mode}", "fast", "/fast", id="seed 001 line 107, the samples"),
        pytest.param("/{mode}-{mode}", "turbo", "/turbo-turbo", id="twice"),
        pytest.param("", "turbo", "", id="contracts_mjproxy §1 no prefix"),
    ],
)
def test_the_mode_goes_in_the_path(template, mode, expected):
    assert expected == DIALECT.prefix(template, mode)


@pytest.mark.parametrize(("name", "prompt"), [("imagine_curl_request", "black cat"), ("imagine_request", "Cat")])
def test_imagine_is_the_seeds_request(name, prompt):
    request = DIALECT.write_submit(BASE, imagine(prompt), None, None)

    assert ("POST", "https://relay.example/mj-fast/mj/submit/imagine") == (request.method, request.url)
    assert {"Content-Type": "application/json"} == request.headers
    assert sample(name) == json.loads(request.body)
    assert (False, 100.0) == (request.repeatable, request.timeout), "contracts_mjproxy §14: a relay may take 60 s"


def test_imagine_takes_its_extras():
    extras = Extras(state="s", notify_hook="https://h/x", bot_type="NIJI_JOURNEY", account_filter={"modes": ["RELAX"]})
    body = json.loads(DIALECT.write_submit(BASE, imagine(extras=extras), None, None).body)

    assert {
        "base64Array": [],
        "prompt": "black cat",
        "state": "s",
        "notifyHook": "https://h/x",
        "botType": "NIJI_JOURNEY",
        "accountFilter": {"modes": ["RELAX"]},
    } == body


def test_the_common_name_of_the_hook_is_sent_too():
    body = json.loads(DIALECT.write_submit(BASE, imagine(extras=Extras(hook_url="https://h/x")), None, None).body)

    assert "https://h/x" == body["notifyHook"]


@pytest.mark.parametrize("name", ["action_request", "action_step_request"])
def test_action_is_the_seeds_request(name):
    expected = sample(name)

    request = DIALECT.write_submit(BASE, press(), "14001934816969359", Action("upscale2", expected["customId"], "U2"))

    assert ("POST", "https://relay.example/mj-fast/mj/submit/action") == (request.method, request.url)
    assert expected == json.loads(request.body)
    assert isinstance(json.loads(request.body)["taskId"], str), "contracts_mjproxy §4: a number is refused"
    assert not request.repeatable
    assert {"customId": "", "taskId": "1"} == json.loads(DIALECT.write_submit(BASE, press(), "1", None).body)


@pytest.mark.parametrize(
    "base", ["https://relay.example/mj-fast", "https://relay.example/fast", "https://relay.example"]
)
def test_fetch_is_the_seeds_request_under_the_same_prefix(base):
    for other_verb in (False, True):
        request = DIALECT.write_look(base, ID, other_verb=other_verb)

        assert ("GET", f"{base}/mj/task/{ID}/fetch", None, True) == (
            request.method,
            request.url,
            request.body,
            request.repeatable,
        )


def test_an_id_cannot_leave_its_place_in_the_path():
    assert f"{BASE}/mj/task/..%2F..%2Fadmin%3F/fetch" == DIALECT.write_look(BASE, "../../admin?", other_verb=False).url


@pytest.mark.parametrize(
    ("spec", "why"),
    [
        (imagine(), None),
        (imagine(extras=Extras(state="s", notify_hook="h", bot_type="b", account_filter={})), None),
        (imagine(extras=Extras(timeout=300)), "midjourney-proxy's imagine has no timeout="),
        (imagine(extras=Extras(translation=True)), "midjourney-proxy's imagine has no translation="),
        (imagine(extras=Extras(get_u_images=True)), "midjourney-proxy's imagine has no get_u_images="),
        (press(extras=Extras(state="s", notify_hook="h", hook_url="h")), None),
        (press(extras=Extras(bot_type="b")), "midjourney-proxy's upscale has no bot_type="),
    ],
)
def test_lacks(spec, why):
    assert why == DIALECT.lacks(spec)


def test_a_button_is_offered_by_the_task_and_never_made_up():
    grid = DIALECT.read_look(answer(200, sample("fetch_success")))

    assert Action("upscale2", f"MJ::JOB::upsample::2::{H}", "U2") == DIALECT.offered(grid, "upscale2")
    for parent, wanted in ((grid, "zoom_2"), (Snapshot(status=Status.DONE), "upscale1")):
        with pytest.raises(ActionUnavailable):
            DIALECT.offered(parent, wanted)


# --- reading a submit ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["imagine_response", "action_response"])
def test_the_seeds_answers_are_taken_with_every_digit(name):
    assert Taken(remote_id=ID) == DIALECT.read_submit(answer(200, sample(name)))


@pytest.mark.parametrize(
    ("body", "remote_id"),
    [
        pytest.param(coded(1, "提交成功", ID), ID, id="contracts_mjproxy §6 code 1"),
        pytest.param(coded(22, "排队中，前面还有1个任务", ID, numberOfQueues=1), ID, id="contracts_mjproxy §6 code 22"),
        pytest.param(
            coded(21, "任务已存在", ID, status="SUCCESS", imageUrl="u"), ID, id="contracts_mjproxy §6 code 21 (a)"
        ),
        pytest.param(coded(21, "Waiting for window confirm", ID), ID, id="contracts_mjproxy §6 code 21 (b)"),
        pytest.param(coded(1, "窗口等待", ID), ID, id="contracts_mjproxy §8 (b) rewritten to 1"),
        pytest.param(coded("1", "", ID), ID, id="code as text"),
        pytest.param(coded(1, "", 14001934816969359), "14001934816969359", id="contracts_mjproxy §5 17 digits"),
        pytest.param(coded(1, "", "0320098173412546"), "0320098173412546", id="contracts_mjproxy §5 leading zero"),
        pytest.param(coded(1, "", "task_123"), "task_123", id="contracts_mjproxy §5 task_123"),
    ],
)
def test_taken(body, remote_id):
    assert Taken(remote_id=remote_id) == DIALECT.read_submit(answer(200, body, **{"content-type": "text/plain"}))


_REFUSED = [
    ("contracts_mjproxy §6 code 24", 200, coded(24, "可能包含敏感词", bannedWord="x"), "PromptRejected", False),
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
    ("contracts_mjproxy §7.4 channel disabled", 400, coded(4, "该任务所属渠道已被禁用"), "InvalidRequest", False),
    ("contracts_mjproxy §7.3 400", 400, relayed("unknown_action:x"), "InvalidRequest", False),
    ("contracts_mjproxy §7.3 401", 401, relayed("无效的令牌"), "AuthError", True),
    ("contracts_mjproxy §7.3 401 quota", 401, relayed("该令牌额度已用尽"), "QuotaExhausted", True),
    ("contracts_mjproxy §7.3 403", 403, relayed("user banned"), "AuthError", True),
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


@pytest.mark.parametrize(("status", "body", "kind", "account"), [pytest.param(*row[1:], id=row[0]) for row in _REFUSED])
def test_refused(status, body, kind, account):
    submitted = DIALECT.read_submit(answer(status, body, **{"x-oneapi-request-id": "req-1"}))

    assert isinstance(submitted, Refused)
    assert (kind, account, "no", status) == (
        submitted.failure.kind,
        submitted.account,
        submitted.failure.charged,
        submitted.failure.status,
    )
    assert isinstance(body, bytes) or "req-1" == submitted.failure.request_id


def test_a_banned_word_is_named():
    submitted = DIALECT.read_submit(answer(200, coded(24, "可能包含敏感词", promptEn="x gore", bannedWord="gore")))

    assert ("gore", "24", "可能包含敏感词") == (
        submitted.failure.word,
        submitted.failure.code,
        submitted.failure.reason,
    )


_BUSY = [
    ("contracts_mjproxy §6 code 23", 200, coded(23, "队列已满，请稍后尝试"), True),
    ("contracts_mjproxy C4 code 23 with an id", 200, coded(23, "队列已满", ID), True),
    ("contracts_mjproxy §6 code 30", 429, coded(30, "当前分组负载已饱和"), True),
    ("contracts_mjproxy C5 code 9, T: queue full", 200, coded(9, "提交失败，队列已满"), True),
    ("contracts_mjproxy §6 code 4, T: concurrency", 200, coded(4, "并发数已达上限"), True),
    ("contracts_mjproxy §6 code 4, T: queue", 200, coded(4, "队列数已达上限"), True),
    ("contracts_mjproxy §6 code 4, relayed", 400, coded(4, "并发数已达上限 "), True),
    ("contracts_mjproxy §6 code 3 (a)", 200, coded(3, "无可用的账号实例"), True),
    ("contracts_mjproxy §6 code 3 (a), account", 200, coded(3, "账号不可用: 1"), True),
    ("contracts_mjproxy §7.3 429 empty", 429, b"", True),
    ("contracts_mjproxy §7.3 503", 503, relayed("当前分组下无可用渠道"), True),
    ("reliability §1.3 425", 425, b"", True),
    ("contracts_mjproxy §7.4 task_status_not_success", 400, coded(4, "task_status_not_success "), False),
]


@pytest.mark.parametrize(("status", "body", "account"), [pytest.param(*row[1:], id=row[0]) for row in _BUSY])
def test_busy(status, body, account):
    submitted = DIALECT.read_submit(answer(status, body, **{"retry-after": "5"}))

    assert isinstance(submitted, Busy)
    assert (5.0, account, "no", True) == (
        submitted.retry_after,
        submitted.account,
        submitted.failure.charged,
        submitted.failure.retryable,
    )


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
        pytest.param(200, coded(9, "系统异常"), id="contracts_mjproxy §6 code 9 without capacity"),
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
        pytest.param(200, b"<html>console</html>", id="contracts_mjproxy §1 200 HTML"),
        pytest.param(200, "<html>额度</html>".encode(), id="200 HTML that says quota"),
        pytest.param(200, b"", id="contracts_mjproxy §7.4 empty body"),
        pytest.param(400, b"bad", id="400 that nobody can read"),
        pytest.param(200, b"[]", id="a list"),
        pytest.param(200, b"{}", id="no code"),
        pytest.param(204, b"", id="reliability H20 204"),
        pytest.param(200, coded(1), id="reliability §1.3 code 1 without id"),
        pytest.param(200, coded(22, "", ""), id="code 22 without id"),
        pytest.param(200, coded(1, "", 1.3200981734125e15), id="contracts_mjproxy §5 a rounded id"),
        pytest.param(200, coded(21, "", 1.3200981734125e15), id="a rounded id with code 21"),
        pytest.param(200, coded(1, "", ["u1", "u2"]), id="contracts_mjproxy §5 a list of URLs"),
        pytest.param(200, coded(1, "", "../x"), id="an impossible id"),
        pytest.param(200, coded(1, "", True), id="a bool for an id"),
        pytest.param(400, coded(1, "", ID), id="code 1 with 400"),
        pytest.param(200, b'{"code":1,"code":24,"result":"1"}', id="reliability H03 two codes"),
    ],
)
def test_unclear_is_never_a_reason_to_send_again(status, body):
    submitted = DIALECT.read_submit(answer(status, body))

    assert isinstance(submitted, Unclear)
    assert ("SubmitOutcomeUnknown", "unknown", False) == (
        submitted.failure.kind,
        submitted.failure.charged,
        submitted.failure.retryable,
    )


# --- reading a look --------------------------------------------------------------------------------------------------


def test_the_seeds_task():
    body = sample("fetch_success")

    seen = DIALECT.read_look(answer(200, body))

    assert (
        Snapshot(
            status=Status.DONE,
            progress=100,
            images=(body["imageUrl"],),
            preview=body["imageUrl"],
            actions=(
                *(Action(f"upscale{n}", f"MJ::JOB::upsample::{n}::{H}", f"U{n}") for n in (1, 2, 3, 4)),
                Action("reroll", f"MJ::JOB::reroll::0::{H}::SOLO", ""),
                *(Action(f"vary{n}", f"MJ::JOB::variation::{n}::{H}", f"V{n}") for n in (1, 2, 3, 4)),
            ),
            prompt="cat --v 6.1",
            mode=Mode.RELAX,
        )
        == seen
    )
    assert (body, 0x67CEFB57) == (seen.raw, seen.images[0].expires_at)


def test_the_seeds_empty_task_is_queued():
    seen = DIALECT.read_look(answer(200, sample("fetch_empty")))

    assert (Status.QUEUED, None, (), None, ()) == (seen.status, seen.progress, seen.images, seen.preview, seen.actions)


@pytest.mark.parametrize(
    ("word", "status"),
    [
        pytest.param("NOT_START", Status.QUEUED, id="contracts_mjproxy §10.2 NOT_START"),
        pytest.param("SUBMITTED", Status.QUEUED, id="contracts_mjproxy §10.2 SUBMITTED"),
        pytest.param("IN_PROGRESS", Status.RUNNING, id="contracts_mjproxy §10.2 IN_PROGRESS"),
        pytest.param("SUCCESS", Status.DONE, id="contracts_mjproxy §10.2 SUCCESS"),
        pytest.param("FAILURE", Status.FAILED, id="contracts_mjproxy §10.2 FAILURE"),
        pytest.param("MODAL", Status.FAILED, id="contracts_mjproxy §10.2 MODAL: nobody will answer"),
        pytest.param("CANCEL", Status.FAILED, id="contracts_mjproxy §10.2 CANCEL"),
        pytest.param("CANCELLED", Status.FAILED, id="contracts_mjproxy §10.2 CANCELLED"),
        pytest.param("CANCELED", Status.FAILED, id="contracts_mjproxy §10.2 CANCELED"),
        pytest.param("", Status.QUEUED, id="contracts_mjproxy §10.2 empty"),
        pytest.param(None, Status.QUEUED, id="contracts_mjproxy §10.2 null"),
        pytest.param("REVIEW", Status.RUNNING, id="contracts_mjproxy §10.2 anything else"),
        pytest.param(" success ", Status.DONE, id="other case"),
    ],
)
def test_status(word, status):
    seen = DIALECT.read_look(answer(200, {"id": ID, "status": word}))

    assert (status, status is Status.FAILED) == (seen.status, seen.failure is not None)


@pytest.mark.parametrize(
    ("task", "status", "progress"),
    [
        pytest.param(
            {"status": "FAILURE", "progress": ""}, Status.FAILED, None, id="contracts_mjproxy §10.3 FAILURE with ''"
        ),
        pytest.param(
            {"status": "FAILURE", "progress": "100%"},
            Status.FAILED,
            100,
            id="contracts_mjproxy §10.3 FAILURE with 100%",
        ),
        pytest.param(
            {"status": "IN_PROGRESS", "progress": "100%", "imageUrl": "u"},
            Status.RUNNING,
            100,
            id="contracts_mjproxy C6",
        ),
        pytest.param(
            {"status": "IN_PROGRESS", "progress": "paused"}, Status.RUNNING, None, id="contracts_mjproxy §10.3 paused"
        ),
        pytest.param({"status": "NOT_START", "progress": None}, Status.QUEUED, None, id="contracts_mjproxy §10.3 null"),
        pytest.param({"status": "SUCCESS", "progress": ""}, Status.DONE, 100, id="done is 100"),
        pytest.param(
            {"status": "", "progress": "100%", "imageUrl": "u"},
            Status.DONE,
            100,
            id="contracts_mjproxy §10.3 100% + image",
        ),
        pytest.param(
            {"status": "", "progress": "100%", "failReason": "x"},
            Status.FAILED,
            100,
            id="contracts_mjproxy §10.3 100% + failReason",
        ),
        pytest.param({"progress": "100%"}, Status.RUNNING, 100, id="100% and nothing else"),
        pytest.param({"progress": "31%"}, Status.QUEUED, 31, id="no status"),
    ],
)
def test_status_decides_and_progress_is_display(task, status, progress):
    seen = DIALECT.read_look(answer(200, task))

    assert (status, progress) == (seen.status, seen.progress)


@pytest.mark.parametrize(
    ("task", "field", "expected"),
    [
        pytest.param({"imageUrl": "u"}, "images", ("u",), id="image"),
        pytest.param({"imageUrl": None}, "images", (), id="no image"),
        pytest.param(
            {"imageUrls": [{"url": f"u{n}"} for n in range(4)]},
            "tiles",
            ("u0", "u1", "u2", "u3"),
            id="contracts_mjproxy §10.1 T: imageUrls",
        ),
        pytest.param({"imageUrls": [{"url": "u0"}]}, "tiles", (), id="imageUrls, not four"),
        pytest.param({"imageUrls": ["x", {"url": None}]}, "tiles", (), id="imageUrls, other shapes"),
        pytest.param({"buttons": None}, "actions", (), id="contracts_mjproxy C17 null"),
        pytest.param({"buttons": []}, "actions", (), id="contracts_mjproxy C17 empty"),
        pytest.param(
            {"buttons": [{"customId": None, "label": "x"}, "x", {}]},
            "actions",
            (),
            id="contracts_mjproxy §9.1 null values",
        ),
        pytest.param({"prompt": "", "promptEn": "en"}, "prompt", "en", id="contracts_mjproxy §10.6 prompt empty"),
        pytest.param({"properties": {"finalPrompt": "f"}}, "prompt", "f", id="finalPrompt"),
        pytest.param({"properties": None}, "prompt", None, id="contracts_mjproxy §10.1 properties null"),
        pytest.param({"seed": 12345}, "seed", "12345", id="seed as a number"),
        pytest.param(
            {"properties": {"messageContent": "**a (turbo) b** - <@1> (fast, stealth)"}},
            "mode",
            Mode.FAST,
            id="last bracket",
        ),
        pytest.param({"properties": {"messageContent": "**a** (turbo)"}}, "mode", Mode.TURBO, id="turbo"),
        pytest.param({"properties": {"messageContent": "**a** (Relaxed)"}}, "mode", Mode.RELAX, id="case"),
        pytest.param(
            {"properties": {"messageContent": "**a (fast) b** - <@1> (31%)"}},
            "mode",
            None,
            id="the prompt's own bracket",
        ),
        pytest.param({"properties": {"messageContent": 5}}, "mode", None, id="no text"),
    ],
)
def test_fields(task, field, expected):
    assert expected == getattr(DIALECT.read_look(answer(200, {"status": "SUCCESS", **task})), field)


def test_a_picture_before_the_end_is_a_preview():
    seen = DIALECT.read_look(answer(200, {"status": "IN_PROGRESS", "progress": "31%", "imageUrl": "u?rand=1"}))

    assert ((), "u?rand=1") == (seen.images, seen.preview), "contracts_mjproxy §10.3"


_GRAMMAR = [
    *[(f"MJ::JOB::upsample::{n}::{H}", f"upscale{n}") for n in (1, 2, 3, 4)],
    *[(f"MJ::JOB::variation::{n}::{H}", f"vary{n}") for n in (1, 2, 3, 4)],
    (f"MJ::JOB::reroll::0::{H}::SOLO", "reroll"),
    (f"MJ::JOB::upsample_v5_2x::1::{H}::SOLO", "upscale_2x"),
    (f"MJ::JOB::upsample_v5_4x::1::{H}::SOLO", "upscale_4x"),
    (f"MJ::JOB::upsample_v6_2x_subtle::1::{H}::SOLO", "upscale_subtle"),
    (f"MJ::JOB::upsample_v6_2x_creative::1::{H}::SOLO", "upscale_creative"),
    (f"MJ::JOB::upsample_v6r1_2x_subtle::1::{H}::SOLO", "upscale_subtle"),
    (f"MJ::JOB::upsample_v6r1_2x_creative::1::{H}::SOLO", "upscale_creative"),
    (f"MJ::JOB::upsample_v7_2x_subtle::1::{H}::SOLO", "upscale_subtle"),
    (f"MJ::JOB::upsample_v7_2x_creative::1::{H}::SOLO", "upscale_creative"),
    (f"MJ::JOB::low_variation::1::{H}::SOLO", "vary_subtle"),
    (f"MJ::JOB::high_variation::1::{H}::SOLO", "vary_strong"),
    (f"MJ::Inpaint::1::{H}::SOLO", "vary_region"),
    (f"MJ::Outpaint::50::1::{H}::SOLO", "zoom_2"),
    (f"MJ::Outpaint::75::1::{H}::SOLO", "zoom_1.5"),
    (f"MJ::Outpaint::100::1::{H}::SOLO", "square"),
    (f"MJ::CustomZoom::{H}", "zoom_custom"),
    (f"MJ::CustomZoom::1::{H}", "zoom_custom"),
    *[(f"MJ::JOB::pan_{way}::1::{H}::SOLO", f"pan_{way}") for way in ("left", "right", "up", "down")],
    *[
        (token, token)
        for token in (
            f"MJ::BOOKMARK::{H}",
            "MJ::Job::PicReader::1",
            "MJ::Job::PicReader::all",
            "MJ::Picread::Retry",
            "MJ::Job::PromptAnalyzer::5",
            f"MJ::JOB::animate_high::1::{H}::SOLO",
            f"MJ::JOB::animate_low_extend::2::{H}",
            f"MJ::JOB::video_virtual_upscale::1::{H}",
            f"MJ::JOB::video::low::{H}::vid_1.1_i2v_480::auto",
            f"MJ::JOB::upsample::5::{H}",
            "no grammar at all",
        )
    ],
]


@pytest.mark.parametrize(
    ("token", "name"), [pytest.param(*row, id=f"contracts_mjproxy §9.2 {row[0]}") for row in _GRAMMAR]
)
def test_a_button_is_named_by_its_grammar_and_keeps_its_token(token, name):
    seen = DIALECT.read_look(answer(200, {"status": "SUCCESS", "buttons": [{"customId": token, "emoji": "upscale_1"}]}))

    assert (Action(name, token, ""),) == seen.actions


@pytest.mark.parametrize(
    ("task", "kind", "retryable"),
    [
        pytest.param({"failReason": "Banned prompt detected"}, "PromptRejected", False, id="banned"),
        pytest.param(
            {"failReason": "可能包含敏感词"}, "PromptRejected", False, id="contracts_mjproxy C11 code 24 later"
        ),
        pytest.param({"failReason": "Invalid parameter: --zz"}, "InvalidRequest", False, id="parameter"),
        pytest.param(
            {"failReason": "upstream task timeout (>1 h)"}, "JobFailed", True, id="contracts_mjproxy §10.5 1 h"
        ),
        pytest.param({"failReason": None}, "JobFailed", True, id="contracts_mjproxy C19 null"),
        pytest.param({"status": "MODAL"}, "NeedsInput", False, id="contracts_mjproxy §8 (c) MODAL"),
        pytest.param(
            {"status": "CANCEL", "failReason": "取消任务"}, "JobFailed", True, id="contracts_mjproxy §10.2 CANCEL"
        ),
    ],
)
def test_why_a_job_failed(task, kind, retryable):
    failure = DIALECT.read_look(answer(200, {"status": "FAILURE", **task})).failure

    assert (kind, retryable, "unknown") == (failure.kind, failure.retryable, failure.charged)


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        pytest.param(200, b"", "HTTP 200 with nothing", id="contracts_mjproxy §10.4 J"),
        pytest.param(200, b" \n", "HTTP 200 with nothing", id="blanks"),
        pytest.param(200, b"null", "HTTP 200 with nothing", id="null"),
        pytest.param(204, b"", "HTTP 204 with nothing", id="contracts_mjproxy §10.4 T"),
        pytest.param(400, coded(4, "task_no_found "), "it said: task_no_found", id="contracts_mjproxy §10.4 N"),
        pytest.param(
            404, coded(3, "关联任务不存在或已失效"), "it said: 关联任务", id="contracts_mjproxy C8 404 code 3"
        ),
        pytest.param(404, {}, "HTTP 404 with nothing", id="contracts_mjproxy §10.4 seed: 404"),
        pytest.param(200, coded(3, "not found"), "it said: not found", id="200 code 3"),
    ],
)
def test_missing(status, body, why):
    looked = DIALECT.read_look(answer(status, body))

    assert isinstance(looked, Missing)
    assert ("JobLost", "unknown") == (looked.failure.kind, looked.failure.charged)
    assert why in looked.failure.why


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
    looked = DIALECT.read_look(answer(status, body, **{"retry-after": "9"}))

    assert isinstance(looked, Trouble)
    assert (kind, 9.0) == (looked.failure.kind, looked.retry_after)


def test_proof():
    assert DIALECT.read_proof(answer(400, coded(4, "task_no_found "))) is None
    failure = DIALECT.read_proof(answer(200, b"<html>"))
    assert "ConfigError" == failure.kind
    assert all(form in failure.hint for form in ("'/mj-{mode}'", "'/{mode}'", "mode_path=''")), "DESIGN: both forms"


# --- anything at all -------------------------------------------------------------------------------------------------

SEEDS = [sample(name) for name in ("imagine_response", "action_response", "fetch_success", "fetch_empty")]
JUNK = st.sampled_from(
    [
        None,
        "",
        0,
        -1,
        1.5,
        10**30,
        True,
        [],
        {},
        [[]],
        "\ud800",
        "x" * 3000,
        "quota" * 500,
        "100%",
        {"a": {}},
        ["", 1, None],
    ]
)


@st.composite
def mutants(draw):
    """A body of the seed with one to four fields broken, cut, or its bytes hurt."""
    document = json.loads(json.dumps(draw(st.sampled_from(SEEDS))))
    for _ in range(draw(st.integers(1, 4))):
        inner = document.get("properties") or (document.get("buttons") or [{}])[0]
        place = inner if draw(st.booleans()) and isinstance(inner, dict) else document
        place[draw(st.sampled_from([*place, "error", "message", "imageUrls", "seed"]))] = json.loads(
            json.dumps(draw(JUNK))
        )
        if not isinstance(document.get("buttons"), list):
            document["buttons"] = []
    body = json.dumps(document).encode()
    return body[: draw(st.integers(0, len(body)))] if draw(st.integers(0, 3)) == 0 else body


def read_everything(status, body):
    response = answer(status, body, **{"retry-after": "x"})
    begun = perf_counter()
    submitted, looked, proved = DIALECT.read_submit(response), DIALECT.read_look(response), DIALECT.read_proof(response)
    assert perf_counter() - begun < 2.0
    assert isinstance(submitted, Taken | Refused | Busy | Unclear)
    assert isinstance(looked, Snapshot | Missing | Trouble)
    repr((submitted, looked, proved)).encode()
    return submitted


@SETTINGS
@given(st.integers(100, 599) | st.sampled_from([200, 400, 404]), st.binary(max_size=80) | mutants())
def test_no_answer_raises(status, body):
    submitted = read_everything(status, body)

    assert status < 500 or isinstance(submitted, Unclear | Busy), "5xx is no refusal"
    assert status != 500 or isinstance(submitted, Unclear | Busy)


@pytest.mark.parametrize("name", ["imagine_response", "fetch_success"])
def test_a_body_cut_at_any_byte_is_unclear(name):
    whole = json.dumps(sample(name)).encode()
    for cut in range(1, len(whole)):
        response = answer(200, whole[:cut])
        assert isinstance(DIALECT.read_submit(response), Unclear)
        assert isinstance(DIALECT.read_look(response), Trouble)


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
        read_everything(status, body)
