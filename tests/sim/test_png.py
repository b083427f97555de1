import struct
import zlib

import pytest

from mjasync.sim import png


def chunks(data):
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    at, found = 8, {}
    while at < len(data):
        (size,) = struct.unpack(">I", data[at : at + 4])
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + size]
        assert struct.unpack(">I", data[at + 8 + size : at + 12 + size])[0] == zlib.crc32(kind + body)
        found[kind] = body
        at += 12 + size
    return found


def test_pixels_come_back():
    pixels = bytes(range(36))
    found = chunks(png.encode(4, 3, pixels, text="猫"))
    assert list(found) == [b"IHDR", b"iTXt", b"IDAT", b"IEND"]
    assert struct.unpack(">IIBBBBB", found[b"IHDR"]) == (4, 3, 8, 2, 0, 0, 0)
    rows = zlib.decompress(found[b"IDAT"])
    assert b"".join(rows[start + 1 : start + 13] for start in range(0, len(rows), 13)) == pixels
    assert found[b"iTXt"].decode() == "Description\0\0\0\0\0猫"


def test_text_is_optional_and_sizes_must_fit():
    assert b"iTXt" not in chunks(png.encode(1, 1, b"abc"))
    with pytest.raises(ValueError, match="2x2 needs 12 bytes, not 3"):
        png.encode(2, 2, b"abc")
