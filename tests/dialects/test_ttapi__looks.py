"""A job of TTAPI as a snapshot: its state, its pictures and its fields, against seed 000."""

import pytest

from mjasync.core.model import Action, Mode, Snapshot, Status
from tests.dialects.cases import answer
from tests.dialects.ttapi_cases import DIALECT, ID, sample


def test_the_seeds_callback():
    body = sample("callback")
    data = body["data"]

    seen = DIALECT.read_look(answer(200, body), "imagine")

    assert (
        Snapshot(
            status=Status.DONE,
            progress=100,
            images=(data["cdnImage"], data["discordImage"]),
            tiles=tuple(data["images"]),
            preview=data["cdnImage"],
            actions=tuple(
                Action(f"{ours}{n}", f"{theirs}{n}", f"{label}{n}")
                for ours, theirs, label in (("upscale", "upsample", "U"), ("vary", "variation", "V"))
                for n in (1, 2, 3, 4)
            ),
            prompt=data["prompt"],
            quota=3.0,
            size=(1632, 2912),
        )
        == seen
    )
    assert body == seen.raw


@pytest.mark.parametrize(
    ("word", "status"),
    [
        pytest.param("PENDING_QUEUE", Status.QUEUED, id="contracts_ttapi §5 PENDING_QUEUE"),
        pytest.param("ON_QUEUE", Status.RUNNING, id="contracts_ttapi §5 ON_QUEUE"),
        pytest.param("SUCCESS", Status.DONE, id="contracts_ttapi §5 SUCCESS"),
        pytest.param("FAILED", Status.FAILED, id="contracts_ttapi §5 FAILED"),
        pytest.param(" on_queue ", Status.RUNNING, id="contracts_ttapi §5 other case"),
        *[
            pytest.param(word, Status.FAILED, id=f"contracts_ttapi §5 synonym {word}")
            for word in ("CANCELLED", "CANCELED", "ERROR", "FAIL", "FAILURE", "TIMEOUT")
        ],
        pytest.param("PAUSED", Status.RUNNING, id="contracts_ttapi §5 unknown"),
        pytest.param(255, Status.RUNNING, id="contracts_ttapi §5 a number is no state"),
    ],
)
def test_status(word, status):
    seen = DIALECT.read_look(
        answer(200, {"status": word, "jobId": "afa774a3-1aee", "message": "m", "data": {"progress": "100"}}), "imagine"
    )

    assert status is seen.status, "progress 100 alone is not completion"
    assert (status is Status.FAILED) is (seen.failure is not None)


@pytest.mark.parametrize(
    ("data", "progress"),
    [
        ({"progress": "31"}, 31),
        ({"progress": "31%"}, 31),
        ({"progress": 31}, 31),
        ({"progress": None, "progess": "7"}, 7),
        ({"progress": 0, "progess": "7"}, 0),
        ({}, None),
        ([], None),
        ("text", None),
    ],
)
def test_progress_while_it_runs(data, progress):
    seen = DIALECT.read_look(answer(200, {"status": "ON_QUEUE", "data": data}), "imagine")

    assert (Status.RUNNING, progress) == (seen.status, seen.progress)


def test_pictures_before_the_end_are_a_preview():
    seen = DIALECT.read_look(
        answer(200, {"status": "ON_QUEUE", "data": {"cdnImage": "https://c/p.webp", "images": ["x"]}}), "imagine"
    )

    assert ((), (), "https://c/p.webp") == (seen.images, seen.tiles, seen.preview)


@pytest.mark.parametrize(
    ("data", "images"),
    [
        pytest.param(
            {"cdnImage": "c", "discordImage": "d", "images": ["1", "2"]},
            ("c", "d"),
            id="contracts_ttapi §6.1 cdn first",
        ),
        pytest.param({"cdnImages": ["c1"], "discordImage": "d"}, ("c1", "d"), id="contracts_ttapi §6.1 cdnImages"),
        pytest.param({"cdnImage": "c", "discordImage": "c"}, ("c",), id="contracts_ttapi §10 row 14 the same twice"),
        pytest.param({"images": ["1", "2"]}, ("1",), id="contracts_ttapi §6.1 images[0] last"),
        pytest.param({"cdnImage": None, "images": None}, (), id="nothing"),
    ],
)
def test_which_picture_is_best(data, images):
    assert images == DIALECT.read_look(answer(200, {"status": "SUCCESS", "data": data}), "imagine").images


@pytest.mark.parametrize(
    ("data", "field", "expected"),
    [
        pytest.param({"quota": "2"}, "quota", 2.0, id="contracts_ttapi §6.1 quota as text"),
        pytest.param({"quota": None}, "quota", None, id="contracts_ttapi §6.1 quota absent"),
        pytest.param({"seed": 4294967295}, "seed", "4294967295", id="contracts_ttapi §6.1 seed as a number"),
        pytest.param({"seed": None}, "seed", None, id="contracts_ttapi §10 row 6 seed null"),
        pytest.param({"prompt": None}, "prompt", None, id="prompt null"),
        pytest.param({"mode": "relax"}, "mode", Mode.RELAX, id="mode granted"),
        pytest.param({"mode": "warp"}, "mode", None, id="mode unknown"),
        pytest.param(
            {"images": ["1", None, "2", "", "3", "4", "5"]}, "tiles", ("1", "2", "3", "4"), id="falsy images dropped"
        ),
        pytest.param({"components": None}, "actions", (), id="contracts_ttapi §6.1 components null"),
        pytest.param(
            {"components": ["reroll", {"customId": "upsample1"}, {"x": 1}, "Custom Zoom", "new_button"]},
            "actions",
            (
                Action("reroll", "reroll"),
                Action("upscale1", "upsample1", "U1"),
                Action("zoom_custom", "Custom Zoom"),
                Action("new_button", "new_button"),
            ),
            id="contracts_ttapi §4 rule 3",
        ),
    ],
)
def test_fields(data, field, expected):
    assert expected == getattr(
        DIALECT.read_look(answer(200, {"status": "SUCCESS", "data": {"a": 1, **data}}), "imagine"), field
    )


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param({"data": {"status": "ON_QUEUE"}}, Status.RUNNING, id="contracts_ttapi §5 data.status"),
        pytest.param({"data": {"status": " success "}}, Status.DONE, id="data.status, other case"),
        pytest.param(
            {"status": "FAILED", "data": {"jobId": "a-b", "status": "SUCCESS"}},
            Status.FAILED,
            id="the envelope decides",
        ),
        pytest.param({"data": {"status": 2}}, None, id="contracts_ttapi §5 never a number"),
        pytest.param({"status": "", "data": {"status": "SUCCESS"}}, None, id="only where there is none at all"),
    ],
)
def test_the_state_inside_data(body, status):
    assert status is getattr(DIALECT.read_look(answer(200, body), "imagine"), "status", None)


@pytest.mark.parametrize("status", [400, 404])
def test_a_job_is_read_whatever_the_http_status(status):
    assert (
        Status.FAILED
        is DIALECT.read_look(answer(status, {"status": "FAILED", "data": {"jobId": ID}}), "imagine").status
    )
