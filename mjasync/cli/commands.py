"""What `demo`, `imagine` and `batch` mean: everything is checked here, before anything is sent or made."""

import shlex
import zlib
from argparse import Namespace
from collections.abc import Callable, Sequence
from importlib import resources
from pathlib import Path

from attrs import frozen

from mjasync import Job, Mode
from mjasync.cli import prompts
from mjasync.cli.prompts import Row
from mjasync.cli.run import Plan
from mjasync.cli.text import clean, count
from mjasync.cli.usage import UsageError, checked_mode, checked_prompt, checked_speed, checked_upscale, typed
from mjasync.settings import Settings, load, no_accounts

#: How much faster than life `--sim` and `demo` run.
SPEED = 60.0
#: What `demo` mixes. No relax: one slow job would keep twenty slots waiting for its end.
_MODES = (Mode.FAST, Mode.TURBO)


@frozen(kw_only=True)
class Task:
    """One command, checked."""

    command: str
    title: str
    plan: Plan
    settings: Settings
    #: The simulator's speed, or None for real providers.
    speed: float | None = None
    as_json: bool = False
    #: Write a contact sheet at the end.
    sheet: bool = False
    #: Options that ask for the same again, for whoever resumes.
    options: tuple[str, ...] = ()


def imagine(arguments: Namespace) -> Task:
    """Check `mjasync imagine PROMPT`."""
    row = Row(1, checked_prompt(arguments.prompt))
    return _work(arguments, typed(prompts.expanded, row), title=clean(row.prompt, 40))


def batch(arguments: Namespace) -> Task:
    """Check `mjasync batch FILE`."""
    path = Path(arguments.file)
    return _work(arguments, prompts.read(path), title=path.name, sheet=arguments.sheet)


def demo(arguments: Namespace) -> Task:
    """Set up `mjasync demo`: the prompts of the package, modes mixed, one tile of each grid upscaled."""
    with resources.as_file(resources.files("mjasync.cli").joinpath("prompts_demo.txt")) as path:
        read = prompts.read(path)
    rows = tuple(Row(row.line, row.prompt, _MODES[place % len(_MODES)]) for place, row in enumerate(read))
    speed = checked_speed(SPEED if arguments.speed is None else arguments.speed)
    title = f"{count(len(rows), 'prompt')}, two simulated providers"
    return _task(arguments, rows, title=title, tiles=_one_tile, speed=speed, sheet=True)


def _work(arguments: Namespace, rows: Sequence[Row], *, title: str, sheet: bool = False) -> Task:
    """Check the options of a command that may pay."""
    if arguments.speed is not None and not arguments.sim:
        raise UsageError(
            "--speed cannot be used without --sim.",
            why="only the simulator's time can be made to run faster",
            hint="add --sim, or leave --speed out",
        )
    speed = checked_speed(SPEED if arguments.speed is None else arguments.speed) if arguments.sim else None
    mode = None if arguments.mode is None else checked_mode(arguments.mode)
    tiles = checked_upscale(arguments.upscale)
    return _task(arguments, rows, title=title, mode=mode, tiles=lambda _: tiles, speed=speed, sheet=sheet)


def _task(
    arguments: Namespace,
    rows: Sequence[Row],
    *,
    title: str,
    tiles: Callable[[Job], Sequence[int]],
    speed: float | None,
    mode: Mode | None = None,
    sheet: bool = False,
) -> Task:
    if arguments.out is not None and not arguments.out.strip():
        raise UsageError("--out is blank.", hint="name a folder: --out pictures")
    journal = given(arguments.journal)
    settings = load(mode=mode, out=arguments.out, journal=journal, accounts=speed is None)
    if speed is None and not settings.accounts:
        raise no_accounts()
    out = Path(settings.out)
    # Simulated jobs do not belong into a journal of paid ones, unless somebody says so.
    journal = journal if speed is not None else settings.journal
    plan = Plan(
        rows=tuple(rows), mode=settings.mode, out=out, tiles=tiles, simulated=speed is not None, journal=journal
    )
    return Task(
        command=arguments.command,
        title=title,
        plan=plan,
        settings=settings,
        speed=speed,
        as_json=arguments.json,
        sheet=sheet,
        options=_options(arguments, settings),
    )


def given(journal: str | None) -> str | None:
    """Return the path that was typed, if one was."""
    if journal is not None and not journal.strip():
        raise UsageError("--journal is blank.", hint="name a file: --journal jobs.db")
    return journal


def _options(arguments: Namespace, settings: Settings) -> tuple[str, ...]:
    upscale = getattr(arguments, "upscale", None)
    words = ["--mode", str(settings.mode), "--out", settings.out]
    words += ["--upscale", upscale] if upscale else []
    words += ["--sim"] if arguments.sim else []
    return tuple(shlex.quote(word) for word in words)


def _one_tile(job: Job) -> Sequence[int]:
    """One of the four, the same for the same prompt."""
    return (1 + zlib.crc32((job.prompt or "").encode()) % 4,)
