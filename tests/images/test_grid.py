"""Grids of four, pixel by pixel."""

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from mjasync.errors import ConfigError
from mjasync.images.grid import split
from tests.images.drawn import PICTURES, PNG, SIZE, drawn, opened, pixels, saved, shades, short

SETTINGS = settings(derandomize=True, deadline=None, database=None, max_examples=100)
COLOURS = ("red", "lime", "blue", "white")


def refusal(grid):
    with pytest.raises(ConfigError) as caught:
        split(grid)
    assert caught.value.hint
    return str(caught.value)


def test_the_order_is_that_of_the_buttons():
    grid = Image.new("RGB", (20, 12))
    for colour, corner in zip(COLOURS, [(0, 0), (10, 0), (0, 6), (10, 6)], strict=True):
        grid.paste(colour, (*corner, corner[0] + 10, corner[1] + 6))
    tiles = [opened(tile) for tile in split(saved(grid, "png"))]

    assert [("PNG", (10, 6))] * 4 == [(tile.format, tile.size) for tile in tiles]
    assert [pixels(Image.new("RGB", (10, 6), colour)) for colour in COLOURS] == [pixels(tile) for tile in tiles]


@pytest.mark.parametrize("name", PICTURES)
def test_every_pixel_is_that_of_the_grid(name):
    body, _ = PICTURES[name]
    grid = opened(body)
    grid = grid.convert("RGB") if grid.mode == "CMYK" else grid
    tiles = [opened(tile) for tile in split(body)]
    rebuilt = Image.new("RGBA", SIZE)
    for tile, corner in zip(tiles, [(0, 0), (24, 0), (0, 16), (24, 16)], strict=True):
        rebuilt.paste(tile.convert("RGBA"), corner)

    assert {(24, 16)} == {tile.size for tile in tiles}
    assert pixels(grid) == pixels(rebuilt)


def test_sixteen_bits_stay_sixteen():
    assert {("I;16", 40_000)} == {(t.mode, t.getpixel((0, 0))) for t in map(opened, split(PICTURES["png 16 bit"][0]))}


@pytest.mark.parametrize("size", [(9, 8), (8, 9), (49, 33)])
def test_the_odd_row_and_column_are_left_out(size):
    grid = shades(size)
    half = (size[0] // 2, size[1] // 2)
    tiles = split(saved(grid, "png"))

    assert pixels(grid.crop((0, 0, *half))) == pixels(opened(tiles[0]))
    assert pixels(grid.crop((*half, half[0] * 2, half[1] * 2))) == pixels(opened(tiles[3]))


@pytest.mark.parametrize(
    ("grid", "why"),
    [
        (b"", "is broken"),
        (b"<html>", "is broken"),
        (PNG[:20], "is broken"),
        (PNG[:-40], "Pillow cannot decode it"),
        (drawn("jpg")[:700], "Pillow cannot decode it"),
        (PNG[:16] + (2**31).to_bytes(4) * 2 + PNG[24:], "too many pixels"),
        (drawn(size=(1, 4)), "too small"),
    ],
    ids=short,
)
def test_what_cannot_be_cut(grid, why):
    assert why in refusal(grid)


@SETTINGS
@given(st.sampled_from([body for body, _ in PICTURES.values()]), st.integers(0, 400), st.binary(max_size=9))
def test_damaged_grids_are_cut_or_refused(body, at, damage):
    for value in (body[:at], body[:at] + damage + body[at + len(damage) :]):
        try:
            tiles = split(value)
        except ConfigError:
            continue
        assert len({opened(tile).size for tile in tiles}) == 1


def test_without_pillow(monkeypatch):
    monkeypatch.setitem(sys.modules, "PIL", None)

    assert "pip install 'mjasync[images]'" in refusal(PNG)
