RELAY = [
    *("id", "action", "customId", "botType", "prompt", "promptEn", "description", "state", "submitTime", "startTime"),
    *("finishTime", "imageUrl", "status", "progress", "failReason", "buttons", "maskBase64", "properties"),
]


def settle(stage):
    """Let the relay see the end of everything."""
    stage.clock.time = (stage.clock.time // 15 + 200) * 15


def test_a_relays_row(in_profile):
    stage = in_profile("relay-15s")
    remote_id = stage.submit("mjproxy", state="mine")
    fresh = stage.look(remote_id).json
    settle(stage)
    seen = stage.look(remote_id).json
    assert list(fresh) == list(seen) == RELAY
    assert (seen["customId"], seen["botType"], seen["maskBase64"], seen["state"]) == ("", "", "", "mine")
    assert seen["properties"] == {"finalPrompt": "a cat --v 6.1", "finalZhPrompt": ""}
    assert fresh["properties"] is None


def test_a_relays_failure_has_progress_too(in_profile):
    stage = in_profile("relay-15s")
    stage.world.inject("fail", reason="no")
    remote_id = stage.submit("mjproxy")
    settle(stage)
    seen = stage.look(remote_id).json
    assert (seen["status"], seen["progress"], seen["failReason"]) == ("FAILURE", "100%", "no")


def test_a_relays_texts(in_profile, image):
    stage = in_profile("relay-15s")
    described = stage.mj("describe", base64=image).json["result"]
    shortened = stage.mj("shorten", prompt="black cat").json["result"]
    settle(stage)
    one, other = stage.look(described).json, stage.look(shortened).json
    assert (one["prompt"], one["promptEn"]) == ("", one["properties"]["finalPrompt"])
    assert (other["prompt"], other["promptEn"]) == ("", "")
    assert "## Shortened prompts" in other["properties"]["finalPrompt"]


def test_a_relay_has_its_own_names_for_actions(in_profile):
    stage = in_profile("relay-15s")
    single = stage.single("mjproxy")
    settle(stage)
    seen = {}
    for label in ("Vary (Subtle)", "Vary (Strong)", "Vary (Region)", "Custom Zoom", "Zoom Out 2x"):
        remote_id = stage.press("mjproxy", single, stage.button(single, label))
        settle(stage)
        seen[label] = stage.look(remote_id).json["action"]
    assert list(seen.values()) == ["LOW_VARIATION", "HIGH_VARIATION", "INPAINT", "CUSTOM_ZOOM", "ZOOM"]


def test_the_java_original(in_profile):
    stage = in_profile("old-proxy")
    remote_id = stage.submit("mjproxy")
    seen = stage.look(remote_id).json
    assert (seen["status"], seen["progress"], seen["startTime"], seen["imageUrl"]) == ("NOT_START", None, None, None)
    stage.wait()
    seen = stage.look(remote_id).json
    assert (seen["status"], seen["progress"], seen["description"]) == ("SUCCESS", "100%", "/imagine a cat")
    assert (seen["failReason"], seen["state"], "buttons" in seen) == (None, None, False)


def test_the_java_originals_failure_and_texts(in_profile, image):
    stage = in_profile("old-proxy")
    stage.world.inject("fail", reason="no")
    failed = stage.submit("mjproxy")
    described = stage.mj("describe", base64=image).json["result"]
    stage.wait()
    seen = stage.look(failed).json
    assert (seen["status"], seen["progress"], seen["failReason"]) == ("FAILURE", "", "no")
    seen = stage.look(described).json
    assert seen["prompt"] == seen["promptEn"] == seen["properties"]["finalPrompt"]
    assert seen["prompt"].startswith("1\ufe0f\u20e3")


def test_the_java_originals_queue_and_list(in_profile):
    stage = in_profile("old-proxy")
    told = [stage.mj("imagine", prompt="a").json for _ in range(2)]
    assert [one["code"] for one in told] == [1, 22]
    assert [row["id"] for row in stage.list(*(one["result"] for one in told), "5").json] == [
        one["result"] for one in told
    ]


def test_drift(in_profile):
    stage = in_profile("drift")
    remote_id = stage.submit("mjproxy")
    [job] = stage.world.jobs.values()
    seen = []
    for stage.clock.time in (0, (job.started_at + job.finished_at) / 2, job.finished_at):
        seen.append(stage.look(remote_id).json)
    assert [one["progress"] for one in seen] == [None, 46, 100]
    assert [one["buttons"] is None for one in seen] == [True, True, False]
    assert {one["id"] for one in seen} == {int(remote_id)}
    assert seen[0]["startTime"] is None
    assert type(seen[2]["finishTime"]) is str
    assert seen[2]["displays"] == {"version": 7}
