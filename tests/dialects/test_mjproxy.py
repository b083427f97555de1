"""midjourney-proxy's requests, against seed 001 and its contract; how answers are read is in the files beside."""

import json

import pytest

from mjasync.core.answers import Lack
from mjasync.core.model import Action, Extras, Snapshot, Status
from mjasync.errors import ActionUnavailable
from tests.dialects.cases import answer, imagine, parent, press
from tests.dialects.mjproxy_cases import BASE, DIALECT, ID, H, sample


@pytest.mark.parametrize(
    ("template", "mode", "expected"),
    [
        pytest.param("/mj-{mode}", "fast", "/mj-fast", id="seed 001 line 77"),
        pytest.param("/mj-{mode}", "relax", "/mj-relax", id="seed 001 line 78"),
        pytest.param("/{mode}", "fast", "/fast", id="seed 001 line 107, the samples"),
        pytest.param("/{mode}-{mode}", "turbo", "/turbo-turbo", id="twice"),
        pytest.param("", "turbo", "", id="contracts_mjproxy §1 no prefix"),
    ],
)
def test_the_mode_goes_in_the_path(template, mode, expected):
    assert expected == DIALECT.prefix(template, mode)


@pytest.mark.parametrize(("name", "prompt"), [("imagine_curl_request", "black cat"), ("imagine_request", "Cat")])
def test_imagine_is_the_seeds_request(name, prompt):
    request = DIALECT.write_submit(BASE, imagine(prompt), None)

    assert ("POST", "https://relay.example/mj-fast/mj/submit/imagine") == (request.method, request.url)
    assert {"Content-Type": "application/json"} == request.headers
    assert sample(name) == json.loads(request.body)
    assert (False, 100.0) == (request.repeatable, request.timeout), "contracts_mjproxy §14: a relay may take 60 s"


def test_imagine_takes_its_extras():
    extras = Extras(state="s", notify_hook="https://h/x", bot_type="NIJI_JOURNEY", account_filter={"modes": ["RELAX"]})
    body = json.loads(DIALECT.write_submit(BASE, imagine("black cat", extras=extras), None).body)

    assert {
        "base64Array": [],
        "prompt": "black cat",
        "state": "s",
        "notifyHook": "https://h/x",
        "botType": "NIJI_JOURNEY",
        "accountFilter": {"modes": ["RELAX"]},
    } == body


def test_the_common_name_of_the_hook_is_sent_too():
    body = json.loads(
        DIALECT.write_submit(BASE, imagine("black cat", extras=Extras(hook_url="https://h/x")), None).body
    )

    assert "https://h/x" == body["notifyHook"]


@pytest.mark.parametrize("name", ["action_request", "action_step_request"])
def test_action_is_the_seeds_request(name):
    expected = sample(name)

    grid = parent("14001934816969359", Action("upscale2", expected["customId"], "U2"))
    request = DIALECT.write_submit(BASE, press("upscale2"), grid)

    assert ("POST", "https://relay.example/mj-fast/mj/submit/action") == (request.method, request.url)
    assert expected == json.loads(request.body)
    assert isinstance(json.loads(request.body)["taskId"], str), "contracts_mjproxy §4: a number is refused"
    assert not request.repeatable


@pytest.mark.parametrize(
    "base", ["https://relay.example/mj-fast", "https://relay.example/fast", "https://relay.example"]
)
def test_fetch_is_the_seeds_request_under_the_same_prefix(base):
    for other_verb in (False, True):
        request = DIALECT.write_look(base, ID, other_verb=other_verb)

        assert ("GET", f"{base}/mj/task/{ID}/fetch", None, True) == (
            request.method,
            request.url,
            request.body,
            request.repeatable,
        )


def test_an_id_cannot_leave_its_place_in_the_path():
    assert f"{BASE}/mj/task/..%2F..%2Fadmin%3F/fetch" == DIALECT.write_look(BASE, "../../admin?", other_verb=False).url


@pytest.mark.parametrize(
    ("spec", "why"),
    [
        (imagine("black cat"), None),
        (imagine("black cat", extras=Extras(state="s", notify_hook="h", bot_type="b", account_filter={})), None),
        (imagine("black cat", extras=Extras(timeout=300)), "midjourney-proxy's imagine has no timeout="),
        (imagine("black cat", extras=Extras(translation=True)), "midjourney-proxy's imagine has no translation="),
        (imagine("black cat", extras=Extras(get_u_images=True)), "midjourney-proxy's imagine has no get_u_images="),
        (press("upscale2", extras=Extras(state="s", notify_hook="h", hook_url="h")), None),
        (press("upscale2", extras=Extras(bot_type="b")), "midjourney-proxy's action has no bot_type="),
    ],
)
def test_lacks(spec, why):
    assert (Lack(why=why) if why else None) == DIALECT.lacks(spec)


def test_a_button_is_offered_by_the_task_and_never_made_up():
    grid = DIALECT.read_look(answer(200, sample("fetch_success")), "imagine")

    assert Action("upscale2", f"MJ::JOB::upsample::2::{H}", "U2") == DIALECT.offered(grid, "upscale2")
    for parent, wanted in ((grid, "zoom_2"), (Snapshot(status=Status.DONE), "upscale1")):
        with pytest.raises(ActionUnavailable):
            DIALECT.offered(parent, wanted)
