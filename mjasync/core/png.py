"""Text in a PNG: words are put behind its header, and read back; every other byte stays what it was.

Rule 1: bytes go in, bytes or words come out; no pixel is decoded, and nothing needs Pillow.
Rule 2: who writes refuses what is no whole PNG: lengths, checksums, the first and the last chunk are checked. Who
reads takes what can be read: every function is bounded, and a broken chunk ends the reading, never the program.
"""

import zlib
from collections.abc import Iterator, Mapping

#: The most bytes of text that are read out of one picture; compressed text is not unpacked beyond it.
TEXT_LIMIT = 1024 * 1024
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_IHDR = 13


def annotated(png: bytes, texts: Mapping[str, str], *, replace: frozenset[str] = frozenset()) -> bytes:
    """The picture with these texts behind its header, as iTXt chunks (UTF-8); ValueError for what is no whole PNG.

    A keyword is 1 to 79 characters of Latin-1 without control characters. One that the picture has already stays as
    it is, unless it is in `replace`.
    """
    chunks = [(kind, whole, _keyword(kind, data)) for kind, data, whole in _checked(png)]
    there = {keyword for _, _, keyword in chunks if keyword} - replace
    added = b"".join(_itxt(keyword, text) for keyword, text in texts.items() if keyword not in there)
    kept = [whole for _, whole, keyword in chunks if not (keyword in replace and keyword in texts)]
    return b"".join((_SIGNATURE, kept[0], added, *kept[1:]))


def texts(png: bytes) -> dict[str, str]:
    """The texts of a PNG by their keywords, the first of each; empty for anything else. Checksums are not asked for."""
    found: dict[str, str] = {}
    left = TEXT_LIMIT
    for kind, data, _ in _chunks(png):
        keyword = _keyword(kind, data)
        if keyword and keyword not in found:
            text = _TEXT[kind](data.partition(b"\0")[2], left)
            if text is None:  # nobody knows how much work the next one would be
                break
            found[keyword] = text
            left -= len(text)
    return found


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Kind, data and whole bytes of each chunk, as far as they go."""
    at = len(_SIGNATURE)
    while png.startswith(_SIGNATURE) and at + 12 <= len(png):
        end = at + 12 + int.from_bytes(png[at : at + 4])
        if end > len(png):
            return
        yield png[at + 4 : at + 8], png[at + 8 : end - 4], png[at:end]
        at = end


def _checked(png: bytes) -> list[tuple[bytes, bytes, bytes]]:
    """All chunks up to the last one; ValueError if it is no whole PNG."""
    chunks = list(_chunks(png))
    kinds = [kind for kind, _, _ in chunks]
    if not chunks or kinds[0] != b"IHDR" or len(chunks[0][1]) != _IHDR:
        raise ValueError("it does not begin as a PNG does")
    if kinds[-1] != b"IEND" or kinds.count(b"IEND") != 1 or b"IDAT" not in kinds:
        raise ValueError("it is no whole PNG")
    if len(_SIGNATURE) + sum(len(whole) for _, _, whole in chunks) != len(png):
        raise ValueError("something follows its end")
    for kind, data, whole in chunks:
        if whole[-4:] != _crc(kind, data):
            raise ValueError("a checksum in it is wrong")
    return chunks


def _crc(kind: bytes, data: bytes) -> bytes:
    return zlib.crc32(data, zlib.crc32(kind)).to_bytes(4)


def _itxt(keyword: str, text: str) -> bytes:
    """Uncompressed, of no language in particular (PNG specification 11.3.3.4)."""
    name = keyword.encode("latin-1")
    if not 1 <= len(name) <= 79 or not keyword.isprintable() or keyword != " ".join(keyword.split()):
        raise ValueError("a keyword has 1 to 79 printable characters, without spaces at its ends or several in a row")
    plain = text.replace("\0", "").encode("utf-8", "replace")
    data = name + b"\0\0\0\0\0" + plain
    return len(data).to_bytes(4) + b"iTXt" + data + _crc(b"iTXt", data)


def _keyword(kind: bytes, data: bytes) -> str | None:
    """The keyword of a chunk of text; None for any other."""
    name, zero, _ = data[:80].partition(b"\0")
    return name.decode("latin-1") if kind in _TEXT and zero and name else None


def _latin(body: bytes, left: int) -> str | None:
    return body.decode("latin-1") if len(body) <= left else None


def _packed(body: bytes, left: int) -> str | None:
    raw = _inflated(body[1:], left) if body[:1] == b"\0" else None
    return None if raw is None else raw.decode("latin-1")


def _international(body: bytes, left: int) -> str | None:
    """Flag and method of the compression, language, translated keyword, text."""
    parts = body[2:].split(b"\0", 2)
    if len(parts) != 3 or body[:2] not in (b"\0\0", b"\1\0"):
        return None
    raw = _inflated(parts[2], left) if body[:1] == b"\1" else parts[2] if len(parts[2]) <= left else None
    return None if raw is None else raw.decode("utf-8", "replace")


def _inflated(body: bytes, left: int) -> bytes | None:
    """What was compressed, if it is whole and not too long."""
    unpacking = zlib.decompressobj()
    try:
        raw = unpacking.decompress(body, max(1, left))
    except zlib.error:
        return None
    return raw if unpacking.eof else None


_TEXT = {b"tEXt": _latin, b"zTXt": _packed, b"iTXt": _international}
