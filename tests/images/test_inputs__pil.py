"""Pictures from PIL images: copied when they are asked for, PNGs when they are sent."""

import io
from random import Random

import pytest
from PIL import Image

from mjasync.errors import ConfigError
from mjasync.images.inputs import load, picture
from tests.images.drawn import JPEG, PICTURES, SIZE, drawn, opened, pixels, refusal, shades


def test_a_pil_image_is_copied():
    image = shades()
    taken = picture(image)
    image.paste((0, 0, 0), (0, 0, *SIZE))

    assert ("png", SIZE, "", b"") == (taken.kind, taken.size, taken.path, taken.data)
    assert pixels(shades()) == pixels(opened(load(taken)))
    assert load(taken) == load(taken)


def test_a_lazy_pil_image_is_read_while_its_file_is_open(tmp_path):
    (tmp_path / "cat.jpg").write_bytes(JPEG)
    with Image.open(tmp_path / "cat.jpg") as image:
        taken = picture(image)
    assert SIZE == opened(load(taken)).size

    with Image.open(tmp_path / "cat.jpg") as image:
        pass
    assert "without its pixels" in refusal(image)


@pytest.mark.parametrize(
    ("mode", "stored"),
    [
        ("1", "1"),
        ("L", "L"),
        ("LA", "LA"),
        ("La", "LA"),
        ("P", "P"),
        ("PA", "RGBA"),
        ("RGB", "RGB"),
        ("RGBA", "RGBA"),
        ("RGBa", "RGBA"),
        ("RGBX", "RGB"),
        ("CMYK", "RGB"),
        ("YCbCr", "RGB"),
        ("HSV", "RGB"),
        ("LAB", "RGB"),
        ("I", "I;16"),
        ("I;16", "I;16"),
        ("I;16B", "I;16"),
        ("I;16L", "I;16"),
        ("F", "L"),
    ],
)
def test_every_mode_becomes_a_png(mode, stored):
    image = opened(load(picture(Image.new(mode, (16, 8)))))

    assert ("PNG", stored, (16, 8)) == (image.format, image.mode, image.size)


@pytest.mark.parametrize(("size", "why"), [((0, 9), "0 x 9"), ((8000, 7000), "56 million")])
def test_pil_images_of_silly_sizes(size, why):
    assert why in refusal(Image.new("1", size))


def test_a_broken_pil_image():
    assert "OSError" in refusal(Image.open(io.BytesIO(drawn(size=(600, 600))[:2000])))


def test_a_pil_image_that_is_too_large_as_png():
    taken = picture(Image.frombytes("RGB", (2000, 2000), Random(7).randbytes(12_000_000)))
    with pytest.raises(ConfigError, match="The portrait as PNG is too large"):
        load(taken, what="portrait")


def test_a_pil_image_that_no_png_can_hold():
    image = shades()
    image.info["icc_profile"] = "not bytes"
    with pytest.raises(ConfigError, match="cannot make a PNG of mode 'RGB'"):
        load(picture(image))


def test_an_animation_gives_the_frame_it_stands_at():
    image = Image.open(io.BytesIO(PICTURES["gif animated"][0]))
    image.seek(1)

    assert pixels(image) == pixels(opened(load(picture(image))))
