"""What a picture's own bytes say: its kind and its size, by the header alone.

Rule 1: bytes go in, values come out; nothing here decodes a pixel or opens a file.
Rule 2: the bytes may be hostile: every function is total and takes a bounded number of steps.
"""

import base64
import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from attrs import field, frozen

#: The most bytes of one picture that goes into a request: 10 MiB, which is 13.4 MB as base64 in the body.
IMAGE_LIMIT = 10 * 1024 * 1024
#: The most pixels of one picture: twice what a phone takes by default, and half of what Pillow warns about.
PIXEL_LIMIT = 50_000_000
#: Steps through a JPEG's markers; real pictures have a few dozen, and 160 of the longest fill `IMAGE_LIMIT`.
_MARKERS = 1000

_MEDIA_TYPES: Mapping[str, str] = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp", "gif": "image/gif"}


@frozen
class Picture:
    """A picture that goes into a request: exactly one of url, path, data, source and digest is set, else ValueError.

    `kind` is one of "png", "jpg", "webp" and "gif", or "" where nobody has looked (a URL). `size` is width and
    height in pixels by the header, without regard to a rotation in EXIF; None where it is not known.
    """

    url: str = ""
    #: Absolute.
    path: str = ""
    data: bytes = field(default=b"", repr=False)
    #: A copy of a PIL image; it becomes a PNG when it is needed. Equal as PIL images are; not in the hash, for they have none.
    source: object = field(default=None, repr=False, hash=False)
    kind: str = ""
    size: tuple[int, int] | None = None
    #: What is left of a picture that has done its work, see `remembered`.
    digest: str = field(default="", repr=False)

    def __attrs_post_init__(self) -> None:
        origins = (bool(self.url), bool(self.path), bool(self.data), self.source is not None, bool(self.digest))
        if sum(origins) != 1 or (self.kind and self.kind not in _MEDIA_TYPES):
            raise ValueError("a picture has one origin, and one of four kinds")


def remembered(picture: Picture, *, exactly: bool) -> Picture:
    """The picture without its bytes, which may be megabytes; `exactly`: told apart from all others by a hash."""
    if picture.url or picture.path or picture.digest:
        return picture
    digest = hashlib.sha256(_content(picture)).hexdigest() if exactly else "forgotten"
    return Picture(digest=digest, kind=picture.kind, size=picture.size)


def _content(picture: Picture) -> bytes:
    """What makes it this picture and no other; a PIL image is its pixels, mode and size."""
    image: Any = picture.source
    return picture.data or f"{image.mode} {image.size} ".encode() + image.tobytes()


def kind_of(body: bytes) -> str | None:
    """File ending by the first bytes: `png`, `jpg`, `webp`, `gif`, or None if it is no picture."""
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if body.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "webp"
    return "gif" if body[:6] in (b"GIF87a", b"GIF89a") else None


def size_of(body: bytes) -> tuple[int, int] | None:
    """Width and height in pixels by the header; None if it is cut or odd. A header may claim 0, and may lie."""
    kind = kind_of(body)
    return _SIZES[kind](body) if kind else None


def _png(body: bytes) -> tuple[int, int] | None:
    if len(body) < 24 or body[8:16] != b"\x00\x00\x00\rIHDR":
        return None
    return int.from_bytes(body[16:20]), int.from_bytes(body[20:24])


def _gif(body: bytes) -> tuple[int, int] | None:
    if len(body) < 10:
        return None
    return int.from_bytes(body[6:8], "little"), int.from_bytes(body[8:10], "little")


def _jpg(body: bytes) -> tuple[int, int] | None:
    """The frame header (SOFn) behind however many segments; junk between them is passed over, as libjpeg does."""
    at = 2
    for _ in range(_MARKERS):
        at = body.find(b"\xff", at)
        if at < 0 or at + 4 > len(body):
            return None
        marker = body[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker in (0x00, 0x01) or 0xD0 <= marker <= 0xD8:  # they have no length
            at += 2
        elif marker in (0xD9, 0xDA):  # the end, or the pixels
            return None
        elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = body[at + 5 : at + 7], body[at + 7 : at + 9]
            return (int.from_bytes(width), int.from_bytes(height)) if len(width) == 2 else None
        else:
            at += 2 + max(2, int.from_bytes(body[at + 2 : at + 4]))
    return None


def _webp(body: bytes) -> tuple[int, int] | None:
    chunk, start = body[12:16], body[20:30]
    if chunk == b"VP8 " and start[3:6] == b"\x9d\x01\x2a" and len(start) == 10:
        return int.from_bytes(start[6:8], "little") & 0x3FFF, int.from_bytes(start[8:10], "little") & 0x3FFF
    if chunk == b"VP8L" and start[:1] == b"\x2f" and len(start) >= 5:
        bits = int.from_bytes(start[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk == b"VP8X" and len(start) == 10:
        return int.from_bytes(start[4:7], "little") + 1, int.from_bytes(start[7:10], "little") + 1
    return None


_SIZES: Mapping[str, Callable[[bytes], tuple[int, int] | None]] = {"png": _png, "jpg": _jpg, "webp": _webp, "gif": _gif}


def media_type(kind: str) -> str:
    """`image/png` for `png`, and so on; ValueError for anything but the four kinds."""
    if kind not in _MEDIA_TYPES:
        raise ValueError("not one of the four kinds of picture")
    return _MEDIA_TYPES[kind]


class Base64(str):
    """Text of ASCII letters, digits and a few signs: it needs no escaping in JSON, however long it is."""

    __slots__ = ()


def base64_of(data: bytes) -> Base64:
    """Plain base64, without prefix or line breaks (seed 000 line 503)."""
    return Base64(base64.b64encode(data), "ascii")


def data_uri(data: bytes) -> Base64:
    """`data:image/…;base64,…` by what the bytes really are (seed 000 line 412); ValueError if they are no picture."""
    return Base64(f"data:{media_type(kind_of(data) or '')};base64,{base64_of(data)}")


#: First bytes of what people take for a picture, or save under a picture's name.
_OTHERS = (
    (b"%PDF", "a PDF document"),
    (b"BM", "a BMP picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"\x00\x00\x01\x00", "an ICO picture"),
    (b"\xff\x0a", "a JPEG XL picture"),
    (b"\x00\x00\x00\x0cJXL ", "a JPEG XL picture"),
    (b"8BPS", "a Photoshop file"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "gzip data"),
    (b"version https://git-lfs.", "a Git LFS pointer"),
)
_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})


def looks_like(body: bytes) -> str:
    """What bytes that are no picture seem to be, with an article: "an HTML page"; "" if nothing comes to mind."""
    if body[4:8] == b"ftyp":
        brand = body[8:12]
        return "an AVIF picture" if brand in (b"avif", b"avis") else "a HEIC picture" if brand in _HEIC else "a video"
    known = next((name for start, name in _OTHERS if body.startswith(start)), "")
    return known or _text(body[:1024])


def _text(head: bytes) -> str:
    try:
        text = head.decode("utf-8-sig") if len(head) < 1024 else head.decode("utf-8-sig", "ignore")
    except UnicodeDecodeError:
        return ""
    start = text.lstrip().lower()
    if start.startswith("<svg") or (start.startswith(("<?xml", "<!--", "<!doctype svg")) and "<svg" in start):
        return "an SVG drawing"
    if start.startswith(("<!doctype html", "<html", "<head", "<body", "<!--")):
        return "an HTML page"
    if not start or not all(c.isprintable() or c.isspace() for c in start):
        return ""
    return "JSON" if start.startswith(("{", "[")) else "text"
