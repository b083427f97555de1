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
