import pytest

from mjasync.sim.gestures import GRID, SINGLE, Gesture
from mjasync.sim.mjproxy.buttons import buttons, custom_id, let_through, pressed
from mjasync.sim.replies import Refusal
from mjasync.sim.ways import Buttons


def made(stage, *tokens):
    remote_id = stage.submit("mjproxy")
    stage.wait()
    for token in tokens:
        remote_id = stage.press("mjproxy", remote_id, token % stage.world.jobs[remote_id].hash)
        stage.wait()
    return stage.world.jobs[remote_id]


def test_a_grid_has_the_buttons_of_the_seed(stage):
    job = made(stage)
    assert [(b["customId"], b["emoji"], b["label"]) for b in buttons(job, stage.clock())] == [
        *((f"MJ::JOB::upsample::{n}::{job.hash}", "", f"U{n}") for n in (1, 2, 3, 4)),
        (f"MJ::JOB::reroll::0::{job.hash}::SOLO", "🔄", ""),
        *((f"MJ::JOB::variation::{n}::{job.hash}", "", f"V{n}") for n in (1, 2, 3, 4)),
    ]


def test_an_upscale_has_all_the_others(stage):
    job = made(stage, "MJ::JOB::upsample::2::%s")
    found = [b["customId"].replace(job.hash, "H") for b in buttons(job, stage.clock())]
    assert found == [
        "MJ::JOB::upsample_v6r1_2x_subtle::1::H::SOLO",
        "MJ::JOB::upsample_v6r1_2x_creative::1::H::SOLO",
        "MJ::JOB::low_variation::1::H::SOLO",
        "MJ::JOB::high_variation::1::H::SOLO",
        "MJ::Inpaint::1::H::SOLO",
        "MJ::Outpaint::50::1::H::SOLO",
        "MJ::Outpaint::75::1::H::SOLO",
        "MJ::CustomZoom::H",
        "MJ::Outpaint::100::1::H::SOLO",
        *(f"MJ::JOB::pan_{side}::1::H::SOLO" for side in ("left", "right", "up", "down")),
    ]


def test_a_custom_id_leads_back_to_its_gesture(stage):
    for job, gestures in ((made(stage), GRID), (made(stage, "MJ::JOB::upsample::1::%s"), SINGLE)):
        assert [pressed(job, custom_id(job, gesture), stage.clock()) for gesture in gestures] == list(gestures)
    assert pressed(job, custom_id(job, Gesture("upscale", 1)), stage.clock()) is None
    assert pressed(job, custom_id(job, SINGLE[0]), 0.0) is None


def through(wanted, buttons):
    try:
        let_through(wanted, buttons)
    except Refusal as refusal:
        return refusal.status
    return 200


@pytest.mark.parametrize(
    ("wanted", "statuses"),
    [
        ("MJ::JOB::upsample::2::H", (200, 200, 200)),
        ("MJ::JOB::upsample_v6r1_2x_subtle::1::H::SOLO", (200, 200, 200)),
        ("MJ::JOB::upsample::x::H", (200, 400, 200)),
        ("MJ::JOB::low_variation::1::H::SOLO", (200, 200, 200)),
        ("MJ::JOB::reroll::0::H::SOLO", (200, 200, 200)),
        ("MJ::JOB::pan_left::1::H::SOLO", (200, 200, 200)),
        ("MJ::Outpaint::50::1::H::SOLO", (200, 200, 200)),
        ("MJ::CustomZoom::H", (200, 200, 200)),
        ("MJ::Inpaint::1::H::SOLO", (200, 200, 200)),
        ("MJ::Job::PicReader::1", (400, 400, 200)),
        ("MJ::Picread::Retry", (400, 400, 200)),
        ("MJ::Job::PromptAnalyzer::5", (400, 400, 200)),
        ("MJ::BOOKMARK::H", (200, 400, 200)),
        ("MJ::JOB", (200, 400, 200)),
        ("upscale", (200, 500, 200)),
    ],
)
def test_what_a_relay_can_read(wanted, statuses):
    assert tuple(through(wanted, kind) for kind in (Buttons.PICTURES, Buttons.CLOSED, Buttons.ALL)) == statuses


def test_texts_have_numbered_buttons(stage, draw, uri):
    described = str(stage.mj("describe", base64=uri(draw())).json["result"])
    shortened = str(stage.mj("shorten", prompt="black cat").json["result"])
    stage.wait()
    now = stage.clock()
    found = [
        [(b["customId"], b["emoji"]) for b in buttons(stage.world.jobs[one], now)] for one in (described, shortened)
    ]
    assert found[0] == [(f"MJ::Job::PicReader::{n}", f"{n}\ufe0f\u20e3") for n in (1, 2, 3, 4)]
    assert found[1] == [(f"MJ::Job::PromptAnalyzer::{n}", f"{n}\ufe0f\u20e3") for n in (1, 2)]
