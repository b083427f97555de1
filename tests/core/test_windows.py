"""What a window is answered with: what was given, then what it shows, then the parent's prompt."""

import contextlib
from time import process_time

import pytest

from mjasync.core.operations import Imagine, Press
from mjasync.core.pictures import Picture
from mjasync.core.windows import window_prompt
from mjasync.errors import NeedsInput

MASK = Picture(url="https://pictures.example/mask.png")


def answered(operation, name, shown="", parent=""):
    return window_prompt(operation, name, shown=shown, parent=parent)


def region(prompt=None):
    return Press(action="vary_region", mask=MASK, prompt=prompt)


def zoom(factor=None, prompt=None):
    return Press(action="zoom_custom", factor=factor, prompt=prompt)


@pytest.mark.parametrize(
    ("operation", "name", "shown", "parent", "expected"),
    [
        pytest.param(region("a hat"), "vary_region", "", "a cat", "a hat", id="region: own words"),
        pytest.param(region(), "vary_region", "", "a cat", "a cat", id="region: the parent's, the window is blank"),
        pytest.param(region(), "vary_region", "", "a cat --zoom 1.8", "a cat", id="region: not zoomed again"),
        pytest.param(region(), "vary_region", "shown", "", "shown", id="region: the window's"),
        pytest.param(region(), "vary_region", "", "", "", id="seed 001 modal: a region needs no prompt"),
        pytest.param(zoom(1.8), "zoom_custom", "", "", "--zoom 1.8", id="zoom: of a blend, which has no prompt"),
        pytest.param(zoom(1.8, " --zoom 2 "), "zoom_custom", "", "", "--zoom 1.8", id="zoom: its own flag alone"),
        pytest.param(zoom(1.8), "zoom_custom", "x --zoom 2", "a cat", "a cat --zoom 1.8", id="zoom: the parent's"),
        pytest.param(zoom(1.8), "zoom_custom", "x --zoom 2", "", "x --zoom 1.8", id="zoom: the window's"),
        pytest.param(zoom(2.0, "a dog"), "zoom_custom", "", "a cat", "a dog --zoom 2", id="zoom: own words"),
        pytest.param(
            zoom(1.25, "a --zoom 1.5 dog --ZOOM 2"), "zoom_custom", "", "", "a dog --zoom 1.25", id="zoom: one flag"
        ),
        pytest.param(
            zoom(None, "a dog --zoom 1.7"), "zoom_custom", "", "a cat", "a dog --zoom 1.7", id="zoom: own flag"
        ),
        pytest.param(Press(action="reroll"), "reroll", "shown", "a cat", "shown", id="remix: the window's"),
        pytest.param(Press(action="vary1", prompt="own"), "vary1", "shown", "a cat", "own", id="remix: own words"),
        pytest.param(Press(action="pan_up"), "pan_up", "", "a cat", "a cat", id="remix: the parent's"),
        pytest.param(
            Press(action="MJ::Job::PicReader::1"),
            "MJ::Job::PicReader::1",
            "1st",
            "x",
            "1st",
            id="contracts_mjproxy §8 PicReader, PromptAnalyzer: its text",
        ),
    ],
)
def test_the_answer(operation, name, shown, parent, expected):
    assert expected == answered(operation, name, shown, parent)


@pytest.mark.parametrize(
    ("operation", "name", "texts", "what", "hint"),
    [
        pytest.param(
            Press(action="vary_region"), "vary_region", ("s", "p"), "a mask", "vary_region(mask", id="no mask"
        ),
        pytest.param(zoom(), "zoom_custom", ("", " "), "a prompt", "prompt=", id="blanks"),
        pytest.param(
            Press(action="MJ::odd"), "MJ::odd", ("", "a cat"), "a prompt", "press('MJ::odd'", id="an unknown button"
        ),
        pytest.param(
            Imagine(prompt="x"), "imagine", ("x", "x"), "a prompt", "should not have opened", id="not a button at all"
        ),
    ],
)
def test_what_nobody_can_know_is_asked_for(operation, name, texts, what, hint):
    with pytest.raises(NeedsInput, match=f"waits for {what}") as caught:
        answered(operation, name, *texts)

    assert hint in caught.value.hint
    assert "unknown" == caught.value.charged, "the press that opened the window may have cost something"


@pytest.mark.parametrize("prompt", ["a" + " " * 2_000_000 + "b", "--zoom" * 300_000, "a --zoom " * 200_000])
def test_megabytes_of_a_providers_prompt_are_searched_once(prompt):
    begun = process_time()
    with contextlib.suppress(NeedsInput):
        answered(zoom(1.8), "zoom_custom", parent=prompt)

    assert process_time() - begun < 3.0
