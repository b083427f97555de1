"""The verbs of an image job and of its result: one vocabulary, two ways to say it.

Every verb returns a `Job` at once and never waits. What can be checked here is checked before anything is asked for;
whether the finished picture offers the action is known when it is finished.
"""

from typing import TYPE_CHECKING, Literal, TypedDict, Unpack

from mjasync.core.model import Action
from mjasync.errors import ConfigError

if TYPE_CHECKING:
    from mjasync.flow.job import Job

Which = Literal[1, 2, 3, 4]


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


class ImageVerbs:
    """What can be done to a picture."""

    __slots__ = ()

    def _step(self, action: str, options: StepOptions) -> "Job":
        raise NotImplementedError

    def upscale(self, which: Which | Literal["subtle", "creative"], **options: Unpack[StepOptions]) -> "Job":
        """Take one picture out of a grid (1 to 4), or enlarge a single one ("subtle" or "creative")."""
        return self._step(_indexed("upscale", which, ("subtle", "creative")), options)

    def vary(self, which: Which | Literal["subtle", "strong"], **options: Unpack[StepOptions]) -> "Job":
        """Four variations of one picture of a grid (1 to 4), or of a single one ("subtle" or "strong")."""
        return self._step(_indexed("vary", which, ("subtle", "strong")), options)

    def reroll(self, **options: Unpack[StepOptions]) -> "Job":
        """Four new pictures from the same prompt."""
        return self._step("reroll", options)

    def press(self, action: str | Action, **options: Unpack[StepOptions]) -> "Job":
        """Press any button that the result offers: by our name, the provider's own token, or its label."""
        wanted: object = action.name if isinstance(action, Action) else action
        if not (isinstance(wanted, str) and wanted.strip()):
            raise ConfigError(
                f"press({action!r}) names no action.",
                hint="give one of result.actions, or its name, for example press('vary_strong')",
            )
        return self._step(wanted.strip(), options)


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
