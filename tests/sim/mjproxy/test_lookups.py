def test_an_unknown_task(stage):
    reply = stage.look("5")
    assert (reply.status, reply.json) == (400, {"code": 4, "description": "task_no_found ", "type": "upstream_error"})
    assert stage.ledger.looks == {"5": 1}
