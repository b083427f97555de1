"""What a picture shows, before anyone draws it: a scene, its four takes, and what a button makes of it.

Rule 1: a scene is a value; the same scene is the same picture at every size.
Rule 2: what descends from a scene keeps its motif and its palette, so a stranger can see whose child it is.
"""

import hashlib
import re
from random import Random

from attrs import evolve, frozen

from mjasync.sim.gestures import Gesture

MOTIFS = ("mountains", "sea", "city", "forest", "dunes")

#: A word in the prompt decides the motif, and the silhouette in front of it.
_MOTIF_WORDS = {
    "mountains": "mountain alps peak snow valley glacier fox wolf",
    "sea": "sea ocean lighthouse boat ship sail island beach wave harbour harbor lake",
    "city": "city skyline street tokyo york neon robot building tower cat",
    "forest": "forest tree wood jungle deer bear owl garden castle",
    "dunes": "desert dune sand camel pyramid mars planet knight",
}
_SUBJECT_WORDS = {
    "cat": "cat kitten",
    "lighthouse": "lighthouse tower",
    "boat": "boat ship sail harbour harbor",
    "castle": "castle knight palace chess",
    "tree": "tree forest garden wood",
    "pyramid": "pyramid desert camel",
}

#: How far a flavour of variation strays from its parent, 0..1.
_STRAY = {"": 0.45, "subtle": 0.25, "strong": 0.8}
_SIDES = {"left": (-0.35, 0.0), "right": (0.35, 0.0), "up": (0.0, -0.18), "down": (0.0, 0.12)}


@frozen(kw_only=True)
class Scene:
    """One picture: motif, palette (0..1 around the colour wheel of `palettes`), layout, and where the camera stands."""

    motif: str
    subject: str
    palette: float
    seed: int
    #: Seeds and strengths of the variations that led here.
    strays: tuple[tuple[int, float], ...] = ()
    #: 1 is the first view; 2 shows twice as much.
    zoom: float = 1.0
    pan: tuple[float, float] = (0.0, 0.0)
    #: How often it was upscaled: more of it shows more.
    detail: int = 0

    def stray(self, seed: int, strength: float) -> "Scene":
        """Return a sibling: same motif and palette, things moved."""
        return evolve(self, strays=(*self.strays, (seed, strength)))


class Dice:
    """Numbers for the layout of one scene: its seed's, pushed a little by every variation on the way."""

    def __init__(self, scene: Scene, part: str = "") -> None:
        self._base = Random(f"{scene.seed}/{part}")
        self._strays = [(Random(f"{seed}/{part}"), strength) for seed, strength in scene.strays]

    def __call__(self, low: float = 0.0, high: float = 1.0) -> float:
        """Throw once, between `low` and `high`."""
        share = self._base.random()
        for dice, strength in self._strays:
            share = min(1.0, max(0.0, share + strength * (dice.random() - 0.5)))
        return low + share * (high - low)


def first(prompt: str, dice: Random) -> tuple[Scene, ...]:
    """Four takes on a prompt: one motif, four lights."""
    digest = hashlib.sha256(prompt.encode("utf-8", "surrogatepass")).digest()
    words = set(re.findall(r"[a-z]+", prompt.casefold()))
    motif = _pick(_MOTIF_WORDS, words) or MOTIFS[digest[0] % len(MOTIFS)]
    subject = _pick(_SUBJECT_WORDS, words)
    start = (digest[1] / 256 + dice.random()) % 1.0
    return tuple(
        Scene(motif=motif, subject=subject, palette=(start + take / 4) % 1.0, seed=dice.getrandbits(48))
        for take in range(4)
    )


def derive(parents: tuple[Scene, ...], gesture: Gesture, prompt: str, dice: Random) -> tuple[Scene, ...]:
    """Return what a gesture makes of a picture: one scene for an upscale, four for everything else."""
    if gesture.kind == "reroll":
        return first(prompt, dice)
    parent = parents[max(0, gesture.tile - 1)]
    if gesture.kind == "upscale":
        return (evolve(parent, detail=parent.detail + 1),)
    seen = _moved(parent, gesture)
    strength = _STRAY.get(gesture.flavour, 0.08)
    return tuple(seen.stray(dice.getrandbits(48), strength) for _ in range(4))


def size(prompt: str) -> tuple[int, int]:
    """Width and height in pixels: the longer side is 512, the shape is the prompt's `--ar w:h`, at most 1:3 or 3:1."""
    match = re.search(r"--(?:ar|aspect)\s+(\d{1,4}):(\d{1,4})\b", prompt)
    wide, high = (int(side) for side in match.groups()) if match else (1, 1)
    ratio = min(3.0, max(1 / 3, wide / high)) if wide and high else 1.0
    if ratio >= 1:
        return 512, round(256 / ratio) * 2
    return round(256 * ratio) * 2, 512


def _moved(scene: Scene, gesture: Gesture) -> Scene:
    if gesture.kind == "pan":
        right, down = _SIDES[gesture.flavour]
        return evolve(scene, pan=(scene.pan[0] + right * scene.zoom, scene.pan[1] + down * scene.zoom), detail=0)
    if gesture.kind == "zoom":
        factor = 1.0 if gesture.flavour == "square" else float(gesture.flavour)
        return evolve(scene, zoom=scene.zoom * factor, detail=0)
    return evolve(scene, detail=0)


def _pick(table: dict[str, str], words: set[str]) -> str:
    for name, triggers in table.items():
        if words & set(triggers.split()):
            return name
    return ""
