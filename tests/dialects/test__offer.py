"""What a finished job offers."""

from time import process_time

import pytest
from attrs import evolve

from mjasync.core.model import Action, Snapshot, Status
from mjasync.core.operations import GetSeed, Pick, Press
from mjasync.dialects._offer import offered, picked, resolved
from mjasync.errors import ActionUnavailable, NeedsInput
from tests.dialects.cases import asks, imagine, loaded, parent

GRID = Snapshot(status=Status.DONE, actions=(Action("upscale1", "t1", "U1"), Action("reroll", "t2")))
SINGLE = Snapshot(status=Status.DONE, actions=(Action("zoom_2", "t3"),))
NOTHING = Snapshot(status=Status.DONE)


@pytest.mark.parametrize("wanted", ["upscale1", "t1", "U1"])
def test_by_name_token_or_label(wanted):
    assert Action("upscale1", "t1", "U1") == offered(GRID, wanted)


@pytest.mark.fault("U10")
@pytest.mark.parametrize(
    ("parent", "wanted", "available", "why", "hint"),
    [
        (GRID, "zoom_2", ("upscale1", "reroll"), "upscale1, reroll", "upscale one of its pictures first"),
        (GRID, "pan_left", ("upscale1", "reroll"), "offers", "upscale one of its pictures first"),
        (GRID, "square", ("upscale1", "reroll"), "offers", "upscale one of its pictures first"),
        (GRID, "vary_subtle", ("upscale1", "reroll"), "offers", "upscale one of its pictures first"),
        (GRID, "upscale9", ("upscale1", "reroll"), "offers", "press one of .available"),
        (SINGLE, "upscale1", ("zoom_2",), "zoom_2", "press one of .available"),
        (NOTHING, "upscale1", (), "no action on it", "the result that this one was made from"),
    ],
)
def test_the_refusal_teaches(parent, wanted, available, why, hint):
    with pytest.raises(ActionUnavailable) as caught:
        offered(parent, wanted)

    assert available == caught.value.available
    assert repr(wanted) in caught.value.what
    assert why in caught.value.why
    assert hint in caught.value.hint


def test_a_name_can_be_all_that_counts():
    clash = Snapshot(status=Status.DONE, actions=(Action("upscale_2x", "upscale2"),))

    assert "upscale_2x" == offered(clash, "upscale2").name
    assert "upscale_2x" == offered(clash, "upscale_2x", by_name=True).name
    with pytest.raises(ActionUnavailable):
        offered(clash, "upscale2", by_name=True)


TEXTS = Snapshot(status=Status.DONE, texts=("a cat", "a dog"))


@pytest.mark.parametrize(("number", "text"), [(1, "a cat"), (2, "a dog")])
def test_a_text_is_picked_by_its_number_from_1(number, text):
    assert text == picked(TEXTS, number)


@pytest.mark.parametrize(
    ("seen", "number", "available", "why", "hint"),
    [
        (TEXTS, 3, ("1", "2"), "the provider gave 2", "use imagine(1) to imagine(2)"),
        (TEXTS, 0, ("1", "2"), "the provider gave 2", "use imagine(1) to imagine(2)"),
        (NOTHING, 1, (), "the provider gave none", "imagine(n) follows describe() or shorten()"),
    ],
)
def test_a_text_that_is_not_there(seen, number, available, why, hint):
    with pytest.raises(ActionUnavailable) as caught:
        picked(seen, number)

    assert (available, why, hint) == (caught.value.available, caught.value.why, caught.value.hint)


WINDOWS = parent(
    "1", Action("vary_region", "r"), Action("zoom_custom", "z"), Action("reroll", "o"), texts=("a",), seed="1"
)


@pytest.mark.parametrize(
    ("operation", "token"),
    [
        pytest.param(Press(action="reroll"), "o", id="a plain button"),
        pytest.param(Press(action="reroll", prompt="p"), "o", id="remix"),
        pytest.param(Press(action="vary_region", mask=loaded()), "r", id="a mask"),
        pytest.param(Press(action="zoom_custom", factor=1.8), "z", id="a factor"),
        *[
            pytest.param(Press(action="z", prompt=f"a cat --ZOOM {factor}"), "z", id=f"a prompt with {factor}")
            for factor in ("1.8", "1.01", "1.10", "2", "2.0", "2 --v 6")
        ],
        pytest.param(Pick(number=1), None, id="a text that is there"),
        pytest.param(GetSeed(), None, id="nothing to press"),
    ],
)
def test_an_action_that_is_ready(operation, token):
    action = resolved(offered, asks(operation), WINDOWS)

    assert token == (action and action.token)


@pytest.mark.parametrize("before", [None, evolve(WINDOWS, snapshot=None)])
def test_before_the_parent_has_ended_nobody_knows(before):
    assert resolved(offered, asks(Press(action="zoom_2")), before) is None
    assert resolved(offered, imagine(), before) is None


@pytest.mark.parametrize(
    ("operation", "what"),
    [
        (Press(action="vary_region", prompt="p"), "needs a mask"),
        (Press(action="r"), "needs a mask"),
        (Press(action="zoom_custom"), "needs a factor"),
        *[
            (Press(action="zoom_custom", prompt=f"a cat {flag}"), "needs a factor")
            for flag in ("", "--zoom", "--zoom 1", "--zoom 1.0", "--zoom 2.1", "--zoom 22", "--zoom 1.8x", "-zoom 1.8")
        ],
    ],
)
def test_what_its_window_would_ask_for_is_asked_before_anything_is_paid(operation, what):
    with pytest.raises(NeedsInput, match=what) as caught:
        resolved(offered, asks(operation), WINDOWS)

    assert ("no", True) == (caught.value.charged, bool(caught.value.hint))


@pytest.mark.parametrize("name", ["reroll", "o"])
def test_a_mask_belongs_to_vary_region(name):
    with pytest.raises(ActionUnavailable, match="reroll takes no mask"):
        resolved(offered, asks(Press(action=name, mask=loaded())), WINDOWS)


def test_what_an_unknown_button_does_with_a_mask_nobody_knows():
    odd = parent("1", Action("MJ::odd", "MJ::odd"))

    assert Action("MJ::odd", "MJ::odd") == resolved(offered, asks(Press(action="MJ::odd", mask=loaded())), odd)


def test_a_text_that_is_not_there_is_found_out_before_anything_is_paid():
    with pytest.raises(ActionUnavailable):
        resolved(offered, asks(Pick(number=2)), WINDOWS)


@pytest.mark.parametrize("seen", [{"images": ("u",)}, {"tiles": ("u",)}, {"seed": "1"}])
def test_a_picture_has_a_seed(seen):
    assert resolved(offered, asks(GetSeed()), parent("1", **seen)) is None


def test_what_has_no_picture_has_no_seed():
    with pytest.raises(ActionUnavailable, match="no picture"):
        resolved(offered, asks(GetSeed()), parent("1", texts=("a",)))


def test_hostile_prompts_are_searched_once():
    begun = process_time()
    with pytest.raises(NeedsInput):
        resolved(
            offered, asks(Press(action="z", prompt="--zoom" + " " * 100_000 + "--zoom 1." + "0" * 100_000)), WINDOWS
        )

    assert process_time() - begun < 2.0
