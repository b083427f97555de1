import base64
import struct

import pytest

from mjasync.sim import imagery

GIF = b"GIF89a" + struct.pack("<HH", 4, 3) + b"rest"
JPEG = b"\xff\xd8\xff\xe0\x00\x04ab" + b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", 3, 4) + b"rest"
VP8X = b"RIFF\x00\x00\x00\x00WEBPVP8X" + bytes(8) + (4 - 1).to_bytes(3, "little") + (3 - 1).to_bytes(3, "little")
VP8L = b"RIFF\x00\x00\x00\x00WEBPVP8L" + bytes(5) + struct.pack("<I", (4 - 1) | (3 - 1) << 14)
VP8 = b"RIFF\x00\x00\x00\x00WEBPVP8 " + bytes(10) + struct.pack("<HH", 4, 3)


@pytest.mark.parametrize(
    ("data", "kind"), [(GIF, "gif"), (JPEG, "jpeg"), (VP8X, "webp"), (VP8L, "webp"), (VP8, "webp"), (b"BM", "")]
)
def test_the_first_bytes_tell_the_kind_and_the_header_the_size(data, kind):
    assert imagery.kind(data) == kind
    assert imagery.size(data) == ((4, 3) if kind else None)


def test_a_png(draw):
    assert imagery.kind(draw(5, 7)) == "png"
    assert imagery.size(draw(5, 7)) == (5, 7)


def test_the_sample_of_the_seed_is_a_webp():
    # Seed 000 line 536: the sample mask, cut off by the page.
    data = imagery.decode("UklGRrw0AABXRUJQVlA4WAoAAAAgAAAA")
    assert imagery.kind(data) == "webp"
    assert imagery.size(data) == (1, 1)


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", VP8[:20], VP8X[:12] + b"ABCD"])
def test_a_header_that_is_cut_off_has_no_size(data):
    assert imagery.kind(data)
    assert imagery.size(data) is None


def test_base64_is_read_strictly():
    assert imagery.decode("YWJj") == b"abc"
    assert [imagery.decode(text) for text in ("", "YW", "Y W J j", "猫")] == [None] * 4


def test_a_data_uri_holds_a_picture(draw, uri):
    assert imagery.from_data_uri(uri(draw())) == draw()
    text = base64.b64encode(draw()).decode()
    assert imagery.from_data_uri(f"DATA:image/webp;base64,{text}") == draw()
    for wrong in (text, f"data:text/plain;base64,{text}", "data:image/png;base64,", "data:image/png;base64,YWJj"):
        assert imagery.from_data_uri(wrong) is None
