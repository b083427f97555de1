"""Which journal a command is about, and whose names its accounts have.

Rule 1: a command that goes on with jobs, or tells of them, never makes a journal: a misspelled path is an error.
Rule 2: in a journal an account is a fingerprint; where its key is set it is told by its name in the pool.
"""

import shlex
from argparse import Namespace
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from attrs import field, frozen

from mjasync import Account, ConfigError, JournalError
from mjasync.cli.usage import checked_journal, checked_out
from mjasync.settings import Settings, load, no_accounts


@frozen(kw_only=True)
class Place:
    """A journal that is there."""

    journal: str
    settings: Settings
    #: Names of accounts by fingerprint.
    names: Mapping[str, str] = field(factory=dict)

    def command(self, words: str) -> str:
        """Return a command about this journal, as it is to be typed here."""
        typed = self.settings.sources.get("journal") == "argument"
        return f"mjasync {words}{f' --journal {shlex.quote(self.journal)}' if typed else ''}"

    def named(self, account: str | None) -> str | None:
        """Return an account's name, or its fingerprint where no key of it is set."""
        return self.names.get(account, account) if account else None


def of(arguments: Namespace, *, keys: bool) -> Place:
    """Return where the jobs are. Raises `ConfigError`; with `keys` also where there is no account."""
    typed, out = checked_journal(arguments.journal), checked_out(getattr(arguments, "out", None))
    settings = load(journal=typed, out=out, accounts=False)
    try:
        settings = load(journal=typed, out=out)
    except ConfigError:
        if keys:
            raise
    if settings.journal is None:
        raise ConfigError(
            "No journal is named.",
            why="neither --journal nor MJASYNC_JOURNAL nor a journal in mjasync.toml says where the jobs are",
            hint="mjasync " + arguments.command + " --journal jobs.db",
        )
    _checked(settings.journal, settings.sources["journal"])
    if keys and not settings.accounts:
        raise no_accounts()
    return Place(journal=settings.journal, settings=settings, names=names(settings.accounts))


def names(accounts: Sequence[Account]) -> dict[str, str]:
    """Return the names that a pool of these accounts gives them, by fingerprint."""
    taken: dict[str, str] = {}
    for account in accounts:
        free = (account.provider if n == 1 else f"{account.provider}-{n}" for n in range(1, len(accounts) + 2))
        name = account.name or next(name for name in free if name not in taken.values())
        taken.setdefault(account.fingerprint, name)
    return taken


def _checked(journal: str, source: str) -> None:
    there = False
    with suppress(OSError, ValueError):
        there = Path(journal).exists()
    if not there:
        where = "" if source == "argument" else f" ({source})"
        raise JournalError(
            f"There is no journal {journal!r}{where}.",
            why="only a command that makes pictures begins one",
            hint="check the path; the last words of the run that was interrupted have it",
        )
