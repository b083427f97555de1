"""The Python call for each button: `upscale(2)` for `upscale2`."""

import re

#: Buttons whose verb is not in their name, or wants more than the name says.
_OWN = {
    "vary_region": "vary_region(mask)",
    "zoom_2": "zoom(2)",
    "zoom_1.5": "zoom(1.5)",
    "zoom_custom": "zoom(1.8)",
    "square": "square()",
    "reroll": "reroll()",
}
_NUMBERED = re.compile(r"(upscale|vary)([1-4])")
_WORDED = re.compile(r"(upscale_(?:subtle|creative)|vary_(?:subtle|strong)|pan_(?:left|right|up|down))")


def call_of(name: str) -> str:
    """What to call on a job or result to press the button of this name; `press(…)` where it has no verb."""
    if name in _OWN:
        return _OWN[name]
    if numbered := _NUMBERED.fullmatch(name):
        return f"{numbered[1]}({numbered[2]})"
    if _WORDED.fullmatch(name):
        verb, _, word = name.partition("_")
        return f'{verb}("{word}")'
    return f"press({name!r})"
