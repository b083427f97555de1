"""Masks for repainting a region: black, with the region in white (seed 000 line 503), as large as the picture."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mjasync.core.pictures import kind_of, size_of
from mjasync.errors import ConfigError
from mjasync.images.pillow import check_size, decode, encode, needs_pillow

if TYPE_CHECKING:
    from PIL import Image

#: Pixels; a corner of a polygon may lie outside the picture, but not further than this.
FAR = 1_000_000
_BLACK_AND_WHITE = (frozenset({0, 255}), frozenset({(0, 0, 0, 255), (255, 255, 255, 255)}))


def draw_mask(
    size: tuple[int, int],
    *,
    rectangles: Iterable[tuple[int, int, int, int]] = (),
    polygons: Iterable[Iterable[tuple[int, int]]] = (),
) -> bytes:
    """A mask as a 1-bit PNG: black, and white where the picture is to be repainted. Needs Pillow.

    `size` is the picture's width and height in pixels. A rectangle is (x, y, width, height), and a polygon three or
    more corners (x, y), in pixels from the top left; a polygon's outline is white too. What lies outside the picture
    is cut off. Raises ConfigError for numbers that are none of this, and if nothing white would remain.
    """
    width, height = _whole(size, 2, "size= is not (width, height) in whole pixels.")
    check_size((width, height), "mask")
    try:
        from PIL import Image, ImageDraw  # noqa: PLC0415  # an extra
    except ImportError:
        raise needs_pillow("Drawing a mask") from None
    mask = Image.new("1", (width, height), 0)
    for rectangle in _each(rectangles, "rectangles"):
        x, y, wide, high = _whole(rectangle, 4, "A rectangle is not (x, y, width, height) in whole pixels.")
        left, top, right, bottom = max(x, 0), max(y, 0), min(x + wide, width), min(y + high, height)
        if left < right and top < bottom:
            mask.paste(1, (left, top, right, bottom))
    pen = ImageDraw.Draw(mask)
    for polygon in _each(polygons, "polygons"):
        pen.polygon(_corners(polygon), fill=1)
    if mask.getbbox() is None:
        raise _nothing_white("no rectangle or polygon covers a pixel of the picture")
    return encode(mask, what="mask")


def check_mask(data: bytes, *, size: tuple[int, int] | None, what: str = "mask") -> None:
    """ConfigError unless these bytes are a mask for a picture of `size` pixels (None: any). Blocks: use a thread.

    By the header, it is no JPEG and its size is right. Where Pillow is installed, every pixel is also black or white,
    opaque, and at least one is white; without Pillow the pixels are not looked at.
    """
    kind, own = kind_of(data), size_of(data)
    if kind == "jpg":
        raise ConfigError(
            f"The {what} is a JPEG.",
            why="a JPEG has greys along its edges; a mask is nothing but black and white",
            hint="save the mask as PNG",
        )
    if kind and own and size and own != size:
        raise ConfigError(
            f"The {what} does not fit the picture.",
            why=f"it is {own[0]} x {own[1]} pixels, the picture {size[0]} x {size[1]}",
            hint="draw it at the picture's size, for example with draw_mask(size, rectangles=[(x, y, width, height)])",
        )
    if kind is None or own is None:
        raise ConfigError(
            f"The {what} is not a whole picture.", why="by its first bytes", hint="give a PNG of black and white"
        )
    try:
        image = decode(data, what=what)
    except ImportError:
        return
    _check_colours(image, what)


def _check_colours(image: "Image.Image", what: str) -> None:
    colours = _two_colours(image)
    if not any(colours <= allowed for allowed in _BLACK_AND_WHITE):
        raise ConfigError(
            f"The {what} is not black and white.",
            why="it has other colours, greys, or see-through pixels",
            hint="make every pixel pure black or white without smoothing, or draw it with draw_mask(...)",
        )
    if not colours & {255, (255, 255, 255, 255)}:
        raise _nothing_white(f"the {what} is black all over")


def _two_colours(image: "Image.Image") -> frozenset[object]:
    """The colours of an image with at most two; an empty text among them stands for more."""
    if image.mode == "I;16":  # Pillow does not count these
        values = frozenset(memoryview(image.tobytes()).cast("H"))
        return frozenset({value // 257 for value in values}) if values <= {0, 65535} else frozenset({""})
    plain = image.mode in ("1", "L") and "transparency" not in image.info
    found = (image if plain else image.convert("RGBA")).getcolors(2)
    return frozenset({""}) if found is None else frozenset(colour for _, colour in found)


def _nothing_white(why: str) -> ConfigError:
    return ConfigError("The mask repaints nothing.", why=why, hint="make white what is to be repainted")


def _each(regions: object, name: str) -> Iterable[object]:
    if isinstance(regions, str | bytes) or not isinstance(regions, Iterable):
        raise ConfigError(f"{name}= is not a list.", hint=f"give a list, also for one: {name}=[…]")
    return regions


def _whole(value: object, count: int, complaint: str) -> tuple[int, ...]:
    numbers = tuple(value) if isinstance(value, Iterable) and not isinstance(value, bytes) else ()
    if len(numbers) != count or any(isinstance(n, bool) or not isinstance(n, int) for n in numbers):
        raise ConfigError(complaint, why=f"it is {value!r:.80}", hint=f"give {count} whole numbers")
    return numbers


def _corners(polygon: object) -> list[tuple[int, int]]:
    complaint = "A corner of a polygon is not (x, y) in whole pixels."
    corners = [(x, y) for x, y in (_whole(corner, 2, complaint) for corner in _each(polygon, "polygons"))]
    if len(corners) < 3:
        raise ConfigError("A polygon has fewer than three corners.", hint="give three or more: [(x, y), …]")
    if any(abs(number) > FAR for corner in corners for number in corner):
        raise ConfigError("A polygon has a corner far outside the picture.", hint="corners are in pixels")
    return corners
