"""Which job a command goes on from: one of a journal, by any of its names, or one of elsewhere, by its ticket."""

import shlex
from argparse import Namespace
from pathlib import Path

from attrs import evolve, frozen

from mjasync.cli import place
from mjasync.cli.shelf import read
from mjasync.cli.usage import UsageError, checked_journal, typed
from mjasync.core.ids import RULE, is_id
from mjasync.journal.archive import Archive, ArchivedJob
from mjasync.settings import load


@frozen(kw_only=True)
class Aim:
    """The job that was named."""

    #: As it was typed.
    name: str
    #: Our id, where the journal has it.
    id: str | None = None
    #: Its prompt, as far as the journal knows; "" for one of elsewhere.
    prompt: str = ""
    journal: str | None = None
    #: What names the journal, where that was typed.
    options: tuple[str, ...] = ()

    def press(self, action: str) -> str:
        """Return the command that presses a button of it, as it is to be typed here."""
        return shlex.join(["mjasync", "press", self.name, action, *self.options])

    @property
    def is_ticket(self) -> bool:
        """True if it can be looked at without a journal."""
        account, _, remote_id = self.name.partition(":")
        return bool(account.strip() and remote_id.strip())


def aimed(arguments: Namespace) -> Aim:
    """Return the job that `JOB` names. Raises `ConfigError` where that can be none."""
    _not_simulated(arguments)
    name = arguments.job.strip()
    journal = load(journal=checked_journal(arguments.journal), accounts=False).journal
    options = ("--journal", arguments.journal) if arguments.journal is not None else ()
    aim = Aim(name=name, journal=journal, options=options)
    if journal is not None and (Path(journal).exists() or not aim.is_ticket):
        row, prompt = _kept(arguments, aim)
        if row is not None:
            return evolve(aim, id=row.id, prompt=prompt)
    if not aim.is_ticket:
        raise UsageError(
            f"{name[:80]!r} names no job here.",
            why="no journal is set, and only a journal knows our ids",
            hint="name the journal: --journal jobs.db; or give the ticket, account:remote_id, as the JSON file beside a "
            "picture has it",
        )
    if not is_id(name.partition(":")[2].strip()):
        raise UsageError(f"{name[:80]!r} is no job's ticket.", why=RULE, hint="copy it whole: account:remote_id")
    return aim


def _kept(arguments: Namespace, aim: Aim) -> tuple[ArchivedJob | None, str]:
    """The journal's job of this name and its prompt; None for a ticket that it does not have."""
    where = place.of(arguments, keys=False)
    with Archive.open(where.journal) as archive:
        shelf = read(archive, where)
    if aim.is_ticket and not shelf.matching(aim.name):
        return None, ""
    row = typed(shelf.named, aim.name)
    return row, shelf.prompt(row)


def _not_simulated(arguments: Namespace) -> None:
    if arguments.sim or arguments.speed is not None:
        command = arguments.command
        raise UsageError(
            f"--sim cannot be used with {command}.",
            why=f"{command} goes on from a job, and --sim begins a new world that has none",
            hint="run `mjasync sim` in another terminal and set the variables that it prints: then imagine and "
            f"{command} meet the same world. Or in one go: mjasync imagine PROMPT --sim --upscale 2",
        )
