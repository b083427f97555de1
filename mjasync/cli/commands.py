"""What the commands that begin with nothing but words and files mean: all is checked before anything is sent or made."""

import zlib
from argparse import Namespace
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Literal

from mjasync import Job, Mode, Pool
from mjasync.cli import prompts, task
from mjasync.cli.prompts import Row
from mjasync.cli.run import Plan
from mjasync.cli.task import Task
from mjasync.cli.text import clean, count
from mjasync.cli.usage import UsageError, checked_image, checked_prompt, typed
from mjasync.flow import asking

#: What `demo` mixes. No relax: one slow job would keep twenty slots waiting for its end.
_MODES = (Mode.FAST, Mode.TURBO)
_SHAPES: Mapping[str, Literal["portrait", "square", "landscape"]] = {
    "portrait": "portrait",
    "square": "square",
    "landscape": "landscape",
}


def imagine(arguments: Namespace) -> Task:
    """Check `mjasync imagine PROMPT`."""
    row = Row(1, checked_prompt(arguments.prompt))
    return task.of(arguments, typed(prompts.expanded, row), title=clean(row.prompt, 40))


def batch(arguments: Namespace) -> Task:
    """Check `mjasync batch FILE`."""
    path = Path(arguments.file)
    sheet = arguments.sheet or arguments.open
    return task.of(
        arguments,
        prompts.read(path),
        title="prompts" if path == prompts.STDIN else path.name,
        single=False,
        sheet=sheet,
    )


def demo(arguments: Namespace) -> Task:
    """Set up `mjasync demo`: the prompts of the package, modes mixed, one tile of each grid upscaled."""
    with resources.as_file(resources.files("mjasync.cli").joinpath("prompts_demo.txt")) as path:
        read = prompts.read(path)
    rows = tuple(Row(row.line, row.prompt, _MODES[place % len(_MODES)]) for place, row in enumerate(read))
    title = f"{count(len(rows), 'prompt')}, two simulated providers"
    return task.of(arguments, rows, title=title, tiles=_one_tile, single=False, sheet=True)


def blend(arguments: Namespace) -> Task:
    """Check `mjasync blend IMAGE IMAGE ...`."""
    shape = _SHAPES.get(arguments.shape.strip().lower())
    if shape is None:
        raise UsageError(
            f"--shape {arguments.shape[:40]!r} cannot be used.",
            why="a blend is portrait (2:3), square (1:1) or landscape (3:2)",
            hint="use one of the three words, or leave it out for square",
        )
    wanted = typed(lambda images: asking.blend(images, shape), [checked_image(image) for image in arguments.images])
    label = "blend of " + " + ".join(_short(image) for image in arguments.images)

    async def ask(pool: Pool, plan: Plan) -> Job:
        return pool.blend(wanted.images, dimensions=shape, mode=plan.mode, **plan.options)

    return task.of(arguments, (Row(1, label),), title=clean(label, 40), ask=ask, operation=wanted)


def describe(arguments: Namespace) -> Task:
    """Check `mjasync describe IMAGE`."""
    wanted = typed(asking.describe, checked_image(arguments.image))
    label = f"describe {_short(arguments.image)}"

    async def ask(pool: Pool, plan: Plan) -> Job:
        return pool.describe(wanted.image, mode=plan.mode, **plan.options)

    return task.of(arguments, (Row(1, label),), title=clean(label, 40), ask=ask, pictures=False, operation=wanted)


def shorten(arguments: Namespace) -> Task:
    """Check `mjasync shorten PROMPT`."""
    wanted = typed(asking.shorten, arguments.prompt)

    async def ask(pool: Pool, plan: Plan) -> Job:
        return pool.shorten(wanted.prompt, mode=plan.mode, **plan.options)

    rows = (Row(1, wanted.prompt),)
    return task.of(arguments, rows, title=clean(wanted.prompt, 40), ask=ask, pictures=False, operation=wanted)


def _one_tile(job: Job) -> Sequence[int]:
    """One of the four, the same for the same prompt."""
    return (1 + zlib.crc32((job.prompt or "").encode()) % 4,)


def _short(image: str) -> str:
    """A picture's own name: of an address the last part of its path, without what may be secret in a query."""
    return clean(image.split("?", maxsplit=1)[0].rstrip("/").replace("\\", "/").rpartition("/")[2], 40) or "picture"
