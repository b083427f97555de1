"""A task of midjourney-proxy as a snapshot: its state and its progress, against seed 001."""

import pytest

from mjasync.core.model import Status
from tests.dialects.cases import answer
from tests.dialects.mjproxy_cases import DIALECT, ID


@pytest.mark.fault("P08", "P23")
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
        pytest.param("REVIEW", Status.RUNNING, id="contracts_mjproxy §10.2 anything else + contracts_mjproxy C7"),
        pytest.param(" success ", Status.DONE, id="other case"),
    ],
)
def test_status(word, status):
    seen = DIALECT.read_look(answer(200, {"id": ID, "status": word}), "imagine")

    assert (status, status is Status.FAILED) == (seen.status, seen.failure is not None)


@pytest.mark.fault("P03")
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
            id="contracts_mjproxy C6: 100% while it runs + contracts_mjproxy §10.3 100%",
        ),
        pytest.param(
            {"status": "IN_PROGRESS", "progress": "paused"},
            Status.RUNNING,
            None,
            id="contracts_mjproxy §10.3 free text: paused",
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
        pytest.param(
            {"status": "FAILED", "progress": "100%", "failReason": "x"},
            Status.FAILED,
            100,
            id="contracts_mjproxy §10.3 100% + failReason, under a word of its own",
        ),
        pytest.param(
            {"status": "REVIEW", "progress": "100%", "imageUrl": "u"}, Status.RUNNING, 100, id="a word of its own"
        ),
        pytest.param({"progress": "100%"}, Status.RUNNING, 100, id="100% and nothing else"),
        pytest.param({"progress": "31%"}, Status.QUEUED, 31, id="contracts_mjproxy §10.2 missing"),
        *[
            pytest.param(
                {"status": "IN_PROGRESS", "progress": f"{n}%"},
                Status.RUNNING,
                n,
                id=f"contracts_mjproxy §10.3 0% to 99%: {n}",
            )
            for n in (0, 1, 99)
        ],
    ],
)
def test_status_decides_and_progress_is_display(task, status, progress):
    seen = DIALECT.read_look(answer(200, task), "imagine")

    assert (status, progress) == (seen.status, seen.progress)


def test_a_picture_before_the_end_is_a_preview():
    """contracts_mjproxy §10.3 preview."""
    seen = DIALECT.read_look(
        answer(200, {"status": "IN_PROGRESS", "progress": "31%", "imageUrl": "u?rand=1"}), "imagine"
    )

    assert ((), "u?rand=1") == (seen.images, seen.preview), "contracts_mjproxy §10.3"
