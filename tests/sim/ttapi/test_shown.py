# Seed 000, "异步回调 JSON 结构".
ENVELOPE = ["status", "jobId", "message", "data"]
DATA = [
    "actions",
    "jobId",
    "progress",
    "prompt",
    "discordImage",
    "cdnImage",
    "width",
    "height",
    "hookUrl",
    "components",
    "seed",
    "images",
    "quota",
]


def test_a_finished_job_has_exactly_the_keys_of_the_seeds_sample(stage):
    remote_id = stage.submit("ttapi", hookUrl="https://hook.example/", getUImages=True, translation=False)
    stage.wait()
    seen = stage.see("ttapi", remote_id).json
    assert list(seen) == ENVELOPE
    assert list(seen["data"]) == DATA
    assert (seen["status"], seen["jobId"], seen["message"]) == ("SUCCESS", remote_id, "success")
    data = seen["data"]
    assert (data["actions"], data["progress"], data["prompt"], data["seed"]) == ("imagine", "100", "a cat", "")
    assert (data["width"], data["height"], data["quota"], data["hookUrl"]) == (512, 512, 3, "https://hook.example/")
    assert data["components"] == [
        *(f"upsample{n}" for n in (1, 2, 3, 4)),
        *(f"variation{n}" for n in (1, 2, 3, 4)),
        "reroll",
    ]
    assert len(set(data["images"])) == 4
    for url in (data["cdnImage"], data["discordImage"], *data["images"]):
        assert stage.ask("ttapi", "GET", url).status == 200


def test_tiles_come_only_when_asked_for(stage):
    remote_id = stage.submit("ttapi")
    stage.wait()
    assert stage.see("ttapi", remote_id).json["data"]["images"] == []


def test_it_goes_through_the_states_of_the_seed(stage):
    remote_id = stage.submit("ttapi")
    [job] = stage.world.jobs.values()
    seen = []
    for stage.clock.time in (0, (job.started_at + job.finished_at) / 2, job.finished_at):
        told = stage.see("ttapi", remote_id).json
        seen.append((told["status"], told["data"]["progress"], told["message"]))
    assert seen == [("PENDING_QUEUE", "0", ""), ("ON_QUEUE", "46", ""), ("SUCCESS", "100", "success")]


def test_a_failed_job_has_the_shape_of_the_faq(stage):
    stage.world.inject("fail", reason="[Internal error]")
    remote_id = stage.submit("ttapi")
    stage.wait()
    seen = stage.see("ttapi", remote_id)
    assert (seen.status, seen.json["status"], seen.json["message"]) == (200, "FAILED", "[Internal error]")
    data = seen.json["data"]
    assert not {"width", "height", "quota"} & data.keys()
    assert {data[key] for key in ("progress", "cdnImage", "discordImage", "seed")} == {None}
    assert data["components"] is data["images"] is None


def shown(stage, remote_id):
    return stage.see("ttapi", remote_id).json


def test_described_texts_stand_in_the_prompt(stage, draw, uri):
    remote_id = stage.tt("describe", base64=uri(draw())).json["data"]["jobId"]
    assert shown(stage, remote_id)["data"]["prompt"] == ""
    stage.wait()
    data = shown(stage, remote_id)["data"]
    assert list(data) == [key for key in DATA if key not in {"width", "height"}]
    assert [line[:3] for line in data["prompt"].split("\n\n")] == [f"{number}\ufe0f\u20e3" for number in (1, 2, 3, 4)]
    assert (data["actions"], data["components"], data["images"]) == ("describe", [], [])
    assert (data["cdnImage"], data["discordImage"], data["seed"]) == ("", "", "")


def test_a_seed_is_a_number_as_text_and_no_picture(stage):
    parent = stage.done("ttapi")
    ids = [stage.tt("seed", jobId=parent).json["data"]["jobId"] for _ in range(2)]
    assert shown(stage, ids[0])["data"]["seed"] is None
    stage.clock.time += 10
    told = [shown(stage, one)["data"] for one in ids]
    assert told[0]["seed"] == told[1]["seed"] == stage.world.jobs[parent].seed
    assert (told[0]["actions"], told[0]["cdnImage"], told[0]["prompt"]) == ("seed", "", "a cat")
    assert shown(stage, parent)["data"]["seed"] == ""


def test_docs_2026(in_profile):
    stage = in_profile("docs-2026")
    assert list(stage.tt("imagine", prompt="a").json["data"]) == ["job_id"]
    remote_id = stage.done("ttapi")
    told = shown(stage, remote_id)
    data = told["data"]
    assert told["message"] == ""
    assert "actions" not in data
    assert (data["action"], data["quota"], data["hookUrl"], data["seed"]) == ("imagine", "3", None, None)
    assert len(data["images"]) == 4
    assert data["jobId"] == told["jobId"] == remote_id


def test_hosted(in_profile):
    stage = in_profile("hosted")
    remote_id = stage.submit("ttapi", getUImages=True)
    stage.wait()
    data = shown(stage, remote_id)["data"]
    assert data["components"] is data["images"] is None
    # What is not shown can be pressed all the same.
    assert stage.tt("action", jobId=remote_id, action="upsample1").status == 200


def test_a_seed_under_the_parents_id(in_profile):
    stage = in_profile("same-seed-id")
    parent = stage.done("ttapi")
    assert stage.tt("seed", jobId=parent).json["data"]["jobId"] == parent
    told = shown(stage, parent)
    assert (told["status"], told["data"]["seed"]) == ("SUCCESS", "")
    stage.clock.time += 10
    assert shown(stage, parent)["data"]["seed"] == stage.world.jobs[parent].seed
    assert shown(stage, parent)["data"]["actions"] == "imagine"
    assert [(entry.id, entry.kind) for entry in stage.ledger.jobs] == [(parent, "imagine"), (parent, "seed")]


def test_plain_texts(in_profile):
    stage = in_profile("plain-texts")
    remote_id = stage.tt("describe", url="https://x.example/a.png").json["data"]["jobId"]
    stage.wait()
    lines = shown(stage, remote_id)["data"]["prompt"].split("\r\n")
    assert lines == list(stage.world.jobs[remote_id].texts)


def test_drift(in_profile):
    stage = in_profile("drift")
    remote_id = stage.submit("ttapi")
    [job] = stage.world.jobs.values()
    seen = []
    for stage.clock.time in (0, job.started_at, (job.started_at + job.finished_at) / 2, job.finished_at):
        seen.append(shown(stage, remote_id))
    assert seen[0]["data"] == []
    assert [one["data"]["progress"] for one in seen[1:]] == [None, 46, "100%"]
    data = seen[3]["data"]
    assert data["components"][0] == {"action": "upsample1", "label": "Upsample1"}
    assert (data["quota"], data["mode"], seen[3]["traceId"]) == ("3", {"name": "unknown", "version": 7}, 4711)


def test_drift_of_a_failure(in_profile):
    stage = in_profile("drift")
    stage.world.inject("fail")
    data = shown(stage, stage.done("ttapi"))["data"]
    assert (data["progress"], data["components"], "quota" in data) == (None, None, False)
