"""The call for a button presses that button."""

import pytest

from mjasync.core.operations import Press
from mjasync.flow.verbs import Verbs
from mjasync.images.masks import draw_mask
from mjasync.notebook.calls import call_of


class Pressed(Verbs):
    """Says what each verb asks for."""

    def _step(self, operation, options):
        return operation


MASK = draw_mask((64, 64), rectangles=[(0, 0, 9, 9)])
NAMES = [
    *(f"upscale{n}" for n in range(1, 5)),
    *(f"vary{n}" for n in range(1, 5)),
    *("reroll", "upscale_subtle", "upscale_creative", "vary_subtle", "vary_strong", "vary_region"),
    *("zoom_2", "zoom_1.5", "zoom_custom", "square", "pan_left", "pan_right", "pan_up", "pan_down"),
    *("bookmark", 'it\'s "odd"', "upscale5", "upscale_v6_2x_subtle"),
]


@pytest.mark.parametrize("name", NAMES)
def test_the_call_presses_the_button(name):
    pressed = eval(f"job.{call_of(name)}", {"job": Pressed(), "mask": MASK})

    assert isinstance(pressed, Press)
    assert name == pressed.action


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("upscale2", "upscale(2)"),
        ("vary_strong", 'vary("strong")'),
        ("zoom_1.5", "zoom(1.5)"),
        ("pan_up", 'pan("up")'),
        ("bookmark", "press('bookmark')"),
    ],
)
def test_as_people_write_it(name, expected):
    assert expected == call_of(name)
