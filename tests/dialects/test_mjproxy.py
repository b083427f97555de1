"""midjourney-proxy's requests, against seed 001 and its contract; how answers are read is in the files beside."""

import pytest

from mjasync.core.answers import Lack
from mjasync.core.model import Action, Extras, Snapshot, Status
from mjasync.core.operations import GetSeed, Upload
from mjasync.errors import ActionUnavailable
from tests.dialects.cases import LINK, answer, imagine, press
from tests.dialects.mjproxy_cases import DIALECT, H, coded, sample


@pytest.mark.parametrize(
    ("template", "mode", "expected"),
    [
        pytest.param("/mj-{mode}", "fast", "/mj-fast", id="seed 001 line 77"),
        pytest.param("/mj-{mode}", "relax", "/mj-relax", id="seed 001 line 78"),
        pytest.param("/{mode}", "fast", "/fast", id="seed 001 line 107, the samples"),
        pytest.param("/{mode}-{mode}", "turbo", "/turbo-turbo", id="twice"),
        pytest.param("", "turbo", "", id="contracts_mjproxy C21: no prefix"),
    ],
)
def test_the_mode_goes_in_the_path(template, mode, expected):
    assert expected == DIALECT.prefix(template, mode)


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
    for job, wanted in ((grid, "zoom_2"), (Snapshot(status=Status.DONE), "upscale1")):
        with pytest.raises(ActionUnavailable):
            DIALECT.offered(job, wanted)


def test_what_is_whole_at_once_has_readers_of_its_own():
    seed = DIALECT.read_submit(answer(200, coded(1, "ok", "5")), GetSeed())
    upload = DIALECT.read_submit(answer(200, coded(1, "ok", ["https://a/1"])), Upload(images=(LINK,)))

    assert ("5", ("https://a/1",)) == (seed.snapshot.seed, upload.snapshot.images)
