"""PNG from raw pixels, with the standard library only."""

import struct
import zlib

_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def encode(width: int, height: int, pixels: bytes | bytearray, *, text: str = "") -> bytes:
    """Return an 8-bit RGB PNG of `pixels` (rows from the top, 3 bytes each); `text` is stored as its description."""
    stride = 3 * width
    if len(pixels) != stride * height:
        raise ValueError(f"{width}x{height} needs {stride * height} bytes, not {len(pixels)}")
    rows = b"".join(b"\0" + pixels[start : start + stride] for start in range(0, len(pixels), stride))
    chunks = [_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))]
    if text:
        chunks.append(_chunk(b"iTXt", b"Description\0\0\0\0\0" + text.encode("utf-8", "replace")))
    # Level 2: a third of the time of the default for a tenth more bytes.
    chunks += [_chunk(b"IDAT", zlib.compress(rows, 2)), _chunk(b"IEND", b"")]
    return _SIGNATURE + b"".join(chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
