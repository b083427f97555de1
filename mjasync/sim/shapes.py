"""Silhouettes cut out of paper: polygons, and the filling of one."""

import math

from mjasync.sim.palettes import Colour

Polygon = list[tuple[int, int]]
Outline = tuple[tuple[float, float], ...]


def _disc(x: float, y: float, wide: float, high: float) -> Outline:
    turns = [math.tau * step / 28 for step in range(28)]
    return tuple((x + wide * math.cos(turn), y + high * math.sin(turn)) for turn in turns)


def _box(left: float, bottom: float, right: float, top: float) -> Outline:
    return ((left, bottom), (right, bottom), (right, top), (left, top))


#: Subject -> outlines; x to the right of its middle, y up from its foot, 1 is its height.
SHAPES: dict[str, tuple[Outline, ...]] = {
    "cat": (
        _disc(0, 0.28, 0.24, 0.3),
        _disc(0, 0.68, 0.19, 0.17),
        ((-0.18, 0.7), (-0.17, 0.99), (-0.03, 0.83)),
        ((0.18, 0.7), (0.17, 0.99), (0.03, 0.83)),
        _box(-0.24, -0.02, 0.24, 0.1),
        ((0.18, 0.0), (0.42, 0.06), (0.47, 0.3), (0.41, 0.5), (0.37, 0.49), (0.4, 0.3), (0.35, 0.13), (0.18, 0.1)),
    ),
    "lighthouse": (
        ((-0.13, 0), (0.13, 0), (0.08, 0.76), (-0.08, 0.76)),
        _box(-0.11, 0.74, 0.11, 0.78),
        _box(-0.055, 0.78, 0.055, 0.9),
        ((-0.08, 0.89), (0.08, 0.89), (0, 1.0)),
        ((-0.5, -0.06), (0.5, -0.06), (0.28, 0.05), (-0.3, 0.05)),
    ),
    "boat": (
        ((-0.34, 0.12), (0.36, 0.12), (0.24, 0), (-0.24, 0)),
        _box(-0.012, 0.1, 0.012, 1.0),
        ((0.03, 0.18), (0.32, 0.2), (0.03, 0.95)),
        ((-0.03, 0.2), (-0.25, 0.2), (-0.03, 0.8)),
    ),
    "castle": (
        _box(-0.4, -0.05, 0.4, 0.42),
        *(_box(-0.4 + 0.1 * step, 0.4, -0.34 + 0.1 * step, 0.48) for step in range(8)),
        _box(-0.46, -0.05, -0.3, 0.62),
        _box(0.3, -0.05, 0.46, 0.62),
        _box(-0.1, 0.0, 0.1, 0.76),
        ((-0.49, 0.62), (-0.27, 0.62), (-0.38, 0.84)),
        ((0.27, 0.62), (0.49, 0.62), (0.38, 0.84)),
        ((-0.14, 0.76), (0.14, 0.76), (0, 1.0)),
    ),
    "tree": (
        ((-0.035, -0.05), (0.045, -0.05), (0.02, 0.5), (-0.02, 0.5)),
        _disc(0, 0.72, 0.24, 0.2),
        _disc(-0.17, 0.58, 0.17, 0.13),
        _disc(0.18, 0.6, 0.17, 0.14),
        _disc(0.03, 0.86, 0.15, 0.13),
    ),
    "pyramid": (((-0.75, -0.05), (0.75, -0.05), (0, 0.85)), ((0.3, -0.05), (1.1, -0.05), (0.7, 0.45))),
}


def stamp(canvas: bytearray, width: int, height: int, polygons: list[Polygon], colour: Colour) -> None:
    """Fill polygons (corners as column and row) on a canvas of RGB rows."""
    pixel = bytes(colour)
    for polygon in polygons:
        edges = list(zip(polygon, polygon[1:] + polygon[:1], strict=True))
        rows = [row for _, row in polygon]
        for row in range(max(0, min(rows)), min(height, max(rows))):
            cuts = sorted(
                x1 + (row + 0.5 - y1) * (x2 - x1) / (y2 - y1)
                for (x1, y1), (x2, y2) in edges
                if (y1 <= row < y2) or (y2 <= row < y1)
            )
            for enter, leave in zip(cuts[::2], cuts[1::2], strict=True):
                left, right = max(0, round(enter)), min(width, round(leave))
                if left < right:
                    start = 3 * (row * width + left)
                    canvas[start : start + 3 * (right - left)] = pixel * (right - left)
