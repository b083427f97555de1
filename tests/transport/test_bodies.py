"""Bodies within bounds: bytes, pace and packing, on a clock that jumps."""

import asyncio
import gzip
import zlib

import pytest

from mjasync.core.wire import API_BODY_LIMIT, NoAnswer
from mjasync.testing import run
from mjasync.transport import bodies
from mjasync.transport.bodies import LEAST, WINDOW, TooLong

DOWNLOAD = 50 * 1024 * 1024


async def each(*chunks, pause=0.0):
    for chunk in chunks:
        await asyncio.sleep(pause)
        yield chunk


def read(*chunks, pause=0.0, limit=API_BODY_LIMIT, packing=""):
    """The body, or its fault and the seconds that it took."""

    async def story():
        try:
            return await bodies.read(each(*chunks, pause=pause), limit=limit, packing=packing)
        except NoAnswer as fault:
            return fault, asyncio.get_running_loop().time()

    return run(story())


def raw_deflate(body):
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


def test_a_body_is_whole():
    assert b"abcd" == read(b"ab", b"", b"cd")
    assert b"" == read()
    assert b"x" * 4096 == read(b"x" * 4096, limit=4096)


@pytest.mark.fault("N11")
def test_a_byte_too_many_is_the_last_one_read():
    seen = []

    async def endless():
        while True:
            seen.append(1)
            yield b"x" * 1000

    with pytest.raises(TooLong, match="longer than 4096 bytes"):
        run(bodies.read(endless(), limit=4096))
    assert 5 == len(seen)


@pytest.mark.parametrize(
    ("packing", "packed"),
    [
        ("gzip", gzip.compress(b"abc")),
        ("GZIP ", gzip.compress(b"abc")),
        ("x-gzip", gzip.compress(b"abc")),
        ("gzip", gzip.compress(b"ab") + gzip.compress(b"c")),
        ("gzip", gzip.compress(b"abc") + b"\0" * 9),
        ("deflate", zlib.compress(b"abc")),
        ("deflate", raw_deflate(b"abc")),
        ("identity", b"abc"),
        ("", b"abc"),
    ],
)
def test_what_came_packed_is_unpacked(packing, packed):
    assert b"abc" == read(packed, packing=packing)


@pytest.mark.fault("N12")
@pytest.mark.parametrize("packing", ["br", "zstd", "compress", "gzip, gzip", "identity, gzip", "\x1b[31m"])
def test_another_packing_is_refused_before_a_byte_is_read(packing):
    async def never():
        raise AssertionError("it was read")
        yield b""

    with pytest.raises(NoAnswer) as caught:
        run(bodies.read(never(), limit=4096, packing=packing))
    assert "the answer is packed, which was not asked for" == str(caught.value)


def test_a_packed_picture_is_refused():
    fault, _ = read(gzip.compress(b"abc"), limit=DOWNLOAD, packing="gzip")

    assert "the answer is packed, which was not asked for" == str(fault)


@pytest.mark.parametrize(
    ("packing", "packed"),
    [
        ("gzip", b""),
        ("gzip", b"not gzip"),
        ("gzip", gzip.compress(b"abc" * 99)[:-1]),
        ("gzip", gzip.compress(b"abc")[:-4] + b"size"),
        ("gzip", gzip.compress(b"abc") + b"junk"),
        ("gzip", gzip.compress(b"") * 65),
        ("deflate", b""),
        ("deflate", zlib.compress(b"abc")[:-1]),
        ("deflate", b"\xff\xff"),
    ],
)
def test_what_cannot_be_unpacked_is_a_fault(packing, packed):
    fault, _ = read(packed, packing=packing)

    assert (NoAnswer, "the answer was packed, and cannot be unpacked") == (type(fault), str(fault))


@pytest.mark.fault("N12")
@pytest.mark.parametrize("packing", ["gzip", "deflate"])
def test_unpacking_stops_at_the_limit(packing):
    packed = {"gzip": gzip.compress, "deflate": zlib.compress}[packing](b"x" * 10_000)

    assert b"x" * 10_000 == read(packed, limit=10_000, packing=packing)
    fault, _ = read(packed, limit=9_999, packing=packing)
    assert TooLong is type(fault)


@pytest.mark.fault("N09")
def test_a_download_must_not_trickle():
    fault, at = read(*[b"x" * 1000] * 400, pause=1.0, limit=DOWNLOAD)

    assert (NoAnswer, WINDOW) == (type(fault), at)
    assert "the answer trickles in: less than 300 KiB in 30 s" == str(fault)
    assert None is fault.__context__


def test_the_pace_is_asked_for_again_and_again():
    quick, slow = [b"x" * LEAST] * 3, [b"x"] * 40
    fault, at = read(*quick, *slow, pause=20.0, limit=DOWNLOAD)

    assert (NoAnswer, 60 + WINDOW) == (type(fault), at)


def test_a_slow_download_that_keeps_the_pace_is_whole():
    chunks = [b"x" * (LEAST // 2)] * 40

    assert b"".join(chunks) == read(*chunks, pause=14.0, limit=DOWNLOAD)


@pytest.mark.fault("N09")
def test_an_answer_may_take_the_time_of_its_request():
    assert b"x" * 200 == read(*[b"x"] * 200, pause=1.0)


def test_a_time_out_of_the_connection_is_its_own():
    async def late():
        yield b"x"
        raise TimeoutError("theirs")

    with pytest.raises(TimeoutError, match="theirs"):
        run(bodies.read(late(), limit=DOWNLOAD))
