"""The verbs of a job and of its result: one vocabulary, two ways to say it, whichever provider does it.

Every verb returns a `Job` at once and never waits. What can be checked here is checked before anything is asked for;
whether the finished picture offers the action is known when it is finished.
"""

from typing import TYPE_CHECKING, Literal, TypedDict, Unpack

from mjasync.core.model import Action
from mjasync.core.operations import GetSeed, Operation, Pick, Press
from mjasync.core.pictures import Picture
from mjasync.core.prompt import Prompt
from mjasync.errors import ConfigError
from mjasync.flow.wording import prompt_text
from mjasync.images.inputs import load, picture
from mjasync.images.masks import check_mask

if TYPE_CHECKING:
    from mjasync.flow.job import Job

Direction = Literal["left", "right", "up", "down"]
_SIDES = ("left", "right", "up", "down")
#: Buttons of their own; any other factor goes through the window of custom zoom.
_ZOOMS = {2.0: "zoom_2", 1.5: "zoom_1.5"}
_MOST_TEXTS = 5
#: Pixels of a mask that is looked at at once: 2048 x 2048, some 20 ms.
_QUICK = 1 << 22


class StepOptions(TypedDict, total=False):
    """Keyword arguments of every chained verb."""

    #: Seconds (or a timedelta) from now to giving up.
    deadline: object
    #: Higher is sooner; default: the parent's.
    priority: int
    #: Your own request id: the same key gives the same job.
    key: str
    #: Sent to the provider as it is.
    hook_url: str
    #: TTAPI: the provider's own time-out, 300 to 1200 s (seed 000 line 75).
    timeout: int
    #: TTAPI: also give the four pictures one by one.
    get_u_images: bool
    #: midjourney-proxy: echoed back in the task.
    state: str
    #: midjourney-proxy: its own name for `hook_url`.
    notify_hook: str
    #: Refuse a prompt that `lint` finds fault with, instead of warning.
    strict: bool


class Verbs:
    """What can be done to a finished picture, or with the texts of a finished describe or shorten."""

    __slots__ = ()

    def _step(self, operation: Operation, options: StepOptions) -> "Job":
        raise NotImplementedError

    def upscale(self, which: int | Literal["subtle", "creative"], **options: Unpack[StepOptions]) -> "Job":
        """Take one picture out of a grid (1 to 4), or enlarge a single one ("subtle" or "creative")."""
        return self._step(Press(action=_indexed("upscale", which, ("subtle", "creative"))), options)

    def vary(
        self,
        which: int | Literal["subtle", "strong"],
        prompt: str | Prompt | None = None,
        **options: Unpack[StepOptions],
    ) -> "Job":
        """Four variations of one picture of a grid (1 to 4), or of a single one ("subtle" or "strong").

        `prompt`: another prompt for them (remix; midjourney-proxy only).
        """
        return self._step(_pressed(_indexed("vary", which, ("subtle", "strong")), prompt), options)

    def vary_region(self, mask: object, prompt: str | Prompt | None = None, **options: Unpack[StepOptions]) -> "Job":
        """Paint a region of a single picture again: the white part of `mask`, in the picture's own size.

        `mask` is anything that `blend` takes; `mj.draw_mask()` makes one. Default `prompt`: the picture's own.
        """
        return self._step(Press(action="vary_region", mask=given_mask(mask), prompt=_worded(prompt)), options)

    def zoom(self, factor: float = 2, prompt: str | Prompt | None = None, **options: Unpack[StepOptions]) -> "Job":
        """Show more around a single picture: `factor` times as much, above 1 and up to 2.

        2 and 1.5 are buttons. Any other factor, and a `prompt` of its own (default: the picture's), is a custom zoom,
        which TTAPI does not have.
        """
        given: object = factor
        if isinstance(given, bool) or not isinstance(given, int | float) or not 1 < round(given, 3) <= 2:
            raise ConfigError(
                f"zoom({factor!r:.40}) is not possible.",
                why="Midjourney zooms out by more than 1 and up to 2",
                hint="use zoom(2), zoom(1.5) or something between",
            )
        if prompt is None and factor in _ZOOMS:
            return self._step(Press(action=_ZOOMS[factor]), options)
        custom = Press(action="zoom_custom", factor=round(float(factor), 3), prompt=_worded(prompt))
        return self._step(custom, options)

    def pan(self, direction: Direction, prompt: str | Prompt | None = None, **options: Unpack[StepOptions]) -> "Job":
        """Extend a single picture to one side. `prompt`: as for `vary`."""
        if direction not in _SIDES:
            raise ConfigError(f"pan({direction!r:.40}) is not possible.", hint=f"use one of {', '.join(_SIDES)}")
        return self._step(_pressed(f"pan_{direction}", prompt), options)

    def square(self, **options: Unpack[StepOptions]) -> "Job":
        """Extend a single picture that is not square until it is."""
        return self._step(Press(action="square"), options)

    def reroll(self, prompt: str | Prompt | None = None, **options: Unpack[StepOptions]) -> "Job":
        """Four new pictures from the same prompt. `prompt`: as for `vary`."""
        return self._step(_pressed("reroll", prompt), options)

    def get_seed(self, **options: Unpack[StepOptions]) -> "Job":
        """The picture's seed, as `result.seed`; for `--seed` in another prompt.

        Free where the picture's own answer had it; TTAPI has a job of its own for it (seed 000 line 216); behind a
        relay only where `image-seed` answers.
        """
        return self._step(GetSeed(), options)

    def imagine(self, number: int, **options: Unpack[StepOptions]) -> "Job":
        """A grid from the `number`-th text of a describe (1 to 4) or a shorten (1 to 5)."""
        asked: object = number
        if isinstance(asked, bool) or not isinstance(asked, int) or not 1 <= asked <= _MOST_TEXTS:
            raise ConfigError(
                f"imagine({number!r:.40}) is not possible here.",
                why="it makes a picture from one of the texts of a describe or shorten job",
                hint="use imagine(1) to imagine(4) after describe, to imagine(5) after shorten; "
                "for a new prompt, pool.imagine(prompt)",
            )
        return self._step(Pick(number=number), options)

    def press(
        self,
        action: str | Action,
        prompt: str | Prompt | None = None,
        mask: object = None,
        **options: Unpack[StepOptions],
    ) -> "Job":
        """Press any button that the result offers: by our name, the provider's own token, or its label.

        `prompt` and `mask` are for buttons that open a window.
        """
        wanted: object = action.name if isinstance(action, Action) else action
        if not (isinstance(wanted, str) and wanted.strip()):
            raise ConfigError(
                f"press({action!r}) names no action.",
                hint="give one of result.actions, or its name, for example press('vary_strong')",
            )
        given = None if mask is None else given_mask(mask)
        return self._step(Press(action=wanted.strip(), prompt=_worded(prompt), mask=given), options)


def given_mask(value: object) -> Picture:
    """A mask that is one: looked at now, because what it is for may cost before it is needed.

    A huge one is looked at in a thread before it is sent, as all are once more: here it would hold everybody up.
    """
    mask = picture(value, what="mask")
    pixels = mask.size[0] * mask.size[1] if mask.size else 0
    if mask.kind == "jpg" or 0 < pixels <= _QUICK:
        check_mask(load(mask, what="mask"), size=None)
    return mask


def _pressed(action: str, prompt: object) -> Press:
    return Press(action=action, prompt=_worded(prompt))


def _worded(prompt: object) -> str | None:
    """The prompt's text, checked; None where none was given."""
    return None if prompt is None else prompt_text(prompt)


def _indexed(verb: str, which: object, words: tuple[str, str]) -> str:
    """The name of the action; refuses anything outside of 1 to 4 and the two words."""
    if isinstance(which, int) and not isinstance(which, bool) and which in (1, 2, 3, 4):
        return f"{verb}{which}"
    if isinstance(which, str) and which in words:
        return f"{verb}_{which}"
    raise ConfigError(
        f"{verb}({which!r}) is not possible.",
        why="a grid has four pictures, counted from 1: top left, top right, bottom left, bottom right",
        hint=f"use {verb}(1) to {verb}(4) on a grid, {verb}({words[0]!r}) or {verb}({words[1]!r}) on a single picture",
    )
