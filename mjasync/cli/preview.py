"""A picture in the terminal: kitty's or sixel's own where textual-image finds them, else two pixels in each cell.

Rule 1: a preview harms no run. It is drawn in a thread, and whatever goes wrong with it leaves it out.
Rule 2: only a file of bounded size, with a picture of bounded size in it, is decoded.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from rich.color import Color
from rich.console import Console, RenderableType
from rich.style import Style
from rich.text import Text

try:
    from PIL import Image
except ModuleNotFoundError:  # it comes with the extra `terminal`; without it there are no previews
    HAS_PILLOW = False
else:
    HAS_PILLOW = True

#: Bytes of a file and pixels of a picture beyond which nothing is decoded; the largest upscale has 17 million.
MOST_BYTES, MOST_PIXELS = 64 * 1024 * 1024, 40_000_000
#: Columns that a picture takes at most; lines, where it is the only one, and one of many.
WIDE, HIGH, LOW = 44, 22, 12
#: Makes a picture of the terminal's own.
Own = Callable[..., RenderableType]
#: A cell is about twice as high as it is wide.
_ASPECT = 2


def lines(path: Path, console: Console, own: Own | None = None, *, high: int = HIGH) -> list[str]:
    """Return what shows the picture, line by line; nothing where it cannot be shown. BLOCKS.

    `own`: what `wake` found.
    """
    if own is None and (console.no_color or console.color_system is None):
        return []
    try:
        if path.stat().st_size > MOST_BYTES:
            return []
        with Image.open(path) as image:
            if image.width * image.height > MOST_PIXELS:
                return []
            plain = image.convert("RGB")
        columns, rows = _size(plain.width, plain.height, console, high)
        shown = _halves(plain, columns, rows) if own is None else own(plain, width=columns, height=rows)
        with console.capture() as caught:
            console.print(shown, end="")
    except Exception:  # noqa: BLE001  # a broken file, a decoder's bug, a terminal that is gone: all the same here
        return []
    return caught.get().rstrip("\n").split("\n")


def wake() -> Own | None:
    """Return how this terminal shows pictures, if it has a protocol of its own and textual-image is there. BLOCKS.

    The terminal is asked, and answers on stdin: nothing is asked where that is something else.
    """
    streams = sys.__stdin__, sys.__stdout__
    if not all(stream is not None and stream.isatty() for stream in streams):
        return None
    try:
        from textual_image import renderable  # noqa: PLC0415  # importing it asks the terminal
    except Exception:  # noqa: BLE001  # it is not installed, or the terminal answers nonsense
        return None
    known = (renderable.TGPImage, renderable.SixelImage)
    return renderable.Image if renderable.Image in known else None


def _size(width: int, height: int, console: Console, high: int) -> tuple[int, int]:
    """Columns and lines of a picture of these pixels."""
    columns = max(min(WIDE, console.width - 3), 4)
    rows = max(round(columns * height / width / _ASPECT), 1)
    most = max(min(high, console.height // 2), 2)
    if rows > most:
        columns, rows = max(round(columns * most / rows), 1), most
    return columns, rows


def _halves(image: "Image.Image", columns: int, rows: int) -> Text:
    """Two pixels in each cell."""
    data = image.resize((columns, 2 * rows), Image.Resampling.LANCZOS).tobytes()
    dots = [Color.from_rgb(*data[at : at + 3]) for at in range(0, len(data), 3)]
    text = Text(no_wrap=True)
    for row in range(rows):
        above, below = (dots[at * columns : (at + 1) * columns] for at in (2 * row, 2 * row + 1))
        for top, low in zip(above, below, strict=True):
            text.append("▀", Style(color=top, bgcolor=low))
        text.append("\n" if row < rows - 1 else "")
    return text
