"""What `press` and `inpaint` mean: a step after a picture that is there, in a journal or at a provider.

Rule 1: the picture is named by our id, which only a journal knows, or by `account:remote_id`, which any process can
look at.
Rule 2: what it does not offer is refused before anything is sent, with what it does offer.
"""

import asyncio
import re
import tempfile
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mjasync import ActionUnavailable, ConfigError, Job, NeedsInput, Pool, Result, draw_mask
from mjasync.cli import output, rects, task
from mjasync.cli.aim import Aim, aimed
from mjasync.cli.prompts import Row
from mjasync.cli.rects import Rect
from mjasync.cli.run import Plan
from mjasync.cli.task import Task
from mjasync.cli.text import clean
from mjasync.cli.usage import UsageError, checked_prompt, typed
from mjasync.flow import asking
from mjasync.flow.verbs import given_mask

#: "The n-th text", of a describe or shorten.
_PICK = re.compile(r"imagine([1-5])")
_ZOOM = "give the factor at the end of the prompt: --prompt 'a cat --zoom 1.8'"


def press(arguments: Namespace) -> Task:
    """Check `mjasync press JOB ACTION`."""
    action = arguments.action.strip()
    if not action:
        raise UsageError(
            "The action is blank.", why="it says which button to press", hint="mjasync press JOB lists the buttons"
        )
    prompt, mask = _prompt(arguments), _mask(arguments)
    aim = aimed(arguments)

    async def ask(pool: Pool, plan: Plan) -> Job:
        job = await found(pool, aim)
        with _told_here(aim):
            return pressed(job, plan)

    def pressed(job: Job, plan: Plan) -> Job:
        step = job.result() if job.done() else job
        if match := _PICK.fullmatch(action):
            return step.imagine(int(match[1]), **plan.options)
        if action == "get_seed":
            return step.get_seed(**plan.options)
        return step.press(_offered(job, action), prompt, mask, **plan.options)

    # A picture of a text is called after the text, which the job knows.
    row = Row(1, "" if _PICK.fullmatch(action) else prompt or aim.prompt)
    return task.of(arguments, (row,), title=clean(f"{action} of {aim.name}", 40), ask=ask)


def inpaint(arguments: Namespace) -> Task:
    """Check `mjasync inpaint JOB --rect X,Y,W,H`."""
    if bool(arguments.rect) == (arguments.mask is not None):
        raise UsageError(
            "Both --rect and --mask say what to paint again."
            if arguments.rect
            else "Nothing says what to paint again.",
            why="it takes one of the two",
            hint="give --rect X,Y,W,H, for example --rect 25%,25%,50%,50%, or --mask FILE",
        )
    regions, mask, prompt = rects.read(arguments.rect or ()), _mask(arguments), _prompt(arguments)
    aim = aimed(arguments)

    async def ask(pool: Pool, plan: Plan) -> Job:
        job = await found(pool, aim)
        if not job.done():
            output.tell(f"waiting   for job {job.id}, which is {job.phase}")
        result = await job
        with _told_here(aim):
            if "vary_region" not in [action.name for action in result.actions]:
                result.press("vary_region")  # raises, with what it does offer
            region = mask if mask is not None else await drawn(result, regions)
            return result.vary_region(region, prompt, **plan.options)

    return task.of(arguments, (Row(1, prompt or aim.prompt),), title=clean(f"inpaint {aim.name}", 40), ask=ask)


async def found(pool: Pool, aim: Aim) -> Job:
    """Return the job, of the pool's journal or taken in by its ticket. Raises `ConfigError` if it has ended badly."""
    job = pool.job(aim.id) if aim.id else await pool.attach(aim.name)
    error = job.exception() if job.done() else None
    if error is not None:
        raise ConfigError(
            f"Job {job.id} is {job.phase}: there is nothing to go on from.",
            why=f"{error.what}{f' ({error.why})' if error.why else ''}",
            hint=error.hint or "take another job",
        )
    return job


@contextmanager
def _told_here(aim: Aim) -> Iterator[None]:
    """What the library advises in Python, advised as a command."""
    try:
        yield
    except ActionUnavailable as exc:
        names = [f"imagine{name}" if name.isdecimal() else name for name in exc.available]
        if "this is a grid" in exc.hint:
            exc.hint = f"this is a grid: take one of its pictures first, {aim.press('upscale1')}"
        elif names:
            exc.hint = f"press one of them, for example {aim.press(names[0])}"
        raise
    except NeedsInput as exc:
        exc.hint = "draw its mask with `mjasync inpaint JOB --rect X,Y,W,H`" if "mask" in exc.what else _ZOOM
        raise
    except ConfigError as exc:
        if "belongs to an account" in exc.what:
            exc.hint = "set the key and the address that it was made with"
        raise


def _offered(job: Job, action: str) -> str:
    """The name as the result spells it, where only capitals differ."""
    names = [each.name for each in job.result().actions] if job.done() else []
    return next((name for name in names if name == action.lower()), action)


async def drawn(result: Result, regions: tuple[Rect, ...]) -> bytes:
    """Return a mask in the picture's own size. Raises `UsageError` for what lies outside of it."""
    size = result.size or await _measured(result)
    return await asyncio.to_thread(draw_mask, size, rectangles=[region.pixels(size) for region in regions])


async def _measured(result: Result) -> tuple[int, int]:
    """Download the picture, only to learn its size."""
    with tempfile.TemporaryDirectory(prefix="mjasync-") as folder:
        path = await result.save(Path(folder) / "picture")
        size = asking.describe(path).image.size
    if size is None:
        raise ConfigError(
            "The picture's size cannot be found out, so no mask can be drawn for it.",
            why="the provider does not tell it, and the file's beginning does not either",
            hint="draw a mask of the picture's size yourself, and give it with --mask FILE",
        )
    return size


def _prompt(arguments: Namespace) -> str | None:
    return None if arguments.prompt is None else checked_prompt(arguments.prompt)


def _mask(arguments: Namespace) -> str | None:
    """The path of a mask that can be read; what is in it is looked at when it is used."""
    if arguments.mask is not None:
        typed(given_mask, arguments.mask)
    return arguments.mask  # type: ignore[no-any-return]  # argparse's word for a text
