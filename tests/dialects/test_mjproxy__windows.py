"""The four disguises of a window, and what is none: a press that was taken, and a task that waits."""

import pytest

from mjasync.core.answers import Taken, Unclear
from mjasync.core.model import Status
from mjasync.core.operations import GetSeed, Press
from tests.dialects.cases import IMAGINE, answer
from tests.dialects.mjproxy_cases import DIALECT, ID, coded

REGION = Press(action="vary_region")
CONFIRM = "Waiting for window confirm"


@pytest.mark.parametrize(
    ("body", "window"),
    [
        pytest.param(
            coded(21, CONFIRM, ID, finalPrompt="a cat", remix=True),
            "a cat",
            id="contracts_mjproxy §8 (a): code 21, T + contracts_mjproxy §8 step 1",
        ),
        pytest.param(
            coded(21, "窗口等待", ID),
            "",
            id="contracts_mjproxy §8 (a): code 21, P + contracts_mjproxy §8 trap empty finalPrompt",
        ),
        # Words alone are no ground for a second paid request: a look will show the window.
        pytest.param(coded(1, CONFIRM, ID, finalPrompt="a cat"), None, id="contracts_mjproxy §8 (b): code 1, T"),
        pytest.param(coded(1, "窗口等待", ID), None, id="contracts_mjproxy §8 (b): code 1, P"),
        pytest.param(coded(22, CONFIRM, ID), None, id="contracts_mjproxy §8 (b): code 22"),
        pytest.param(coded(1, "提交成功", ID), None, id="contracts_mjproxy §8 (c): nothing special"),
        pytest.param(
            coded(21, "任务已存在", ID, status="SUCCESS", imageUrl="u"),
            None,
            id="contracts_mjproxy §8 (d): it exists, with its picture",
        ),
        pytest.param(
            coded(21, f"exists, {CONFIRM}", ID, imageUrl="u"), None, id="contracts_mjproxy C3: properties before words"
        ),
        pytest.param(coded(21, "任务已存在", ID), None, id="contracts_mjproxy C3: later status MODAL decides"),
        pytest.param(coded(21, CONFIRM, ID) | {"properties": None}, "", id="no properties"),
        pytest.param(coded(21, CONFIRM, ID, finalPrompt=["x"]), "", id="a prompt that is none"),
    ],
)
def test_a_press_that_was_taken(body, window):
    assert Taken(remote_id=ID, window=window) == DIALECT.read_submit(answer(200, body), REGION)


@pytest.mark.parametrize("operation", [IMAGINE, Press(action="upscale1")])
def test_nothing_opens_a_window_behind_these(operation):
    assert Taken(remote_id=ID) == DIALECT.read_submit(answer(200, coded(21, CONFIRM, ID)), operation)


@pytest.mark.parametrize(
    ("task", "window"),
    [
        pytest.param(
            {"status": "MODAL", "properties": {"finalPrompt": "a cat"}}, "a cat", id="contracts_mjproxy §8 (c)"
        ),
        pytest.param({"status": "modal"}, "", id="contracts_mjproxy §10.2 MODAL: nothing shown"),
        pytest.param({"status": "SUBMITTED", "properties": {"finalPrompt": "a cat"}}, None, id="no window"),
    ],
)
def test_a_task_that_waits(task, window):
    seen = DIALECT.read_look(answer(200, {"id": ID, **task}), "vary")

    assert (Status.QUEUED, window) == (seen.status, seen.window)


def test_modal_with_old_progress_is_still_only_waiting():
    """contracts_mjproxy §8 trap MODAL persists: a stock relay goes on showing MODAL, with stale progress."""
    seen = DIALECT.read_look(answer(200, {"id": ID, "status": "MODAL", "progress": "100%", "imageUrl": "u"}), "vary")

    assert (Status.QUEUED, ()) == (seen.status, seen.images)


def test_an_answer_to_a_window_that_nobody_can_read_is_unclear():
    """contracts_mjproxy §8 trap modal is not idempotent."""
    for body in (b"<html>", coded(9, "x"), coded(1)):
        assert isinstance(DIALECT.read_submit(answer(200, body), REGION), Unclear)


def test_a_seed_needs_no_window():
    assert DIALECT.read_submit(answer(200, coded(1, CONFIRM, "5")), GetSeed()).window is None
