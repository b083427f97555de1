"""`mjasync doctor`: is everything well for a run, and what is to be done if not. Whatever it asks is free.

Rule 1: what is sent is the look that goes before an account's first paid request, and a call to our own address where
`--hook` asks for one; a job is asked for at the simulator only.
"""

import asyncio
import os
import time
from argparse import Namespace
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from random import SystemRandom

from attrs import evolve

from mjasync import Account, ConfigError, Pool
from mjasync.cli import ground, hooked, installed, output, place, reached, report
from mjasync.cli.findings import Finding, Level, exit_code, of_error
from mjasync.cli.simulator import simulated
from mjasync.cli.task import SPEED
from mjasync.cli.text import count
from mjasync.cli.usage import UsageError, checked_journal
from mjasync.flow.checkup import Visit, visit
from mjasync.settings import Settings, load, no_accounts


async def doctor(arguments: Namespace) -> int:
    """Look at everything, tell it, and return the exit code."""
    if arguments.sim and arguments.offline:
        raise UsageError("--sim and --offline do not go together.", why="the simulator is asked, too", hint="use one")
    if arguments.hook == "" and not arguments.sim:
        raise UsageError(
            "--hook needs an address.",
            why="what is found out is whether the providers reach you there",
            hint="mjasync doctor --hook https://example.org/mj; with --sim none is needed",
        )
    found = [*installed.findings()]
    journal = checked_journal(arguments.journal)
    try:
        settings = load(journal=journal, out=arguments.out, accounts=not arguments.sim)
    except ConfigError as exc:
        found += [of_error("settings", exc), *ground.misspelled(os.environ)]
    else:
        async with _whom(arguments, settings) as known:
            found += await _examined(known, arguments)
            found += await _hooked(known, arguments)
    _tell(found, arguments)
    return exit_code(found)


@asynccontextmanager
async def _whom(arguments: Namespace, settings: Settings) -> AsyncIterator[Settings]:
    """The settings, with the simulator's accounts where it is meant."""
    if not arguments.sim:
        yield settings
        return
    async with simulated(SPEED) as accounts:
        own = {f"{account.provider}.{name}": "simulator" for account in accounts for name in ("key", "url")}
        yield evolve(settings, accounts=accounts, sources={**settings.sources, **own})


async def _examined(settings: Settings, arguments: Namespace) -> list[Finding]:
    found = [*ground.settings_found(settings), *ground.misspelled(os.environ)]
    accounts = _named(settings)
    visits: Mapping[str, Visit] = {}
    found += _together(settings) if accounts else [_nobody()]
    if accounts and not arguments.offline:
        output.tell(f"asking {', '.join(accounts)}; it is free")
        visits = await _visited(accounts)
    for name, seen in visits.items():
        found += reached.account(name, seen, usual=settings.mode)
    cut_off = any(seen.road is not None and not seen.road.open for seen in visits.values())
    found += [*ground.proxies(os.environ, cut_off=cut_off), *reached.clock(visits, accounts)]
    return found + await asyncio.to_thread(_on_the_disk, settings, accounts)


async def _hooked(settings: Settings, arguments: Namespace) -> list[Finding]:
    """Whether callbacks arrive, where somebody asks."""
    if arguments.hook is None or arguments.offline:
        return []
    if arguments.hook:
        return [await hooked.called(arguments.hook, arguments.port)]
    return await hooked.simulated_call(settings.accounts)


def _on_the_disk(settings: Settings, accounts: Mapping[str, Account]) -> list[Finding]:
    return [*ground.locks(accounts), *ground.journal(settings), ground.disk(settings)]


def _named(settings: Settings) -> dict[str, Account]:
    names = place.names(settings.accounts)
    return {names[account.fingerprint]: account for account in settings.accounts}


async def _visited(accounts: Mapping[str, Account]) -> dict[str, Visit]:
    rng = SystemRandom()
    seen = await asyncio.gather(*(visit(name, account, rng=rng, wall=time.time) for name, account in accounts.items()))
    return dict(zip(accounts, seen, strict=True))


def _together(settings: Settings) -> Iterator[Finding]:
    """Whether a pool would take them."""
    try:
        Pool(*settings.accounts)
    except ConfigError as exc:
        yield of_error("account", exc)


def _nobody() -> Finding:
    error = no_accounts()
    return evolve(
        of_error("account", error),
        do="to begin without a key: `mjasync demo`, then `mjasync doctor --sim`; with one: set MJASYNC_TTAPI_KEY, or "
        "MJASYNC_MJPROXY_KEY and MJASYNC_MJPROXY_URL; `mjasync config init` writes a settings file for more",
    )


def _tell(found: Sequence[Finding], arguments: Namespace) -> None:
    counts = {level: sum(each.level is level for each in found) for level in Level}
    if arguments.json:
        told = {"type": "doctor", "ok": not counts[Level.BAD], "sim": arguments.sim, "offline": arguments.offline}
        numbers = {str(level): number for level, number in counts.items()}
        document = {**told, "exit": exit_code(found), "counts": numbers, "findings": [each.as_json() for each in found]}
        output.say(report.as_text(document))
        return
    for each in found:
        for line in each.lines():
            output.say(line)
    left_out = "; nobody was asked (--offline)" if arguments.offline else ""
    simulated_ones = "; the providers were simulated" if arguments.sim else ""
    well = count(len(found), "thing")
    output.say(f"{well} looked at: {counts[Level.WARN]} to know, {counts[Level.BAD]} to mend{left_out}{simulated_ones}")
