import pytest

from mjasync.sim.palettes import mix, palette


def test_mixing():
    assert mix((0, 0, 0), (200, 100, 50), 0) == (0, 0, 0)
    assert mix((0, 0, 0), (200, 100, 50), 0.5) == (100, 50, 25)
    assert mix((0, 0, 0), (200, 100, 50), 1) == (200, 100, 50)


@pytest.mark.parametrize("place", [0.0, 0.3, 0.999, 1.0, 7.25])
def test_every_place_of_the_wheel_has_a_palette(place):
    found = palette(place)
    assert found == palette(place % 1.0)
    for colour in (found.top, found.middle, found.horizon, found.light, found.far, found.near):
        assert all(0 <= channel <= 255 for channel in colour)


def test_there_are_nights_and_days():
    assert {palette(step / 8).night for step in range(8)} == {True, False}
