"""Text in a PNG: where it stands, that it is read back, and that every other byte stays what it was."""

import io
import struct
import zlib

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from mjasync.core import png
from mjasync.core.png import TEXT_LIMIT, annotated, texts

SIGNATURE = b"\x89PNG\r\n\x1a\n"
SETTINGS = settings(derandomize=True, deadline=None, database=None, max_examples=300)


def drawn(mode="RGB", *, frames=1, **options):
    """A real picture with colours in it; several frames make it an APNG."""
    images = [Image.new(mode, (5, 3), shade) for shade in range(10, 10 + frames)]
    images[0].putpixel((2, 1), images[0].getpixel((0, 0)))
    out = io.BytesIO()
    more = {"save_all": True, "append_images": images[1:]} if frames > 1 else {}
    images[0].save(out, "PNG", **more, **options)
    return out.getvalue()


def chunk(kind, data=b""):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def chunks(body):
    """Kind and whole bytes of each, read by another hand."""
    found, at = [], 8
    while at < len(body):
        (length,) = struct.unpack(">I", body[at : at + 4])
        found.append((body[at + 4 : at + 8], body[at : at + 12 + length]))
        at += 12 + length
    return found


def behind_header(body, *added):
    """The picture with these chunks in it."""
    return body[:33] + b"".join(added) + body[33:]


PLAIN = drawn()
COMPRESSED = b"\1\0\0\0"


def test_the_text_stands_behind_the_header_and_nothing_else_changes():
    told = annotated(PLAIN, {"Description": "a cat", "mjasync": "{}"})

    assert [b"IHDR", b"iTXt", b"iTXt"] == [kind for kind, _ in chunks(told)][:3]
    assert chunks(PLAIN) == [each for each in chunks(told) if each[0] != b"iTXt"]
    assert chunk(b"iTXt", b"Description\0\0\0\0\0a cat") == chunks(told)[1][1]
    assert SIGNATURE == told[:8]


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "I;16"])
def test_another_program_reads_it_and_sees_the_same_picture(mode):
    plain = drawn(mode)
    told = annotated(plain, {"Description": "кот, 猫 and a café 🐈\nin two lines"})

    with Image.open(io.BytesIO(told)) as image:
        image.verify()
    with Image.open(io.BytesIO(told)) as image, Image.open(io.BytesIO(plain)) as before:
        assert {"Description": "кот, 猫 and a café 🐈\nin two lines"} == image.text
        assert (before.mode, before.size) == (image.mode, image.size)
        assert before.tobytes() == image.tobytes()


def test_an_animation_keeps_its_frames():
    plain = drawn(frames=3, duration=70, loop=2)
    told = annotated(plain, {"mjasync": "x"})

    assert chunks(plain) == [each for each in chunks(told) if each[0] != b"iTXt"]
    with Image.open(io.BytesIO(told)) as image:
        assert 3 == image.n_frames
    assert {"mjasync": "x"} == texts(told)


def test_what_is_there_stays_unless_it_is_to_be_replaced():
    first = annotated(PLAIN, {"Software": "theirs", "mjasync": "old", "Comment": "stays"})
    again = annotated(first, {"Software": "ours", "mjasync": "new"}, replace=frozenset({"mjasync", "Comment"}))

    assert {"Software": "theirs", "mjasync": "new", "Comment": "stays"} == texts(again)
    assert 3 == [kind for kind, _ in chunks(again)].count(b"iTXt")
    assert again == annotated(again, {"Software": "ours", "mjasync": "new"}, replace=frozenset({"mjasync"}))


def test_nothing_to_say_is_the_same_file():
    assert PLAIN == annotated(PLAIN, {})


@pytest.mark.parametrize(
    ("text", "back"),
    [
        ("", ""),
        ("\0a\0cat\0", "acat"),
        ("half \ud800 of a character", "half ? of a character"),
        ("IEND\n--><script>\x1b[2J", "IEND\n--><script>\x1b[2J"),
        ("x" * 100_000, "x" * 100_000),
    ],
)
def test_hostile_texts_come_back_as_texts(text, back):
    told = annotated(PLAIN, {"k": text})

    assert {"k": back} == texts(told)
    assert [b"IHDR", b"iTXt", b"IDAT", b"IEND"] == [kind for kind, _ in chunks(told)]


@pytest.mark.parametrize("keyword", ["k", "x" * 79, "two words", "caf\xe9"])
def test_keywords(keyword):
    assert {keyword: "t"} == texts(annotated(PLAIN, {keyword: "t"}))


@pytest.mark.parametrize("keyword", ["", "x" * 80, " k", "k ", "two  words", "a\0b", "a\nb", "猫"])
def test_keywords_that_the_format_has_not(keyword):
    with pytest.raises(ValueError, match=r"keyword|encode"):
        annotated(PLAIN, {keyword: "t"})


BROKEN = {
    "nothing": b"",
    "a signature": SIGNATURE,
    "a JPEG": b"\xff\xd8\xff\xe0" + PLAIN,
    "no header": SIGNATURE + PLAIN[33:],
    "a header of another length": SIGNATURE + chunk(b"IHDR", bytes(12)) + PLAIN[33:],
    "an Apple picture": SIGNATURE + chunk(b"CgBI", bytes(4)) + PLAIN[8:],
    "no pixels": PLAIN[:33] + chunk(b"IEND"),
    "no end": PLAIN[:-12],
    "a byte short": PLAIN[:-1],
    "half of it": PLAIN[: len(PLAIN) // 2],
    "a byte more": PLAIN + b"\0",
    "a chunk more": PLAIN + chunk(b"tEXt", b"a\0b"),
    "two ends": PLAIN + chunk(b"IEND"),
    "a wrong checksum": behind_header(PLAIN, chunk(b"tEXt", b"a\0b")[:-1] + b"\0"),
    "a wrong length": PLAIN[:8] + b"\xff\xff\xff\xff" + PLAIN[12:],
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_whole_png_is_refused(name):
    with pytest.raises(ValueError, match=r"begin|whole|end|checksum"):
        annotated(BROKEN[name], {"k": "t"})


@pytest.mark.parametrize("cut", range(len(PLAIN)))
def test_no_cut_picture_is_taken_for_a_whole_one(cut):
    with pytest.raises(ValueError, match=r"begin|whole"):
        annotated(PLAIN[:cut], {"k": "t"})


@pytest.mark.parametrize(
    ("kind", "data", "found"),
    [
        (b"tEXt", b"Title\0caf\xe9", {"Title": "café"}),
        (b"zTXt", b"Title\0\0" + zlib.compress(b"caf\xe9"), {"Title": "café"}),
        (b"zTXt", b"Title\0\1" + zlib.compress(b"another method"), {}),
        (b"zTXt", b"Title\0", {}),
        (b"zTXt", b"Title\0\0not packed", {}),
        (b"zTXt", b"Title\0\0" + zlib.compress(b"cut")[:-3], {}),
        (b"iTXt", b"Title\0\0\0de\0Titel\0\xc3\xa9", {"Title": "é"}),
        (b"iTXt", b"Title\0\1\0\0\0" + zlib.compress("猫".encode()), {"Title": "猫"}),
        (b"iTXt", b"Title\0\1\0\0\0broken", {}),
        (b"iTXt", b"Title\0\2\0\0\0odd flag", {}),
        (b"iTXt", b"Title\0\1\7\0\0odd method", {}),
        (b"iTXt", b"Title\0\0\0no more zeros", {}),
        (b"iTXt", b"Title\0\0\0\0\0\xff\xfe", {"Title": "\ufffd\ufffd"}),
        (b"tEXt", b"\0no keyword", {}),
        (b"tEXt", b"no zero", {}),
        (b"tEXt", b"x" * 80 + b"\0too long a keyword", {}),
        (b"tIME", b"Title\0a cat", {}),
    ],
)
def test_every_kind_of_text_is_read(kind, data, found):
    assert found == texts(behind_header(PLAIN, chunk(kind, data)))


def test_the_first_of_a_keyword_counts():
    assert {"a": "1", "b": "3"} == texts(
        behind_header(*[PLAIN, chunk(b"tEXt", b"a\0001"), chunk(b"tEXt", b"a\0002"), chunk(b"iTXt", b"b\0\0\0\0\0003")])
    )


def test_whoever_reads_takes_what_is_there():
    told = annotated(PLAIN, {"k": "t"})

    assert {"k": "t"} == texts(told[:-12])
    assert {"k": "t"} == texts(told + b"more")
    assert {"k": "t"} == texts(told[: len(told) - 20])
    assert {} == texts(b"\xff\xd8\xff" + told)
    assert {} == texts(b"")


@pytest.mark.parametrize("packed", [True, False])
def test_text_is_read_up_to_a_limit(packed):
    def picture(size):
        raw = b"a" * size
        data = b"k\0" + (COMPRESSED + zlib.compress(raw) if packed else b"\0\0\0\0" + raw)
        return behind_header(PLAIN, chunk(b"tEXt", b"first\0x"), chunk(b"iTXt", data))

    assert TEXT_LIMIT == sum(map(len, texts(picture(TEXT_LIMIT - 1)).values()))
    assert {"first": "x"} == texts(picture(TEXT_LIMIT))


@pytest.mark.parametrize("kind", [b"tEXt", b"zTXt"])
def test_latin_text_too(kind):
    raw = b"a" * (TEXT_LIMIT + 1)
    assert {} == texts(
        behind_header(PLAIN, chunk(kind, b"k\0" + (raw if kind == b"tEXt" else b"\0" + zlib.compress(raw))))
    )


def test_a_thousand_bombs_are_one(monkeypatch):
    """What is too long ends the reading: each of many small chunks would be a megabyte of work."""
    bomb = zlib.compress(bytes(4 * TEXT_LIMIT))
    unpacked = []
    inflated = png._inflated
    monkeypatch.setattr(png, "_inflated", lambda body, left: unpacked.append(left) or inflated(body, left))

    many = (chunk(b"zTXt", b"%d\0\0" % number + bomb) for number in range(1000))
    assert {} == texts(behind_header(PLAIN, *many))
    assert [TEXT_LIMIT] == unpacked


@SETTINGS
@given(st.binary(max_size=200))
@example(SIGNATURE + b"\0\0\0\0")
def test_anything_at_all_can_be_read(body):
    for each in (body, SIGNATURE + body, PLAIN[:33] + body, behind_header(PLAIN, chunk(b"iTXt", body))):
        assert all(isinstance(text, str) for pair in texts(each).items() for text in pair)


@SETTINGS
@given(st.text(), st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0")))
def test_what_is_written_is_read_back(first, second):
    told = annotated(PLAIN, {"first": first, "second": second})

    assert second == texts(told)["second"]
    assert PLAIN == b"".join([told[:8], *(whole for kind, whole in chunks(told) if kind != b"iTXt")])
