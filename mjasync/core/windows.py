"""What to answer when a button opens a window: vary region, custom zoom, remix.

midjourney-proxy starts nothing behind such a button before a second request brings a prompt, or a mask, or both
(seed 001 line 394, `modal`). What was given with the verb decides; what was not is taken from the window, then from
the parent; where nobody can know, `NeedsInput` says what is missing.
"""

import re

from mjasync.core.operations import Operation, Press
from mjasync.errors import NeedsInput

# It begins at a run of blanks, never inside of one: a prompt of a million blanks is searched once.
_ZOOM = re.compile(r"(?<!\s)\s*--zoom\s+\S+", re.IGNORECASE)


def window_prompt(operation: Operation, name: str, *, shown: str, parent: str) -> str:
    """The prompt for the window of the action `name`; `shown` stands in the window, `parent` made the picture."""
    if not isinstance(operation, Press):
        raise _needs("a prompt", "this request should not have opened one")
    if name == "vary_region" and operation.mask is None:
        raise _needs("a mask", "use vary_region(mask, prompt)")
    own = operation.prompt or ""
    if name == "vary_region":
        # The window takes an empty prompt too (seed 001, `modal`: not required): the server has the picture's own.
        return own or without_zoom(parent) or shown
    if name == "zoom_custom":
        prompt = _zoomed(own or parent or shown, operation.factor)
    else:
        # A window of remix, or of a text of describe: it shows what would be sent.
        prompt = own or shown or (parent if operation.kind != "press" else "")
    if not prompt.strip():
        raise _needs("a prompt", f"give one: press({operation.action!r}, prompt='…')")
    return prompt


def without_zoom(prompt: str) -> str:
    """A picture's prompt without the custom zoom that made it: what comes next is not zoomed again."""
    return _ZOOM.sub("", prompt).strip()


def _zoomed(prompt: str, factor: float | None) -> str:
    """A custom zoom is a flag of the prompt: `--zoom` above 1 and up to 2. Alone, it zooms what has no prompt."""
    bare = prompt if factor is None else without_zoom(prompt)
    return f"{bare} --zoom {factor:g}".strip() if factor is not None else bare


def _needs(what: str, hint: str) -> NeedsInput:
    return NeedsInput(
        f"The provider opened a window that waits for {what}.",
        why="nothing runs behind it until it is answered, and nobody can guess the answer",
        hint=hint,
        charged="unknown",
    )
