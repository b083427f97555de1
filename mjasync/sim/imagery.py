"""What a server sees of a picture that it is given: base64, a data URI, the first bytes, the size in the header.

Rule 1: nothing is decoded beyond the header; a picture is what begins like one.
"""

import base64
import binascii
import re
import struct

_DATA_URI = re.compile(r"data:image/[a-z0-9.+-]+;base64,", re.IGNORECASE)
_PNG = b"\x89PNG\r\n\x1a\n"
#: JPEG markers that hold the size: SOF0-SOF15 without the tables among them.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def decode(text: str) -> bytes | None:
    """Return what a base64 text holds, or None if it is none or empty."""
    try:
        return base64.b64decode(text, validate=True) or None
    except (binascii.Error, ValueError):
        return None


def from_data_uri(text: str) -> bytes | None:
    """Return the picture in a `data:image/…;base64,…`, or None if this is none."""
    match = _DATA_URI.match(text)
    data = decode(text[match.end() :]) if match else None
    return data if data and kind(data) else None


def kind(data: bytes) -> str:
    """Return "png", "jpeg", "webp" or "gif" by the first bytes, "" for everything else."""
    if data.startswith(_PNG):
        return "png"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return "gif" if data[:6] in {b"GIF87a", b"GIF89a"} else ""


def size(data: bytes) -> tuple[int, int] | None:
    """Return width and height as the header of a PNG, JPEG, WebP or GIF tells them, or None where it does not."""
    read = {"png": _png, "jpeg": _jpeg, "webp": _webp, "gif": _gif}.get(kind(data))
    try:
        return read(data) if read else None
    except (struct.error, IndexError):
        return None


def _png(data: bytes) -> tuple[int, int]:
    wide, high = struct.unpack_from(">II", data, 16)
    return wide, high


def _gif(data: bytes) -> tuple[int, int]:
    wide, high = struct.unpack_from("<HH", data, 6)
    return wide, high


def _jpeg(data: bytes) -> tuple[int, int]:
    at = 2
    while True:
        marker = data[at + 1]
        if marker in _FRAMES:
            high, wide = struct.unpack_from(">HH", data, at + 5)
            return wide, high
        (long,) = struct.unpack_from(">H", data, at + 2)
        at += 2 + long


def _webp(data: bytes) -> tuple[int, int] | None:
    match data[12:16]:
        case b"VP8X":
            return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
        case b"VP8L":
            (bits,) = struct.unpack_from("<I", data, 21)
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        case b"VP8 ":
            wide, high = struct.unpack_from("<HH", data, 26)
            return wide & 0x3FFF, high & 0x3FFF
    return None
