"""Real pictures by Pillow, of every kind and habit; each with its kind and its size. And how a refusal reads."""

import io

import pytest
from PIL import Image

from mjasync.errors import ConfigError
from mjasync.images.inputs import picture

SIZE = (48, 32)


def short(value):
    """A name for a parameter that may be megabytes long."""
    return value[:40] if isinstance(value, str) else type(value).__name__


def shades(size=SIZE, mode="RGB"):
    """A picture in which every pixel tells its place."""
    width, height = size
    image = Image.new("RGB", size)
    image.putdata([(x % 256, y % 256, (x * 7 + y * 13) % 256) for y in range(height) for x in range(width)])
    return image.convert(mode)


def saved(image, kind, **options):
    stream = io.BytesIO()
    image.save(stream, {"jpg": "JPEG"}.get(kind, kind.upper()), **options)
    return stream.getvalue()


def drawn(kind="png", size=SIZE, mode="RGB", **options):
    return saved(shades(size, mode), kind, **options)


def opened(data):
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def refusal(value, **options):
    with pytest.raises(ConfigError) as caught:
        picture(value, **options)
    assert (caught.value.what[-1], "no", True) == (".", caught.value.charged, bool(caught.value.hint))
    assert len(str(caught.value)) < 600
    return str(caught.value)


def pixels(image):
    return image.size, image.convert("RGBA").tobytes()


def stuffed(jpeg, count, length=65533, marker=0xE1):
    """A JPEG with so many more segments before its frame header."""
    segment = bytes((0xFF, marker)) + (length + 2).to_bytes(2) + b"\xd8" * length
    return jpeg[:2] + segment * count + jpeg[2:]


def _exif():
    exif = Image.Exif()
    exif[0x010E] = "a description " * 4000
    exif[0x0112] = 6  # turned by a quarter, which the size does not mind
    return exif


JPEG = drawn("jpg")
PNG = drawn()
PICTURES = {
    "png": (PNG, "png"),
    "png 1 bit": (drawn(mode="1"), "png"),
    "png 16 bit": (saved(Image.new("I;16", SIZE, 40_000), "png"), "png"),
    "png palette": (drawn(mode="P"), "png"),
    "png animated": (saved(shades(), "png", save_all=True, append_images=[shades().rotate(180)]), "png"),
    "jpg": (JPEG, "jpg"),
    "jpg grey": (drawn("jpg", mode="L"), "jpg"),
    "jpg cmyk": (drawn("jpg", mode="CMYK"), "jpg"),
    "jpg progressive": (drawn("jpg", progressive=True), "jpg"),
    "jpg exif": (drawn("jpg", exif=_exif()), "jpg"),
    "jpg late header": (stuffed(JPEG, 14), "jpg"),
    "jpg filled": (JPEG[:2] + b"\xff" * 20 + JPEG[2:], "jpg"),
    "webp": (drawn("webp"), "webp"),
    "webp lossless": (drawn("webp", lossless=True), "webp"),
    "webp alpha": (saved(Image.new("RGBA", SIZE, (9, 9, 9, 9)), "webp"), "webp"),
    "webp animated": (saved(shades(), "webp", save_all=True, append_images=[shades().rotate(180)]), "webp"),
    "gif": (drawn("gif"), "gif"),
    "gif animated": (saved(shades(), "gif", save_all=True, append_images=[shades().rotate(180)]), "gif"),
}
