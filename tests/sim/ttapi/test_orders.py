import pytest

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


def test_a_submit_answers_as_the_seed_does(stage):
    reply = stage.tt("imagine", prompt="a cute cat", mode="fast", hookUrl="", timeout=300)
    assert reply.status == 200
    job_id = reply.json["data"]["jobId"]
    assert reply.json == {"status": "SUCCESS", "message": "", "data": {"jobId": job_id}}
    assert stage.ledger.violations == []


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


def test_fetch_by_get(stage):
    remote_id = stage.submit("ttapi")
    path = f"/midjourney/v1/fetch?jobId={remote_id}"
    assert stage.ask("ttapi", "GET", path).json == stage.see("ttapi", remote_id).json
    assert stage.ask("ttapi", "GET", "/midjourney/v1/fetch").status == 400
    assert stage.ledger.looks == {remote_id: 2}


@pytest.mark.parametrize("headers", [{}, {"TT-API-KEY": "wrong"}, {"Authorization": "Bearer sim-ttapi"}])
def test_a_wrong_key(stage, headers):
    reply = stage.ask("ttapi", "POST", "/midjourney/v1/imagine", {"prompt": "a"}, headers=headers)
    assert (reply.status, reply.json) == (401, {"status": "FAILED", "message": "Wrong TT-API-KEY"})
    assert stage.ledger.refusals == {"bad_key": 1}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/midjourney/v1/upscale", 404),
        ("POST", "/imagine", 404),
        ("POST", "/midjourney/v1/", 404),
        ("GET", "/midjourney/v1/imagine", 405),
    ],
)
def test_unknown_routes(stage, method, path, status):
    reply = stage.ask("ttapi", method, path)
    assert (reply.status, reply.json["status"], reply.json["data"]) == (status, "FAILED", None)
    assert stage.ledger.refusals == {"no_route": 1}


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        ({}, "prompt is None"),
        ({"prompt": "\n "}, "prompt is '\\n '"),
        ({"prompt": 5}, "prompt is 5"),
        ({"prompt": "a", "mode": "slow"}, "mode 'slow'"),
        ({"prompt": "a", "mode": 1}, "mode is 1 instead of a str"),
        ({"prompt": "a", "timeout": "300"}, "timeout is '300' instead of a int"),
        ({"prompt": "a", "timeout": True}, "timeout is True instead of a int"),
        ({"prompt": "a", "timeout": 299}, "timeout 299 in mode fast instead of 300-1200"),
        ({"prompt": "a", "timeout": 1201}, "timeout 1201 in mode fast instead of 300-1200"),
        ({"prompt": "a", "timeout": 599, "mode": "relax"}, "timeout 599 in mode relax instead of 600-1200"),
        ({"prompt": "a", "getUImages": "true"}, "getUImages is 'true' instead of a bool"),
        ({"prompt": "a", "translation": 1}, "translation is 1 instead of a bool"),
        ({"prompt": "a", "hookUrl": None}, "hookUrl is None instead of a str"),
    ],
)
def test_what_the_seed_does_not_allow_is_refused_and_recorded(stage, data, wrong):
    reply = stage.tt("imagine", **data)
    assert (reply.status, reply.json["status"]) == (400, "FAILED")
    assert [(v.provider, v.endpoint, v.what) for v in stage.ledger.violations] == [("ttapi", "imagine", wrong)]
    assert stage.ledger.accepted == 0


@pytest.mark.parametrize(("mode", "timeout"), [("fast", 300), ("turbo", 1200), ("relax", 600)])
def test_modes_and_timeouts_of_the_seed(stage, mode, timeout):
    assert stage.tt("imagine", prompt="a", mode=mode, timeout=timeout).status == 200
    assert stage.ledger.jobs[0].mode == mode


def test_model_is_ignored_and_recorded(stage):
    assert stage.tt("imagine", prompt="a", model="relax").status == 200
    assert stage.ledger.jobs[0].mode == "fast"
    assert [v.what for v in stage.ledger.violations] == ["unknown field 'model'"]


def test_a_banned_word(stage):
    reply = stage.tt("imagine", prompt="much gore")
    assert (reply.status, reply.json["message"]) == (400, "[Banned prompt detected] gore")
    assert (stage.ledger.refusals, stage.ledger.violations) == ({"banned": 1}, [])


def test_a_full_queue(make_stage):
    stage = make_stage(caps={"ttapi": 2})
    assert [stage.tt("imagine", prompt="a").status for _ in range(3)] == [200, 200, 499]
    assert stage.ledger.peak_running == {"ttapi": 2}
    stage.wait()
    assert stage.tt("imagine", prompt="a").status == 200


def test_unknown_jobs(stage):
    assert stage.see("ttapi", "nothing").status == 404
    reply = stage.tt("action", jobId="nothing", action="upsample1")
    assert (reply.status, reply.json["message"]) == (400, "job [nothing] does not exist")
    assert (stage.ledger.refusals, stage.ledger.violations) == ({"unknown_job": 2}, [])


def test_actions_inherit_the_mode_and_end_in_what_they_promise(make_stage):
    stage = make_stage(caps={"ttapi": 20})
    remote_id = stage.submit("ttapi", mode="turbo")
    stage.wait()
    single = stage.press("ttapi", remote_id, "upsample4")
    stage.wait()
    data = stage.see("ttapi", single).json["data"]
    assert (data["actions"], data["quota"], data["prompt"]) == ("upsample4", 2, "a cat")
    assert data["components"] == [
        *("upscale_subtle", "upscale_creative", "low_variation", "high_variation", "vary_region"),
        *("zoom_out_2", "zoom_out_1_5", "make_square", "pan_left", "pan_right", "pan_up", "pan_down"),
    ]
    for token in data["components"]:
        if token != "vary_region":
            assert stage.tt("action", jobId=single, action=token, timeout=60, getUImages=True).status == 200
    assert [entry.kind for entry in stage.ledger.jobs] == [
        *("imagine", "upscale", "upscale", "upscale", "variation", "variation", "zoom", "zoom", "zoom"),
        *("pan", "pan", "pan", "pan"),
    ]
    assert {entry.mode for entry in stage.ledger.jobs} == {"turbo"}


def test_actions_that_cannot_be(stage):
    remote_id = stage.submit("ttapi")
    assert stage.tt("action", jobId=remote_id, action="upsample1").status == 400
    stage.wait()
    for action in ("zoom_out_2", "U1", ""):
        assert stage.tt("action", jobId=remote_id, action=action).status == 400
    single = stage.press("ttapi", remote_id, "upsample1")
    stage.wait()
    assert stage.tt("action", jobId=single, action="vary_region").status == 400
    assert [violation.what for violation in stage.ledger.violations] == [
        "upsample1 on an unfinished job",
        "'zoom_out_2' is not offered by the job",
        "'U1' is not offered by the job",
        "action is ''",
        "vary_region needs /inpaint",
    ]
    assert stage.ledger.refusals == {"parent": 1, "invalid": 4}
