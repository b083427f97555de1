import pytest

from mjasync.sim.shapes import SHAPES, stamp

INK = (9, 8, 7)


def filled(canvas, width):
    dots = [canvas[at : at + 3] == bytes(INK) for at in range(0, len(canvas), 3)]
    return [(at % width, at // width) for at, dot in enumerate(dots) if dot]


def test_a_box_is_filled_and_nothing_else():
    canvas = bytearray(3 * 8 * 6)
    stamp(canvas, 8, 6, [[(2, 1), (5, 1), (5, 4), (2, 4)]], INK)
    assert filled(canvas, 8) == [(x, y) for y in (1, 2, 3) for x in (2, 3, 4)]


def test_what_leaves_the_canvas_is_cut_off():
    canvas = bytearray(3 * 4 * 4)
    stamp(canvas, 4, 4, [[(-5, -5), (2, -5), (2, 9), (-5, 9)], [(6, 0), (9, 0), (9, 3), (6, 3)]], INK)
    assert filled(canvas, 4) == [(x, y) for y in range(4) for x in (0, 1)]


@pytest.mark.parametrize("name", SHAPES)
def test_every_shape_covers_something(name):
    canvas = bytearray(3 * 100 * 100)
    polygons = [[(round(50 + x * 60), round(80 - y * 60)) for x, y in outline] for outline in SHAPES[name]]
    stamp(canvas, 100, 100, polygons, INK)
    assert 200 < len(filled(canvas, 100)) < 5000
