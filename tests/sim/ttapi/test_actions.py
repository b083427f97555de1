from mjasync.sim.gestures import CUSTOM_ZOOM, GRID, SINGLE
from mjasync.sim.ttapi.actions import ACTIONS


def test_every_button_has_a_word_but_the_custom_zoom():
    assert set(GRID) | set(SINGLE) == {*ACTIONS.values(), CUSTOM_ZOOM}
    assert len(set(ACTIONS.values())) == len(ACTIONS)
