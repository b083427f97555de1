import json


def test_the_books_follow_a_job(stage, provider):
    remote_id = stage.submit(provider, "a fox")
    assert (stage.ledger.accepted, stage.ledger.charged, stage.ledger.refunded) == (1, 1, 0)
    assert stage.ledger.running == {provider: 1}
    [entry] = stage.ledger.jobs
    assert (entry.account, entry.id, entry.kind, entry.prompt) == (provider, remote_id, "imagine", "a fox")
    assert (entry.action, entry.mode, entry.parent, entry.quota) == ("", "fast", None, 3)
    assert (entry.accepted_at, entry.finished_at, entry.outcome) == (0.0, None, None)

    stage.wait()
    [entry] = stage.ledger.jobs
    assert entry.outcome == "done"
    assert 0 < entry.finished_at <= 90
    assert stage.ledger.running == {provider: 0}
    assert stage.ledger.peak_running == {provider: 1}


def test_a_failure_is_given_back_when_it_happens(stage, provider):
    stage.world.inject("fail", reason="no")
    stage.submit(provider)
    assert (stage.ledger.charged, stage.ledger.refunded) == (1, 0)
    stage.wait()
    assert (stage.ledger.accepted, stage.ledger.charged, stage.ledger.refunded) == (1, 0, 1)
    assert stage.ledger.jobs[0].outcome == "failed"


def test_a_follow_up_names_its_parent(stage):
    parent = stage.submit("ttapi")
    stage.wait()
    child = stage.press("ttapi", parent, "upsample3")
    entry = stage.ledger.jobs[1]
    assert (entry.id, entry.kind, entry.action, entry.parent, entry.quota) == (child, "upscale", "upsample3", parent, 1)


def test_the_peak_stays_when_jobs_end(stage):
    for _ in range(3):
        stage.submit("mjproxy")
    stage.wait()
    stage.submit("mjproxy")
    assert stage.ledger.running == {"mjproxy": 1}
    assert stage.ledger.peak_running == {"mjproxy": 3}


def test_as_json_holds_everything(stage):
    stage.submit("ttapi")
    stage.tt("imagine", prompt=" ")
    told = json.loads(json.dumps(stage.ledger.as_json()))
    assert told["accepted"] == told["charged"] == len(told["jobs"]) == 1
    assert told["requests"] == {"ttapi.imagine": 2}
    assert told["refusals"] == {"invalid": 1}
    assert told["violations"][0]["what"] == "prompt is ' '"
    assert set(told) == {
        *("accepted", "charged", "refunded", "running", "peak_running", "requests", "refusals"),
        *("looks", "faults", "hooks", "windows", "violations", "jobs"),
    }


def test_windows_are_in_the_books_and_cost_nothing(stage):
    remote_id = str(stage.window("Custom Zoom").json["result"])
    assert stage.ledger.windows == {remote_id: 0}
    assert stage.ledger.accepted == stage.ledger.charged == 2
    assert stage.ledger.running == {"mjproxy": 0}


def test_the_jobs_of_one_account(stage):
    stage.submit("ttapi")
    remote_id = stage.submit("mjproxy")
    assert [job.id for job in stage.ledger.booked("mjproxy")] == [remote_id]
