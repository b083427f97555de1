from random import Random

import pytest

from mjasync.sim import scenes
from mjasync.sim.gestures import REROLL, Gesture


def grid(prompt="a lighthouse", seed=1):
    return scenes.first(prompt, Random(seed))


def test_a_prompt_gives_four_takes_of_one_motif():
    takes = grid()
    assert {take.motif for take in takes} == {"sea"}
    assert {take.subject for take in takes} == {"lighthouse"}
    assert len({take.palette for take in takes}) == len({take.seed for take in takes}) == 4
    assert grid() == takes
    assert grid(seed=2) != takes


def test_a_prompt_without_a_known_word_has_a_motif_too():
    takes = scenes.first("猫 \ud800", Random(1))
    assert takes[0].motif in scenes.MOTIFS
    assert takes[0].subject == ""


def test_an_upscale_is_the_same_scene_with_more_detail():
    [scene] = scenes.derive(grid(), Gesture("upscale", 2), "a lighthouse", Random(5))
    assert (scene.seed, scene.palette, scene.detail) == (grid()[1].seed, grid()[1].palette, 1)
    [again] = scenes.derive((scene,), Gesture("upscale", flavour="subtle"), "a lighthouse", Random(6))
    assert again.detail == 2


@pytest.mark.parametrize("flavour", ["", "subtle", "strong"])
def test_variations_keep_motif_and_palette(flavour):
    parent = grid()[2]
    children = scenes.derive(grid(), Gesture("variation", 3, flavour), "a lighthouse", Random(5))
    assert len(set(children)) == 4
    assert {(c.motif, c.palette, c.seed) for c in children} == {(parent.motif, parent.palette, parent.seed)}


def test_a_stronger_variation_strays_further():
    parent = grid()[0]

    def distance(strength):
        pairs = zip((scenes.Dice(parent)() for _ in range(1)), (scenes.Dice(parent.stray(9, strength))(),), strict=True)
        return sum(abs(one - other) for one, other in pairs)

    assert 0 < distance(0.2) <= distance(0.8)


def test_the_camera_moves():
    up = scenes.derive(grid(), Gesture("upscale", 1), "", Random(1))
    wide = scenes.derive(up, Gesture("zoom", flavour="1.5"), "", Random(2))
    assert {scene.zoom for scene in wide} == {1.5}
    left = scenes.derive(wide, Gesture("pan", flavour="left"), "", Random(3))
    assert left[0].pan == (-0.35 * 1.5, 0.0)
    assert scenes.derive(up, Gesture("zoom", flavour="square"), "", Random(2))[0].zoom == 1.0


def test_a_reroll_starts_again():
    again = scenes.derive(grid(), REROLL, "a lighthouse", Random(77))
    assert {scene.motif for scene in again} == {"sea"}
    assert not {scene.seed for scene in again} & {scene.seed for scene in grid()}


@pytest.mark.parametrize(
    ("prompt", "size"),
    [
        ("a cat", (512, 512)),
        ("a cat --ar 16:9", (512, 288)),
        ("a cat --aspect 2:3", (342, 512)),
        ("a cat --ar 100:1", (512, 170)),
        ("a cat --ar 1:100", (170, 512)),
        ("a cat --ar 0:1", (512, 512)),
    ],
)
def test_the_size_follows_the_prompt(prompt, size):
    assert scenes.size(prompt) == size
    assert all(side % 2 == 0 for side in size)
