import json

import pytest

SAMPLE = [
    "id",
    "action",
    "prompt",
    "promptEn",
    "description",
    "state",
    "submitTime",
    "startTime",
    "finishTime",
    "imageUrl",
    "status",
    "progress",
    "failReason",
    "properties",
    "buttons",
]
PROPERTIES = [
    "botType",
    "discordChannelId",
    "discordInstanceId",
    "finalPrompt",
    "flags",
    "messageContent",
    "messageHash",
    "messageId",
    "nonce",
    "notifyHook",
    "progressMessageId",
]


@pytest.fixture
def task(stage):
    stage.submit("mjproxy", "cat --v 6.1", state="mine", notifyHook="https://hook.example/")
    [job] = stage.world.jobs.values()

    def look(at):
        stage.clock.time = at
        return stage.look(job.id).json

    return job, look


def test_a_finished_task_has_exactly_the_keys_of_the_seeds_sample(task):
    job, look = task
    seen = look(job.finished_at)
    assert list(seen) == SAMPLE
    assert list(seen["properties"]) == PROPERTIES
    assert set(seen["buttons"][0]) == {"customId", "emoji", "label", "style", "type"}
    assert (seen["id"], seen["action"], seen["status"], seen["progress"]) == (job.id, "IMAGINE", "SUCCESS", "100%")
    assert (seen["state"], seen["properties"]["notifyHook"]) == ("mine", "https://hook.example/")
    assert seen["properties"]["finalPrompt"] == "cat --v 6.1"
    assert seen["properties"]["messageContent"].endswith(" (fast)")
    assert seen["imageUrl"] == f"https://mjproxy.sim.invalid/pictures/{job.hash}.png"


def test_it_goes_through_the_states_of_the_seed(task):
    job, look = task
    run = job.finished_at - job.started_at
    moments = (0, job.started_at, job.started_at + run / 2, job.finished_at)
    seen = [look(moment) for moment in moments]
    assert [one["status"] for one in seen] == ["NOT_START", "SUBMITTED", "IN_PROGRESS", "SUCCESS"]
    assert [one["progress"] for one in seen] == ["0%", "0%", "46%", "100%"]
    assert [bool(one["imageUrl"]) for one in seen] == [False, False, True, True]
    assert [bool(one["buttons"]) for one in seen] == [False, False, False, True]
    assert seen[2]["imageUrl"].endswith("_46.png")
    assert "(46%) (fast)" in seen[2]["properties"]["messageContent"]
    assert seen[0]["properties"] == {}


def test_times_are_ms_since_1970_or_0(task):
    job, look = task
    first, last = look(0), look(job.finished_at)
    assert (first["submitTime"], first["startTime"], first["finishTime"]) == (1741531578038, 0, 0)
    assert last["startTime"] == round((1741531578.038 + job.started_at) * 1000)
    assert last["finishTime"] - last["startTime"] == pytest.approx((job.finished_at - job.started_at) * 1000, abs=1)


def test_a_failed_task(stage):
    stage.world.inject("fail", reason="[Banned prompt detected] x")
    remote_id = stage.submit("mjproxy")
    stage.wait()
    seen = stage.look(remote_id).json
    assert (seen["status"], seen["failReason"]) == ("FAILURE", "[Banned prompt detected] x")
    assert (seen["progress"], seen["imageUrl"], seen["buttons"]) == ("100%", "", [])


@pytest.mark.parametrize(("mode", "word"), [("relax", "relaxed"), ("turbo", "turbo")])
def test_the_mode_stands_at_the_end_of_the_message(stage, mode, word):
    remote_id = str(stage.mj("imagine", prefix=f"/mj-{mode}", prompt="a <cat> & a dog").json["result"])
    stage.wait()
    reply = stage.look(remote_id)
    assert reply.json["properties"]["messageContent"].endswith(f"({word})")
    assert reply.json["properties"]["finalPrompt"] == "a <cat> & a dog --v 6.1"
    assert b"\\u003ccat\\u003e \\u0026 a dog" in reply.body
    assert json.dumps(reply.json["buttons"], ensure_ascii=False).count("🔄") == 1


def test_follow_ups_are_named_after_their_kind(stage):
    remote_id = stage.submit("mjproxy")
    stage.wait()
    for label, action in (("U2", "UPSCALE"), ("Zoom Out 2x", "ZOOM"), ("V1", "VARIATION"), ("", "REROLL")):
        found = next(b["customId"] for b in stage.look(remote_id).json["buttons"] if b["label"] == label)
        remote_id = stage.press("mjproxy", remote_id, found)
        stage.wait()
        assert stage.look(remote_id).json["action"] == action
        assert stage.look(remote_id).json["prompt"] == "a cat"


def keycaps(text):
    return [line[:3] for line in text.split("\n\n")]


def test_a_description_is_numbered(stage, image):
    remote_id = str(stage.mj("describe", base64=image).json["result"])
    assert stage.look(remote_id).json["promptEn"] == ""
    stage.wait()
    seen = stage.look(remote_id).json
    text = seen["properties"]["finalPrompt"]
    assert keycaps(text) == [f"{number}\ufe0f\u20e3" for number in (1, 2, 3, 4)]
    assert (seen["action"], seen["promptEn"], seen["prompt"], seen["imageUrl"]) == ("DESCRIBE", text, "", "")
    assert len(seen["buttons"]) == 4


def test_shortened_prompts_stand_under_their_heading(stage):
    remote_id = str(stage.mj("shorten", prompt="a very black cat").json["result"])
    stage.wait()
    seen = stage.look(remote_id).json
    tokens, _, texts = seen["properties"]["finalPrompt"].partition("\n## Shortened prompts\n")
    assert tokens.startswith("## Important tokens\n**a** (0.")
    assert keycaps(texts)[0] == "1\ufe0f\u20e3"
    assert (seen["action"], seen["prompt"], seen["description"]) == ("SHORTEN", "a very black cat", "Submit success")
    assert len(seen["buttons"]) == len(keycaps(texts))


def test_plain_texts(in_profile, image):
    stage = in_profile("plain-texts")
    described = str(stage.mj("describe", base64=image).json["result"])
    shortened = str(stage.mj("shorten", prompt="black cat").json["result"])
    assert stage.look(shortened).json["description"] == "Submit success"
    stage.wait()
    assert stage.look(described).json["promptEn"].split("\r\n") == list(stage.world.jobs[described].texts)
    seen = stage.look(shortened).json
    assert "## Shortened prompts" in seen["description"]
    assert seen["properties"]["finalPrompt"] == ""


def test_a_window_says_modal(stage):
    remote_id = str(stage.window("Custom Zoom").json["result"])
    seen = stage.look(remote_id).json
    assert list(seen) == SAMPLE
    assert (seen["status"], seen["progress"], seen["action"]) == ("MODAL", "0%", "ZOOM")
    assert (seen["startTime"], seen["imageUrl"], seen["buttons"]) == (0, "", [])
    assert (seen["properties"]["finalPrompt"], seen["properties"]["remix"]) == ("a cat --zoom 2", True)


def test_a_relay_shows_what_it_last_saw(in_profile):
    stage = in_profile("relay-15s")
    stage.clock.time = 7.0
    remote_id = stage.submit("mjproxy")
    [job] = stage.world.jobs.values()
    seen = {}
    for stage.clock.time in (7.0, 14.9, 15.0, 44.9, job.finished_at, job.finished_at + 15):
        told = stage.look(remote_id).json
        seen[stage.clock.time] = (told["status"], told["progress"], told["buttons"] is None)
    assert list(seen.values()) == [
        ("", "0%", True),
        ("", "0%", True),
        ("SUBMITTED", "0%", False),
        ("IN_PROGRESS", "31%", False),
        ("IN_PROGRESS", "93%", False),
        ("SUCCESS", "100%", False),
    ]


def test_the_relays_table_follows_the_speed_of_the_world(in_profile):
    stage = in_profile("relay-15s", speed=60)
    stage.clock.time = 0.1
    remote_id = stage.submit("mjproxy")
    assert stage.look(remote_id).json["status"] == ""
    stage.clock.time = 0.25
    assert stage.look(remote_id).json["status"] != ""


def test_a_frozen_row(in_profile):
    stage = in_profile("frozen-100")
    remote_id = stage.done("mjproxy")
    stage.clock.time += 1e6
    seen = stage.look(remote_id).json
    assert (seen["status"], seen["progress"], seen["buttons"], seen["finishTime"]) == ("IN_PROGRESS", "100%", [], 0)
    assert stage.ask("mjproxy", "GET", seen["imageUrl"]).status == 200
    reply = stage.mj("action", taskId=remote_id, customId=f"MJ::JOB::upsample::1::{stage.world.jobs[remote_id].hash}")
    assert reply.json["description"] == "task_status_not_success "


def test_words_do_not_freeze(in_profile, image):
    stage = in_profile("frozen-100")
    remote_id = str(stage.mj("describe", base64=image).json["result"])
    stage.wait()
    assert stage.look(remote_id).json["status"] == "SUCCESS"
