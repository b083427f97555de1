"""The body of an answer, within bounds: so many bytes, so fast, and unpacked no further than that.

Rule 1: no length, pace or packing that the other side claims is believed.
Rule 2: what goes over a bound is a fault at once; the rest of it is never read.
"""

import asyncio
import zlib
from collections.abc import AsyncIterable

from mjasync.core.wire import API_BODY_LIMIT, NoAnswer

#: A download brings at least this many bytes in each `WINDOW` of seconds: 10 KiB/s.
LEAST = 300 * 1024
WINDOW = 30.0
#: Members of one gzip body; ours come in one, and each costs a window of memory and time, however empty it is.
_MEMBERS = 64
_ZLIB, _GZIP, _RAW = 15, 31, -15


class TooLong(NoAnswer):
    """The body has more bytes than are read."""


async def read(chunks: AsyncIterable[bytes], *, limit: int, packing: str = "") -> bytes:
    """The whole body of at most `limit` bytes, also when unpacked. `packing` is the answer's Content-Encoding.

    A limit over that of API answers marks a download: pictures are packed already, so a packed one is refused, and
    it must not trickle in. Raises `TooLong`, or `NoAnswer` for one that is too slow or packed in another way than
    gzip and deflate.
    """
    download = limit > API_BODY_LIMIT
    packing = packing.strip().lower()
    packing = "" if packing == "identity" else packing
    if packing and (download or packing not in ("gzip", "x-gzip", "deflate")):
        raise NoAnswer("the answer is packed, which was not asked for")
    body = await _whole(chunks, limit, patience=WINDOW if download else None)
    return _unpacked(body, packing, limit) if packing else body


async def _whole(chunks: AsyncIterable[bytes], limit: int, patience: float | None) -> bytes:
    clock = asyncio.get_running_loop().time
    body, mark = bytearray(), 0
    try:
        async with asyncio.timeout(patience) as window:
            async for chunk in chunks:
                body += chunk
                if len(body) > limit:
                    raise _too_long(limit)
                if patience and len(body) - mark >= LEAST:
                    mark = len(body)
                    window.reschedule(clock() + patience)
    except TimeoutError:
        if not window.expired():
            raise
        slow = True
    else:
        slow = False
    if slow:  # out here, so that nothing foreign hangs on it as its context
        raise NoAnswer(f"the answer trickles in: less than {LEAST >> 10} KiB in {WINDOW:g} s")
    return bytes(body)


def _unpacked(body: bytes, packing: str, limit: int) -> bytes:
    """Inflate, at most one byte further than allowed."""
    out = bytearray()
    for _ in range(_MEMBERS):
        inflater = zlib.decompressobj(_window(body, packing))
        try:
            out += inflater.decompress(body, limit + 1 - len(out))
        except zlib.error:
            break
        if len(out) > limit:
            raise _too_long(limit)
        if not inflater.eof:
            break
        body = inflater.unused_data
        if packing == "deflate" or not body.strip(b"\0"):
            return bytes(out)
    raise NoAnswer("the answer was packed, and cannot be unpacked")


def _window(body: bytes, packing: str) -> int:
    """Servers send deflate with and without zlib's header."""
    if packing != "deflate":
        return _GZIP
    return _ZLIB if body[:1] and body[0] & 0x0F == zlib.DEFLATED else _RAW


def _too_long(limit: int) -> TooLong:
    return TooLong(f"the answer is longer than {limit} bytes")
