"""From a scene to pixels: sky, light, clouds, stars, land, water, a silhouette.

A picture is built from columns (a sky with pieces of land laid over it are slices of prepared strips, not pixels) and
turned into rows at the end: some ten milliseconds for 256x256 without any library.
"""

import math
from collections.abc import Callable
from functools import partial

from attrs import field, frozen

from mjasync.sim import ridges, shapes
from mjasync.sim.palettes import Colour, Palette, mix, palette
from mjasync.sim.scenes import Dice, Scene

_RINGS = 10
_LAND = {
    "mountains": (ridges.mountains, ridges.mountains, ridges.hills, ridges.trees),
    "sea": (ridges.hills, ridges.mountains),
    "city": (ridges.hills, ridges.houses, ridges.houses, ridges.houses),
    "forest": (ridges.mountains, ridges.hills, ridges.trees, ridges.trees),
    "dunes": (ridges.mountains, ridges.dunes, ridges.dunes, ridges.dunes),
}


@frozen
class View:
    """Where the camera stands: columns and rows of the canvas against the world's coordinates."""

    scene: Scene
    width: int
    height: int
    # Rows per unit of height, and the row of height 0: asked for twenty thousand times in a grid.
    _steps: float = field(init=False)
    _top: float = field(init=False)

    @_steps.default
    def _(self) -> float:
        return self.height / self.scene.zoom

    @_top.default
    def _(self) -> float:
        return self.height / 2 + 0.5 - (0.5 + self.scene.pan[1]) * self._steps

    def across(self, column: float) -> float:
        """World coordinate of a column: 0..1 in the first view of a square picture."""
        share = ((column + 0.5) / self.width - 0.5) * self.width / self.height
        return share * self.scene.zoom + 0.5 + self.scene.pan[0]

    def row(self, down: float) -> int:
        """Row of a world height (0 top, 1 bottom of the first view), kept on the canvas."""
        row = int(down * self._steps + self._top)
        return 0 if row < 0 else min(self.height, row)

    def column(self, across: float) -> int:
        """Column of a world coordinate, off the canvas too."""
        share = (across - 0.5 - self.scene.pan[0]) / self.scene.zoom
        return round((share * self.height / self.width + 0.5) * self.width)


def paint(scene: Scene, width: int, height: int) -> bytearray:
    """Return the scene as rows of RGB bytes."""
    view, colours = View(scene, width, height), palette(scene.palette)
    columns = _sky(view, colours)
    _stars(view, colours, columns)
    _clouds(view, colours, columns)
    _land(view, colours, columns)
    if scene.motif == "sea":
        _water(view, colours, columns)
    canvas = _rows(columns, width, height)
    if scene.motif == "sea":
        _glitter(view, colours, canvas)
    shapes.stamp(canvas, view.width, view.height, *_silhouette(view, colours))
    return canvas


def strip(height: int, *stops: Colour) -> bytes:
    """One column of `height` pixels that fades evenly from stop to stop."""
    mixed, legs = bytearray(3 * height), len(stops) - 1
    for leg in range(legs):
        start, end = leg * height // legs, (leg + 1) * height // legs
        long = max(1, end - start)
        for channel in range(3):
            first, rise = stops[leg][channel], stops[leg + 1][channel] - stops[leg][channel]
            mixed[3 * start + channel : 3 * end : 3] = bytes([first + rise * k // long for k in range(end - start)])
    return bytes(mixed)


def _sky(view: View, colours: Palette) -> list[bytearray]:
    """The sky with its light: rings around sun or moon, each a little brighter."""
    dice = Dice(view.scene, "sky")
    x, y = dice(0.15, 0.85), dice(0.14, 0.3 if colours.night else 0.5)
    disc = dice(0.035, 0.075)
    stops = (colours.top, colours.middle, colours.horizon)
    rings = []
    for ring in range(_RINGS + 1):
        glow = (ring / _RINGS) ** 2 * (0.35 if colours.night else 0.6) if ring < _RINGS else 1.0
        radius = disc * (1 + (_RINGS - ring) * 0.65)
        rings.append((radius, strip(view.height, *(mix(stop, colours.light, glow) for stop in stops))))
    plain = strip(view.height, *stops)
    columns = []
    for column in range(view.width):
        pixels, away = bytearray(plain), view.across(column) - x
        for radius, data in rings:
            if abs(away) < radius:
                half = math.sqrt(radius * radius - away * away)
                top, bottom = 3 * view.row(y - half), 3 * view.row(y + half)
                pixels[top:bottom] = data[top:bottom]
        columns.append(pixels)
    return columns


def _stars(view: View, colours: Palette, columns: list[bytearray]) -> None:
    """Stars at night; an upscale shows fainter ones between them."""
    if not colours.night:
        return
    dice = Dice(view.scene, "stars")
    for number in range(150 + 250 * view.scene.detail):
        column, row = view.column(dice(-1.0, 2.0)), view.row(dice(-0.6, 0.6))
        if 0 <= column < view.width and row < view.height:
            faint = 0.25 + 0.65 * dice() if number < 150 else 0.3 * dice()
            pixel = columns[column][3 * row : 3 * row + 3]
            columns[column][3 * row : 3 * row + 3] = bytes(mix((pixel[0], pixel[1], pixel[2]), colours.light, faint))


def _clouds(view: View, colours: Palette, columns: list[bytearray]) -> None:
    """Flat-bottomed clouds of a few puffs."""
    dice = Dice(view.scene, "clouds")
    tint = 0.12 if colours.night else 0.45
    stops = (colours.top, colours.middle, colours.horizon)
    data = strip(view.height, *(mix(stop, colours.light, tint) for stop in stops))
    for _ in range(5):
        x, y = dice(-0.6, 1.6), dice(0.08, 0.42)
        for _ in range(4 + 2 * view.scene.detail):
            left, wide, high = x + dice(-0.09, 0.09), dice(0.03, 0.09), dice(0.008, 0.035)
            for column in range(max(0, view.column(left - wide)), min(view.width, view.column(left + wide))):
                share = 1 - ((view.across(column) - left) / wide) ** 2
                top, bottom = 3 * view.row(y - high * math.sqrt(max(0.0, share))), 3 * view.row(y)
                columns[column][top:bottom] = data[top:bottom]


def _land(view: View, colours: Palette, columns: list[bytearray]) -> None:
    """Ridge before ridge, each darker and nearer than the last, with mist at its feet."""
    kinds = _LAND[view.scene.motif]
    xs = [view.across(column) for column in range(view.width)]
    for depth, kind in enumerate(kinds):
        near = depth / (len(kinds) - 1)
        dice = Dice(view.scene, f"land{depth}")
        ridge = kind(dice, 4 + 2 * view.scene.detail)
        sea = view.scene.motif == "sea"
        base, high = (0.64, 0.16 - 0.04 * depth) if sea else (0.66 + 0.30 * near, 0.34 - 0.14 * near)
        colour = mix(colours.far, colours.near, near * 0.92 if not sea else 0.35 * near)
        body = strip(view.height, colour, colour, mix(colour, colours.horizon, 0.4 * (1 - near)))
        snow = strip(view.height, mix(colour, colours.light, 0.75), mix(colour, colours.light, 0.35))
        caps = kind is ridges.mountains and view.scene.motif == "mountains"
        for column, x in enumerate(xs):
            level = ridge(x)
            top = 3 * view.row(base - high * level)
            columns[column][top:] = body[top:]
            if caps and level > 0.62:
                foot = 3 * view.row(base - high * (0.62 - 0.5 * (level - 0.62) * (0.5 + 0.5 * math.sin(x * 90))))
                columns[column][top:foot] = snow[top:foot]
        if kind is ridges.houses and depth > 1:
            light = mix(colours.light, colours.horizon, 0.5)
            _windows(view, columns, dice, light, roof_at=partial(_roof, ridge, base, high))


def _roof(ridge: ridges.Ridge, base: float, high: float, across: float) -> float:
    return base - high * ridge(across)


def _windows(
    view: View, columns: list[bytearray], dice: Dice, light: Colour, *, roof_at: Callable[[float], float]
) -> None:
    """Lit windows on a grid of floors; more of them in an upscale."""
    lit = [dice() for _ in range(251)]
    floors, rows = 0.018, 1 + view.height // 256
    for column in range(view.width):
        place = view.across(column) * 90
        if place % 1.0 > 0.5 / (1 if view.scene.detail else 1.4):
            continue
        roof, number = roof_at(view.across(column)) + floors, math.floor(place)
        for floor in range(math.ceil(roof / floors), math.ceil(1.0 / floors)):
            if lit[(number * 31 + floor * 7) % 251] > 0.72:
                row = view.row(floor * floors)
                end = min(view.height, row + rows)
                columns[column][3 * row : 3 * end] = bytes(light) * (end - row)


def _water(view: View, colours: Palette, columns: list[bytearray]) -> None:
    """The sea from the horizon down."""
    data = strip(
        view.height, colours.horizon, mix(colours.horizon, colours.middle, 0.6), mix(colours.near, colours.top, 0.5)
    )
    top = 3 * view.row(0.64)
    for pixels in columns:
        pixels[top:] = data[top:]


def _glitter(view: View, colours: Palette, canvas: bytearray) -> None:
    """Light on the water below sun or moon, and darker waves; finer ones in an upscale."""
    sun = Dice(view.scene, "sky")(0.15, 0.85)
    dice = Dice(view.scene, "water")
    for number in range(170 + 330 * view.scene.detail):
        depth = dice() ** 1.5
        row = view.row(0.645 + 0.35 * depth)
        bright = number % 3 > 0
        middle = sun + dice(-1, 1) * (0.04 + 0.12 * depth) if bright else dice(-1.0, 2.0)
        long = dice(0.006, 0.03) * (0.5 + depth * 1.5)
        colour = mix(colours.light, colours.horizon, dice(0.0, 0.6)) if bright else mix(colours.near, colours.top, 0.4)
        left, right = max(0, view.column(middle - long)), min(view.width, view.column(middle + long))
        if left < right and row < view.height:
            start = 3 * (row * view.width + left)
            canvas[start : start + 3 * (right - left)] = bytes(colour) * (right - left)


def _silhouette(view: View, colours: Palette) -> tuple[list[shapes.Polygon], Colour]:
    """The subject of the prompt, if it names one that we can cut out of paper."""
    dice = Dice(view.scene, "subject")
    x, tall = dice(0.25, 0.75), dice(0.3, 0.42)
    foot = 0.72 if view.scene.subject == "boat" else 0.93
    places = [
        [(view.column(x + px * tall), view.row(foot - py * tall)) for px, py in polygon]
        for polygon in shapes.SHAPES.get(view.scene.subject, ())
    ]
    return places, mix(colours.near, (0, 0, 0), 0.35)


def _rows(columns: list[bytearray], width: int, height: int) -> bytearray:
    """Turn columns into rows: one strided copy per row and channel."""
    data, canvas = b"".join(columns), bytearray(3 * width * height)
    for row in range(height):
        for channel in range(3):
            start = 3 * row * width + channel
            canvas[start : start + 3 * width : 3] = data[3 * row + channel :: 3 * height]
    return canvas
