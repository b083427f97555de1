"""Lines on the horizon: for every column, how high the land stands there.

A ridge is a function of the world's horizontal coordinate (0..1 is the first view), defined everywhere, so that
zooming out and panning show more of the same land.
"""

import math
from collections.abc import Callable

from mjasync.sim.scenes import Dice

Ridge = Callable[[float], float]


def noise(dice: Dice, octaves: int) -> Ridge:
    """Smooth noise in 0..1: each octave doubles the detail and halves the height."""
    lattice = [dice() for _ in range(64)]
    total = 2.0 - 2.0 ** (1 - octaves)

    def height(x: float) -> float:
        value, share = 0.0, 1.0
        for octave in range(octaves):
            cell = math.floor(x)
            part = x - cell
            left, right = lattice[(cell + 17 * octave) & 63], lattice[(cell + 1 + 17 * octave) & 63]
            value += share * (left + (right - left) * part * part * (3 - 2 * part))
            x, share = x * 2, share / 2
        return value / total

    return height


def hills(dice: Dice, octaves: int) -> Ridge:
    """Rolling land."""
    wave, scale = noise(dice, max(2, octaves - 2)), dice(1.5, 3.0)
    return lambda x: wave(x * scale)


def mountains(dice: Dice, octaves: int) -> Ridge:
    """Sharp crests: noise folded at its middle."""
    wave, scale = noise(dice, octaves), dice(1.6, 2.8)
    return lambda x: (1 - abs(2 * wave(x * scale) - 1)) ** 1.6


def dunes(dice: Dice, octaves: int) -> Ridge:
    """Long slopes that break off on one side."""
    period, wave = dice(0.5, 0.9), noise(dice, octaves)

    def height(x: float) -> float:
        part = (x / period + 0.3 * wave(x)) % 1.0
        slope = part / 0.75 if part < 0.75 else (1 - part) / 0.25
        return 0.15 + 0.75 * slope * slope * (3 - 2 * slope) * (0.5 + 0.5 * wave(x * 0.7 + 9))

    return height


def trees(dice: Dice, octaves: int) -> Ridge:
    """Conifers on a hill; with more octaves their branches show."""
    ground, count = hills(dice, octaves), dice(22, 34)
    sizes = [dice(0.35, 1.0) for _ in range(64)]
    steps = 3 + octaves

    def height(x: float) -> float:
        cell = math.floor(x * count)
        across = abs(2 * (x * count - cell) - 1)
        branches = 0.75 + 0.25 * ((across * steps) % 1.0)
        return 0.55 * ground(x) + 0.45 * sizes[cell & 63] * (1 - across) * branches

    return height


def houses(dice: Dice, octaves: int) -> Ridge:
    """Flat roofs of different heights, some with a spire."""
    count = dice(9, 14)
    sizes = [dice() * math.sqrt(dice()) for _ in range(64)]
    spires = [dice() for _ in range(64)]

    def height(x: float) -> float:
        cell = math.floor(x * count)
        part = x * count - cell
        roof = 0.25 + 0.6 * sizes[cell & 63]
        if spires[cell & 63] > 0.7 and abs(part - 0.5) < 0.012 * octaves:
            return roof + 0.16
        return roof if 0.04 < part < 0.96 else 0.2

    return height
