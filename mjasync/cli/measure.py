"""Width and height of a picture file, from its first bytes: enough to lay a sheet out without decoding anything."""

import struct
from pathlib import Path

#: Headers lie within this many bytes; a JPEG with a larger preview before its frame is shown square.
HEAD = 256 * 1024
_SQUARE = (1, 1)


def shape(path: Path) -> tuple[int, int]:
    """Width and height in pixels, or 1 by 1 where the file does not tell."""
    try:
        with path.open("rb") as file:
            found = _measured(file.read(HEAD))
    except (OSError, struct.error, IndexError):
        return _SQUARE
    return found if found and all(found) else _SQUARE


def _measured(data: bytes) -> tuple[int, int] | None:
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        width, height = struct.unpack_from(">II", data, 16)
    elif data[:6] in (b"GIF87a", b"GIF89a"):
        width, height = struct.unpack_from("<HH", data, 6)
    elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        width, height = _webp(data)
    elif data.startswith(b"\xff\xd8"):
        return _jpeg(data)
    else:
        return None
    return width, height


def _webp(data: bytes) -> tuple[int, int]:
    """The three forms of a WebP header: extended, lossless, lossy (RFC 9649)."""
    if data[12:16] == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if data[12:16] == b"VP8L":
        bits = struct.unpack_from("<I", data, 21)[0]
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack_from("<HH", data, 26)
    return width & 0x3FFF, height & 0x3FFF


def _jpeg(data: bytes) -> tuple[int, int] | None:
    """Walk the segments up to a frame header (SOF0 to SOF15, without the three that only look like one)."""
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        at += 2 + struct.unpack_from(">H", data, at + 2)[0]
    return None
