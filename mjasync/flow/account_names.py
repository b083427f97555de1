"""What the accounts of a pool are called."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from mjasync.accounts import Account
from mjasync.core.machine import FINAL
from mjasync.core.model import Phase, Record
from mjasync.errors import ConfigError


def accounts_by_name(accounts: tuple[Account, ...]) -> dict[str, Account]:
    """Accounts by name: their own, or the provider's with a number from 2 on."""
    if not accounts or not all(isinstance(account, Account) for account in accounts):
        raise ConfigError(
            "A pool needs at least one account.",
            why=f"it got {', '.join(type(a).__name__ for a in accounts)}" if accounts else "it got none",
            hint="mj.Pool(mj.TTAPI(key='...')), or set MJASYNC_TTAPI_KEY and use mj.Pool.from_env()",
        )
    named: dict[str, Account] = {}
    owners: dict[str, str] = {}
    for account in accounts:
        name = account.name or _free_name(account.provider, named)
        if name in named or account.fingerprint in owners:
            twice = f"name {name!r}" if name in named else f"key as account {owners[account.fingerprint]!r}"
            raise ConfigError(
                f"Two accounts have the same {twice}.",
                why="the cap belongs to the key, so one key counted twice would exceed it",
                hint="give each account once, and each its own name",
            )
        named[name] = account
        owners[account.fingerprint] = name
    return named


def _free_name(provider: str, taken: Mapping[str, Account]) -> str:
    names = (provider if n == 1 else f"{provider}-{n}" for n in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def facts_of(accounts: Mapping[str, Account], kept: Iterable[Record] = ()) -> dict[str, Any]:
    """What is told of them, and of the jobs that a journal kept, when a pool opens: the fields of `Opened`."""
    phases = Counter(record.phase for record in kept)
    return {
        "jobs": {phase: phases[phase] for phase in Phase if phase not in FINAL},
        "slots": {name: account.max_jobs for name, account in accounts.items()},
        "providers": {name: account.provider for name, account in accounts.items()},
        "hosts": {name: urlsplit(account.base_url).hostname or "" for name, account in accounts.items()},
    }
