import pytest


def test_an_action_takes_its_mode_from_the_path(stage):
    remote_id = stage.submit("mjproxy")
    stage.wait()
    button = stage.look(remote_id).json["buttons"][0]["customId"]
    reply = stage.mj("action", prefix="/mj-relax", taskId=remote_id, customId=button, state="s")
    assert reply.json["code"] == 1
    entry = stage.ledger.jobs[1]
    assert (entry.mode, entry.kind, entry.action, entry.parent) == ("relax", "upscale", button, remote_id)


@pytest.mark.parametrize("data", [{"taskId": 5, "customId": "x"}, {"taskId": "5"}, {"taskId": "", "customId": "x"}])
def test_ids_are_texts(stage, data):
    reply = stage.mj("action", **data)
    assert (reply.status, reply.json["description"]) == (400, "bind_request_body_failed ")
    assert len(stage.ledger.violations) == 1


def test_actions_that_cannot_be(stage):
    assert stage.mj("action", taskId="5", customId="x").json["description"] == "task_not_found "
    remote_id = stage.submit("mjproxy")
    assert stage.mj("action", taskId=remote_id, customId="x").json["description"] == "task_status_not_success "
    stage.wait()
    reply = stage.mj("action", taskId=remote_id, customId="MJ::JOB::upsample::1::other")
    assert (reply.status, reply.json["code"], reply.json["result"]) == (200, 4, None)
    assert [violation.what for violation in stage.ledger.violations] == [
        "x on an unfinished task",
        "MJ::JOB::upsample::1::other is no button of the task",
    ]


def test_a_window_neither_runs_nor_counts_nor_costs(make_stage):
    stage = make_stage(caps={"mjproxy": 1})
    reply = stage.window("Custom Zoom", "a cat --ar 2:1").json
    assert (reply["code"], reply["description"]) == (21, "Waiting for window confirm")
    assert reply["properties"] == {"finalPrompt": "a cat --ar 2:1 --zoom 2", "remix": True}
    assert type(reply["result"]) is int
    assert (stage.ledger.accepted, stage.ledger.running) == (2, {"mjproxy": 0})
    assert stage.mj("imagine", prompt="a").json["code"] == 1
    # The queue is full now; the window waits on.
    assert stage.mj("modal", taskId=str(reply["result"]), prompt="a --zoom 1.5").json["code"] == 23
    assert stage.ledger.windows == {str(reply["result"]): 0}


def test_a_custom_zoom(stage):
    remote_id = str(stage.window("Custom Zoom").json["result"])
    reply = stage.mj("modal", taskId=remote_id, prompt="a dog --zoom 1.8", maskBase64="", state="s").json
    assert (reply["code"], str(reply["result"])) == (1, remote_id)
    assert stage.ledger.windows == {remote_id: 1}
    stage.wait()
    seen = stage.look(remote_id).json
    assert (seen["status"], seen["action"], seen["prompt"]) == ("SUCCESS", "ZOOM", "a dog --zoom 1.8")
    assert seen["state"] == "s"
    assert {scene.zoom for scene in stage.world.jobs[remote_id].scenes} == {1.8}
    assert (stage.ledger.charged, stage.violations()) == (3, [])


@pytest.mark.parametrize("prompt", ["", "a cat", "a cat --zoom 1", "a cat --zoom 2.1", "a cat --zoom x"])
def test_custom_zooms_that_cannot_be(stage, prompt):
    remote_id = str(stage.window("Custom Zoom").json["result"])
    assert stage.mj("modal", taskId=remote_id, prompt=prompt).json["code"] == 4
    assert stage.violations() == ["prompt of a custom zoom without --zoom over 1 and up to 2"]
    assert stage.look(remote_id).json["status"] == "MODAL"
    assert stage.ledger.windows == {remote_id: 0}


@pytest.mark.parametrize(("prompt", "made"), [("a hat", "a hat"), ("", "a cat")])
def test_a_region(stage, draw, uri, prompt, made):
    reply = stage.window("Vary (Region)").json
    assert (reply["code"], reply["properties"]["finalPrompt"]) == (21, "a cat")
    mask = uri(draw(512, 512))
    assert stage.mj("modal", taskId=str(reply["result"]), prompt=prompt, maskBase64=mask).json["code"] == 1
    stage.wait()
    seen = stage.look(reply["result"]).json
    assert (seen["status"], seen["action"], seen["prompt"]) == ("SUCCESS", "VARIATION", made)
    assert stage.violations() == []


def test_masks_that_cannot_be(stage, image):
    remote_id = str(stage.window("Vary (Region)").json["result"])
    for mask in ("", "YWJj", image, 5):
        assert stage.mj("modal", taskId=remote_id, prompt="a hat", maskBase64=mask).json["code"] == 4
    assert stage.violations() == [
        "modal of a Vary (Region) without maskBase64",
        "maskBase64 holds something else than data URLs",
        "maskBase64 has the size (2, 2) instead of (512, 512)",
        "maskBase64 is 5, not a text",
    ]


def test_a_second_modal_is_charged_again_and_recorded(stage):
    remote_id = str(stage.window("Custom Zoom").json["result"])
    for _ in range(2):
        assert stage.mj("modal", taskId=remote_id, prompt="a --zoom 2").json["code"] in {1, 22}
    assert stage.ledger.windows == {remote_id: 2}
    assert [entry.id for entry in stage.ledger.jobs].count(remote_id) == 2
    assert (stage.ledger.charged, stage.violations()) == (4, ["modal number 2 for a window"])
    assert stage.ledger.running == {"mjproxy": 2}


def test_modals_for_what_is_no_window(stage):
    remote_id = stage.submit("mjproxy")
    assert stage.mj("modal", taskId="5", prompt="a").json["description"] == "task_not_found "
    assert stage.mj("modal", taskId=remote_id, prompt="a").json["description"] == "关联任务状态错误"
    assert stage.mj("modal", taskId=5, prompt="a").status == 400
    assert stage.violations() == ["modal for a task that is no window", "taskId is 5, not a text"]


def test_what_a_modal_says_is_read_as_strictly(stage):
    remote_id = str(stage.window("Custom Zoom").json["result"])
    assert stage.mj("modal", taskId=remote_id, prompt=5).json["code"] == 4
    assert stage.mj("modal", taskId=remote_id, prompt="gore --zoom 2").json["code"] == 24
    assert stage.mj("action", taskId=remote_id, customId="x").json["description"] == "task_status_not_success "
    assert stage.violations() == ["prompt is 5", "x on an unfinished task"]


def test_the_other_account_does_not_see_it(stage):
    remote_id = str(stage.window("Custom Zoom").json["result"])
    stage.keys["mjproxy"] = stage.world.account("mjproxy").key
    assert stage.mj("modal", taskId=remote_id, prompt="a --zoom 2").json["description"] == "task_not_found "


def test_buttons_under_texts_do_not_come_through(stage, image):
    remote_id = str(stage.mj("describe", base64=image).json["result"])
    stage.wait()
    reply = stage.mj("action", taskId=remote_id, customId="MJ::Job::PicReader::2")
    assert (reply.status, reply.json["description"]) == (400, "unknown_action:MJ::Job::PicReader::2 ")
    assert (stage.violations(), stage.ledger.refusals) == ([], {"unknown_action": 1})


def test_in_plus_they_open_a_window_with_their_text(in_profile, image):
    stage = in_profile("plus")
    described = stage.mj("describe", base64=image).json["result"]
    shortened = stage.mj("shorten", prompt="black cat").json["result"]
    stage.wait()
    text = stage.world.jobs[described].texts[1]
    reply = stage.mj("action", taskId=described, customId="MJ::Job::PicReader::2").json
    assert (reply["code"], reply["properties"]) == (21, {"finalPrompt": text, "remix": True})
    assert stage.mj("modal", taskId=reply["result"]).json["code"] == 1
    other = stage.mj("action", taskId=shortened, customId="MJ::Job::PromptAnalyzer::1").json
    assert stage.mj("modal", taskId=other["result"], prompt="a dog --ar 2:1").json["code"] == 22
    stage.wait()
    seen = [stage.look(one["result"]).json for one in (reply, other)]
    assert [(one["action"], one["prompt"], len(one["buttons"])) for one in seen] == [
        ("IMAGINE", text, 9),
        ("IMAGINE", "a dog --ar 2:1", 9),
    ]
    assert stage.world.jobs[other["result"]].size == (512, 256)
    assert stage.violations() == []


@pytest.mark.parametrize(
    ("name", "code", "description", "properties"),
    [
        ("seed", 21, "Waiting for window confirm", True),
        ("plus", 21, "Waiting for window confirm", True),
        ("relay-15s", 21, "Waiting for window confirm", True),
        ("modal-confirm", 1, "Waiting for window confirm", True),
        ("modal-disguised", 1, "提交成功", False),
    ],
)
def test_ways_to_announce_a_window(in_profile, name, code, description, properties):
    stage = in_profile(name)
    single = stage.single("mjproxy")
    stage.clock.time += 15
    reply = stage.mj("action", taskId=single, customId=stage.button(single, "Custom Zoom")).json
    assert (reply["code"], reply["description"], bool(reply["properties"])) == (code, description, properties)
    stage.clock.time += 15
    assert stage.look(reply["result"]).json["status"] == "MODAL"


def test_a_modal_with_an_id_of_its_own(in_profile):
    stage = in_profile("modal-new-id")
    first = str(stage.window("Custom Zoom").json["result"])
    second = str(stage.mj("modal", taskId=first, prompt="a --zoom 2").json["result"])
    assert second != first
    stage.wait()
    assert [stage.look(one).json["status"] for one in (first, second)] == ["MODAL", "SUCCESS"]
    assert stage.ledger.windows == {first: 1}


def test_a_task_that_says_modal_until_it_ends(in_profile):
    stage = in_profile("modal-stays")
    remote_id = str(stage.window("Custom Zoom").json["result"])
    stage.mj("modal", taskId=remote_id, prompt="a --zoom 2")
    job = stage.world.jobs[remote_id]
    seen = []
    for stage.clock.time in (job.started_at + 1, job.finished_at - 1, job.finished_at):
        seen.append(stage.look(remote_id).json["status"])
    assert seen == ["MODAL", "MODAL", "SUCCESS"]


def test_through_a_relay_the_old_row_stays_and_the_list_has_both(in_profile):
    stage = in_profile("relay-15s")
    single = stage.single("mjproxy")
    stage.clock.time += 15
    remote_id = stage.press("mjproxy", single, stage.button(single, "Custom Zoom"))
    stage.mj("modal", taskId=remote_id, prompt="a --zoom 2")
    job = stage.world.jobs[remote_id]
    stage.clock.time = (job.started_at + job.finished_at) / 2
    rows = stage.list(remote_id).json
    assert [(row["id"], row["action"], row["status"]) for row in rows] == [
        (remote_id, "CUSTOM_ZOOM", "MODAL"),
        (remote_id, "MODAL", "IN_PROGRESS"),
    ]
    assert stage.look(remote_id).json["status"] == "MODAL"
    stage.clock.time = job.finished_at + 15
    assert [row["status"] for row in stage.list(remote_id).json] == ["SUCCESS", "SUCCESS"]


def test_a_relay_that_does_not_know_the_parents_end_yet(in_profile):
    stage = in_profile("relay-15s")
    remote_id = stage.submit("mjproxy")
    [job] = stage.world.jobs.values()
    custom_id = f"MJ::JOB::upsample::1::{job.hash}"
    stage.clock.time = job.finished_at
    reply = stage.mj("action", taskId=remote_id, customId=custom_id)
    assert (reply.status, reply.json["code"], reply.json["description"]) == (400, 4, "task_status_not_success ")
    assert stage.violations() == []
    stage.clock.time += 15
    assert stage.mj("action", taskId=remote_id, customId=custom_id).json["code"] == 1


def test_the_same_upscale_again(stage, in_profile):
    old = in_profile("exists-21")
    for each, charged in ((stage, 4), (old, 3)):
        grid = each.done("mjproxy")
        button = each.button(grid, "U1")
        first = each.press("mjproxy", grid, button)
        again = each.mj("action", taskId=grid, customId=button).json
        each.wait()
        each.press("mjproxy", grid, each.button(grid, "U2"))
        assert each.ledger.charged == charged
    assert (again["code"], again["description"], str(again["result"])) == (21, "任务已存在", first)
    assert again["properties"] == {"status": "IN_PROGRESS", "imageUrl": ""}
    told = old.mj("action", taskId=grid, customId=button).json["properties"]
    assert (told["status"], old.ask("mjproxy", "GET", told["imageUrl"]).status) == ("SUCCESS", 200)
    assert old.violations() == []


def test_with_remix_more_buttons_open_windows(in_profile):
    stage = in_profile("remix")
    grid, single = stage.done("mjproxy"), stage.single("mjproxy", "a dog")
    codes = {}
    for task_id, labels in ((grid, ("U1", "V1", "🔄")), (single, ("⬅️", "Zoom Out 2x", "Vary (Strong)"))):
        for label in labels:
            reply = stage.mj("action", taskId=task_id, customId=stage.button(task_id, label)).json
            codes[label] = (reply["code"], reply["properties"].get("finalPrompt"))
    assert codes == {
        "U1": (1, None),
        "V1": (21, "a cat"),
        "🔄": (21, "a cat"),
        "⬅️": (21, "a dog"),
        "Zoom Out 2x": (22, None),
        "Vary (Strong)": (21, "a dog"),
    }
    window = next(iter(stage.ledger.windows))
    assert stage.mj("modal", taskId=window, prompt="a fox").json["code"] == 22
    stage.wait()
    assert stage.look(window).json["prompt"] == "a fox"
