"""Masks: drawn ones pixel by pixel, and what a mask must not be."""

import struct
import sys
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from mjasync.errors import ConfigError
from mjasync.images.masks import check_mask, draw_mask
from tests.images.drawn import JPEG, PICTURES, PNG, SIZE, drawn, opened, saved, shades, short

SETTINGS = settings(derandomize=True, deadline=None, database=None, max_examples=150)
MASK = draw_mask(SIZE, rectangles=[(4, 5, 10, 8)])


def white(mask):
    image = opened(mask)
    return {(x, y) for y in range(image.height) for x in range(image.width) if image.getpixel((x, y)) == 255}


def block(x, y, width, height):
    return {(i, j) for i in range(x, x + width) for j in range(y, y + height)}


def refusal(call, *arguments, **options):
    with pytest.raises(ConfigError) as caught:
        call(*arguments, **options)
    assert caught.value.hint
    return str(caught.value)


def test_a_rectangle_is_as_wide_and_high_as_it_says():
    image = opened(MASK)

    assert ("PNG", "1", SIZE) == (image.format, image.mode, image.size)
    assert block(4, 5, 10, 8) == white(MASK)
    assert MASK == draw_mask(SIZE, rectangles=[(4, 5, 10, 8)])


def test_regions_add_up():
    mask = draw_mask(
        SIZE, rectangles=iter([(0, 0, 2, 2), (1, 1, 2, 2)]), polygons=[iter([(20, 20), (23, 20), (23, 23), (20, 23)])]
    )

    assert block(0, 0, 2, 2) | block(1, 1, 2, 2) | block(20, 20, 4, 4) == white(mask), "an outline is white too"


@pytest.mark.parametrize(
    ("rectangle", "expected"),
    [
        ((-5, -5, 7, 7), block(0, 0, 2, 2)),
        ((46, 30, 10**30, 10**30), block(46, 30, 2, 2)),
        ((-(10**30), 3, 2 * 10**30, 1), block(0, 3, 48, 1)),
        ((0, 0, *SIZE), block(0, 0, *SIZE)),
        ([7, 7, 1, 1], {(7, 7)}),
    ],
)
def test_what_lies_outside_is_cut_off(rectangle, expected):
    assert expected == white(draw_mask(SIZE, rectangles=[rectangle]))


def test_a_polygon_that_reaches_far_outside():
    corners = [(-1_000_000, -1_000_000), (1_000_000, -1_000_000), (1_000_000, 1_000_000), (-1_000_000, 1_000_000)]

    assert block(0, 0, *SIZE) == white(draw_mask(SIZE, polygons=[corners]))


numbers = st.integers(-60, 60)


@SETTINGS
@given(st.lists(st.tuples(numbers, numbers, numbers, numbers), max_size=3))
def test_any_rectangles(rectangles):
    inside = block(0, 0, *SIZE)
    expected = set().union(*(block(*rectangle) & inside for rectangle in rectangles))
    if expected:
        mask = draw_mask(SIZE, rectangles=rectangles)
        check_mask(mask, size=SIZE)
        assert expected == white(mask)
    else:
        assert "repaints nothing" in refusal(draw_mask, SIZE, rectangles=rectangles)


@SETTINGS
@given(
    st.lists(st.lists(st.tuples(st.integers(), st.integers()) | st.tuples(numbers, numbers), max_size=6), max_size=2)
)
def test_any_polygons(polygons):
    try:
        mask = draw_mask(SIZE, polygons=polygons)
    except ConfigError:
        return
    check_mask(mask, size=SIZE)


@pytest.mark.parametrize(
    ("size", "regions", "why"),
    [
        ((0, 7), {}, "0 x 7 pixels"),
        ((0, -9), {}, "0 x -9 pixels"),
        ((10**6, 10**6), {}, "too many pixels"),
        ((48.0, 32), {}, "size="),
        ((True, 32), {}, "size="),
        ((48,), {}, "size="),
        ("48x32", {}, "size="),
        (b"ab", {}, "size="),
        (None, {}, "size="),
        (SIZE, {}, "no rectangle or polygon"),
        (SIZE, {"rectangles": [(48, 0, 5, 5), (0, 0, 0, 9), (5, 5, -2, -2)]}, "repaints nothing"),
        (SIZE, {"rectangles": (1, 2, 3, 4)}, "A rectangle"),
        (SIZE, {"rectangles": [(1, 2, 3)]}, "A rectangle"),
        (SIZE, {"rectangles": [(1, 2, 3, 4.5)]}, "A rectangle"),
        (SIZE, {"rectangles": ["1234"]}, "A rectangle"),
        (SIZE, {"rectangles": "1234"}, "rectangles= is not a list"),
        (SIZE, {"rectangles": None}, "rectangles= is not a list"),
        (SIZE, {"polygons": 7}, "polygons= is not a list"),
        (SIZE, {"polygons": [(1, 2), (3, 4), (5, 6)]}, "A corner"),
        (SIZE, {"polygons": [[(1, 2), (3, 4)]]}, "fewer than three"),
        (SIZE, {"polygons": [[(1, 2), (3, 4), (5, None)]]}, "A corner"),
        (SIZE, {"polygons": [[(1, 2), (3, 4), (10**7, 3)]]}, "far outside"),
        (SIZE, {"polygons": [[(-9, -9), (-5, -9), (-5, -5)]]}, "repaints nothing"),
    ],
)
def test_what_cannot_be_drawn(size, regions, why):
    assert why in refusal(draw_mask, size, **regions)


#: Black and white, where it is not 0 and 255.
BLACK = {"LA": (0, 255), "RGBA": (0, 0, 0, 255)}


def blank(mode, colour):
    """Black with a spot of another colour."""
    image = Image.new(mode, SIZE, BLACK.get(mode, 0))
    for x, y in block(3, 3, 5, 5):
        image.putpixel((x, y), colour)
    return image


def palette(*colours, **options):
    image = Image.new("P", SIZE, 0)
    image.putpalette([part for colour in colours for part in colour])
    image.paste(1, (0, 0, 9, 9))
    return saved(image, "png", **options)


@pytest.mark.parametrize(
    "mask",
    [
        MASK,
        saved(blank("L", 255), "png"),
        saved(blank("LA", (255, 255)), "png"),
        saved(blank("RGB", (255, 255, 255)), "png"),
        saved(blank("RGBA", (255, 255, 255, 255)), "png"),
        saved(blank("I;16", 65535), "png"),
        saved(blank("RGB", (255, 255, 255)), "webp", lossless=True),
        saved(blank("L", 255), "gif"),
        palette((0, 0, 0), (255, 255, 255)),
        palette((0, 0, 0), (255, 255, 255), transparency=7),
        saved(Image.new("1", SIZE, 1), "png"),
    ],
    ids=["1", "L", "LA", "RGB", "RGBA", "I;16", "webp", "gif", "P", "P transparency unused", "white all over"],
)
def test_masks_of_every_make(mask):
    check_mask(mask, size=SIZE)
    check_mask(mask, size=None)


@pytest.mark.fault("U08")
@pytest.mark.parametrize(
    ("mask", "why"),
    [
        (PNG, "not black and white"),
        (saved(blank("L", 254), "png"), "not black and white"),
        (saved(shades(mode="L"), "png"), "not black and white"),
        (saved(blank("RGB", (255, 255, 254)), "png"), "not black and white"),
        (saved(blank("RGBA", (255, 255, 255, 254)), "png"), "see-through"),
        (saved(blank("RGBA", (255, 255, 255, 0)), "png"), "see-through"),
        (saved(blank("LA", (255, 9)), "png"), "see-through"),
        (saved(blank("L", 255), "png", transparency=0), "see-through"),
        (saved(blank("I;16", 256), "png"), "not black and white"),
        (palette((0, 0, 0), (255, 0, 0)), "not black and white"),
        (palette((0, 0, 0), (255, 255, 255), transparency=0), "see-through"),
        (drawn("webp"), "not black and white"),
        (saved(Image.new("1", SIZE, 0), "png"), "black all over"),
        (saved(Image.new("RGB", SIZE, 0), "png"), "black all over"),
        (saved(Image.new("I;16", SIZE, 0), "png"), "black all over"),
        (JPEG, "save the mask as PNG"),
        (saved(Image.new("L", SIZE, 255), "jpg"), "save the mask as PNG"),
        (draw_mask((32, 48), rectangles=[(0, 0, 9, 9)]), "it is 32 x 48 pixels, the picture 48 x 32"),
        (b"", "not a whole picture"),
        (b"<html>", "not a whole picture"),
        (MASK[:20], "not a whole picture"),
        (MASK[:-30], "Pillow cannot decode it"),
    ],
    ids=short,
)
def test_what_is_no_mask(mask, why):
    text = refusal(check_mask, mask, size=SIZE, what="second mask")

    assert why in text


@pytest.mark.fault("U07")
def test_a_mask_of_too_many_pixels_is_never_decoded():
    header = struct.pack(">IIBBBBB", 50_000, 50_000, 1, 0, 0, 0, 0)
    chunk = b"IHDR" + header
    bomb = PNG[:8] + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk)) + PNG[33:]

    assert "too many pixels" in refusal(check_mask, bomb, size=None)


@SETTINGS
@given(st.sampled_from([MASK, *(body for body, _ in PICTURES.values())]), st.integers(0, 400), st.binary(max_size=9))
def test_damaged_masks_are_taken_or_refused(body, at, damage):
    for value in (body[:at], body[:at] + damage + body[at + len(damage) :]):
        try:
            check_mask(value, size=None)
        except ConfigError:
            continue


def test_without_pillow(monkeypatch):
    monkeypatch.setitem(sys.modules, "PIL", None)

    assert "pip install 'mjasync[images]'" in refusal(draw_mask, SIZE, rectangles=[(0, 0, 9, 9)])
    assert "is empty" in refusal(draw_mask, (0, 1))
    check_mask(MASK, size=SIZE)
    check_mask(PNG, size=SIZE)
    assert "does not fit" in refusal(check_mask, MASK, size=(9, 9))
    assert "JPEG" in refusal(check_mask, JPEG, size=SIZE)
