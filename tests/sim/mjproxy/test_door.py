import pytest


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
