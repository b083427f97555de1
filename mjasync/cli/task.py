"""A command that may pay, checked: what is to be done, with which accounts, and how it is to be told."""

import shlex
from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import frozen

from mjasync import Account, Job
from mjasync.cli.place import names
from mjasync.cli.prompts import Row
from mjasync.cli.run import Ask, Plan
from mjasync.cli.usage import (
    UsageError,
    checked_account,
    checked_budget,
    checked_deadline,
    checked_journal,
    checked_mode,
    checked_out,
    checked_speed,
    checked_upscale,
)
from mjasync.settings import Settings, load, no_accounts

if TYPE_CHECKING:
    from mjasync.core.operations import Operation

#: How much faster than life `--sim` and `demo` run.
SPEED = 60.0
#: The accounts of the simulator.
SIMULATED = ("ttapi", "mjproxy")


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
    #: It is about one request: its files or texts are told, and no summary.
    single: bool = False
    #: It brings pictures; else there is no folder for them.
    pictures: bool = True
    #: Show it in the browser afterwards.
    browse: bool = False
    #: Show each picture in the terminal.
    preview: bool = False
    #: Say what would be done, and do nothing.
    dry: bool = False
    #: The tiles of each grid that are upscaled.
    upscale: tuple[int, ...] = ()
    #: What is asked for, where that is no row's prompt.
    operation: "Operation | None" = None
    #: Its rows are prompts, which `lint` may look at.
    words: bool = True
    #: Options that ask for the same again, for whoever resumes.
    options: tuple[str, ...] = ()

    @property
    def accounts(self) -> tuple[Account, ...]:
        """The accounts that are set; the simulator brings its own."""
        return self.settings.accounts


def of(
    arguments: Namespace,
    rows: Sequence[Row],
    *,
    title: str,
    tiles: Callable[[Job], Sequence[int]] | None = None,
    ask: Ask | None = None,
    single: bool = True,
    sheet: bool = False,
    pictures: bool = True,
    operation: "Operation | None" = None,
) -> Task:
    """Check the options of a command that may pay; those that it does not have are as if they were not given."""
    given = _Given(arguments)
    speed = speed_of(arguments)
    settings = _settings(given, simulated=speed is not None)
    return Task(
        command=arguments.command,
        title=title,
        plan=_plan(given, settings, tuple(rows), tiles, ask),
        settings=settings,
        speed=speed,
        sheet=sheet,
        single=single,
        pictures=pictures,
        operation=operation,
        words=ask is None or arguments.command == "shorten",
        as_json=arguments.json,
        browse=given.flag("open"),
        preview=given.flag("preview"),
        dry=given.flag("dry_run"),
        upscale=checked_upscale(given.value("upscale")),
        options=_again(given, settings),
    )


class _Given:
    """What was typed; None for an option that the command does not have."""

    def __init__(self, arguments: Namespace) -> None:
        self._values = vars(arguments)

    def value(self, name: str) -> Any:
        return self._values.get(name)

    def flag(self, name: str) -> bool:
        return bool(self._values.get(name))


def speed_of(arguments: Namespace) -> float | None:
    """Return how fast the simulator is to run; None where it is not asked for."""
    if arguments.command == "demo" or arguments.sim:
        return checked_speed(SPEED if arguments.speed is None else arguments.speed)
    if arguments.speed is not None:
        raise UsageError(
            "--speed cannot be used without --sim.",
            why="only the simulator's time can be made to run faster",
            hint="add --sim, or leave --speed out",
        )
    return None


def _settings(given: _Given, *, simulated: bool) -> Settings:
    if given.flag("open") and given.flag("json"):
        raise UsageError(
            "--open cannot be used with --json.",
            why="what is for programs opens no window",
            hint="leave one of them out; the document has the paths",
        )
    # What was typed wrongly is told before what is not set.
    checked_upscale(given.value("upscale"))
    checked_deadline(given.value("deadline"))
    checked_budget(given.value("budget"))
    mode = None if given.value("mode") is None else checked_mode(given.value("mode"))
    journal, out = checked_journal(given.value("journal")), checked_out(given.value("out"))
    settings = load(mode=mode, out=out, journal=journal, accounts=not simulated)
    if not (simulated or settings.accounts or given.flag("dry_run")):
        raise no_accounts()
    return settings


def _plan(
    given: _Given,
    settings: Settings,
    rows: tuple[Row, ...],
    tiles: Callable[[Job], Sequence[int]] | None,
    ask: Ask | None,
) -> Plan:
    upscale = checked_upscale(given.value("upscale"))
    simulated = given.flag("sim") or given.value("command") == "demo"
    return Plan(
        rows=rows,
        mode=settings.mode,
        out=Path(settings.out),
        tiles=tiles or (lambda _: upscale),
        simulated=simulated,
        # Simulated jobs do not belong into a journal of paid ones, unless somebody says so.
        journal=given.value("journal") if simulated else settings.journal,
        options=_options(given, settings, simulated=simulated),
        budget=_budget(given, settings),
        ask=ask,
    )


def _budget(given: _Given, settings: Settings) -> float | None:
    budget = checked_budget(given.value("budget"))
    if budget is not None and settings.accounts and all(each.provider == "mjproxy" for each in settings.accounts):
        raise UsageError(
            "--budget cannot be held here.",
            why="midjourney-proxy tells no price of any job, so nobody can say what was spent",
            hint="leave --budget out, and limit the key at the relay",
        )
    return budget


def _options(given: _Given, settings: Settings, *, simulated: bool) -> dict[str, Any]:
    """What every request takes along."""
    # Without a key only a dry run comes here: it speaks of one account at each provider, as the simulator has them.
    known = tuple(names(settings.accounts).values()) if settings.accounts and not simulated else SIMULATED
    account = checked_account(given.value("account"), known)
    deadline = checked_deadline(given.value("deadline"))
    found = {"account": account, "deadline": deadline}
    return {name: value for name, value in found.items() if value is not None}


def _again(given: _Given, settings: Settings) -> tuple[str, ...]:
    words = ["--mode", str(settings.mode), "--out", settings.out]
    for name in ("upscale", "account", "deadline", "budget"):
        value = given.value(name)
        words += [f"--{name}", f"{value:g}" if isinstance(value, float) else str(value)] if value is not None else []
    words += ["--sim"] if given.flag("sim") else []
    return tuple(shlex.quote(word) for word in words)
