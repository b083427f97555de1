import pytest


def test_fetch_by_get(stage):
    remote_id = stage.submit("ttapi")
    path = f"/midjourney/v1/fetch?jobId={remote_id}"
    assert stage.ask("ttapi", "GET", path).json == stage.see("ttapi", remote_id).json
    assert stage.ask("ttapi", "GET", "/midjourney/v1/fetch").status == 400
    assert stage.ledger.looks == {remote_id: 2}


def ask(stage, name, query="", method="GET", data=None):
    return stage.ask("ttapi", method, f"/midjourney/v1/{name}{query}", data)


def test_unknown_things_in_a_query_are_recorded(stage):
    remote_id = stage.submit("ttapi")
    assert ask(stage, "fetch", f"?jobId={remote_id}&mode=fast").status == 200
    assert stage.violations() == ["unknown field 'mode'"]


@pytest.mark.parametrize(("name", "status"), [("get-fetch", 405), ("get-fetch-404", 404), ("docs-2026", 405)])
def test_fetch_by_get_only(in_profile, name, status):
    stage = in_profile(name)
    remote_id = stage.submit("ttapi")
    reply = stage.tt("fetch", jobId=remote_id)
    assert (reply.status, b"<html>" in reply.body) == (status, status == 404)
    assert ask(stage, "fetch", f"?jobId={remote_id}").status == 200
    assert stage.violations() == []
    assert stage.ledger.refusals == {"no_route": 1}


def test_an_allowed_prompt(stage):
    reply = stage.tt("promptCheck", prompt="a girl")
    assert (reply.status, reply.json) == (
        200,
        {"status": "SUCCESS", "message": "success", "data": "Prompt verification successful."},
    )
    assert (stage.ledger.accepted, stage.ledger.requests) == (0, {"ttapi.promptCheck": 1})


def test_a_banned_prompt(stage):
    reply = stage.tt("promptCheck", prompt="gore")
    assert (reply.status, reply.json) == (
        400,
        {"status": "FAILED", "message": "[Banned prompt detected] gore", "data": None},
    )


@pytest.mark.parametrize("data", [{}, {"prompt": ""}, {"prompt": 5}])
def test_a_check_of_nothing(stage, data):
    assert stage.tt("promptCheck", **data).status == 400
    assert len(stage.violations()) == 1


def test_the_account(make_stage):
    stage = make_stage(caps={"ttapi": 4})
    stage.done("ttapi")
    stage.submit("ttapi", mode="turbo")
    told = ask(stage, "info").json
    assert (told["status"], told["message"]) == ("SUCCESS", "success")
    data = told["data"]
    assert list(data) == ["email", "email_verified_at", "balance", "freeze_balance", "max_queue", "created_at"]
    assert (data["balance"], data["freeze_balance"], data["max_queue"]) == (30_000 - 3 - 6, 6, 4)
    stage.world.inject("fail")
    stage.submit("ttapi")
    stage.wait()
    data = ask(stage, "info").json["data"]
    assert (data["balance"], data["freeze_balance"]) == (30_000 - 3 - 6, 0)


def test_info_by_the_other_method(stage, in_profile):
    assert ask(stage, "info", method="POST").status == 405
    other = in_profile("post-info")
    assert [ask(other, "info", method=method).status for method in ("GET", "POST")] == [405, 200]
    assert ask(other, "info", method="POST", data={}).status == 200
    assert ask(other, "fetch-list", method="POST", data={"limit": 5, "status": "SUCCESS"}).json["data"] == []
    assert ask(other, "fetch-list").status == 405
    assert stage.violations() == other.violations() == []


def test_the_list_has_rows_of_its_own_kind(stage):
    remote_id = stage.done("ttapi")
    [row] = ask(stage, "fetch-list").json["data"]
    picture = stage.see("ttapi", remote_id).json["data"]["cdnImage"]
    assert row == {
        "job_id": remote_id,
        "model": "fast",
        "action": "imagine",
        "quota": 3,
        "status": 2,
        "progress": "100",
        "prompt": "a cat",
        "discord_image": picture,
        "cdn_image": picture,
    }


def test_the_list_is_paged_newest_first(stage):
    ids = [stage.submit("ttapi", f"cat {number}") for number in range(5)]
    stage.wait()
    running = stage.submit("ttapi")
    stage.submit("mjproxy")

    def listed(query):
        return [row["job_id"] for row in ask(stage, "fetch-list", query).json["data"]]

    assert listed("") == ids[::-1]
    assert listed("?page=2&limit=2&order=asc") == ids[2:4]
    assert listed("?page=9") == []
    assert listed("?status=PENDING_QUEUE") == [running]
    assert stage.violations() == []


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("?limit=101", "limit is '101'"),
        ("?limit=0", "limit is '0'"),
        ("?page=x", "page is 'x'"),
        ("?page=", "page is ''"),
        ("?status=DONE", "status 'DONE'"),
        ("?order=up", "order 'up'"),
    ],
)
def test_what_a_list_does_not_allow(stage, query, wrong):
    assert ask(stage, "fetch-list", query).status == 400
    assert stage.violations() == [wrong]
