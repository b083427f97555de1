"""TTAPI's requests, against seed 000 and its contract; how answers are read is in the files beside."""

import json

import pytest

from mjasync.core.model import Action, Extras, Mode, Snapshot, Status
from mjasync.errors import ActionUnavailable
from tests.dialects.cases import answer, imagine, parent, press
from tests.dialects.ttapi_cases import BASE, DIALECT, ID, sample


def test_the_mode_goes_in_the_body():
    assert "" == DIALECT.prefix("/mj-{mode}", "fast")


def test_imagine_is_the_seeds_request_with_mode_for_model():
    expected = sample("imagine_request")
    expected["mode"] = expected.pop("model")

    request = DIALECT.write_submit(BASE, imagine(extras=Extras(hook_url="", timeout=300)), None)

    assert ("POST", f"{BASE}/midjourney/v1/imagine") == (request.method, request.url)
    assert {"Content-Type": "application/json"} == request.headers
    assert expected == json.loads(request.body)
    assert (False, 100.0) == (request.repeatable, request.timeout)


@pytest.mark.parametrize("mode", Mode)
def test_mode_is_always_sent_and_model_never(mode):
    body = json.loads(DIALECT.write_submit(BASE, imagine(mode=mode), None).body)

    assert {"prompt": "a cute cat", "mode": str(mode)} == body


def test_imagine_takes_all_its_extras():
    extras = Extras(timeout=1200, hook_url="https://h/x", get_u_images=True, translation=False)
    body = json.loads(DIALECT.write_submit(BASE, imagine("黑猫 --ar 1:1", extras=extras), None).body)

    assert {
        "prompt": "黑猫 --ar 1:1",
        "mode": "fast",
        "timeout": 1200,
        "hookUrl": "https://h/x",
        "getUImages": True,
        "translation": False,
    } == body


def test_a_prompt_travels_as_utf8():
    assert "黑猫".encode() in DIALECT.write_submit(BASE, imagine("黑猫"), None).body


def test_action_is_the_seeds_request():
    grid = parent(ID, Action("upscale1", "upsample1", "U1"))
    request = DIALECT.write_submit(BASE, press(extras=Extras(hook_url="")), grid)

    assert ("POST", f"{BASE}/midjourney/v1/action") == (request.method, request.url)
    assert {"Content-Type": "application/json"} == request.headers
    assert sample("action_request") == json.loads(request.body)
    assert not request.repeatable


def test_fetch_is_the_seeds_request():
    request = DIALECT.write_look(BASE, ID, other_verb=False)

    assert ("POST", f"{BASE}/midjourney/v1/fetch") == (request.method, request.url)
    assert sample("fetch_request") == json.loads(request.body)
    assert (True, 30.0, {"Content-Type": "application/json"}) == (request.repeatable, request.timeout, request.headers)


def test_fetch_by_the_other_verb():
    request = DIALECT.write_look(BASE, "a b&c=/?", other_verb=True)

    assert ("GET", f"{BASE}/midjourney/v1/fetch?jobId=a%20b%26c%3D%2F%3F", None, True) == (
        request.method,
        request.url,
        request.body,
        request.repeatable,
    )


@pytest.mark.parametrize(
    ("spec", "why"),
    [
        (imagine(), None),
        (imagine(extras=Extras(timeout=300, translation=True, get_u_images=True, hook_url="h")), None),
        (imagine(mode=Mode.RELAX, extras=Extras(timeout=600)), None),
        (imagine(mode=Mode.RELAX, extras=Extras(timeout=599)), "from 600 to 1200 seconds in relax mode, not 599"),
        (imagine(extras=Extras(timeout=299)), "from 300 to 1200 seconds in fast mode, not 299"),
        (imagine(mode=Mode.TURBO, extras=Extras(timeout=1201)), "from 300 to 1200 seconds in turbo mode, not 1201"),
        (imagine(extras=Extras(state="s")), "TTAPI's imagine has no state="),
        (imagine(extras=Extras(bot_type="b")), "TTAPI's imagine has no bot_type="),
        (imagine(extras=Extras(notify_hook="b")), "TTAPI's imagine has no notify_hook="),
        (imagine(extras=Extras(account_filter={})), "TTAPI's imagine has no account_filter="),
        (press(extras=Extras(timeout=300, get_u_images=True, hook_url="h")), None),
        (press(extras=Extras(translation=True)), "TTAPI's action has no translation="),
    ],
)
def test_lacks(spec, why):
    lacks = DIALECT.lacks(spec)

    assert (why is None) is (lacks is None)
    assert why is None or (why in lacks.why and not lacks.action)


def test_offered_by_the_components_or_by_the_documented_names():
    grid = DIALECT.read_look(answer(200, sample("callback")), "imagine")
    silent = Snapshot(status=Status.DONE)
    single = Snapshot(status=Status.DONE, actions=(Action("zoom_2", "zoom_out_2"),))

    assert Action("upscale2", "upsample2", "U2") == DIALECT.offered(grid, "upscale2")
    assert Action("vary3", "variation3", "V3") == DIALECT.offered(grid, "V3")
    assert Action("reroll", "reroll") == DIALECT.offered(grid, "reroll"), (
        "contracts_ttapi §4: missing from the seed's sample only"
    )
    assert Action("zoom_1.5", "zoom_out_1_5") == DIALECT.offered(silent, "zoom_1.5")
    assert Action("vary_strong", "high_variation") == DIALECT.offered(silent, "high_variation")
    for parent, wanted in ((grid, "zoom_2"), (single, "reroll"), (silent, "cancel"), (silent, "zoom_3")):
        with pytest.raises(ActionUnavailable):
            DIALECT.offered(parent, wanted)
