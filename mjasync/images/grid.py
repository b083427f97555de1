"""One grid of four pictures, cut into the four."""

from mjasync.errors import ConfigError
from mjasync.images.pillow import decode, encode, needs_pillow


def split(grid: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    """PNGs of the top left, top right, bottom left and bottom right picture: the order of U1 to U4.

    Blocks, a second for 2048 x 2048: call it in a thread. The pixels are those of the grid, unchanged. All four
    have one size; of a grid with an odd side, the last row or column is left out, since it belongs to none.
    Raises ConfigError without Pillow, and for bytes that cannot be decoded.
    """
    try:
        image = decode(grid, what="grid")
    except ImportError:
        raise needs_pillow("Cutting a grid into its pictures") from None
    width, height = image.width // 2, image.height // 2
    if not width or not height:
        raise ConfigError(
            "The grid is too small to be cut.",
            why=f"it is {image.width} x {image.height} pixels",
            hint="save it as it is",
        )
    corners = [(x, y, x + width, y + height) for y in (0, height) for x in (0, width)]
    one, two, three, four = (encode(image.crop(corner), what="grid") for corner in corners)
    return one, two, three, four
