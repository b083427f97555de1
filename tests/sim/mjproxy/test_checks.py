import pytest

PNG = "data:image/png;base64,iVBORw0KGgo="


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


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        ({"accountFilter": []}, "accountFilter is [], not an object"),
        ({"noStorage": "yes"}, "noStorage is 'yes', not a bool"),
        ({"botType": 5}, "botType is 5, not a text"),
    ],
)
def test_types_of_optional_fields(stage, data, wrong):
    reply = stage.mj("imagine", prompt="a", **data)
    assert (reply.status, reply.json["description"]) == (400, "bind_request_body_failed ")
    assert stage.violations() == [wrong]


@pytest.mark.parametrize("image", ["data:image/png;base64,YWJj", "data:text/plain;base64,iVBORw0KGgo=", "data:x"])
def test_a_picture_begins_like_one(stage, image):
    assert stage.mj("imagine", prompt="a", base64Array=[image]).json["code"] == 4
    assert stage.violations() == ["base64Array holds no picture"]


def test_a_hook_does_not_pass_every_relay(stage, in_profile):
    relayed = in_profile("relay-15s")
    for each in (stage, relayed):
        each.submit("mjproxy", notifyHook="https://hook.example/")
    hooks = [job.order.notes["notifyHook"] for each in (stage, relayed) for job in each.world.jobs.values()]
    assert hooks == ["https://hook.example/", ""]


@pytest.mark.parametrize("name", ["blend", "describe", "shorten", "action", "modal"])
def test_every_endpoint_records_what_its_table_does_not_have(stage, name):
    stage.mj(name, mode="fast")
    assert "unknown field 'mode'" in stage.violations()
