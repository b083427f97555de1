"""A button of midjourney-proxy is named by the grammar of its customId, and keeps its token."""

import pytest

from mjasync.core.model import Action
from mjasync.core.operations import Press
from tests.dialects.cases import answer, asks, body_of, loaded, parent
from tests.dialects.mjproxy_cases import BASE, DIALECT, H, relayed

_GRAMMAR = [
    *[(f"MJ::JOB::upsample::{n}::{H}", f"upscale{n}") for n in (1, 2, 3, 4)],
    *[(f"MJ::JOB::variation::{n}::{H}", f"vary{n}") for n in (1, 2, 3, 4)],
    (f"MJ::JOB::reroll::0::{H}::SOLO", "reroll"),
    (f"MJ::JOB::upsample_v5_2x::1::{H}::SOLO", "upscale_2x"),
    (f"MJ::JOB::upsample_v5_4x::1::{H}::SOLO", "upscale_4x"),
    (f"MJ::JOB::upsample_v6_2x_subtle::1::{H}::SOLO", "upscale_subtle"),
    (f"MJ::JOB::upsample_v6_2x_creative::1::{H}::SOLO", "upscale_creative"),
    (f"MJ::JOB::upsample_v6r1_2x_subtle::1::{H}::SOLO", "upscale_subtle"),
    (f"MJ::JOB::upsample_v6r1_2x_creative::1::{H}::SOLO", "upscale_creative"),
    (f"MJ::JOB::upsample_v7_2x_subtle::1::{H}::SOLO", "upscale_subtle"),
    (f"MJ::JOB::upsample_v7_2x_creative::1::{H}::SOLO", "upscale_creative"),
    (f"MJ::JOB::low_variation::1::{H}::SOLO", "vary_subtle"),
    (f"MJ::JOB::high_variation::1::{H}::SOLO", "vary_strong"),
    (f"MJ::Inpaint::1::{H}::SOLO", "vary_region"),
    (f"MJ::Outpaint::50::1::{H}::SOLO", "zoom_2"),
    (f"MJ::Outpaint::75::1::{H}::SOLO", "zoom_1.5"),
    (f"MJ::Outpaint::100::1::{H}::SOLO", "square"),
    (f"MJ::CustomZoom::{H}", "zoom_custom"),
    (f"MJ::CustomZoom::1::{H}", "zoom_custom"),
    *[(f"MJ::JOB::pan_{way}::1::{H}::SOLO", f"pan_{way}") for way in ("left", "right", "up", "down")],
    *[
        (token, token)
        for token in (
            f"MJ::BOOKMARK::{H}",
            "MJ::Job::PicReader::1",
            "MJ::Job::PicReader::all",
            "MJ::Picread::Retry",
            "MJ::Job::PromptAnalyzer::5",
            f"MJ::JOB::animate_high::1::{H}::SOLO",
            f"MJ::JOB::animate_low_extend::2::{H}",
            f"MJ::JOB::video_virtual_upscale::1::{H}",
            f"MJ::JOB::video::low::{H}::vid_1.1_i2v_480::auto",
            f"MJ::JOB::upsample::5::{H}",
            "no grammar at all",
        )
    ],
]


@pytest.mark.parametrize(
    ("token", "name"), [pytest.param(*row, id=f"contracts_mjproxy §9.2 {row[0]}") for row in _GRAMMAR]
)
def test_a_button_is_named_by_its_grammar_and_keeps_its_token(token, name):
    """contracts_mjproxy C20."""
    seen = DIALECT.read_look(
        answer(200, {"status": "SUCCESS", "buttons": [{"customId": token, "emoji": "upscale_1"}]}), "imagine"
    )

    assert (Action(name, token, ""),) == seen.actions
    mask = loaded() if name == "vary_region" else None
    ready = asks(Press(action=name, mask=mask, factor=1.8))
    assert {"customId": token, "taskId": "1"} == body_of(
        DIALECT.write_submit(BASE, ready, parent("1", *seen.actions))
    ), "it goes out as it came"


def test_what_a_stock_relay_lets_through_and_what_it_refuses():
    """contracts_mjproxy §9.3: a refused button is a refusal, free, and says so."""
    refused = DIALECT.read_submit(answer(400, relayed("unknown_action:BOOKMARK")), Press(action="MJ::BOOKMARK::1"))

    assert ("InvalidRequest", "no") == (refused.failure.kind, refused.failure.charged)
