import pytest


def test_an_unknown_task(stage):
    reply = stage.look("5")
    assert (reply.status, reply.json) == (400, {"code": 4, "description": "task_no_found ", "type": "upstream_error"})
    assert stage.ledger.looks == {"5": 1}


def test_an_unknown_task_of_the_old_server(in_profile):
    reply = in_profile("old-proxy").look("5")
    assert (reply.status, reply.body) == (200, b"")


def test_many_tasks_at_once(in_profile):
    stage = in_profile("plus")
    ids = [stage.submit("mjproxy", f"cat {number}") for number in range(3)]
    other = stage.world.account("mjproxy")
    stage.keys["mjproxy"], mine = other.key, stage.keys["mjproxy"]
    foreign = stage.submit("mjproxy")
    stage.keys["mjproxy"] = mine
    reply = stage.list(ids[2], foreign, ids[0], "nothing", ids[0])
    assert (reply.status, reply.headers["content-type"]) == (200, "application/json")
    assert reply.json == [stage.look(ids[0]).json, stage.look(ids[2]).json]
    assert stage.list().json == []
    assert stage.ledger.looks[ids[0]] == 3
    assert stage.ledger.requests["mjproxy.list-by-condition"] == 2


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        ({}, "ids is None, not a list of texts"),
        ({"ids": [5]}, "ids is [5], not a list of texts"),
        ({"ids": [], "status": "SUCCESS"}, "unknown field 'status'"),
    ],
)
def test_ids_of_a_list_are_texts(in_profile, data, wrong):
    stage = in_profile("plus")
    reply = stage.ask("mjproxy", "POST", "/mj/task/list-by-condition", data)
    assert stage.violations() == [wrong]
    assert (reply.status, b"do_request_failed " in reply.body) == ((200, False) if "status" in data else (400, True))


def test_the_seed_of_a_picture(in_profile):
    stage = in_profile("plus")
    remote_id = stage.submit("mjproxy")
    path = f"/mj/task/{remote_id}/image-seed"
    assert stage.ask("mjproxy", "GET", path).json["code"] == 4
    stage.wait()
    assert stage.ask("mjproxy", "GET", path).json == {
        "code": 1,
        "description": "成功",
        "properties": {},
        "result": stage.world.jobs[remote_id].seed,
    }
    assert stage.ask("mjproxy", "GET", "/mj/task/5/image-seed").status == 400
    assert stage.violations() == ["image-seed of a task without finished pictures"]
    assert stage.ledger.accepted == 1
