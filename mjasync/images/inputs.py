"""Whatever a user has for a picture, as a value: checked when it is asked for, whole when it is sent.

Rule 1: nothing that was refused here was sent, and no text of a refusal repeats a picture or a key in an address.
Rule 2: asking is cheap: of a file only its size and its head are looked at, for a batch may name thousands.
"""

import base64
import binascii
import inspect
import io
import os
import re
import stat
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from mjasync.core.pictures import IMAGE_LIMIT, PIXEL_LIMIT, Picture, kind_of, looks_like, size_of
from mjasync.errors import ConfigError
from mjasync.images.pillow import check_size, encode

__all__ = ["IMAGE_LIMIT", "PIXEL_LIMIT", "load", "picture"]

#: Bytes of a file that are read at first, and of a JPEG with much before its frame header.
_HEAD, _LONG_HEAD = 1 << 16, 1 << 20
#: Characters of an address; servers refuse longer ones.
_URL_LIMIT = 8192
#: Characters that a refusal shows of a path.
_SHOWN = 120
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://")
_HOST = re.compile(r"[\w.:%-]*\w[\w.:%-]*")
#: How the four kinds begin as base64.
_BASE64 = ("iVBORw0KGgo", "/9j/", "UklGR", "R0lGOD")
_ACCEPTED = "give a path, an http(s) URL, a data URI, bytes, a file opened with 'rb', or a PIL image"


def picture(value: object, *, what: str = "image") -> Picture:
    """A picture to send, from a path, an http(s) URL, a data URI, bytes, a binary file object or a PIL image.

    A file object is read now from its start, where it can be rewound, and then left where it was; a PIL image is
    copied. Raises ConfigError, which calls it `what`, for anything that is not a whole PNG, JPEG, WebP or GIF of at
    most `IMAGE_LIMIT` bytes and `PIXEL_LIMIT` pixels. A URL is only checked for its shape.
    """
    if isinstance(value, Picture):
        return value
    if isinstance(value, str):
        return _from_text(str(value), what)
    if isinstance(value, os.PathLike):
        return _from_path(value, what)
    if isinstance(value, bytes | bytearray | memoryview):
        return _from_bytes(value, what)
    if any((kind.__module__, kind.__name__) == ("PIL.Image", "Image") for kind in type(value).__mro__):
        return _from_pil(value, what)
    if callable(getattr(value, "read", None)):
        return _from_bytes(_stream(value, what), what)
    raise ConfigError(f"The {what} is {type(value).__name__}, which is no picture.", hint=_ACCEPTED)


def load(picture: Picture, *, what: str = "image") -> bytes:
    """All bytes of a picture. BLOCKS for the disk and for encoding: call it in a thread.

    A file is read and checked again, and a PIL image becomes a PNG. Raises ConfigError if the file has gone or is
    another picture by now, or the PNG is too large; ValueError for a URL, which is the caller's to download.
    """
    if picture.url:
        raise ValueError("a URL has no bytes here")
    if picture.path:
        subject = _named(what, picture.path)
        body, _ = _read(Path(picture.path), subject, IMAGE_LIMIT + 1)
        found = _checked(body, subject, whole=True)
        if (picture.kind or found[0], picture.size or found[1]) != found:
            raise ConfigError(
                f"The {subject} has changed.",
                why="it is of another kind or size than when it was asked for",
                hint="leave the file alone until the job is sent, or ask with its bytes",
            )
        return body
    if picture.source is None:
        return picture.data
    body = encode(cast("Any", picture.source), what=what)
    _check_bytes(len(body), f"{what} as PNG")
    return body


def _from_text(text: str, what: str) -> Picture:
    head = text[:_SHOWN].strip().lower()
    if not head:
        raise ConfigError(f"The {what} is blank text.", hint=_ACCEPTED)
    if head.startswith(("http://", "https://")):
        return Picture(url=_address(text, what))
    if head.startswith("data:"):
        return _from_bytes(_decoded(text, what), what)
    if _SCHEME.match(head):
        raise ConfigError(
            f"The {what} has an address that nobody here opens.",
            why=f"it begins with {head.partition('://')[0][:20]}://",
            hint="give an http(s) URL, or the path of a file as it is",
        )
    if len(text) > 4096 or not text.isprintable() or (text.startswith(_BASE64) and len(text) > 64):
        base64_hint = "put 'data:image/png;base64,' before base64 text; " if text.startswith(_BASE64) else ""
        raise ConfigError(f"The {what} is text that is no address and no path.", hint=f"{base64_hint}{_ACCEPTED}")
    return _from_path(text, what)


def _address(text: str, what: str) -> str:
    """An http(s) URL with a host; what stands in it is not repeated, for it may be signed."""
    why = ""
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        host, why = "", "its host or port is malformed"
    else:
        if parts.username is not None or parts.password is not None:
            why = "it has a user or a password in it, which the provider would see"
    if not all(c.isprintable() and c != " " for c in text):
        why = "it has a blank or a control character in it"
    elif len(text) > _URL_LIMIT:
        why = f"it has {len(text)} characters; {_URL_LIMIT} is the limit"
    elif not why and not _HOST.fullmatch(host):
        why = "it names no host"
    if why:
        raise ConfigError(f"The {what}'s URL cannot be used.", why=why, hint="give it as https://host/path")
    return text


def _decoded(text: str, what: str) -> bytes:
    label, comma, payload = text.strip().partition(",")
    if not comma or not label[:200].lower().rstrip().endswith(";base64"):
        raise _bad_data_uri(what, "it does not begin with data:image/…;base64,")
    payload = "".join(payload.split())
    _check_bytes(len(payload) // 4 * 3 - payload[-2:].count("="), what)
    try:
        return base64.b64decode(payload, validate=True)
    except (binascii.Error, ValueError):
        raise _bad_data_uri(what, "what follows is not base64, or it was cut") from None


def _bad_data_uri(what: str, why: str) -> ConfigError:
    return ConfigError(f"The {what}'s data URI cannot be read.", why=why, hint="give the bytes themselves instead")


def _from_path(value: str | os.PathLike[Any], what: str) -> Picture:
    try:
        path = Path(os.fsdecode(value)).absolute()
    except (TypeError, ValueError, OSError):
        raise ConfigError(f"The {what}'s path cannot be used.", hint=_ACCEPTED) from None
    subject = _named(what, str(path))
    head, total = _read(path, subject, _HEAD)
    if kind_of(head) == "jpg" and size_of(head) is None:
        head, total = _read(path, subject, _LONG_HEAD)
    kind, size = _checked(head, subject, whole=total <= len(head))
    return Picture(path=str(path), kind=kind, size=size)


def _named(what: str, path: str) -> str:
    return f"{what} {path if len(path) <= _SHOWN else '…' + path[-_SHOWN:]!r}"


def _read(path: Path, subject: str, most: int) -> tuple[bytes, int]:
    """At most so many bytes of a file, and how many it has."""
    why, hint = "", "check the path; a relative one starts at the working directory"
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            why = "it is a folder" if stat.S_ISDIR(status.st_mode) else "it is not an ordinary file"
        else:
            _check_bytes(status.st_size, subject)
            with path.open("rb") as file:
                return file.read(most), status.st_size
    except FileNotFoundError:
        why = "there is no such file"
        hint = "write '~' out: Path(…).expanduser()" if "~" in path.parts else hint
    except PermissionError:
        why, hint = "this user may not read it", "change its permissions, or give its bytes"
    except OSError as exc:
        why = os.strerror(exc.errno) if exc.errno else type(exc).__name__
    except ValueError as exc:
        if isinstance(exc, ConfigError):
            raise
        why = "its path has characters that no path can have"
    raise ConfigError(f"The {subject} cannot be read.", why=why, hint=hint)


def _stream(file: Any, what: str) -> bytearray:
    """What a binary file object holds, at most one byte more than allowed; it is put back where it was."""
    if isinstance(file, io.TextIOBase):
        raise _not_binary(what)
    body = bytearray()
    try:
        here = file.tell() if hasattr(file, "seekable") and file.seekable() else None
        if here is not None:
            file.seek(0)
        while len(body) <= IMAGE_LIMIT:
            part = file.read(IMAGE_LIMIT + 1 - len(body))
            if isinstance(part, str):
                raise _not_binary(what)
            if inspect.iscoroutine(part):
                part.close()
                raise ConfigError(f"The {what} is an async file.", hint="give its bytes: await file.read()")
            if not memoryview(part):
                break
            body += part
        if here is not None:
            file.seek(here)
    except ConfigError:
        raise
    except Exception as exc:
        raise ConfigError(
            f"The {what}'s file object cannot be read.", why=type(exc).__name__, hint="open it with open(path, 'rb')"
        ) from exc
    return body


def _not_binary(what: str) -> ConfigError:
    return ConfigError(
        f"The {what} is a file opened as text.", why="its bytes are lost", hint="open it with open(path, 'rb')"
    )


def _from_bytes(value: bytes | bytearray | memoryview, what: str) -> Picture:
    try:
        _check_bytes(memoryview(value).nbytes, what)
        data = bytes(value)
    except ValueError as exc:
        if isinstance(exc, ConfigError):
            raise
        raise ConfigError(f"The {what}'s memory was released.", hint="give bytes") from None
    kind, size = _checked(data, what, whole=True)
    return Picture(data=data, kind=kind, size=size)


def _from_pil(image: Any, what: str) -> Picture:
    width, height = image.size
    check_size((width, height), what)
    try:
        copy = image.copy()
    except Exception as exc:
        raise ConfigError(
            f"The {what} is a PIL image without its pixels.",
            why=f"its file was closed, or is broken ({type(exc).__name__})",
            hint="call .load() on it before its file is closed",
        ) from exc
    return Picture(source=copy, kind="png", size=(width, height))


def _check_bytes(count: int, subject: str) -> None:
    if count <= 0:
        raise ConfigError(f"The {subject} is empty.", why="it has no bytes", hint="check what was meant to write it")
    if count > IMAGE_LIMIT:
        raise ConfigError(
            f"The {subject} is too large.",
            why=f"more than {IMAGE_LIMIT >> 20} MiB is not sent",
            hint="make it smaller, or save it as JPEG or WebP",
        )


def _checked(head: bytes, subject: str, *, whole: bool) -> tuple[str, tuple[int, int] | None]:
    """Kind and size by the first bytes; the size may be unknown for a JPEG that was not read as a `whole`."""
    kind, size = kind_of(head), size_of(head)
    if kind is None:
        guess = looks_like(head)
        raise ConfigError(
            f"The {subject} is not a PNG, JPEG, WebP or GIF.",
            why=f"by its first bytes it is {guess}" if guess else "its first bytes are none of theirs",
            hint="convert it, for example with Pillow: PIL.Image.open(path).save('picture.png')",
        )
    if size is not None:
        check_size(size, subject)
    elif whole or kind != "jpg":
        raise ConfigError(
            f"The {subject} is broken.",
            why="its header is cut or damaged, so that its size cannot be read",
            hint="get the whole file again, or save it anew in an image program",
        )
    return kind, size
