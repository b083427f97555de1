from random import Random

import pytest

from mjasync.sim import painting, scenes
from mjasync.sim.gestures import Gesture
from mjasync.sim.scenes import MOTIFS, Scene


def scene(motif="sea", *, night=False, **facts):
    return Scene(motif=motif, subject="boat", palette=0.4 if night else 0.02, seed=11, **facts)


def difference(one, other):
    """Mean distance of two pictures' bytes."""
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) / len(one)


def half(pixels, width):
    """Every second pixel of every second row."""
    rows = [pixels[start : start + 3 * width] for start in range(0, len(pixels), 6 * width)]
    return b"".join(bytes(row[at : at + 3]) for row in rows for at in range(0, 3 * width, 6))


@pytest.mark.parametrize("motif", MOTIFS)
@pytest.mark.parametrize("night", [False, True])
def test_every_motif_is_painted_the_same_each_time(motif, night):
    one = painting.paint(scene(motif, night=night, detail=1), 96, 64)
    assert len(one) == 3 * 96 * 64
    assert one == painting.paint(scene(motif, night=night, detail=1), 96, 64)
    assert len(set(zip(one[::3], one[1::3], one[2::3], strict=True))) > 100


def test_an_upscale_is_its_tile_larger_and_with_more_in_it():
    grid = scenes.first("a lighthouse", Random(4))
    [up] = scenes.derive(grid, Gesture("upscale", 2), "a lighthouse", Random(5))
    large = half(painting.paint(up, 256, 256), 256)
    distances = [difference(painting.paint(take, 128, 128), large) for take in grid]
    assert min(distances) == distances[1] < 6
    assert distances[1] > 0


def test_a_variation_is_nearer_to_its_parent_than_to_the_others():
    grid = scenes.first("snow mountains", Random(4))
    children = scenes.derive(grid, Gesture("variation", 3, "subtle"), "snow mountains", Random(5))
    pictures = [painting.paint(take, 96, 96) for take in grid]
    for child in children:
        distances = [difference(picture, painting.paint(child, 96, 96)) for picture in pictures]
        assert min(distances) == distances[2] > 0


@pytest.mark.parametrize("facts", [{"zoom": 3.0}, {"pan": (0.4, 0.0)}, {"pan": (0.0, -0.6)}, {"pan": (9.0, 0.5)}])
def test_the_camera_can_go_anywhere(facts):
    assert painting.paint(scene(**facts), 64, 64) != painting.paint(scene(), 64, 64)


def test_a_strip_fades_from_stop_to_stop():
    assert painting.strip(4, (0, 0, 0), (40, 80, 120)) == bytes([0, 0, 0, 10, 20, 30, 20, 40, 60, 30, 60, 90])
    assert painting.strip(1, (1, 2, 3), (4, 5, 6), (7, 8, 9)) == bytes([4, 5, 6])
