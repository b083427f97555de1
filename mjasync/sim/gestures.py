"""What may be pressed under a finished picture, in no provider's spelling.

The two dialects translate these values into their tokens (`upsample1`, `MJ::JOB::upsample::1::…`), so that both
worlds offer the same and draw the same.
"""

from attrs import frozen

#: Kinds whose result is one picture; the others end in a grid of four.
SINGLES = frozenset({"upscale", "swap"})
#: Kinds that end in words or a number and show no picture.
WORDS = frozenset({"describe", "shorten", "seed"})


@frozen
class Gesture:
    """One button: its kind, the tile it is about (0: the whole), and which flavour of it."""

    kind: str
    tile: int = 0
    flavour: str = ""

    @property
    def needs_window(self) -> bool:
        """True for the buttons that open a window for more input instead of starting a job."""
        return self.flavour in {"region", "custom"} or self.kind == "text"


REROLL = Gesture("reroll")

_TILES = (1, 2, 3, 4)

# Seed 001, step two: U1-U4, reroll, V1-V4 in this order. Seed 000's sample leaves reroll out; newer samples have it.
GRID = (*(Gesture("upscale", tile) for tile in _TILES), REROLL, *(Gesture("variation", tile) for tile in _TILES))

SINGLE = (
    Gesture("upscale", flavour="subtle"),
    Gesture("upscale", flavour="creative"),
    Gesture("variation", flavour="subtle"),
    Gesture("variation", flavour="strong"),
    Gesture("variation", flavour="region"),
    Gesture("zoom", flavour="2"),
    Gesture("zoom", flavour="1.5"),
    Gesture("zoom", flavour="custom"),
    Gesture("zoom", flavour="square"),
    *(Gesture("pan", flavour=side) for side in ("left", "right", "up", "down")),
)


REGION, CUSTOM_ZOOM = Gesture("variation", flavour="region"), Gesture("zoom", flavour="custom")


def offers(kind: str, texts: int = 0) -> tuple[Gesture, ...]:
    """Return the gestures under the finished result of a job of this kind, which holds so many texts."""
    if kind in WORDS:
        return tuple(Gesture("text", number, kind) for number in range(1, texts + 1))
    return SINGLE if kind in SINGLES else GRID
