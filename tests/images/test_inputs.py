"""Pictures from text, bytes, file objects and PIL images: what is taken, and how each refusal teaches."""

import base64
import io
import tempfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mjasync.core.model import ImageURL
from mjasync.core.pictures import IMAGE_LIMIT, PIXEL_LIMIT, Picture, data_uri
from mjasync.errors import ConfigError
from mjasync.images import inputs
from mjasync.images.inputs import load, picture
from tests.images.drawn import JPEG, PICTURES, PNG, SIZE, drawn, refusal, saved, shades, short

SETTINGS = settings(derandomize=True, deadline=None, database=None, max_examples=200)
BASE64 = base64.b64encode(PNG).decode()


def test_the_limits_are_the_cores():
    assert (IMAGE_LIMIT, PIXEL_LIMIT) == (inputs.IMAGE_LIMIT, inputs.PIXEL_LIMIT)


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview, io.BytesIO])
def test_bytes_of_every_kind(name, kind):
    body, ending = PICTURES[name]
    taken = picture(kind(body))

    assert Picture(data=body, kind=ending, size=SIZE) == taken
    assert bytes is type(taken.data)
    assert body == load(taken)


def test_a_picture_is_itself():
    taken = picture(PNG)

    assert taken is picture(taken)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/cat.png",
        "http://127.0.0.1:8080/x?ex=1&sig=a%20b#top",
        "HTTPS://Example.COM",
        "https://[::1]:8443/x",
        "https://bücher.example/katze",
        ImageURL("https://cdn.example/cat.png?ex=656e83da"),
    ],
    ids=short,
)
def test_urls_stay_as_they_are(url):
    taken = picture(url)

    assert Picture(url=str(url)) == taken
    assert str is type(taken.url)
    with pytest.raises(ValueError, match="no bytes"):
        load(taken)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://", "names no host"),
        ("https:///path", "names no host"),
        ("https://.../x", "names no host"),
        ("https://good.example\\.evil.example/canary", "names no host"),
        ("https://me:canary@example.com/", "a user or a password"),
        ("https://canary@example.com/", "a user or a password"),
        ("https://:@example.com/", "a user or a password"),
        ("https://example.com/a canary", "a blank"),
        (" https://example.com/canary", "a blank"),
        ("https://example.com/canary\n", "a blank"),
        ("https://example.com/\u200bcanary", "a blank"),
        ("https://example.com/\udc80canary", "a blank"),
        ("https://example.com:99999/canary", "malformed"),
        ("https://example.com:canary/", "malformed"),
        ("https://[::1/canary", "malformed"),
        ("https://example.com/" + "canary" * 2000, "8192 is the limit"),
        ("ftp://example.com/canary.png", "begins with ftp://"),
        ("file:///canary.png", "begins with file://"),
        ("S3://bucket/canary.png", "begins with s3://"),
    ],
    ids=short,
)
def test_addresses_that_cannot_be_used(url, why):
    text = refusal(url)

    assert why in text
    assert "canary" not in text


@pytest.mark.parametrize(
    "text",
    [
        data_uri(PNG),
        "data:image/jpeg;base64," + BASE64,
        "DATA:image/png;charset=utf-8;BASE64," + BASE64,
        "data:;base64," + BASE64,
        " data:image/png;base64,\n  " + "\n  ".join(BASE64[i : i + 76] for i in range(0, len(BASE64), 76)) + "\n",
    ],
    ids=short,
)
def test_data_uris_are_what_their_bytes_are(text):
    assert Picture(data=PNG, kind="png", size=SIZE) == picture(text)


@pytest.mark.fault("U06")
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("data:image/png;base64", "does not begin with"),
        ("data:image/svg+xml,<svg/>", "does not begin with"),
        ("data:image/png," + BASE64, "does not begin with"),
        ("data:image/png;base64,", "is empty"),
        ("data:image/png;base64," + BASE64[:-3], "it was cut"),
        ("data:image/png;base64," + BASE64[:40] + "!" + BASE64[40:], "not base64"),
        ("data:image/png;base64," + BASE64[:40] + "é" + BASE64[40:], "not base64"),
        ("data:image/png;base64," + base64.b64encode(b"<html>canary").decode(), "an HTML page"),
        ("data:image/png;base64," + "A" * (IMAGE_LIMIT * 4 // 3 + 8), "10 MiB"),
    ],
    ids=short,
)
def test_data_uris_that_cannot_be_read(text, why):
    assert why in refusal(text)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("", "give a path"),
        ("  \n", "give a path"),
        (" " * 500 + "x", "blank text"),
        (BASE64, "data:image/png;base64,"),
        (base64.b64encode(JPEG).decode(), "data:image/png;base64,"),
        ("canary\x00.png", "no path"),
        ("<html>\n" + "canary", "no path"),
        ("canary" * 1000, "no path"),
    ],
    ids=short,
)
def test_text_that_is_neither(text, hint):
    shown = refusal(text)

    assert hint in shown
    assert "canary" not in shown
    assert BASE64[:20] not in shown


@pytest.mark.parametrize("value", [None, 7, 1.5, [PNG], {"url": "https://h/"}, object(), io, lambda: PNG])
def test_other_things(value):
    assert "The third image is " in refusal(value, what="third image")


@pytest.mark.fault("U05", "U06")
@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "has no bytes"),
        (b"<!doctype html><title>canary</title>", "an HTML page"),
        (b"%PDF-1.7 canary", "a PDF document"),
        (b"<svg>canary</svg>", "an SVG drawing"),
        (b"\x00\x00\x00\x18ftypheic", "a HEIC picture"),
        (b"\x00\x00\x00\x18ftypavif", "an AVIF picture"),
        (b"https://example.com/canary.png", "text"),
        (b"\x00\x01canary", "none of theirs"),
        (PNG[:20], "cut or damaged"),
        (JPEG[:100], "cut or damaged"),
        (PNG[:16] + b"\x00" * 8, "0 x 0 pixels"),
        (PNG[:16] + (7072).to_bytes(4) + (7072).to_bytes(4), "50 million; 50 are the limit"),
        (PNG[:16] + b"\xff" * 8, "million"),
        (PNG + bytes(IMAGE_LIMIT), "more than 10 MiB"),
    ],
    ids=short,
)
def test_bytes_that_are_no_picture(body, why):
    for value in (body, bytearray(body), memoryview(body), io.BytesIO(body)):
        text = refusal(value, what="mask")
        assert why in text
        assert "canary" not in text
        assert "The mask " in text


def test_the_limits_themselves_are_allowed():
    assert (8, 8) == picture(drawn(size=(8, 8))).size
    assert (5000, 10_000) == picture(PNG[:16] + (5000).to_bytes(4) + (10_000).to_bytes(4)).size
    assert IMAGE_LIMIT == len(picture(PNG + bytes(IMAGE_LIMIT - len(PNG))).data)


def test_memory_of_any_shape():
    assert PNG == picture(memoryview(PNG[::-1])[::-1]).data
    released = memoryview(PNG)
    released.release()
    assert "released" in refusal(released)


@SETTINGS
@given(st.binary() | st.text() | st.none() | st.integers() | st.lists(st.integers()))
def test_anything_else_is_a_config_error(value):
    with pytest.raises(ConfigError):
        picture(value)


@SETTINGS
@given(st.sampled_from([body for body, _ in PICTURES.values()]), st.integers(0, 400), st.binary(max_size=9))
def test_damaged_pictures_are_taken_or_refused(body, at, damage):
    for value in (body[:at], body[:at] + damage + body[at + len(damage) :]):
        try:
            taken = picture(value)
        except ConfigError:
            continue
        assert value == load(taken)


def test_spooled_and_temporary_files():
    for kind in (tempfile.TemporaryFile, tempfile.SpooledTemporaryFile, tempfile.NamedTemporaryFile):
        with kind() as file:
            file.write(PNG)
            assert PNG == picture(file).data
            assert len(PNG) == file.tell()
            assert saved(shades(), "png") == picture(file).data
