import pytest


def test_a_submit_answers_as_the_seed_does(stage):
    reply = stage.tt("imagine", prompt="a cute cat", mode="fast", hookUrl="", timeout=300)
    assert reply.status == 200
    job_id = reply.json["data"]["jobId"]
    assert reply.json == {"status": "SUCCESS", "message": "", "data": {"jobId": job_id}}
    assert stage.ledger.violations == []


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


def test_a_blend(stage, draw, uri):
    images = [uri(draw(shade=shade)) for shade in range(5)]
    for count, shape, size in ((2, "PORTRAIT", (342, 512)), (5, "LANDSCAPE", (512, 342))):
        reply = stage.tt("blend", imgBase64Array=images[:count], dimensions=shape, mode="turbo", hookUrl="")
        assert (reply.status, stage.world.jobs[reply.json["data"]["jobId"]].size) == (200, size)
    plain = stage.tt("blend", imgBase64Array=images[:2]).json["data"]["jobId"]
    stage.wait()
    data = stage.see("ttapi", plain).json["data"]
    assert (data["actions"], data["width"], data["height"], len(data["components"])) == ("blend", 512, 512, 9)
    assert data["prompt"].startswith("https://s.mj.run/")
    assert [entry.mode for entry in stage.ledger.jobs] == ["turbo", "turbo", "fast"]
    assert stage.violations() == []


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"imgBase64Array": None}, "imgBase64Array has None pictures instead of 2-5"),
        ({"imgBase64Array": "ONE"}, "imgBase64Array has 1 pictures instead of 2-5"),
        ({"imgBase64Array": "SIX"}, "imgBase64Array has 6 pictures instead of 2-5"),
        ({"imgBase64Array": ["YWJj", "YWJj"]}, "imgBase64Array holds 'YWJj', no picture as a data URI"),
        ({"imgBase64Array": [5, 5]}, "imgBase64Array holds 5, no picture as a data URI"),
        ({"dimensions": "WIDE"}, "dimensions 'WIDE'"),
        ({"dimensions": 5}, "dimensions is 5 instead of a str"),
        ({"mode": "slow"}, "mode 'slow'"),
    ],
)
def test_blends_that_cannot_be(stage, draw, uri, change, wrong):
    counts = {"ONE": 1, "SIX": 6}
    data = {"imgBase64Array": [uri(draw())] * 2, **change}
    if data["imgBase64Array"] in ("ONE", "SIX"):
        data["imgBase64Array"] = [uri(draw())] * counts[data["imgBase64Array"]]
    assert stage.tt("blend", **data).status == 400
    assert (stage.violations(), stage.ledger.accepted) == ([wrong], 0)


def test_a_description(stage, draw, uri):
    for data in ({"base64": uri(draw())}, {"url": "https://x.example/a.png"}, {"base64": uri(draw()), "url": "odd"}):
        assert stage.tt("describe", mode="turbo", **data).status == 200
    assert [(entry.kind, entry.mode, entry.quota) for entry in stage.ledger.jobs] == [("describe", "turbo", 2)] * 3
    assert stage.violations() == []


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        ({}, "neither base64 nor url"),
        ({"base64": "", "url": ""}, "neither base64 nor url"),
        ({"url": "a.png"}, "url is 'a.png'"),
        ({"base64": "YWJj"}, "base64 holds 'YWJj', no picture as a data URI"),
        ({"base64": None}, "base64 is None instead of a str"),
    ],
)
def test_descriptions_that_cannot_be(stage, data, wrong):
    assert stage.tt("describe", **data).status == 400
    assert stage.violations() == [wrong]


def test_an_inpaint(stage, draw, bare):
    single = stage.single("ttapi", "a cat --ar 2:1")
    mask = bare(draw(512, 256))
    reply = stage.tt("inpaint", jobId=single, mask=mask, prompt="a dog", timeout=300, hookUrl="")
    remote_id = reply.json["data"]["jobId"]
    stage.wait()
    data = stage.see("ttapi", remote_id).json["data"]
    assert (data["actions"], data["prompt"], len(data["components"])) == ("inpaint", "a dog", 9)
    assert (data["width"], data["height"]) == (512, 256)
    assert stage.violations() == []


@pytest.fixture
def bare(uri):
    """Base64 without a prefix."""
    return lambda data: uri(data).partition(",")[2]


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"mask": None}, "mask is None"),
        ({"prompt": " "}, "prompt is ' '"),
        ({"mask": "data:image/png;base64,YWJj"}, "mask has a data-URI prefix"),
        ({"mask": "YWJj"}, "mask is 'YWJj', no PNG, WebP or JPEG in base64"),
        ({"mask": "R0lGODlhAAIAAg=="}, "mask is 'R0lGODlhAAIAAg==', no PNG, WebP or JPEG in base64"),
        ({"mask": "SMALL"}, "mask has the size (2, 2) instead of (512, 512)"),
        ({"mode": "fast"}, "unknown field 'mode'"),
    ],
)
def test_inpaints_that_cannot_be(stage, draw, bare, change, wrong):
    single = stage.single("ttapi")
    data = {"jobId": single, "mask": bare(draw(512, 512)), "prompt": "a dog", **change}
    data["mask"] = bare(draw()) if data["mask"] == "SMALL" else data["mask"]
    assert stage.tt("inpaint", **data).status == (200 if "mode" in change else 400)
    assert stage.violations() == [wrong]


def test_an_inpaint_needs_a_single_picture_that_is_there(stage, draw, bare):
    grid = stage.submit("ttapi")
    data = {"mask": bare(draw(512, 512)), "prompt": "a dog"}
    assert stage.tt("inpaint", jobId="nothing", **data).status == 400
    assert stage.tt("inpaint", jobId=grid, **data).status == 400
    stage.wait()
    assert stage.tt("inpaint", jobId=grid, **data).status == 400
    assert stage.violations() == ["inpaint on an unfinished job", "inpaint is not offered by the job"]


def test_a_seed(stage):
    parent = stage.submit("ttapi", mode="turbo")
    assert stage.tt("seed", jobId=parent).status == 400
    stage.wait()
    reply = stage.tt("seed", jobId=parent, hookUrl="", timeout=300)
    assert list(reply.json["data"]) == ["jobId"]
    entry = stage.ledger.jobs[1]
    assert (entry.kind, entry.mode, entry.parent) == ("seed", "turbo", parent)
    stage.wait()
    assert stage.tt("seed", jobId=reply.json["data"]["jobId"]).status == 400
    assert stage.tt("seed", jobId=5).status == 400
    assert stage.violations() == ["seed on an unfinished job", "seed of a job without pictures", "jobId is 5"]


def test_new_commands_count_against_the_cap(make_stage, draw, uri):
    stage = make_stage(caps={"ttapi": 1})
    stage.submit("ttapi")
    assert stage.tt("describe", base64=uri(draw())).status == 499
    assert stage.tt("blend", imgBase64Array=[uri(draw())] * 2).status == 499


def test_repeats_are_refused_in_a_profile(stage, in_profile):
    strict = in_profile("dedupe")
    for each, status in ((stage, 200), (strict, 400)):
        parent = each.done("ttapi")
        first = each.press("ttapi", parent, "upsample1")
        again = each.tt("action", jobId=parent, action="upsample1")
        assert again.status == status
        assert each.tt("action", jobId=parent, action="upsample2").status == 200
    assert again.json["message"] == f"Job [{first}] already exists"
    assert strict.ledger.refusals == {"duplicate": 1}
    assert strict.violations() == []
