import pytest


@pytest.mark.parametrize("headers", [{}, {"TT-API-KEY": "wrong"}, {"Authorization": "Bearer sim-ttapi"}])
def test_a_wrong_key(stage, headers):
    reply = stage.ask("ttapi", "POST", "/midjourney/v1/imagine", {"prompt": "a"}, headers=headers)
    assert (reply.status, reply.json) == (401, {"status": "FAILED", "message": "Wrong TT-API-KEY"})
    assert stage.ledger.refusals == {"bad_key": 1}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/midjourney/v1/upscale", 404),
        ("POST", "/imagine", 404),
        ("POST", "/midjourney/v1/", 404),
        ("GET", "/midjourney/v1/imagine", 405),
    ],
)
def test_unknown_routes(stage, method, path, status):
    reply = stage.ask("ttapi", method, path)
    assert (reply.status, reply.json["status"], reply.json["data"]) == (status, "FAILED", None)
    assert stage.ledger.refusals == {"no_route": 1}


@pytest.mark.parametrize(
    "name", ["imagine", "action", "seed", "blend", "describe", "inpaint", "fetch", "promptCheck", "info", "fetch-list"]
)
def test_every_endpoint_is_counted_under_its_name(stage, name):
    method = "GET" if name in {"info", "fetch-list"} else "POST"
    assert stage.ask("ttapi", method, f"/midjourney/v1/{name}").status in {200, 400}
    assert stage.ledger.requests == {f"ttapi.{name}": 1}


@pytest.mark.parametrize(
    ("method", "name", "wrong"),
    [
        ("GET", "imagine", ["GET instead of POST"]),
        ("PUT", "fetch", ["PUT instead of POST or GET"]),
        ("POST", "info", []),
        ("POST", "fetch-list", []),
        ("DELETE", "info", ["DELETE instead of GET"]),
    ],
)
def test_a_wrong_method_is_recorded_where_the_documents_agree(stage, method, name, wrong):
    assert stage.ask("ttapi", method, f"/midjourney/v1/{name}").status == 405
    assert stage.violations() == wrong
