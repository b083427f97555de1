"""TTAPI's words for the buttons under a picture."""

from collections.abc import Mapping

from mjasync.sim.gestures import REGION, REROLL, Gesture

#: TTAPI's word -> gesture. Seed 000 defines upsampleN and variationN; the rest is what `components` of newer answers show.
ACTIONS: Mapping[str, Gesture] = {
    **{f"upsample{tile}": Gesture("upscale", tile) for tile in (1, 2, 3, 4)},
    **{f"variation{tile}": Gesture("variation", tile) for tile in (1, 2, 3, 4)},
    "reroll": REROLL,
    "upscale_subtle": Gesture("upscale", flavour="subtle"),
    "upscale_creative": Gesture("upscale", flavour="creative"),
    "low_variation": Gesture("variation", flavour="subtle"),
    "high_variation": Gesture("variation", flavour="strong"),
    "vary_region": REGION,
    "zoom_out_2": Gesture("zoom", flavour="2"),
    "zoom_out_1_5": Gesture("zoom", flavour="1.5"),
    "make_square": Gesture("zoom", flavour="square"),
    **{f"pan_{side}": Gesture("pan", flavour=side) for side in ("left", "right", "up", "down")},
}
