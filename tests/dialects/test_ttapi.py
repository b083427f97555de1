"""TTAPI, both ways, against seed 000 and every row of its contract that imagine, action and fetch meet."""

import json
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mjasync.core.answers import Busy, Missing, Refused, Taken, Trouble, Unclear, WrongVerb
from mjasync.core.model import Action, Extras, Imagine, Mode, Press, Snapshot, Spec, Status
from mjasync.core.wire import HttpResponse
from mjasync.dialects.ttapi import TTAPIDialect
from mjasync.errors import ActionUnavailable

SETTINGS = settings(derandomize=True, deadline=None, database=None, max_examples=250)
SAMPLES = Path(__file__).parents[1] / "samples" / "ttapi"
BASE = "https://api.ttapi.io"
ID = "afa774a3-1aee-5aba-4510-14818d6875e4"
DIALECT = TTAPIDialect()


def sample(name):
    return json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def answer(status, body=b"", **headers):
    return HttpResponse(
        status=status, body=body if isinstance(body, bytes) else json.dumps(body).encode(), headers=headers
    )


def failed(message, **more):
    return {"status": "FAILED", "message": message, "data": None, **more}


def imagine(prompt="a cute cat", **more):
    return Spec(operation=Imagine(prompt=prompt), **more)


def press(action="upscale1", **more):
    return Spec(operation=Press(action=action), **more)


# --- writing ---------------------------------------------------------------------------------------------------------


def test_the_mode_goes_in_the_body():
    assert "" == DIALECT.prefix("/mj-{mode}", "fast")


def test_imagine_is_the_seeds_request_with_mode_for_model():
    expected = sample("imagine_request")
    expected["mode"] = expected.pop("model")

    request = DIALECT.write_submit(BASE, imagine(extras=Extras(hook_url="", timeout=300)), None, None)

    assert ("POST", f"{BASE}/midjourney/v1/imagine") == (request.method, request.url)
    assert {"Content-Type": "application/json"} == request.headers
    assert expected == json.loads(request.body)
    assert (False, 100.0) == (request.repeatable, request.timeout)


@pytest.mark.parametrize("mode", Mode)
def test_mode_is_always_sent_and_model_never(mode):
    body = json.loads(DIALECT.write_submit(BASE, imagine(mode=mode), None, None).body)

    assert {"prompt": "a cute cat", "mode": str(mode)} == body


def test_imagine_takes_all_its_extras():
    extras = Extras(timeout=1200, hook_url="https://h/x", get_u_images=True, translation=False)
    body = json.loads(DIALECT.write_submit(BASE, imagine("黑猫 --ar 1:1", extras=extras), None, None).body)

    assert {
        "prompt": "黑猫 --ar 1:1",
        "mode": "fast",
        "timeout": 1200,
        "hookUrl": "https://h/x",
        "getUImages": True,
        "translation": False,
    } == body


def test_a_prompt_travels_as_utf8():
    assert "黑猫".encode() in DIALECT.write_submit(BASE, imagine("黑猫"), None, None).body


def test_action_is_the_seeds_request():
    request = DIALECT.write_submit(BASE, press(extras=Extras(hook_url="")), ID, Action("upscale1", "upsample1", "U1"))

    assert ("POST", f"{BASE}/midjourney/v1/action") == (request.method, request.url)
    assert {"Content-Type": "application/json"} == request.headers
    assert sample("action_request") == json.loads(request.body)
    assert not request.repeatable
    assert {"jobId": ID, "action": ""} == json.loads(DIALECT.write_submit(BASE, press(), ID, None).body)


def test_fetch_is_the_seeds_request():
    request = DIALECT.write_look(BASE, ID, other_verb=False)

    assert ("POST", f"{BASE}/midjourney/v1/fetch") == (request.method, request.url)
    assert sample("fetch_request") == json.loads(request.body)
    assert (True, 30.0, {"Content-Type": "application/json"}) == (request.repeatable, request.timeout, request.headers)


def test_fetch_by_the_other_verb():
    request = DIALECT.write_look(BASE, "a b&c=/?", other_verb=True)

    assert ("GET", f"{BASE}/midjourney/v1/fetch?jobId=a%20b%26c%3D%2F%3F", None, True) == (
        request.method,
        request.url,
        request.body,
        request.repeatable,
    )


@pytest.mark.parametrize(
    ("spec", "why"),
    [
        (imagine(), None),
        (imagine(extras=Extras(timeout=300, translation=True, get_u_images=True, hook_url="h")), None),
        (imagine(mode=Mode.RELAX, extras=Extras(timeout=600)), None),
        (imagine(mode=Mode.RELAX, extras=Extras(timeout=599)), "from 600 to 1200 seconds in relax mode, not 599"),
        (imagine(extras=Extras(timeout=299)), "from 300 to 1200 seconds in fast mode, not 299"),
        (imagine(mode=Mode.TURBO, extras=Extras(timeout=1201)), "from 300 to 1200 seconds in turbo mode, not 1201"),
        (imagine(extras=Extras(state="s")), "TTAPI's imagine has no state="),
        (imagine(extras=Extras(bot_type="b")), "TTAPI's imagine has no bot_type="),
        (imagine(extras=Extras(notify_hook="b")), "TTAPI's imagine has no notify_hook="),
        (imagine(extras=Extras(account_filter={})), "TTAPI's imagine has no account_filter="),
        (press(extras=Extras(timeout=300, get_u_images=True, hook_url="h")), None),
        (press(extras=Extras(translation=True)), "TTAPI's upscale has no translation="),
    ],
)
def test_lacks(spec, why):
    lacks = DIALECT.lacks(spec)

    assert (why is None) is (lacks is None)
    assert why is None or why in lacks


def test_offered_by_the_components_or_by_the_documented_names():
    grid = DIALECT.read_look(answer(200, sample("callback")))
    silent = Snapshot(status=Status.DONE)
    single = Snapshot(status=Status.DONE, actions=(Action("zoom_2", "zoom_out_2"),))

    assert Action("upscale2", "upsample2", "U2") == DIALECT.offered(grid, "upscale2")
    assert Action("vary3", "variation3", "V3") == DIALECT.offered(grid, "V3")
    assert Action("reroll", "reroll") == DIALECT.offered(grid, "reroll"), (
        "contracts_ttapi §4: missing from the seed's sample only"
    )
    assert Action("zoom_1.5", "zoom_out_1_5") == DIALECT.offered(silent, "zoom_1.5")
    assert Action("vary_strong", "high_variation") == DIALECT.offered(silent, "high_variation")
    for parent, wanted in ((grid, "zoom_2"), (single, "reroll"), (silent, "cancel"), (silent, "zoom_3")):
        with pytest.raises(ActionUnavailable):
            DIALECT.offered(parent, wanted)


# --- reading a submit ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["imagine_response", "action_response"])
def test_the_seeds_answers_are_taken(name):
    assert Taken(remote_id=ID) == DIALECT.read_submit(answer(200, sample(name)))


@pytest.mark.parametrize(
    ("status", "body"),
    [
        pytest.param(200, {"status": "SUCCESS", "data": {"jobId": ID}}, id="contracts_ttapi §2 data.jobId"),
        pytest.param(200, {"status": "SUCCESS", "data": {"job_id": ID}}, id="contracts_ttapi §2 data.job_id"),
        pytest.param(200, {"status": "SUCCESS", "jobId": ID, "data": None}, id="contracts_ttapi §2 jobId"),
        pytest.param(200, {"status": "SUCCESS", "job_id": ID}, id="contracts_ttapi §2 job_id"),
        pytest.param(200, {"status": "SUCCESS", "data": ID}, id="contracts_ttapi §2 data is the id"),
        pytest.param(200, {"status": " success ", "data": {"jobId": ID}}, id="other case"),
        pytest.param(201, {"status": "SUCCESS", "data": {"jobId": ID}}, id="201"),
        pytest.param(400, failed(f"Job [{ID}] already exists"), id="contracts_ttapi §8.2 already exists, 400"),
        pytest.param(200, failed(f"job [{ID}] already exists."), id="contracts_ttapi §8.2 already exists, 200"),
    ],
)
def test_taken(status, body):
    assert Taken(remote_id=ID) == DIALECT.read_submit(answer(status, body))


_REFUSED = [
    ("contracts_ttapi §8.1 400", 400, failed("prompt is required"), "InvalidRequest", False),
    ("contracts_ttapi §8.1 401", 401, {"status": "FAILED", "message": "Wrong TT-API-KEY"}, "AuthError", True),
    ("contracts_ttapi §8.1 401, no JSON", 401, b"<html>", "AuthError", True),
    ("DESIGN §2 401 says quota", 401, b"insufficient quota", "QuotaExhausted", True),
    ("contracts_ttapi §8.1 402", 402, failed("balance"), "QuotaExhausted", True),
    ("contracts_ttapi §8.1 403", 403, failed("blocked"), "AuthError", True),
    ("proxy 407", 407, b"", "AuthError", True),
    ("contracts_ttapi §8.1 404, route", 404, b"<html>", "ConfigError", True),
    ("contracts_ttapi §8.1 404, resource", 404, failed("job not found"), "InvalidRequest", False),
    ("contracts_ttapi §8.1 405", 405, b"", "ConfigError", True),
    ("contracts_ttapi §8.1 200 FAILED", 200, failed("no"), "InvalidRequest", False),
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


@pytest.mark.parametrize(("status", "body", "kind", "account"), [pytest.param(*row[1:], id=row[0]) for row in _REFUSED])
def test_refused(status, body, kind, account):
    submitted = DIALECT.read_submit(answer(status, body, **{"x-request-id": "req-1"}))

    assert isinstance(submitted, Refused)
    assert (kind, account, "no", status) == (
        submitted.failure.kind,
        submitted.account,
        submitted.failure.charged,
        submitted.failure.status,
    )
    assert isinstance(body, bytes) or "req-1" == submitted.failure.request_id


@pytest.mark.parametrize(
    ("status", "body"),
    [
        pytest.param(425, b"", id="reliability §1.3 425"),
        pytest.param(429, failed("too frequent"), id="contracts_ttapi §8.1 429"),
        pytest.param(429, b"", id="429 and nothing"),
        pytest.param(499, failed("queue insufficient"), id="contracts_ttapi §8.1 499"),
        pytest.param(400, failed("The queue is full"), id="contracts_ttapi §8.2 queue is full"),
        pytest.param(400, failed("queue full"), id="contracts_ttapi §8.2 queue full"),
        pytest.param(200, failed("queue is full"), id="queue is full, 200"),
    ],
)
def test_busy(status, body):
    submitted = DIALECT.read_submit(answer(status, body, **{"retry-after": "5"}))

    assert isinstance(submitted, Busy)
    assert (5.0, True, "no") == (submitted.retry_after, submitted.account, submitted.failure.charged)


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
        pytest.param(200, {"status": "PENDING_QUEUE", "data": {"jobId": ID}}, id="a state where SUCCESS belongs"),
        pytest.param(200, {"message": "ok"}, id="no status at all"),
        pytest.param(200, {"status": 1, "message": "queue is full"}, id="an unknown status"),
        pytest.param(200, b'{"status":"SUCCESS","status":"FAILED","data":null}', id="reliability H03 two statuses"),
        pytest.param(400, failed("No available accounts"), id="contracts_ttapi §8.2 No available accounts"),
        pytest.param(400, b"bad", id="400 that nobody can read"),
        pytest.param(408, failed("x"), id="reliability H10 408"),
        pytest.param(409, failed("conflict"), id="reliability H11 409 without id"),
        pytest.param(499, b"<html>", id="reliability §1.3 499 without the envelope"),
        *[
            pytest.param(status, failed("x"), id=f"reliability H16 {status}")
            for status in (500, 501, 502, 503, 504, 520, 521, 522, 523, 524, 530)
        ],
        *[pytest.param(status, b"<html>", id=f"reliability H16 {status} HTML") for status in (500, 502, 503, 504)],
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


def test_the_seeds_callback():
    body = sample("callback")
    data = body["data"]

    seen = DIALECT.read_look(answer(200, body))

    assert (
        Snapshot(
            status=Status.DONE,
            progress=100,
            images=(data["cdnImage"], data["discordImage"]),
            tiles=tuple(data["images"]),
            preview=data["cdnImage"],
            actions=tuple(
                Action(f"{ours}{n}", f"{theirs}{n}", f"{label}{n}")
                for ours, theirs, label in (("upscale", "upsample", "U"), ("vary", "variation", "V"))
                for n in (1, 2, 3, 4)
            ),
            prompt=data["prompt"],
            quota=3.0,
        )
        == seen
    )
    assert body == seen.raw


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
        pytest.param("PAUSED", Status.RUNNING, id="contracts_ttapi §5 unknown"),
        pytest.param(255, Status.RUNNING, id="contracts_ttapi §5 a number is no state"),
    ],
)
def test_status(word, status):
    seen = DIALECT.read_look(answer(200, {"status": word, "message": "m", "data": {"progress": "100"}}))

    assert status is seen.status, "progress 100 alone is not completion"
    assert (status is Status.FAILED) is (seen.failure is not None)


@pytest.mark.parametrize(
    ("data", "progress"),
    [
        ({"progress": "31"}, 31),
        ({"progress": "31%"}, 31),
        ({"progress": 31}, 31),
        ({"progress": None, "progess": "7"}, 7),
        ({"progress": 0, "progess": "7"}, 0),
        ({}, None),
        ([], None),
        ("text", None),
    ],
)
def test_progress_while_it_runs(data, progress):
    seen = DIALECT.read_look(answer(200, {"status": "ON_QUEUE", "data": data}))

    assert (Status.RUNNING, progress) == (seen.status, seen.progress)


def test_pictures_before_the_end_are_a_preview():
    seen = DIALECT.read_look(
        answer(200, {"status": "ON_QUEUE", "data": {"cdnImage": "https://c/p.webp", "images": ["x"]}})
    )

    assert ((), (), "https://c/p.webp") == (seen.images, seen.tiles, seen.preview)


@pytest.mark.parametrize(
    ("data", "images"),
    [
        pytest.param(
            {"cdnImage": "c", "discordImage": "d", "images": ["1", "2"]},
            ("c", "d"),
            id="contracts_ttapi §6.1 cdn first",
        ),
        pytest.param({"cdnImages": ["c1"], "discordImage": "d"}, ("c1", "d"), id="contracts_ttapi §6.1 cdnImages"),
        pytest.param({"cdnImage": "c", "discordImage": "c"}, ("c",), id="contracts_ttapi §10 row 14 the same twice"),
        pytest.param({"images": ["1", "2"]}, ("1",), id="contracts_ttapi §6.1 images[0] last"),
        pytest.param({"cdnImage": None, "images": None}, (), id="nothing"),
    ],
)
def test_which_picture_is_best(data, images):
    assert images == DIALECT.read_look(answer(200, {"status": "SUCCESS", "data": data})).images


@pytest.mark.parametrize(
    ("data", "field", "expected"),
    [
        pytest.param({"quota": "2"}, "quota", 2.0, id="contracts_ttapi §6.1 quota as text"),
        pytest.param({"quota": None}, "quota", None, id="contracts_ttapi §6.1 quota absent"),
        pytest.param({"seed": 4294967295}, "seed", "4294967295", id="contracts_ttapi §6.1 seed as a number"),
        pytest.param({"seed": None}, "seed", None, id="contracts_ttapi §10 row 6 seed null"),
        pytest.param({"prompt": None}, "prompt", None, id="prompt null"),
        pytest.param({"mode": "relax"}, "mode", Mode.RELAX, id="mode granted"),
        pytest.param({"mode": "warp"}, "mode", None, id="mode unknown"),
        pytest.param(
            {"images": ["1", None, "2", "", "3", "4", "5"]}, "tiles", ("1", "2", "3", "4"), id="falsy images dropped"
        ),
        pytest.param({"components": None}, "actions", (), id="contracts_ttapi §6.1 components null"),
        pytest.param(
            {"components": ["reroll", {"customId": "upsample1"}, {"x": 1}, "Custom Zoom", "new_button"]},
            "actions",
            (
                Action("reroll", "reroll"),
                Action("upscale1", "upsample1", "U1"),
                Action("zoom_custom", "Custom Zoom"),
                Action("new_button", "new_button"),
            ),
            id="contracts_ttapi §4 rule 3",
        ),
    ],
)
def test_fields(data, field, expected):
    assert expected == getattr(DIALECT.read_look(answer(200, {"status": "SUCCESS", "data": {"a": 1, **data}})), field)


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
        pytest.param("insufficient quota", "QuotaExhausted", False, id="contracts_ttapi §8.2 insufficient quota"),
    ],
)
def test_why_a_job_failed(message, kind, retryable):
    null = dict.fromkeys(("progress", "discordImage", "cdnImage", "components", "seed", "images"))
    body = {"status": "FAILED", "jobId": ID, "message": message, "data": {"action": "imagine", "jobId": ID, **null}}

    seen = DIALECT.read_look(answer(200, body))

    assert Status.FAILED is seen.status
    assert (kind, retryable, message, "unknown") == (
        seen.failure.kind,
        seen.failure.retryable,
        seen.failure.reason,
        seen.failure.charged,
    )


@pytest.mark.parametrize(("quota", "charged"), [(None, "unknown"), (0, "no"), ("0", "no"), (3, "yes")])
def test_where_a_failed_job_says_what_it_took_that_is_believed(quota, charged):
    seen = DIALECT.read_look(answer(200, {"status": "FAILED", "message": "x", "data": {"jobId": ID, "quota": quota}}))

    assert charged == seen.failure.charged


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param({"data": {"status": "ON_QUEUE"}}, Status.RUNNING, id="contracts_ttapi §5 data.status"),
        pytest.param({"data": {"status": " success "}}, Status.DONE, id="data.status, other case"),
        pytest.param({"status": "FAILED", "data": {"status": "SUCCESS"}}, Status.FAILED, id="the envelope decides"),
        pytest.param({"data": {"status": 2}}, None, id="contracts_ttapi §5 never a number"),
        pytest.param({"status": "", "data": {"status": "SUCCESS"}}, None, id="only where there is none at all"),
    ],
)
def test_the_state_inside_data(body, status):
    assert status is getattr(DIALECT.read_look(answer(200, body)), "status", None)


def test_a_submit_is_not_taken_by_the_state_inside_data():
    assert isinstance(DIALECT.read_submit(answer(200, {"data": {"status": "SUCCESS", "jobId": ID}})), Unclear)


def test_a_failure_without_data_is_a_failed_job():
    seen = DIALECT.read_look(answer(200, failed("[Banned prompt detected]")))

    assert (Status.FAILED, "PromptRejected") == (seen.status, seen.failure.kind)


@pytest.mark.parametrize("status", [400, 404])
def test_a_job_is_read_whatever_the_http_status(status):
    assert Status.FAILED is DIALECT.read_look(answer(status, {"status": "FAILED", "data": {"jobId": ID}})).status


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
    looked = DIALECT.read_look(answer(status, body))

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
    assert WrongVerb() == DIALECT.read_look(answer(status, body))


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
    looked = DIALECT.read_look(answer(status, body, **{"retry-after": "9"}))

    assert isinstance(looked, Trouble)
    assert (kind, 9.0) == (looked.failure.kind, looked.retry_after)


def test_proof():
    assert DIALECT.read_proof(answer(200, failed("job not exist"))) is None
    failure = DIALECT.read_proof(answer(200, b"<html>"))
    assert ("ConfigError", True) == (failure.kind, "hosted accounts" in failure.hint)


# --- anything at all -------------------------------------------------------------------------------------------------

SEEDS = [sample(name) for name in ("imagine_response", "action_response", "callback")]
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
        "NaN",
        {"a": {}},
        ["", 1, None],
    ]
)


@st.composite
def mutants(draw):
    """A body of the seed with one to four fields broken, cut, or its bytes hurt."""
    document = json.loads(json.dumps(draw(st.sampled_from(SEEDS))))
    for _ in range(draw(st.integers(1, 4))):
        place = document["data"] if draw(st.booleans()) and isinstance(document.get("data"), dict) else document
        place[draw(st.sampled_from([*place, "code", "error", "job_id", "progess", "mode", "cdnImages"]))] = json.loads(
            json.dumps(draw(JUNK))
        )
    body = json.dumps(document).encode()
    return body[: draw(st.integers(0, len(body)))] if draw(st.integers(0, 3)) == 0 else body


def read_everything(status, body):
    response = answer(status, body, **{"retry-after": "x"})
    begun = perf_counter()
    submitted, looked, proved = DIALECT.read_submit(response), DIALECT.read_look(response), DIALECT.read_proof(response)
    assert perf_counter() - begun < 2.0
    assert isinstance(submitted, Taken | Refused | Busy | Unclear)
    assert isinstance(looked, Snapshot | Missing | Trouble | WrongVerb)
    repr((submitted, looked, proved)).encode()
    return submitted


@SETTINGS
@given(st.integers(100, 599) | st.sampled_from([200, 400, 404, 499]), st.binary(max_size=80) | mutants())
def test_no_answer_raises(status, body):
    submitted = read_everything(status, body)

    assert status < 500 or isinstance(submitted, Unclear | Busy | Taken), "5xx is no refusal"
    assert status != 500 or not isinstance(submitted, Busy)


@pytest.mark.parametrize("name", ["imagine_response", "callback"])
def test_a_body_cut_at_any_byte_is_unclear(name):
    whole = json.dumps(sample(name)).encode()
    for cut in range(len(whole)):
        response = answer(200, whole[:cut])
        assert isinstance(DIALECT.read_submit(response), Unclear)
        assert isinstance(DIALECT.read_look(response), Trouble)


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
        read_everything(status, body)
