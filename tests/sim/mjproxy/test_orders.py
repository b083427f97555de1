import pytest

PNG = "data:image/png;base64,iVBORw0KGgo="


def test_a_submit_answers_as_the_seed_does(stage):
    reply = stage.mj("imagine", prompt="black cat", base64Array=[])
    assert reply.status == 200
    assert list(reply.json) == ["code", "description", "properties", "result"]
    assert (reply.json["code"], reply.json["description"], reply.json["properties"]) == (1, "提交成功", {})
    assert type(reply.json["result"]) is int
    # A relay labels a submit's JSON as plain text.
    assert reply.headers["content-type"] == "text/plain; charset=utf-8"
    assert stage.look(reply.json["result"]).headers["content-type"] == "application/json"
    assert stage.ledger.violations == []


@pytest.mark.parametrize(
    ("prefix", "mode"),
    [
        *((f"/mj-{mode}", mode) for mode in ("turbo", "fast", "relax")),
        *((f"/{mode}", mode) for mode in ("turbo", "fast", "relax")),
        ("", "fast"),
    ],
)
def test_the_prefix_is_the_mode(stage, prefix, mode):
    remote_id = stage.mj("imagine", prefix=prefix, prompt="a").json["result"]
    assert stage.ledger.jobs[0].mode == mode
    assert stage.look(remote_id, prefix).json["id"] == str(remote_id)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/mj/submit/upscale"),
        ("POST", "/mj-slow/mj/submit/imagine"),
        ("GET", "/mj/submit/imagine"),
        ("POST", "/mj/task/5/fetch"),
        ("GET", "/mj/submit/fetch"),
        ("GET", "/"),
    ],
)
def test_unknown_routes_show_the_console(stage, method, path):
    reply = stage.ask("mjproxy", method, path)
    assert (reply.status, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert stage.ledger.refusals == {"no_route": 1}
    assert stage.ledger.requests == {"mjproxy.unrouted": 1}


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer x"}, {"mj-api-secret": "x"}, {"TT-API-KEY": "sim-mjproxy"}]
)
def test_a_wrong_key(stage, headers):
    reply = stage.ask("mjproxy", "GET", "/mj/task/5/fetch", headers=headers)
    assert (reply.status, reply.json["error"]["type"]) == (401, "new_api_error")
    assert reply.headers["x-oneapi-request-id"] in reply.json["error"]["message"]
    assert stage.ledger.refusals == {"bad_key": 1}


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Bearer sim-mjproxy"},
        {"Authorization": "sim-mjproxy"},
        {"mj-api-secret": "sim-mjproxy"},
        {"Authorization": "midjourney-proxy", "MJ-API-SECRET": "Bearer sim-mjproxy"},
    ],
)
def test_the_ways_to_show_a_key(stage, headers):
    assert stage.ask("mjproxy", "GET", "/mj/task/5/fetch", headers=headers).status == 400
    assert stage.ledger.refusals == {"unknown_job": 1}


def test_an_unknown_task(stage):
    reply = stage.look("5")
    assert (reply.status, reply.json) == (400, {"code": 4, "description": "task_no_found ", "type": "upstream_error"})
    assert stage.ledger.looks == {"5": 1}


def test_a_job_that_has_to_wait_is_told_so(stage):
    told = [stage.mj("imagine", prompt="a").json for _ in range(3)]
    assert [one["code"] for one in told] == [1, 22, 22]
    assert [one["properties"] for one in told] == [{}, {"numberOfQueues": 1}, {"numberOfQueues": 2}]
    assert told[2]["description"] == "排队中，前面还有2个任务"
    stage.wait()
    assert stage.mj("imagine", prompt="a").json["code"] == 1


def test_a_full_queue(make_stage):
    stage = make_stage(caps={"mjproxy": 1})
    stage.submit("mjproxy")
    reply = stage.mj("imagine", prompt="a")
    assert (reply.status, reply.json["code"], reply.json["result"]) == (200, 23, None)
    assert stage.ledger.refusals == {"queue_full": 1}


def test_a_banned_word(stage):
    reply = stage.mj("imagine", prompt="much gore")
    assert (reply.status, reply.json["code"], reply.json["result"]) == (200, 24, None)
    assert reply.json["properties"] == {"promptEn": "much gore", "bannedWord": "gore"}
    assert (stage.ledger.refusals, stage.ledger.violations) == ({"banned": 1}, [])


@pytest.mark.parametrize(
    ("data", "status", "wrong"),
    [
        ({}, 200, "prompt is None"),
        ({"prompt": " "}, 200, "prompt is ' '"),
        ({"prompt": "a", "base64Array": "x"}, 200, "base64Array is not a list of strings"),
        ({"prompt": "a", "base64Array": [1]}, 200, "base64Array is not a list of strings"),
        ({"prompt": "a", "base64Array": ["iVBO"]}, 200, "base64Array holds something else than data URLs"),
        ({"prompt": "a", "state": 5}, 400, "state is 5, not a text"),
        ({"prompt": "a", "notifyHook": None}, 400, "notifyHook is None, not a text"),
    ],
)
def test_what_the_seed_does_not_allow_is_refused_and_recorded(stage, data, status, wrong):
    reply = stage.mj("imagine", **data)
    assert (reply.status, reply.json["code"]) == (status, 4)
    assert [violation.what for violation in stage.ledger.violations] == [wrong]
    assert stage.ledger.accepted == 0


def test_pictures_in_and_unknown_fields(stage):
    reply = stage.mj("imagine", prompt="a", base64Array=[PNG], botType="NIJI_JOURNEY", mode="relax")
    assert reply.json["code"] == 1
    assert [violation.what for violation in stage.ledger.violations] == ["unknown field 'mode'"]
    stage.wait()
    assert stage.look(reply.json["result"]).json["properties"]["botType"] == "NIJI_JOURNEY"


def test_an_action_takes_its_mode_from_the_path(stage):
    remote_id = stage.submit("mjproxy")
    stage.wait()
    button = stage.look(remote_id).json["buttons"][0]["customId"]
    reply = stage.mj("action", prefix="/mj-relax", taskId=remote_id, customId=button, state="s")
    assert reply.json["code"] == 1
    entry = stage.ledger.jobs[1]
    assert (entry.mode, entry.kind, entry.action, entry.parent) == ("relax", "upscale", button, remote_id)


@pytest.mark.parametrize("data", [{"taskId": 5, "customId": "x"}, {"taskId": "5"}, {"taskId": "", "customId": "x"}])
def test_ids_are_texts(stage, data):
    reply = stage.mj("action", **data)
    assert (reply.status, reply.json["description"]) == (400, "bind_request_body_failed ")
    assert len(stage.ledger.violations) == 1


def test_actions_that_cannot_be(stage):
    assert stage.mj("action", taskId="5", customId="x").json["description"] == "task_not_found "
    remote_id = stage.submit("mjproxy")
    assert stage.mj("action", taskId=remote_id, customId="x").json["description"] == "task_status_not_success "
    stage.wait()
    reply = stage.mj("action", taskId=remote_id, customId="MJ::JOB::upsample::1::other")
    assert (reply.status, reply.json["code"], reply.json["result"]) == (200, 4, None)
    assert [violation.what for violation in stage.ledger.violations] == [
        "x on an unfinished task",
        "MJ::JOB::upsample::1::other is no button of the task",
    ]
