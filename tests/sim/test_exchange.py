import json

import pytest

from mjasync.core.wire import NoAnswer, NotSent


def imagine(stage, provider):
    return (stage.tt if provider == "ttapi" else stage.mj)("imagine", prompt="a cat")


def test_a_lost_answer_is_processed_and_charged(stage, provider):
    stage.world.inject("lose_answer")
    with pytest.raises(NoAnswer):
        imagine(stage, provider)
    assert stage.ledger.charged == 1
    assert stage.ledger.requests == {f"{provider}.imagine": 1}


@pytest.mark.parametrize(("kind", "error", "requests"), [("drop", NoAnswer, 1), ("refuse_connection", NotSent, 0)])
def test_a_cut_connection_is_not_processed(stage, provider, kind, error, requests):
    stage.world.inject(kind)
    with pytest.raises(error):
        imagine(stage, provider)
    assert stage.ledger.accepted == 0
    assert stage.ledger.requests[f"{provider}.imagine"] == requests


@pytest.mark.parametrize(
    ("kind", "accepted", "status"),
    [
        ("html", 0, 200),
        ("garbage", 1, 200),
        ("empty", 1, 200),
        ("status", 0, 503),
        ("lost_status", 1, 503),
        ("redirect", 0, 302),
    ],
)
def test_answers_that_say_nothing(stage, provider, kind, accepted, status):
    stage.world.inject(kind)
    reply = imagine(stage, provider)
    assert (reply.status, stage.ledger.accepted) == (status, accepted)
    with pytest.raises(ValueError):
        json.loads(reply.body)


def test_the_details_of_a_status(stage, provider):
    stage.world.inject("status", status=429, retry_after=7, body={"a": 1})
    stage.world.inject("lost_status", status=502, body="words")
    stage.world.inject("status", body=b"\x00")
    first = imagine(stage, provider)
    assert (first.status, first.headers["retry-after"], first.json) == (429, "7", {"a": 1})
    second = imagine(stage, provider)
    assert (second.status, second.body, "retry-after" in second.headers) == (502, b"words", False)
    assert imagine(stage, provider).body == b"\x00"


def test_redirects_go_where_they_are_told(stage, provider):
    stage.world.inject("redirect", location="https://elsewhere.example/", status=307)
    stage.world.inject("redirect")
    first = imagine(stage, provider)
    assert (first.status, first.headers["location"]) == (307, "https://elsewhere.example/")
    assert imagine(stage, provider).headers["location"] == f"https://{provider}.sim.invalid/elsewhere"


def test_a_full_queue_that_is_none(stage):
    stage.world.inject("queue_full", times=2)
    assert imagine(stage, "ttapi").status == 499
    assert imagine(stage, "mjproxy").json["code"] == 23
    assert stage.ledger.refusals == {"queue_full": 2}
    assert stage.ledger.requests == {"ttapi.imagine": 1, "mjproxy.imagine": 1}


def test_scripted_refusals(stage):
    stage.world.inject("reject", times=2)
    stage.world.inject("reject", provider="ttapi", reason="insufficient quota", status=402)
    stage.world.inject("reject", provider="mjproxy", reason="quota_not_enough", status=400, code=4)
    assert imagine(stage, "ttapi").json["message"] == "[Banned prompt detected]"
    assert imagine(stage, "mjproxy").json["code"] == 24
    last = imagine(stage, "ttapi")
    assert (last.status, last.json["message"]) == (402, "insufficient quota")
    reply = imagine(stage, "mjproxy")
    assert (reply.status, reply.json["description"]) == (400, "quota_not_enough ")
    assert stage.ledger.refusals == {"banned": 2, "rejected": 2}
    assert stage.ledger.violations == []


def test_a_success_without_an_id(stage):
    stage.world.inject("no_id", times=3)
    assert imagine(stage, "ttapi").json == {"status": "SUCCESS", "message": "", "data": {}}
    assert imagine(stage, "mjproxy").json == {"code": 1, "description": "提交成功", "properties": {}}
    assert stage.ledger.accepted == 2
    assert stage.tt("imagine", prompt="").status == 400


def test_a_vanished_job_runs_and_costs_on(stage, provider):
    stage.world.inject("vanish", after=5)
    remote_id = stage.submit(provider)
    assert stage.see(provider, remote_id).status == 200
    stage.clock.time = 5
    assert stage.see(provider, remote_id).status in {400, 404}
    assert stage.ledger.running == {provider: 1}
    stage.wait()
    assert (stage.ledger.charged, stage.ledger.running) == (1, {provider: 0})
    assert stage.ledger.looks[remote_id] == 2


def picture(stage, provider):
    remote_id = stage.submit(provider)
    stage.wait()
    seen = stage.see(provider, remote_id).json
    return seen["imageUrl"] if provider == "mjproxy" else seen["data"]["cdnImage"]


def test_pictures_need_no_key(stage, provider):
    reply = stage.ask(provider, "GET", picture(stage, provider), headers={})
    assert (reply.status, reply.headers["content-type"]) == (200, "image/png")
    assert reply.body.startswith(b"\x89PNG")
    assert stage.ledger.requests[f"{provider}.image"] == 1


def test_pictures_that_are_not_there(stage, provider):
    url = picture(stage, provider)
    assert stage.ask(provider, "POST", url).status == 404
    assert stage.ask(provider, "GET", "/pictures/x.png").status == 404
    assert stage.ledger.refusals == {"no_picture": 2}


@pytest.mark.parametrize(("kind", "status"), [("status", 503), ("html", 200), ("garbage", 200), ("empty", 200)])
def test_downloads_can_go_wrong(stage, provider, kind, status):
    url = picture(stage, provider)
    stage.world.inject(kind, on="image")
    whole = stage.ask(provider, "GET", url), stage.ask(provider, "GET", url)
    assert (whole[0].status, whole[1].status) == (status, 200)
    assert whole[0].body != whole[1].body
