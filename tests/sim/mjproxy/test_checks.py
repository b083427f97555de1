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
