from math import inf
from random import Random

import pytest

from mjasync.sim import Account, Order, Phase, fates
from mjasync.sim.gestures import REGION, REROLL, Gesture

TTAPI = Account(provider="ttapi", name="ttapi", key="k")


def throw(kind="imagine", prompt="a cat", mode="fast", account=TTAPI, **facts):
    order = Order(kind=kind, prompt=prompt, mode=mode, **facts)
    return fates.throw(account, order, ordinal=1, dice=Random(3), now=5.0, speed=1.0)


@pytest.mark.parametrize(
    ("kind", "pictures", "texts", "quota"),
    [("imagine", 4, 0, 3), ("blend", 4, 0, 3), ("swap", 1, 0, 3), ("describe", 0, 4, 1), ("shorten", 0, 2, 1)],
)
def test_what_each_command_ends_in(kind, pictures, texts, quota):
    job = throw(kind, "black cat")
    assert (len(job.scenes), len(job.texts), job.quota) == (pictures, texts, quota)


def test_a_seed_is_there_soon_and_shows_nothing():
    parent, job = throw(mode="relax"), throw("seed", mode="relax")
    assert job.scenes == job.texts == ()
    assert (job.finished_at - 5.0) * 20 == pytest.approx(parent.finished_at - 5.0)


def test_follow_ups_take_their_size_from_the_parent_and_new_prompts_from_themselves():
    parent = throw(prompt="a cat --ar 2:1")
    assert throw("reroll", "a cat", gesture=REROLL, parent=parent).size == (512, 256)
    assert throw("variation", "a cat", gesture=REGION, parent=parent).size == (512, 256)
    assert throw("zoom", "a cat", gesture=Gesture("zoom", flavour="square"), parent=parent).size == (512, 512)
    assert throw("imagine", "a dog --ar 1:2", parent=parent).size == (256, 512)


def test_a_window_is_named_and_nothing_else():
    order = Order(kind="zoom", prompt="a cat --zoom 2", mode="fast")
    window = fates.open_window(TTAPI, order, ordinal=1, dice=Random(3), now=5.0)
    assert (window.phase(1e9), window.started_at, window.finished_at) == (Phase.WINDOW, inf, inf)
    assert (window.quota, window.scenes, window.offers(1e9)) == (0, (), ())


def test_ids_are_as_each_provider_gives_them():
    assert throw().id.count("-") == 4
    assert throw(account=Account(provider="mjproxy", name="m", key="k")).id.isdecimal()
