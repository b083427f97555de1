"""Small things that become large, and what it costs to meet one."""

import gc
import gzip
import json
import struct
import time
import zlib
from pathlib import Path

import pytest

MEMORY, SECONDS = 16 * 1024, 5.0
MIB = 1 << 20
_STATUS, _REFS = Path("/proc/self/status"), Path("/proc/self/clear_refs")


class Cost:
    """KiB of memory at the most, and seconds of this process: `with Cost() as cost`, then `cost.is_bounded()`."""

    def __enter__(self):
        gc.collect()
        try:
            _REFS.write_text("5")  # the peak begins anew
        except OSError:
            pytest.skip("this system does not tell a process's peak")
        self._before, self._begun = _kib("VmRSS"), time.process_time()
        return self

    def __exit__(self, *_):
        self.kib, self.seconds = _kib("VmHWM") - self._before, time.process_time() - self._begun

    def is_bounded(self):
        assert (self.kib <= MEMORY, self.seconds <= SECONDS) == (True, True), f"{self.kib} KiB, {self.seconds:.2f} s"


def _kib(name):
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith(name))
    return int(line.split()[1])


def raw_deflate(mebibytes):
    """So many MiB of zeros; each MiB is a block of its own, so that one block can be repeated."""
    packer = zlib.compressobj(9, wbits=-15)
    block = packer.compress(bytes(MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
    return block * mebibytes + packer.flush()


#: Content-Encoding, and a body of at most 1 MiB that claims to be 1 GiB.
PACKED = {
    "gzip": ("gzip", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff" + raw_deflate(1024)),
    "gzip, one member for each MiB": ("gzip", gzip.compress(bytes(MIB)) * 1024),
    "gzip, a hundred thousand empty members": ("gzip", gzip.compress(b"") * 100_000),
    "gzip with a long name": ("gzip", b"\x1f\x8b\x08\x08\x00\x00\x00\x00\x00\xff" + b"n" * MIB),
    "gzip with an extra field": ("gzip", b"\x1f\x8b\x08\x04\x00\x00\x00\x00\x00\xff\xff\xff" + b"x" * MIB),
    "gzip in gzip": ("gzip, gzip", gzip.compress(gzip.compress(bytes(64 * MIB)))),
    "deflate": ("deflate", b"\x78\x9c" + raw_deflate(1024)),
    "deflate without its header": ("deflate", raw_deflate(1024)),
    "br": ("br", bytes.fromhex("5b ff ff ff 03 00 24 02 62 99 62 00".replace(" ", "")) * 9000),
    "zstd": ("zstd", bytes.fromhex("28b52ffda4000000400300100000") + bytes.fromhex("020000") * 9000),
    "zstd, many frames": ("zstd", (bytes.fromhex("28b52ffd0458") + b"\x01\x00\x00" * 3) * 9000),
    "compress": ("compress", b"\x1f\x9d\x90" + bytes(9000)),
    "nobody knows": ("x-bomb", bytes(9000)),
}

FULL = 2 * MIB - 4096


def _wrapped(value):
    return b'{"status":"SUCCESS","message":"","code":1,"result":"7","id":"7","data":{"jobId":"7","x":%s}}' % value


def _many(item):
    return _wrapped(b"[" + (item + b",") * (FULL // (len(item) + 1)) + item + b"]")


#: JSON that is small on the wire.
JSON = {
    "deep lists": _wrapped(b"[" * 500_000 + b"]" * 500_000),
    "deep objects": _wrapped(b'{"a":' * 200_000 + b"1" + b"}" * 200_000),
    "deep, and never closed": b"[" * FULL,
    "just deep enough": _wrapped(b"[" * 900 + b"]" * 900),
    "many lists": _many(b"[]"),
    "many objects": _many(b"{}"),
    "many numbers": _many(b"1.5"),
    "many texts": _many(b'"a"'),
    "many keys": _wrapped(b"{" + b",".join(b'"%d":1' % n for n in range(150_000)) + b"}"),
    "many buttons": json.dumps(
        {"status": "SUCCESS", "id": "7", "progress": "100%", "buttons": [{"customId": "c", "label": "U1"}] * 50_000}
    ).encode(),
    "a long number": _wrapped(b"9" * 5000),
    "a very long number": _wrapped(b"9" * FULL),
    "a long fraction": _wrapped(b"1." + b"9" * FULL),
    "a long exponent": _wrapped(b"1e" + b"9" * 5000),
    "a large exponent": _wrapped(b"1e999999999"),
    "not a number": _wrapped(b"NaN"),
    "infinity": _wrapped(b"-Infinity"),
    "two statuses": b'{"status":"SUCCESS","status":"FAILED","code":1,"code":2,"data":{"jobId":"7"}}',
    "two ids": b'{"status":"SUCCESS","code":1,"result":"7","result":"8","data":{"jobId":"7","jobId":"8"}}',
    "half a character": _wrapped(b'"\\ud800"'),
    "no UTF-8": _wrapped(b'"\xff\xfe"'),
    "UTF-16": _wrapped(b"1").decode().encode("utf-16"),
    "UTF-32": _wrapped(b"1").decode().encode("utf-32"),
    "a mark before it": b"\xef\xbb\xbf" + _wrapped(b"1"),
    "many escapes": _wrapped(b'"' + b"\\u0041" * (FULL // 6) + b'"'),
    "a text that never ends": b'{"status":"' + b"x" * FULL,
    "nothing": b"",
    "null": b"null",
    "a list": b"[1]",
    "a text": b'"SUCCESS"',
    "true": b"true",
    "a number": b"7",
    "blanks": b" " * FULL,
    "NULs": bytes(FULL),
}


def png(width, height, body=b""):
    head = struct.pack(">II", width, height) + b"\x08\x02\x00\x00\x00"
    chunks = [(b"IHDR", head), *([(b"IDAT", body)] if body else []), (b"IEND", b"")]
    packed = [struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in chunks]
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def _webp(kind, payload):
    body = b"WEBP" + kind + struct.pack("<I", len(payload)) + payload
    return b"RIFF" + struct.pack("<I", len(body)) + body


#: Pictures whose headers claim what nobody could hold.
PIXELS = {
    "png": png(100_000, 100_000),
    "png, as large as can be said": png(2**31 - 1, 2**31 - 1),
    "png with pixels": png(30_000, 30_000, zlib.compress(bytes(90_001 * 30))),
    "png, one row": png(2**31 - 1, 1),
    "gif": b"GIF89a" + struct.pack("<HH", 65535, 65535) + b"\x80\x00\x00" + bytes(6) + b";",
    "jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(9) + b"\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03" + bytes(9),
    "jpg, progressive": b"\xff\xd8\xff\xc2\x00\x11\x08\xff\xff\xff\xff\x03" + bytes(9),
    "webp, extended": _webp(b"VP8X", bytes(4) + b"\xff\xff\xff" + b"\xff\xff\xff"),
    "webp, lossless": _webp(b"VP8L", b"\x2f" + struct.pack("<I", 0x0FFF_FFFF) + bytes(9)),
    "webp, lossy": _webp(b"VP8 ", b"\x00\x00\x00\x9d\x01\x2a" + struct.pack("<HH", 0x3FFF, 0x3FFF) + bytes(9)),
}
