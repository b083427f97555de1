import pytest


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
