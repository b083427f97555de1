import pytest

from mjasync.sim.mjproxy.refusals import invalid, queue_full, refuse, rejected, reply, told, unreadable, without_id
from mjasync.sim.replies import Refusal


def test_go_escapes_three_characters(opened):
    assert reply({"a": "<b> & 猫"}).body == '{"a":"\\u003cb\\u003e \\u0026 猫"}'.encode()
    assert opened(told([1])).headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("refusal", "status", "body"),
    [
        (
            queue_full(),
            200,
            {"code": 23, "description": "队列已满，请稍后尝试", "properties": {}, "result": None},
        ),
        (
            rejected(word="x"),
            200,
            {
                "code": 24,
                "description": "可能包含敏感词",
                "properties": {"promptEn": "", "bannedWord": "x"},
                "result": None,
            },
        ),
        (invalid("no", "wrong"), 200, {"code": 4, "description": "no", "properties": {}, "result": None}),
        (
            unreadable("wrong"),
            400,
            {"code": 4, "description": "bind_request_body_failed ", "type": "upstream_error"},
        ),
    ],
)
def test_the_shapes_of_a_no(stage, opened, refusal, status, body):
    answer = opened(refuse(stage.world, "imagine", refusal))
    assert (answer.status, answer.json) == (status, body)
    assert stage.violations() == ([refusal.violation] if refusal.violation else [])


@pytest.mark.parametrize("status", [401, 402, 403, 500])
def test_the_relays_door_has_a_shape_of_its_own(stage, opened, status):
    answer = opened(refuse(stage.world, "imagine", Refusal("x", "no", status=status)))
    assert (answer.status, answer.json["error"]["type"]) == (status, "new_api_error")


@pytest.mark.parametrize(
    ("refusal", "status", "error"),
    [
        (Refusal("bad_key", "no", status=401), 401, None),
        (Refusal("unknown_job", "no"), 200, None),
        (Refusal("x", "no", status=500), 500, "Internal Server Error"),
        (unreadable("wrong"), 400, "Bad Request"),
    ],
)
def test_the_java_servers_door(in_profile, opened, refusal, status, error):
    answer = opened(refuse(in_profile("old-proxy").world, "imagine", refusal))
    assert answer.status == status
    assert (answer.json["error"] if answer.body else None) == error


def test_a_success_without_its_id():
    assert without_id({"code": 1, "result": 5}) == {"code": 1}
