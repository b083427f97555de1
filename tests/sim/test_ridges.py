import pytest

from mjasync.sim import ridges
from mjasync.sim.scenes import Dice, Scene

SCENE = Scene(motif="sea", subject="", palette=0.1, seed=5)
XS = [step / 97 - 3 for step in range(600)]


@pytest.mark.parametrize("kind", [ridges.hills, ridges.mountains, ridges.dunes, ridges.trees, ridges.houses])
def test_land_is_everywhere_and_keeps_its_height(kind):
    heights = [kind(Dice(SCENE), 4)(x) for x in XS]
    assert all(-0.01 <= height <= 1.05 for height in heights)
    assert max(heights) - min(heights) > 0.2
    assert heights == [kind(Dice(SCENE), 4)(x) for x in XS]


def test_more_octaves_add_detail_and_keep_the_shape():
    coarse, fine = ridges.noise(Dice(SCENE), 3), ridges.noise(Dice(SCENE), 7)
    away = [abs(coarse(x) - fine(x)) for x in XS]
    assert 0 < max(away) < 0.2
