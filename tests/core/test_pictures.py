"""Kind and size by the header: real pictures of every kind, cut ones, hostile ones."""

import base64
import io

import attrs
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from mjasync.core.pictures import (
    IMAGE_LIMIT,
    PIXEL_LIMIT,
    Picture,
    base64_of,
    data_uri,
    kind_of,
    looks_like,
    media_type,
    remembered,
    size_of,
)
from tests.images.drawn import JPEG, PICTURES, PNG, SIZE, drawn, shades, stuffed

SETTINGS = settings(derandomize=True, deadline=None, database=None, max_examples=300)
STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\x00\x00\x00\x00WEBP", b"GIF89a", b"\xff", b"")
CHUNKS = (b"\x00\x00\x00\rIHDR", b"VP8 ", b"VP8L\x00\x00\x00\x00/", b"VP8X", b"\xff\xc0\x00\x11\x08", b"")
hostile = st.builds(lambda *parts: b"".join(parts), st.sampled_from(STARTS), st.sampled_from(CHUNKS), st.binary())


def test_the_limits():
    assert (10 * 1024 * 1024, 50_000_000) == (IMAGE_LIMIT, PIXEL_LIMIT)


@pytest.mark.parametrize("name", PICTURES)
def test_real_pictures(name):
    body, kind = PICTURES[name]

    assert (kind, SIZE) == (kind_of(body), size_of(body))
    assert Image.open(io.BytesIO(body)).size == size_of(body)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (PNG, "png"),
        (b"\xff\xd8\xff\xe0", "jpg"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "webp"),
        (b"RIFF\x00\x00\x00\x00WAVE", None),
        (b"GIF87a", "gif"),
        (b"GIF89a", "gif"),
        (b"", None),
        (b"<html>", None),
        (b"<svg xmlns=", None),
        (b"%PDF-1.7", None),
        (b"\x89PNG", None),
    ],
)
def test_kind_of(body, kind):
    assert kind == kind_of(body)


@pytest.mark.parametrize("name", PICTURES)
def test_a_cut_picture_has_its_right_size_or_none(name):
    body, _ = PICTURES[name]
    sizes = [size_of(body[:length]) for length in (*range(200), len(body) // 2, len(body))]

    assert {None, SIZE} >= set(sizes)
    known = [size is not None for size in sizes]
    assert sorted(known) == known, "once enough was read, more does not change it"


@SETTINGS
@given(hostile | st.binary())
def test_hostile_bytes_do_no_harm(body):
    size = size_of(body)

    assert size is None or all(isinstance(side, int) and side >= 0 for side in size)
    assert kind_of(body) is not None or size is None
    assert isinstance(looks_like(body), str)


@SETTINGS
@given(st.sampled_from([body for body, _ in PICTURES.values()]), st.integers(0, 300), st.binary(min_size=1, max_size=8))
@example(JPEG, 4, b"\x00\x00")
def test_damaged_heads_do_no_harm(body, at, damage):
    size = size_of(body[:at] + damage + body[at + len(damage) :])

    assert size is None or all(side >= 0 for side in size)


@given(st.integers(1, 2**14), st.integers(1, 2**14))
@settings(SETTINGS, max_examples=20)
def test_any_size_is_read_back(width, height):
    size = (width, 1) if width >= height else (1, height)
    for kind in ("png", "jpg", "gif"):
        stream = io.BytesIO()
        Image.new("1" if kind == "png" else "L", size).save(stream, {"jpg": "JPEG"}.get(kind, kind))
        assert size == size_of(stream.getvalue())


def webp(chunk, start):
    return b"RIFF\x00\x00\x00\x00WEBP" + chunk + b"\x00\x00\x00\x00" + start


@pytest.mark.parametrize(
    ("body", "size"),
    [
        pytest.param(b"\x89PNG\r\n\x1a\n" + b"\x00" * 20, None, id="png without a header chunk"),
        pytest.param(PNG[:8] + b"\x00\x00\x00\x04CgBI\x50\x00\x20\x06" + PNG[8:], None, id="png of Xcode's making"),
        pytest.param(PNG[:16] + b"\xff" * 8 + PNG[24:], (2**32 - 1, 2**32 - 1), id="png that lies"),
        pytest.param(PNG[:16] + b"\x00" * 8, (0, 0), id="png of nothing"),
        pytest.param(PNG[:23], None, id="png cut"),
        pytest.param(b"GIF89a\x30\x00\x20", None, id="gif cut"),
        pytest.param(b"GIF87a\x30\x01\x20\x00", (0x130, 0x20), id="gif"),
        pytest.param(b"\xff\xd8\xff\xd9\x00\x00\x00", None, id="jpg of nothing"),
        pytest.param(b"\xff\xd8\xff\xda\x00\x00\x00", None, id="jpg pixels before the frame"),
        pytest.param(b"\xff\xd8\xff\xc0\x00\x11\x08\x00\x20\x00", None, id="jpg cut in its frame"),
        pytest.param(b"\xff\xd8\xff\xc2\x00\x11\x08\x00\x20\x00\x30", (48, 32), id="jpg progressive frame"),
        pytest.param(b"\xff\xd8\xff\xc4\x00\x02\xff\xcf\x00\x11\x08\x00\x20\x00\x30", (48, 32), id="jpg table first"),
        pytest.param(b"\xff\xd8\xff\xe0\x00\x00\xff\xc0\x00\x11\x08\x00\x20\x00\x30", (48, 32), id="jpg length 0"),
        pytest.param(JPEG[:2] + b"junk\xff\x00\xff\x01\xff\xd0" + JPEG[2:], None, id="jpg by its third byte"),
        pytest.param(JPEG[:20] + b"junk\xff\x00\xff\x01\xff\xd0" + JPEG[20:], SIZE, id="jpg with junk, as libjpeg"),
        pytest.param(b"\xff\xd8\xff\xe0\x00\x02" + b"x" * 40, None, id="jpg without another marker"),
        pytest.param(b"\xff\xd8\xff" + b"\xff\xd0" * 5000 + JPEG[2:], None, id="jpg with a thousand markers"),
        pytest.param(stuffed(JPEG, 900, 2), SIZE, id="jpg with many markers"),
        pytest.param(webp(b"VP8 ", b"\x00\x00\x00\x9d\x01\x2a\x30\x40\x20\xc0"), (48, 32), id="webp scaled"),
        pytest.param(webp(b"VP8 ", b"\x00\x00\x00\x9d\x01\x2b\x30\x00\x20\x00"), None, id="webp start code"),
        pytest.param(webp(b"VP8 ", b"\x00\x00\x00\x9d\x01\x2a\x30\x00\x20"), None, id="webp cut"),
        pytest.param(webp(b"VP8L", b"\x2f\xff\xff\xff\x0f"), (2**14, 2**14), id="webp lossless, largest"),
        pytest.param(webp(b"VP8L", b"\x2e\xff\xff\xff\x0f"), None, id="webp lossless signature"),
        pytest.param(webp(b"VP8L", b"\x2f\xff\xff\xff"), None, id="webp lossless cut"),
        pytest.param(webp(b"VP8X", b"\x00" * 4 + b"\xff" * 6), (2**24, 2**24), id="webp extended, largest"),
        pytest.param(webp(b"VP8X", b"\x00" * 9), None, id="webp extended cut"),
        pytest.param(webp(b"ALPH", b"\x00" * 10), None, id="webp with another chunk first"),
    ],
)
def test_odd_headers(body, size):
    assert size == size_of(body)


def test_a_long_hostile_head_takes_few_steps():
    """Ten million bytes of markers: read once by `bytes.find`, not one by one."""
    for unit in (b"\xff", b"\xff\x00", b"\xff\xd0", b"\xff\xe0\x00\x02", b"\x00"):
        assert size_of((b"\xff\xd8\xff\xe0\x00\x02" + unit * IMAGE_LIMIT)[:IMAGE_LIMIT]) is None


@pytest.mark.parametrize("kind", ["png", "jpg", "webp", "gif"])
def test_media_types_are_those_of_pillow(kind):
    body = drawn(kind)
    expected = Image.MIME[Image.open(io.BytesIO(body)).format]

    assert expected == media_type(kind)
    assert f"data:{expected};base64,{base64_of(body)}" == data_uri(body)
    assert body == base64.b64decode(base64_of(body), validate=True)
    assert "\n" not in base64_of(body * 10)


@pytest.mark.parametrize("kind", ["", "jpeg", "svg", "PNG"])
def test_no_media_type(kind):
    with pytest.raises(ValueError, match="four kinds"):
        media_type(kind)


def test_no_data_uri_of_what_is_no_picture():
    with pytest.raises(ValueError, match="four kinds"):
        data_uri(b"<html>")


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"url": "https://h/", "path": "/x"},
        {"path": "/x", "data": b"x"},
        {"data": b"x", "source": object()},
        {"data": b""},
        {"path": "/x", "kind": "svg"},
        {"kind": "png"},
    ],
)
def test_a_picture_has_one_origin(fields):
    with pytest.raises(ValueError, match="one origin"):
        Picture(**fields)


def test_a_picture_shows_no_content_and_cannot_change():
    picture = Picture(data=b"canary", kind="png", size=SIZE)

    assert "Picture(url='', path='', kind='png', size=(48, 32))" == repr(picture)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        picture.kind = "jpg"


def test_equal_pictures():
    assert Picture(source=shades()) == Picture(source=shades())
    assert Picture(source=shades()) != Picture(source=shades().rotate(180))
    assert hash(Picture(source=shades())) == hash(Picture(source=shades()))
    assert {Picture(data=b"x"), Picture(path="x")} == {Picture(path="x"), Picture(data=b"x")}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", ""),
        (b"\x00\x01\x02", ""),
        (b"\xfe\xfe", ""),
        (b"   \n", ""),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"BM\x00\x00", "a BMP picture"),
        (b"II*\x00\x08", "a TIFF picture"),
        (b"MM\x00*\x08", "a TIFF picture"),
        (b"\x00\x00\x01\x00\x01", "an ICO picture"),
        (b"\xff\x0a\x00", "a JPEG XL picture"),
        (b"\x00\x00\x00\x0cJXL \r\n", "a JPEG XL picture"),
        (b"8BPS\x00\x01", "a Photoshop file"),
        (b"PK\x03\x04", "a ZIP archive"),
        (b"\x1f\x8b\x08", "gzip data"),
        (b"\x00\x00\x00\x18ftypheic\x00", "a HEIC picture"),
        (b"\x00\x00\x00\x18ftypmif1\x00", "a HEIC picture"),
        (b"\x00\x00\x00\x18ftypavif\x00", "an AVIF picture"),
        (b"\x00\x00\x00\x18ftypisom\x00", "a video"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<svg/>", "an SVG drawing"),
        (b"<!-- Made by hand -->\n<svg/>", "an SVG drawing"),
        (b"  <!DOCTYPE html><p>", "an HTML page"),
        (b"<HTML>", "an HTML page"),
        (b"<!-- hello --><p>", "an HTML page"),
        (b'{"error": 1}', "JSON"),
        (b"[1]", "JSON"),
        ("a cat — на ковре".encode(), "text"),
        (b"version https://git-lfs.github.com/spec/v1\n", "a Git LFS pointer"),
        ("é".encode() * 600 + b"x", "text"),
        (b"x" + "é".encode() * 600, "text"),
    ],
)
def test_what_it_looks_like(body, expected):
    assert kind_of(body) is None
    assert expected == looks_like(body)


def test_pillow_agrees_about_its_own_formats():
    for name, expected in (("BMP", "a BMP picture"), ("TIFF", "a TIFF picture"), ("ICO", "an ICO picture")):
        stream = io.BytesIO()
        shades().save(stream, name)
        assert expected == looks_like(stream.getvalue())


@pytest.mark.parametrize("picture", [Picture(url="https://h/a.png"), Picture(path="/a.png"), Picture(digest="d")])
def test_what_has_no_bytes_stays_as_it_is(picture):
    assert picture is remembered(picture, exactly=True) is remembered(picture, exactly=False)


def test_a_picture_without_its_bytes():
    one, other = (Picture(data=body, kind="png", size=SIZE) for body in (b"one", b"other"))

    assert Picture(digest="forgotten", kind="png", size=SIZE) == remembered(one, exactly=False)
    assert remembered(one, exactly=True) == remembered(Picture(data=b"one", kind="png", size=SIZE), exactly=True)
    assert remembered(one, exactly=True) != remembered(other, exactly=True)
    assert b"" == remembered(one, exactly=True).data


def test_a_pil_image_is_remembered_by_its_pixels():
    one, same, other = (
        remembered(Picture(source=image, kind="png"), exactly=True)
        for image in (shades(), shades(), shades().rotate(180))
    )

    assert one == same
    assert one != other
    assert one.source is None
