"""Width and height from the first bytes of a file."""

import struct

import pytest

from mjasync.cli.measure import shape

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 512, 341)
GIF = b"GIF89a" + struct.pack("<HH", 300, 200)
JPEG = (
    b"\xff\xd8\xff\xe0"
    + struct.pack(">H", 16)
    + b"JFIF\0"
    + bytes(9)
    + b"\xff\xc4"
    + struct.pack(">H", 4)
    + bytes(2)
    + b"\xff\xc2"
    + struct.pack(">HBHH", 17, 8, 480, 640)
    + bytes(12)
)
WEBP_X = b"RIFF____WEBPVP8X" + bytes(8) + (1023).to_bytes(3, "little") + (767).to_bytes(3, "little")
WEBP_L = b"RIFF____WEBPVP8L" + bytes(4) + b"\x2f" + struct.pack("<I", 99 | 49 << 14)
WEBP = b"RIFF____WEBPVP8 " + bytes(10) + struct.pack("<HH", 320 | 1 << 14, 240)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (PNG, (512, 341)),
        (GIF, (300, 200)),
        (JPEG, (640, 480)),
        (WEBP_X, (1024, 768)),
        (WEBP_L, (100, 50)),
        (WEBP, (320, 240)),
        (b"", (1, 1)),
        (b"plain text", (1, 1)),
        (PNG[:18], (1, 1)),
        (GIF[:7], (1, 1)),
        (WEBP[:27], (1, 1)),
        (JPEG[:30], (1, 1)),
        (b"\xff\xd8\x00" + bytes(40), (1, 1)),
        (b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 0, 341), (1, 1)),
    ],
)
def test_shape(tmp_path, data, expected):
    path = tmp_path / "picture"
    path.write_bytes(data)
    assert shape(path) == expected


def test_no_file(tmp_path):
    assert shape(tmp_path / "none.png") == (1, 1)
