import pytest

ALL = ["imagine", "blend", "describe", "shorten", "action", "modal"]
OPTIONAL = [
    ("POST", "/mj/task/list-by-condition", "list-by-condition"),
    ("GET", "/mj/task/5/image-seed", "image-seed"),
    ("POST", "/mj/insight-face/swap", "swap"),
    ("POST", "/mj/submit/upload-discord-images", "upload-discord-images"),
]


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


@pytest.mark.parametrize("name", ALL)
def test_every_endpoint_of_the_seed_is_counted_under_its_name(stage, name):
    assert stage.mj(name).json["code"] == 4
    assert stage.ledger.requests == {f"mjproxy.{name}": 1}


@pytest.mark.parametrize(("method", "path", "name"), OPTIONAL)
def test_the_optional_ones_are_the_console_but_in_some_profiles(stage, in_profile, method, path, name):
    reply = stage.ask("mjproxy", method, path, {})
    assert (reply.status, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert stage.ledger.requests == {"mjproxy.unrouted": 1}
    assert stage.violations() == []
    for profile in ("plus", "relay-15s"):
        other = in_profile(profile)
        assert other.ask("mjproxy", method, path, {}).json["code"] == 4
        assert other.ledger.requests == {f"mjproxy.{name}": 1}


@pytest.mark.parametrize(
    ("method", "path", "wrong"),
    [
        ("GET", "/mj/submit/imagine", "GET instead of POST"),
        ("POST", "/mj/task/5/fetch", "POST instead of GET"),
        ("GET", "/mj/task/list-by-condition", "GET instead of POST"),
    ],
)
def test_a_wrong_method_is_recorded(stage, method, path, wrong):
    assert stage.ask("mjproxy", method, path).headers["content-type"] == "text/html; charset=utf-8"
    assert stage.violations() == [wrong]


@pytest.mark.parametrize(
    ("name", "routed"),
    [("seed", ["/mj-fast", "/fast", ""]), ("slash-mode", ["/fast"]), ("old-proxy", [""])],
)
def test_which_prefixes_are_routed(in_profile, name, routed):
    stage = in_profile(name)
    answered = [
        prefix
        for prefix in ("/mj-fast", "/fast", "", "/mj-slow")
        if "html" not in stage.look("5", prefix).headers.get("content-type", "")
        and stage.look("5", prefix).status != 404
    ]
    assert answered == routed


def test_the_old_server_wants_its_own_header(in_profile):
    stage = in_profile("old-proxy")
    for headers in ({}, {"Authorization": f"Bearer {stage.keys['mjproxy']}"}, {"mj-api-secret": "x"}):
        reply = stage.ask("mjproxy", "GET", "/mj/task/5/fetch", headers=headers)
        assert (reply.status, reply.body) == (401, b"")
    assert stage.look("5").status == 200


@pytest.mark.parametrize("name", ["action", "modal", "shorten"])
def test_the_old_server_has_fewer_endpoints(in_profile, name):
    reply = in_profile("old-proxy").mj(name)
    assert (reply.status, reply.json["error"]) == (404, "Not Found")


def test_only_a_relay_calls_its_answers_plain_text(in_profile):
    reply = in_profile("old-proxy").mj("imagine", prompt="a cat")
    assert reply.headers["content-type"] == "application/json"
    assert type(reply.json["result"]) is str
