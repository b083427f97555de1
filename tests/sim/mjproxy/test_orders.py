import pytest


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


@pytest.mark.parametrize("count", [2, 5])
def test_a_blend(stage, draw, uri, count):
    images = [uri(draw(shade=shade)) for shade in range(count)]
    reply = stage.mj("blend", base64Array=images, dimensions="PORTRAIT", botType="MID_JOURNEY", state="s")
    assert (reply.json["code"], reply.json["description"]) == (1, "提交成功")
    stage.wait()
    seen = stage.look(reply.json["result"]).json
    assert (seen["action"], seen["state"], len(seen["buttons"])) == ("BLEND", "s", 9)
    assert stage.world.jobs[seen["id"]].size == (342, 512)
    assert stage.violations() == []


@pytest.mark.parametrize(
    ("count", "change", "wrong"),
    [
        (0, {}, "base64Array has 0 pictures instead of 2-5"),
        (1, {}, "base64Array has 1 pictures instead of 2-5"),
        (6, {}, "base64Array has 6 pictures instead of 2-5"),
        (2, {"dimensions": "WIDE"}, "dimensions 'WIDE'"),
        (2, {"dimensions": 5}, "dimensions is 5, not a text"),
        (2, {"base64Array": ["YWJj", "YWJj"]}, "base64Array holds something else than data URLs"),
    ],
)
def test_blends_that_cannot_be(stage, image, count, change, wrong):
    assert stage.mj("blend", **{"base64Array": [image] * count, **change}).json["code"] == 4
    assert (stage.violations(), stage.ledger.accepted) == ([wrong], 0)


def test_a_description(stage, draw, uri):
    reply = stage.mj("describe", base64=uri(draw()))
    assert reply.json["code"] == 1
    assert [(entry.kind, entry.prompt, entry.quota) for entry in stage.ledger.jobs] == [("describe", "", 1)]
    assert stage.violations() == []


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        ({}, "base64 is None"),
        ({"base64": ""}, "base64 is ''"),
        ({"base64": "YWJj"}, "base64 holds something else than data URLs"),
        ({"base64": "data:image/png;base64,YWJj"}, "base64 holds no picture"),
    ],
)
def test_descriptions_that_cannot_be(stage, data, wrong):
    assert stage.mj("describe", **data).json["code"] == 4
    assert stage.violations() == [wrong]


def test_shortening(stage):
    assert stage.mj("shorten", prompt="a very black cat").json["code"] == 1
    assert stage.mj("shorten", prompt="").json["code"] == 4
    assert stage.mj("shorten", prompt="gore").json["code"] == 24
    assert [(entry.kind, entry.prompt) for entry in stage.ledger.jobs] == [("shorten", "a very black cat")]


def test_new_commands_count_against_the_cap(make_stage, draw, uri):
    stage = make_stage(caps={"mjproxy": 1})
    stage.submit("mjproxy")
    assert stage.mj("shorten", prompt="a cat").json["code"] == 23
    assert stage.mj("describe", base64=uri(draw())).json["code"] == 23


def swap(stage, **data):
    return stage.ask("mjproxy", "POST", "/mj/insight-face/swap", data)


def test_a_swap_of_faces(in_profile, draw, uri):
    stage = in_profile("plus")
    reply = swap(stage, sourceBase64=uri(draw()), targetBase64=uri(draw(shade=9)))
    stage.wait()
    seen = stage.look(reply.json["result"]).json
    assert (seen["action"], seen["status"]) == ("SWAP_FACE", "SUCCESS")
    assert stage.ask("mjproxy", "GET", seen["imageUrl"]).status == 200
    assert swap(stage, sourceBase64=uri(draw())).json["description"] == "sour_base64_and_target_base64_is_required "
    assert swap(stage, sourceBase64="x", targetBase64="y").json["code"] == 4
    assert len(stage.violations()) == 2
    assert stage.ledger.requests["mjproxy.swap"] == 3


def test_uploads_are_links_at_once(in_profile, draw, uri):
    stage = in_profile("plus")
    images = [draw(shade=shade) for shade in (1, 2)]
    reply = stage.mj("upload-discord-images", base64Array=[uri(image) for image in images])
    assert reply.json["code"] == 1
    assert [stage.ask("mjproxy", "GET", url, headers={}).body for url in reply.json["result"]] == images
    assert stage.mj("upload-discord-images", base64Array=[]).json["code"] == 4
    assert (stage.ledger.accepted, len(stage.violations())) == (0, 1)


def test_ids_and_codes_by_profile(in_profile):
    told = {}
    for name in ("seed", "plus", "relay-15s"):
        stage = in_profile(name)
        told[name] = [stage.mj("imagine", prompt="a").json for _ in range(2)]
    assert [type(one[0]["result"]) for one in told.values()] == [int, str, str]
    assert [one[1]["code"] for one in told.values()] == [22, 22, 1]
    # Only the number is rewritten, not the text.
    assert {one[1]["description"] for one in told.values()} == {"排队中，前面还有1个任务"}


def test_a_mode_that_is_not_granted(in_profile):
    stage = in_profile("downgraded")
    remote_id = str(stage.mj("imagine", prefix="/mj-turbo", prompt="a").json["result"])
    assert stage.ledger.jobs[0].mode == "relax"
    stage.wait()
    assert stage.look(remote_id).json["properties"]["messageContent"].endswith("(relaxed)")
