"""What a finished job offers, and what to say when it does not offer what is wanted."""

import re
from collections.abc import Callable

from mjasync.core.model import Action, Record, Snapshot, Spec
from mjasync.core.operations import GetSeed, Pick, Press
from mjasync.dialects._reading import plain
from mjasync.errors import ActionUnavailable, NeedsInput

#: Buttons whose window asks for something that nobody can guess.
_ZOOM = re.compile(r"--zoom\s+(?:1\.\d*[1-9]\d*|2(?:\.0+)?)(?!\S)", re.IGNORECASE)
#: Whatever opens no window for a mask; what a button of another name does, nobody knows.
_MASKLESS = frozenset(
    {
        *(f"{verb}{n}" for verb in ("upscale", "vary") for n in (1, 2, 3, 4)),
        *("reroll", "upscale_subtle", "upscale_creative", "vary_subtle", "vary_strong", "zoom_2", "zoom_1.5"),
        *("zoom_custom", "square", "pan_left", "pan_right", "pan_up", "pan_down"),
    }
)
_SINGLES = ("upscale_subtle", "upscale_creative", "vary_subtle", "vary_strong", "vary_region")


def resolved(offer: Callable[[Snapshot, str], Action], spec: Spec, parent: Record | None) -> Action | None:
    """The action of a press, offered and ready; for a picked text only whether there is such a text."""
    if parent is None or parent.snapshot is None:
        return None
    match spec.operation:
        case Press() as press:
            return _ready(offer(parent.snapshot, press.action), press)
        case Pick(number=number):
            picked(parent.snapshot, number)
        case GetSeed() if not (parent.snapshot.images or parent.snapshot.tiles or parent.snapshot.seed):
            raise ActionUnavailable(
                "The finished job has no picture, so it has no seed.", hint="get_seed() follows what makes pictures"
            )
    return None


def offered(parent: Snapshot, wanted: str, *, by_name: bool = False) -> Action:
    """The parent's own action with this name, token or label; raises `ActionUnavailable` with what there is.

    `by_name`: only with this name, where the provider uses the same word as a token for something else.
    """
    for action in parent.actions:
        if action.name == wanted if by_name else action.matches(wanted):
            return action
    names = tuple(action.name for action in parent.actions)
    raise ActionUnavailable(
        f"The finished job does not offer {wanted!r}.",
        why=f"the provider offers: {plain(', '.join(names), 500)}" if names else "the provider offers no action on it",
        hint=_hint(wanted, names),
        available=names,
    )


def _ready(action: Action, press: Press) -> Action:
    """The action, if all that its window will ask for is there; raises `NeedsInput` before anything is paid."""
    if press.mask is not None and action.name in _MASKLESS:
        raise ActionUnavailable(
            f"{action.name} takes no mask.", why="only vary region does", hint="use vary_region(mask, prompt)"
        )
    if action.name == "vary_region" and press.mask is None:
        raise NeedsInput(
            "Vary region needs a mask.",
            why="its window waits for the region that shall be painted again, and none was given",
            hint="use vary_region(mask, prompt); mj.draw_mask() makes a mask from rectangles and polygons",
        )
    if action.name == "zoom_custom" and press.factor is None and not _ZOOM.search(press.prompt or ""):
        raise NeedsInput(
            "Custom zoom needs a factor.",
            why="its window waits for a prompt with --zoom, above 1 and up to 2",
            hint="use zoom(1.8) or zoom(1.8, prompt='…')",
        )
    return action


def picked(parent: Snapshot, number: int) -> str:
    """The `number`-th text of a finished describe or shorten; raises `ActionUnavailable`."""
    if 1 <= number <= len(parent.texts):
        return parent.texts[number - 1]
    numbers = tuple(str(n) for n in range(1, len(parent.texts) + 1))
    raise ActionUnavailable(
        f"The finished job has no text number {number}.",
        why=f"the provider gave {len(numbers)}" if numbers else "the provider gave none",
        hint=f"use imagine(1) to imagine({len(numbers)})" if numbers else "imagine(n) follows describe() or shorten()",
        available=numbers,
    )


def _hint(wanted: str, names: tuple[str, ...]) -> str:
    if "upscale1" in names and (wanted.startswith(("zoom", "pan", "square")) or wanted in _SINGLES):
        return "this is a grid: upscale one of its pictures first, for example job.upscale(1)"
    return "press one of .available" if names else "use the result that this one was made from"
