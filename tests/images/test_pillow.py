"""Pillow at arm's length: bombs, warnings and threads."""

import io
import sys
import threading
import warnings

import pytest
from PIL import Image

from mjasync.errors import ConfigError
from mjasync.images.pillow import check_size, decode, encode, needs_pillow, quietly
from tests.images.drawn import JPEG, PICTURES, PNG, SIZE, pixels, saved, shades


@pytest.mark.parametrize("name", PICTURES)
def test_decoding_gives_the_first_frame(name):
    assert SIZE == decode(PICTURES[name][0], what="image").size


def test_a_picture_survives_the_way_there_and_back():
    assert pixels(shades()) == pixels(decode(encode(shades(), what="image"), what="image"))


@pytest.mark.fault("U07")
def test_a_bomb_by_pillows_own_limit(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    with pytest.raises(ConfigError, match="DecompressionBombError"):
        decode(PNG, what="image")


def test_a_picture_that_pillow_warns_about_is_no_matter(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", SIZE[0] * SIZE[1] - 1)
    with pytest.warns(Image.DecompressionBombWarning):
        Image.open(io.BytesIO(PNG))

    assert SIZE == decode(PNG, what="image").size


def test_a_second_header_that_claims_more():
    """The first one is what is judged; a later one must not let more pixels in."""
    start, header = PNG[:8], PNG[8:33]
    large = saved(Image.new("1", (9000, 6000)), "png")[8:33]
    with pytest.raises(ConfigError, match=r"too many pixels|cannot decode"):
        decode(start + header + large + PNG[33:], what="image")


def test_a_corrupt_exif_is_no_matter():
    exif = b"Exif\0\0II*\x00\x08\x00\x00\x00\xff\xff" + b"\xff" * 40
    body = JPEG[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2) + exif + JPEG[2:]

    assert SIZE == decode(body, what="image").size


def test_only_pillow_is_silenced():
    with pytest.warns(UserWarning, match="ours"), quietly():
        warnings.warn("ours", stacklevel=1)


def test_threads_leave_the_filters_as_they_were():
    before = list(warnings.filters)
    threads = [threading.Thread(target=decode, args=(JPEG,), kwargs={"what": "image"}) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert before == warnings.filters


def test_without_pillow(monkeypatch):
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(ImportError):
        decode(PNG, what="image")

    assert "pip install 'mjasync[images]'" == needs_pillow("This").hint


@pytest.mark.parametrize(
    ("size", "fits"), [((8, 8), True), ((1, 1), True), ((0, 8), False), ((10_000, 5000), True), ((10_000, 5001), False)]
)
def test_sizes(size, fits):
    if fits:
        check_size(size, "image")
    else:
        with pytest.raises(ConfigError, match="The image "):
            check_size(size, "image")
