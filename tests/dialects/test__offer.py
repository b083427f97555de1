"""What a finished job offers."""

import pytest

from mjasync.core.model import Action, Snapshot, Status
from mjasync.dialects._offer import offered
from mjasync.errors import ActionUnavailable

GRID = Snapshot(status=Status.DONE, actions=(Action("upscale1", "t1", "U1"), Action("reroll", "t2")))
SINGLE = Snapshot(status=Status.DONE, actions=(Action("zoom_2", "t3"),))
NOTHING = Snapshot(status=Status.DONE)


@pytest.mark.parametrize("wanted", ["upscale1", "t1", "U1"])
def test_by_name_token_or_label(wanted):
    assert Action("upscale1", "t1", "U1") == offered(GRID, wanted)


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
