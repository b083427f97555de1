"""The effective settings, each with its value and where it comes from.

Rule 1: a key is told by its end at most.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from attrs import frozen

from mjasync import Account
from mjasync.cli.keys import masked
from mjasync.settings import Settings
from mjasync.vocabulary import ACCOUNTS, TOP, Setting


@frozen(kw_only=True)
class Effective:
    """One setting as it is now."""

    #: Such as `mode`, or `ttapi.url`; a second account of a provider is `ttapi-2`.
    name: str
    value: Any
    #: `argument`, the name of an environment variable, the settings file, or `default`.
    source: str


def top(settings: Settings) -> Iterator[Effective]:
    """Return what belongs to no account."""
    for row in TOP:
        value = getattr(settings, row.name)
        yield Effective(
            name=row.name, value=None if value is None else str(value), source=settings.sources.get(row.name, "default")
        )


def accounts(settings: Settings) -> Iterator[tuple[Account, tuple[Effective, ...]]]:
    """Return each account with what is set for it."""
    for label, account in labelled(settings.accounts):
        rows = [row for row in ACCOUNTS[account.provider] if row.argument]
        yield account, tuple(_of(label, account, row, settings) for row in rows)


def labelled(found: Sequence[Account]) -> Iterator[tuple[str, Account]]:
    """Return accounts by what `Settings.sources` calls them: their provider, numbered from 2 on."""
    seen: dict[str, int] = {}
    for account in found:
        seen[account.provider] = position = seen.get(account.provider, 0) + 1
        yield account.provider if position == 1 else f"{account.provider}-{position}", account


def _of(label: str, account: Account, row: Setting, settings: Settings) -> Effective:
    value = masked(account.key) if row.name == "key" else getattr(account, row.argument)
    plain = [str(each) for each in value] if isinstance(value, tuple) else value
    name = f"{label}.{row.name}"
    return Effective(name=name, value=plain, source=settings.sources.get(name, "default"))
