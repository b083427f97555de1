"""Pillow, where it is installed: hostile bytes to pixels, and pixels to PNG.

Rule 1: whatever Pillow raises becomes a ConfigError, and what it warns about stays here.
Rule 2: the header is judged by us before Pillow sees a byte.
"""

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING

from mjasync.core.pictures import PIXEL_LIMIT, kind_of, size_of
from mjasync.errors import ConfigError

if TYPE_CHECKING:
    from PIL import Image

_FORMATS = {"png": "PNG", "jpg": "JPEG", "webp": "WEBP", "gif": "GIF"}
#: Modes that a PNG holds as they are.
_HELD = frozenset({"1", "L", "LA", "P", "RGB", "RGBA", "I;16"})
#: The nearest of those for the others; colours of any other kind (CMYK, YCbCr, HSV …) become RGB.
_NEAREST = {"La": "LA", "PA": "RGBA", "RGBa": "RGBA", "F": "L", "I": "I;16", "I;16B": "I;16", "I;16L": "I;16"}
#: Of zlib, 0 to 9: for a 2048 x 2048 grid about half the time of Pillow's default, 6, and the same size.
_COMPRESSION = 3
_FILTERS = threading.Lock()


@contextmanager
def quietly() -> Iterator[None]:
    """Keep Pillow's warnings (corrupt EXIF, odd animations) from a user who can do nothing about them.

    Filters belong to the whole process until Python 3.14, so only one thread at a time may have changed them,
    and only Pillow's own modules are silenced meanwhile.
    """
    with _FILTERS, warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"PIL(\.|$)")
        yield


def needs_pillow(purpose: str) -> ConfigError:
    """The error for a missing Pillow; `purpose` begins its sentence."""
    return ConfigError(
        f"{purpose} needs Pillow.",
        why="it is an extra, and not installed here",
        hint="pip install 'mjasync[images]'",
    )


def check_size(size: tuple[int, int], what: str) -> None:
    """ConfigError for a picture without pixels, or with more than `PIXEL_LIMIT`."""
    width, height = size
    if min(size) < 1:
        raise ConfigError(f"The {what} is empty.", why=f"it is {width} x {height} pixels", hint="give another one")
    if width * height > PIXEL_LIMIT:
        raise ConfigError(
            f"The {what} has too many pixels.",
            why=f"it is {width} x {height}, {width * height / 1e6:.0f} million; {PIXEL_LIMIT // 10**6} are the limit",
            hint="make it smaller; 2000 pixels on a side are plenty",
        )


def decode(data: bytes, *, what: str) -> "Image.Image":
    """The first frame of a picture, in the mode of its file.

    Raises ConfigError for bytes that cannot be decoded or have too many pixels, and ImportError without Pillow.
    """
    from PIL import Image  # noqa: PLC0415  # an extra

    kind, size = kind_of(data), size_of(data)
    if kind is None or size is None:
        raise _broken(what, "its header is not that of a whole PNG, JPEG, WebP or GIF")
    check_size(size, what)
    try:
        with quietly():
            image = Image.open(BytesIO(data), formats=[_FORMATS[kind]])
            check_size(image.size, what)
            image.load()
    except ConfigError:
        raise
    except Exception as exc:  # noqa: BLE001  # decoders raise anything, SyntaxError and struct.error among them
        raise _broken(what, f"Pillow cannot decode it ({type(exc).__name__})") from None
    return image


def encode(image: "Image.Image", *, what: str) -> bytes:
    """A PNG of an image's pixels as they are; a mode that PNG cannot hold becomes the nearest that it can.

    "F" is cut to 0..255 and "I" to 0..65535. Raises ConfigError if Pillow cannot do it.
    """
    stream = BytesIO()
    try:
        if image.mode in _HELD:
            image.save(stream, "PNG", compress_level=_COMPRESSION)
        else:
            with quietly():
                nearest = image.convert(_NEAREST.get(image.mode, "RGB"))
            # The profile spoke of the old colours.
            nearest.save(stream, "PNG", compress_level=_COMPRESSION, icc_profile=None)
    except Exception as exc:  # noqa: BLE001  # encoders raise anything too
        raise _broken(what, f"Pillow cannot make a PNG of mode {image.mode!r:.20} ({type(exc).__name__})") from None
    return stream.getvalue()


def _broken(what: str, why: str) -> ConfigError:
    return ConfigError(
        f"The {what} is broken.", why=why, hint="open it in an image program, and save it again as PNG or JPEG"
    )
