"""TTAPI's requests, against seed 000 and its contract; how answers are read is in the files beside."""

import json

import pytest

from mjasync.core.model import Action, Extras, Mode, Snapshot, Status
from mjasync.errors import ActionUnavailable
from tests.dialects.cases import answer, imagine, parent, press
from tests.dialects.ttapi_cases import BASE, DIALECT, ID, sample

#: A hosted account may list nothing at all.
SILENT = Snapshot(status=Status.DONE, images=("https://c/1.png",))
PICTURELESS = Snapshot(status=Status.DONE, texts=("a",))
V5 = Snapshot(status=Status.DONE, actions=(Action("upscale_2x", "upscale2"),))
SINGLE = Snapshot(status=Status.DONE, actions=(Action("zoom_2", "zoom_out_2"),))
NEW = Snapshot(status=Status.DONE, actions=(Action("new_button", "new_button"),))


def test_the_mode_goes_in_the_body():
    assert "" == DIALECT.prefix("/mj-{mode}", "fast")


@pytest.mark.fault("P20")
@pytest.mark.parametrize("mode", Mode)
def test_mode_is_always_sent_and_model_never(mode):
    """contracts_ttapi §10 1 + contracts_ttapi §10 2 + contracts_ttapi §3 mode."""
    body = json.loads(DIALECT.write_submit(BASE, imagine(mode=mode), None).body)

    assert {"prompt": "a cute cat", "mode": str(mode)} == body


def test_a_prompt_travels_as_utf8():
    assert "黑猫".encode() in DIALECT.write_submit(BASE, imagine("黑猫"), None).body


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


@pytest.mark.parametrize(
    ("job", "wanted", "expected"),
    [
        pytest.param(V5, "upscale_2x", Action("upscale_2x", "upscale2"), id="contracts_ttapi §4 upscale2: by our name"),
        pytest.param(V5, "upscale2", None, id="contracts_ttapi §4 upscale2: our upscale2 is U2, which is not offered"),
        pytest.param(SILENT, "upscale2", Action("upscale2", "upsample2"), id="our upscale2 where nothing is listed"),
        pytest.param(SINGLE, "vary_region", Action("vary_region", "vary_region"), id="contracts_ttapi §4 vary_region"),
        pytest.param(SINGLE, "high_variation", None, id="contracts_ttapi §4 rule 2: a token that is not listed"),
        pytest.param(NEW, "new_button", Action("new_button", "new_button"), id="contracts_ttapi §4 rule 1: open names"),
    ],
)
def test_what_a_job_offers(job, wanted, expected):
    if expected is None:
        with pytest.raises(ActionUnavailable):
            DIALECT.offered(job, wanted)
    else:
        assert expected == DIALECT.offered(job, wanted)


def test_resolve_is_what_would_be_pressed():
    grid = parent(ID, Action("upscale1", "upsample1", "U1"))

    assert Action("upscale1", "upsample1", "U1") == DIALECT.resolve(press("U1"), grid)
    assert DIALECT.resolve(imagine(), None) is None


def test_offered_by_the_components_or_by_the_documented_names():
    grid = DIALECT.read_look(answer(200, sample("callback")), "imagine")
    single = Snapshot(status=Status.DONE, actions=(Action("zoom_2", "zoom_out_2"),))

    assert Action("upscale2", "upsample2", "U2") == DIALECT.offered(grid, "upscale2")
    assert Action("vary3", "variation3", "V3") == DIALECT.offered(grid, "V3")
    assert Action("reroll", "reroll") == DIALECT.offered(grid, "reroll"), (
        "contracts_ttapi §4: missing from the seed's sample only"
    )
    assert Action("zoom_1.5", "zoom_out_1_5") == DIALECT.offered(SILENT, "zoom_1.5")
    assert Action("vary_strong", "high_variation") == DIALECT.offered(SILENT, "high_variation")
    for job, wanted in (
        (grid, "zoom_2"),
        (single, "reroll"),
        (SILENT, "cancel"),
        (SILENT, "zoom_3"),
        (PICTURELESS, "upscale1"),
    ):
        with pytest.raises(ActionUnavailable):
            DIALECT.offered(job, wanted)
