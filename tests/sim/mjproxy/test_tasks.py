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
