"""A task of midjourney-proxy as a snapshot: its state, its fields and its buttons, against seed 001."""

import pytest

from mjasync.core.model import Action, Mode, Snapshot, Status
from tests.dialects.cases import answer
from tests.dialects.mjproxy_cases import DIALECT, ID, H, sample


def test_the_seeds_task():
    body = sample("fetch_success")

    seen = DIALECT.read_look(answer(200, body), "imagine")

    assert (
        Snapshot(
            status=Status.DONE,
            progress=100,
            images=(body["imageUrl"],),
            preview=body["imageUrl"],
            actions=(
                *(Action(f"upscale{n}", f"MJ::JOB::upsample::{n}::{H}", f"U{n}") for n in (1, 2, 3, 4)),
                Action("reroll", f"MJ::JOB::reroll::0::{H}::SOLO", ""),
                *(Action(f"vary{n}", f"MJ::JOB::variation::{n}::{H}", f"V{n}") for n in (1, 2, 3, 4)),
            ),
            prompt="cat --v 6.1",
            mode=Mode.RELAX,
        )
        == seen
    )
    assert (body, 0x67CEFB57) == (seen.raw, seen.images[0].expires_at)


def test_the_seeds_empty_task_is_queued():
    seen = DIALECT.read_look(answer(200, sample("fetch_empty")), "imagine")

    assert (Status.QUEUED, None, (), None, ()) == (seen.status, seen.progress, seen.images, seen.preview, seen.actions)


@pytest.mark.parametrize(
    ("word", "status"),
    [
        pytest.param("NOT_START", Status.QUEUED, id="contracts_mjproxy §10.2 NOT_START"),
        pytest.param("SUBMITTED", Status.QUEUED, id="contracts_mjproxy §10.2 SUBMITTED"),
        pytest.param("IN_PROGRESS", Status.RUNNING, id="contracts_mjproxy §10.2 IN_PROGRESS"),
        pytest.param("SUCCESS", Status.DONE, id="contracts_mjproxy §10.2 SUCCESS"),
        pytest.param("FAILURE", Status.FAILED, id="contracts_mjproxy §10.2 FAILURE"),
        pytest.param("MODAL", Status.QUEUED, id="contracts_mjproxy §10.2 MODAL: a window waits, see `window`"),
        pytest.param("CANCEL", Status.FAILED, id="contracts_mjproxy §10.2 CANCEL"),
        pytest.param("CANCELLED", Status.FAILED, id="contracts_mjproxy §10.2 CANCELLED"),
        pytest.param("CANCELED", Status.FAILED, id="contracts_mjproxy §10.2 CANCELED"),
        pytest.param("", Status.QUEUED, id="contracts_mjproxy §10.2 empty"),
        pytest.param(None, Status.QUEUED, id="contracts_mjproxy §10.2 null"),
        pytest.param("REVIEW", Status.RUNNING, id="contracts_mjproxy §10.2 anything else"),
        pytest.param(" success ", Status.DONE, id="other case"),
    ],
)
def test_status(word, status):
    seen = DIALECT.read_look(answer(200, {"id": ID, "status": word}), "imagine")

    assert (status, status is Status.FAILED) == (seen.status, seen.failure is not None)


@pytest.mark.parametrize(
    ("task", "status", "progress"),
    [
        pytest.param(
            {"status": "FAILURE", "progress": ""}, Status.FAILED, None, id="contracts_mjproxy §10.3 FAILURE with ''"
        ),
        pytest.param(
            {"status": "FAILURE", "progress": "100%"},
            Status.FAILED,
            100,
            id="contracts_mjproxy §10.3 FAILURE with 100%",
        ),
        pytest.param(
            {"status": "IN_PROGRESS", "progress": "100%", "imageUrl": "u"},
            Status.RUNNING,
            100,
            id="contracts_mjproxy C6",
        ),
        pytest.param(
            {"status": "IN_PROGRESS", "progress": "paused"}, Status.RUNNING, None, id="contracts_mjproxy §10.3 paused"
        ),
        pytest.param({"status": "NOT_START", "progress": None}, Status.QUEUED, None, id="contracts_mjproxy §10.3 null"),
        pytest.param({"status": "SUCCESS", "progress": ""}, Status.DONE, 100, id="done is 100"),
        pytest.param(
            {"status": "", "progress": "100%", "imageUrl": "u"},
            Status.DONE,
            100,
            id="contracts_mjproxy §10.3 100% + image",
        ),
        pytest.param(
            {"status": "", "progress": "100%", "failReason": "x"},
            Status.FAILED,
            100,
            id="contracts_mjproxy §10.3 100% + failReason",
        ),
        pytest.param({"progress": "100%"}, Status.RUNNING, 100, id="100% and nothing else"),
        pytest.param({"progress": "31%"}, Status.QUEUED, 31, id="no status"),
    ],
)
def test_status_decides_and_progress_is_display(task, status, progress):
    seen = DIALECT.read_look(answer(200, task), "imagine")

    assert (status, progress) == (seen.status, seen.progress)


@pytest.mark.parametrize(
    ("task", "field", "expected"),
    [
        pytest.param({"imageUrl": "u"}, "images", ("u",), id="image"),
        pytest.param({"imageUrl": None}, "images", (), id="no image"),
        pytest.param(
            {"imageUrls": [{"url": f"u{n}"} for n in range(4)]},
            "tiles",
            ("u0", "u1", "u2", "u3"),
            id="contracts_mjproxy §10.1 T: imageUrls",
        ),
        pytest.param({"imageUrls": [{"url": "u0"}]}, "tiles", (), id="imageUrls, not four"),
        pytest.param({"imageUrls": ["x", {"url": None}]}, "tiles", (), id="imageUrls, other shapes"),
        pytest.param({"buttons": None}, "actions", (), id="contracts_mjproxy C17 null"),
        pytest.param({"buttons": []}, "actions", (), id="contracts_mjproxy C17 empty"),
        pytest.param(
            {"buttons": [{"customId": None, "label": "x"}, "x", {}]},
            "actions",
            (),
            id="contracts_mjproxy §9.1 null values",
        ),
        pytest.param({"prompt": "", "promptEn": "en"}, "prompt", "en", id="contracts_mjproxy §10.6 prompt empty"),
        pytest.param({"properties": {"finalPrompt": "f"}}, "prompt", "f", id="finalPrompt"),
        pytest.param({"properties": None}, "prompt", None, id="contracts_mjproxy §10.1 properties null"),
        pytest.param({"seed": 12345}, "seed", "12345", id="seed as a number"),
        pytest.param(
            {"properties": {"messageContent": "**a (turbo) b** - <@1> (fast, stealth)"}},
            "mode",
            Mode.FAST,
            id="last bracket",
        ),
        pytest.param({"properties": {"messageContent": "**a** (turbo)"}}, "mode", Mode.TURBO, id="turbo"),
        pytest.param({"properties": {"messageContent": "**a** (Relaxed)"}}, "mode", Mode.RELAX, id="case"),
        pytest.param(
            {"properties": {"messageContent": "**a (fast) b** - <@1> (31%)"}},
            "mode",
            None,
            id="the prompt's own bracket",
        ),
        pytest.param({"properties": {"messageContent": 5}}, "mode", None, id="no text"),
    ],
)
def test_fields(task, field, expected):
    assert expected == getattr(DIALECT.read_look(answer(200, {"status": "SUCCESS", **task}), "imagine"), field)


def test_a_picture_before_the_end_is_a_preview():
    seen = DIALECT.read_look(
        answer(200, {"status": "IN_PROGRESS", "progress": "31%", "imageUrl": "u?rand=1"}), "imagine"
    )

    assert ((), "u?rand=1") == (seen.images, seen.preview), "contracts_mjproxy §10.3"


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
    seen = DIALECT.read_look(
        answer(200, {"status": "SUCCESS", "buttons": [{"customId": token, "emoji": "upscale_1"}]}), "imagine"
    )

    assert (Action(name, token, ""),) == seen.actions
