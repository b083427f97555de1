"""`--rect X,Y,W,H`: what of a picture is to be painted again, in pixels, in percent, or in parts of 1."""

import re
from collections.abc import Sequence

from attrs import frozen

from mjasync.cli.usage import UsageError

_NUMBER = re.compile(r"(\d{1,7}(?:\.\d{1,9})?)(%?)")
_FORMS = "pixels 100,50,400,300, percent 10%,5%,40%,30% or parts of 1 0.1,0.05,0.4,0.3"


@frozen
class Rect:
    """One rectangle as it was typed: left, top, width, height. `parts`: of 1; else pixels."""

    typed: str
    numbers: tuple[float, float, float, float]
    parts: bool

    def pixels(self, size: tuple[int, int]) -> tuple[int, int, int, int]:
        """Return it in a picture of `size`, in whole pixels. Raises `UsageError` where it lies outside."""
        wide, high = size
        if not self.parts:
            x, y, w, h = (round(number) for number in self.numbers)
        else:
            left, top, width, height = self.numbers
            x, y = round(left * wide), round(top * high)
            w, h = round((left + width) * wide) - x, round((top + height) * high) - y
        if x + w > wide or y + h > high:
            raise UsageError(
                f"--rect {self.typed} lies outside of the picture.",
                why=f"the picture is {wide} x {high} pixels; the rectangle ends at {x + w}, {y + h}",
                hint=f"X + W may be {wide} at most, Y + H {high}; percent fit any size: --rect 25%,25%,50%,50%",
            )
        if not (w and h):
            raise UsageError(
                f"--rect {self.typed} covers no pixel.",
                why=f"the picture is {wide} x {high} pixels, and the rectangle is {w} x {h}",
                hint="make it larger",
            )
        return x, y, w, h


def read(texts: Sequence[str]) -> tuple[Rect, ...]:
    """Return the rectangles that were typed. Raises `UsageError`."""
    return tuple(map(_read, texts))


def _read(text: str) -> Rect:
    found = [_NUMBER.fullmatch(part.strip()) for part in text.split(",")]
    matches = [match for match in found if match is not None]
    if len(found) != 4 or len(matches) != 4:
        raise _bad(text, "it is not four numbers from 0 on, with commas between them")
    percent = {match[2] for match in matches}
    if len(percent) > 1:
        raise _bad(text, "some of its numbers are percent, others are not")
    x, y, w, h = (float(match[1]) for match in matches)
    if percent == {"%"}:
        x, y, w, h = (number / 100 for number in (x, y, w, h))
    # Nobody means one pixel.
    parts = percent == {"%"} or any("." in match[1] for match in matches) or max(x, y, w, h) <= 1
    if parts and max(x + w, y + h) > 1 + 1e-9:
        raise _bad(text, _too_far(x + w, y + h, percent=percent == {"%"}))
    if not (w and h):
        raise _bad(text, "its width or height is 0")
    return Rect(text.strip(), (x, y, w, h), parts)


def _too_far(right: float, bottom: float, *, percent: bool) -> str:
    if percent:
        return (
            f"it ends at {100 * right:.4g}% of the width and {100 * bottom:.4g}% of the height; a picture ends at 100%"
        )
    return f"numbers with a point are parts of 1, and it ends at {right:.4g}, {bottom:.4g}; pixels are whole numbers"


def _bad(text: str, why: str) -> UsageError:
    return UsageError(
        f"--rect {text[:60]!r} cannot be used.", why=why, hint=f"give X,Y,W,H from the top left: {_FORMS}"
    )
