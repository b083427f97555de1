"""Colours: eight lights of the day, and the mixing of two."""

from attrs import frozen

Colour = tuple[int, int, int]


@frozen(kw_only=True)
class Palette:
    """The light of a scene: the sky from top to horizon, what shines in it, and the land from far to near."""

    top: Colour
    middle: Colour
    horizon: Colour
    light: Colour
    far: Colour
    near: Colour
    night: bool = False


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """Return `one` with a share (0..1) of `other` in it."""
    return (
        round(one[0] + (other[0] - one[0]) * share),
        round(one[1] + (other[1] - one[1]) * share),
        round(one[2] + (other[2] - one[2]) * share),
    )


def palette(place: float) -> Palette:
    """Return the palette at a place (0..1) of the wheel: one of the eight, leaning a little towards the next."""
    spot = (place % 1.0) * len(_WHEEL)
    here, after = _WHEEL[int(spot)], _WHEEL[(int(spot) + 1) % len(_WHEEL)]
    lean = (spot % 1.0) * 0.3
    return Palette(
        top=mix(here.top, after.top, lean),
        middle=mix(here.middle, after.middle, lean),
        horizon=mix(here.horizon, after.horizon, lean),
        light=here.light,
        far=mix(here.far, after.far, lean),
        near=mix(here.near, after.near, lean),
        night=here.night,
    )


def _rgb(code: str) -> Colour:
    return int(code[0:2], 16), int(code[2:4], 16), int(code[4:6], 16)


def _light(line: str, *, night: bool = False) -> Palette:
    top, middle, horizon, light, far, near = (_rgb(code) for code in line.split())
    return Palette(top=top, middle=middle, horizon=horizon, light=light, far=far, near=near, night=night)


_WHEEL = (
    _light("2b2d5b b5577a ffb88c fff1c9 a06484 241734"),
    _light("2f7fc1 8cc7e8 f3f1dc fffbe6 86aebb 1d4437"),
    _light("1d1b3a c8553d ffcf70 fff3b0 9a4c4c 1a0f1f"),
    _light("060a24 12245a 4a6aa5 f4f3e6 2a4478 050a18", night=True),
    _light("0b3c49 3f8f8b f2e3bc fff8e1 6fae9f 0a2a2e"),
    _light("5b2a6e e0709a ffe0c7 ffffff bd7296 33163f"),
    _light("04111f 0d4a4e 4fae86 eafff2 1c5a55 03110f", night=True),
    _light("3a5a78 d9a566 fbe8c3 fff7d6 bd8048 3b1f14"),
)
