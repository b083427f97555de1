"""What can be asked for: its class of work, what it brings, and the pictures that go along."""

import pytest

from mjasync.core.operations import (
    KINDS,
    Blend,
    Brings,
    Describe,
    GetSeed,
    Imagine,
    Pick,
    Press,
    Shorten,
    SwapFace,
    Upload,
    action_of,
    attached,
    lightened,
    reattached,
)
from mjasync.core.pictures import Picture

A, B, C, D = (Picture(url=f"https://pictures.example/{name}.png") for name in "abcd")


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("upscale1", "upscale"),
        ("upscale_subtle", "upscale"),
        ("vary4", "vary"),
        ("vary_region", "vary"),
        ("reroll", "reroll"),
        ("zoom_1.5", "zoom"),
        ("pan_left", "pan"),
        ("square", "square"),
        ("MJ::BOOKMARK::1", "press"),
        ("", "press"),
    ],
)
def test_a_press_has_a_class_of_work(action, kind):
    assert kind == Press(action=action).kind
    assert kind in KINDS | {"press"}


def test_an_imagine_has_one_too():
    assert ("imagine", Brings.PICTURES) == (Imagine(prompt="x").kind, Imagine(prompt="x").brings)


@pytest.mark.parametrize(
    ("operation", "kind", "brings", "action"),
    [
        (Blend(images=(A, B)), "blend", "pictures", None),
        (Describe(image=A), "describe", "texts", None),
        (Shorten(prompt="a cat"), "shorten", "texts", None),
        (SwapFace(source=A, target=B), "swap_face", "pictures", None),
        (Upload(images=(A,)), "upload", "pictures", None),
        (Pick(number=2), "imagine", "pictures", "imagine2"),
        (GetSeed(), "seed", "seed", "get_seed"),
        (Press(action="zoom_2"), "zoom", "pictures", "zoom_2"),
        (Press(action="MJ::Picread::Retry"), "press", "anything", "MJ::Picread::Retry"),
    ],
)
def test_every_operation_says_what_it_is(operation, kind, brings, action):
    assert (kind, brings, action) == (operation.kind, operation.brings, action_of(operation))


@pytest.mark.parametrize(
    ("operation", "before", "after"),
    [
        (Imagine(prompt="x", images=(A, B)), (A, B), (C, D)),
        (Imagine(prompt="x"), (), ()),
        (Blend(images=(A, B)), (A, B), (C, D)),
        (Describe(image=A), (A,), (C,)),
        (SwapFace(source=A, target=B), (A, B), (C, D)),
        (Upload(images=(A,)), (A,), (C,)),
        (Press(action="vary_region", mask=A), (A,), (C,)),
        (Press(action="upscale1"), (), ()),
        (Shorten(prompt="x"), (), ()),
        (GetSeed(), (), ()),
        (Pick(number=1), (), ()),
    ],
)
def test_pictures_are_taken_out_and_put_back(operation, before, after):
    assert before == attached(operation)
    assert operation == reattached(operation, before)
    assert after == attached(reattached(operation, after))


@pytest.mark.parametrize("exactly", [True, False])
def test_a_request_can_be_kept_without_the_bytes_of_its_pictures(exactly):
    heavy = Picture(data=b"\x89PNG\r\n\x1a\n" + b"." * 5000, kind="png", size=(1, 1))
    light = lightened(Blend(images=(A, heavy)), exactly=exactly)

    kept, small = attached(light)
    assert (A, b"", "png", (1, 1)) == (kept, small.data, small.kind, small.size)
    assert light == lightened(light, exactly=exactly)
    assert Shorten(prompt="x") == lightened(Shorten(prompt="x"), exactly=exactly)
