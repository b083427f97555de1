"""What a run would stand on: its settings, its accounts' locks, its journal, the disk. Nothing is sent or made.

Rule 1: a proxy's address is not repeated, and neither is the value of any variable: there may be a password in it.
"""

import os
import shutil
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

from mjasync import Account, MJError, Phase
from mjasync.cli import effective, place, shelf
from mjasync.cli.findings import Finding, Level, of_error
from mjasync.cli.place import Place
from mjasync.cli.text import count
from mjasync.flow.checkup import holder
from mjasync.journal.archive import Archive
from mjasync.journal.survey import Survey, survey
from mjasync.settings import Settings, lock_folders
from mjasync.vocabulary import FILE, variables

#: Bytes: a grid has up to 10 MB.
_LITTLE, _NOTHING = 1_000_000_000, 100_000_000
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
_OPEN = (Phase.HELD, Phase.SENDING, Phase.QUEUED, Phase.RUNNING)


def settings_found(settings: Settings) -> Iterator[Finding]:
    """Where each setting comes from, and each account by the end of its key."""
    rows = list(effective.top(settings))
    told = ", ".join(f"{row.name}={row.value or 'none'} ({row.source})" for row in rows)
    there = f"./{FILE} is {'there' if Path(FILE).exists() else 'not there'}"
    facts = {row.name: {"value": row.value, "source": row.source} for row in rows}
    yield Finding(name="settings", what=f"{told}; {there}", facts={**facts, "file": Path(FILE).exists()})
    names = place.names(settings.accounts)
    for account, own in effective.accounts(settings):
        known = {row.name.partition(".")[2]: row for row in own}
        yield Finding(
            name="account",
            what=f"{names[account.fingerprint]}: key {known['key'].value} ({known['key'].source}), "
            f"{known['url'].value} ({known['url'].source}), at most {count(account.max_jobs, 'job')} at once",
            facts={
                "account": names[account.fingerprint],
                "provider": account.provider,
                "fingerprint": account.fingerprint,
                **{name: {"value": row.value, "source": row.source} for name, row in known.items()},
            },
        )


def misspelled(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Variables that begin like ours and that nothing reads."""
    for name in sorted(environ):
        if name.startswith("MJASYNC_") and name not in variables():
            close = get_close_matches(name, variables(), n=1)
            yield Finding(
                level=Level.WARN,
                name="variable",
                what=f"{name} is set, and nothing reads it.",
                why=f"the variables are {', '.join(variables())}",
                do=f"did you mean {close[0]}?" if close else f"unset {name}",
                facts={"variable": name},
            )


def proxies(environ: Mapping[str, str], *, cut_off: bool) -> Iterator[Finding]:
    """Proxies of the environment; `cut_off`: somebody could not be reached."""
    found = [name for name in environ if name.upper() in _PROXIES and environ[name]]
    if found:
        yield Finding(
            level=Level.WARN if cut_off else Level.OK,
            name="proxy",
            what=f"{', '.join(sorted(found))} set, and not used: mjasync connects directly.",
            why="whatever sets a variable could read along, and a proxy's own answers look like the provider's",
            do="where it is the only way out, let this machine through to the addresses above; there is no setting for a "
            "proxy",
            facts={"variables": sorted(found)},
        )


def locks(accounts: Mapping[str, Account]) -> Iterator[Finding]:
    """Who uses an account on this computer now. BLOCKS."""
    folders = lock_folders()
    usable = next((folder for folder in folders if _writable(folder)), None)
    if accounts and usable is None:
        yield Finding(
            level=Level.WARN,
            name="locks",
            what="No account can be locked.",
            why=f"this user may not write {' or '.join(map(str, folders))}, so two pools with one key would not notice",
            do="set MJASYNC_LOCKS to a folder of this user alone",
        )
    for name, account in accounts.items():
        busy = holder(name, account)
        facts = {"account": name, "busy": busy is not None}
        if busy is not None:
            yield of_error("locks", busy, level=Level.WARN, facts=facts)
        elif usable is not None:
            yield Finding(name="locks", what=f"{name} is free on this computer; locks are in {usable}", facts=facts)


def journal(settings: Settings) -> Iterator[Finding]:
    """What a pool would find there. BLOCKS."""
    if settings.journal is None:
        yield Finding(
            name="journal",
            what="none is named, so jobs do not survive their process; --journal jobs.db keeps them",
            facts={"path": None},
        )
        return
    found = survey(settings.journal)
    facts = {"path": found.path, "exists": found.there, "version": found.version, "current": found.current}
    if found.trouble is not None:
        yield of_error("journal", found.trouble, facts=facts)
    elif not found.there:
        yield Finding(name="journal", what=f"{found.path} is not there yet; the first run makes it", facts=facts)
    elif found.version != found.current:
        yield _other_version(found, facts)
    else:
        yield from _jobs(found, settings, facts)


def _other_version(found: Survey, facts: Mapping[str, object]) -> Finding:
    newer = found.version > found.current
    return Finding(
        level=Level.BAD if newer else Level.WARN,
        name="journal",
        what=f"{found.path} has tables of version {found.version}, and this mjasync writes version {found.current}.",
        why="a newer mjasync has written it" if newer else "an earlier mjasync has written it",
        do="use that mjasync, or give this one a journal of its own"
        if newer
        else "nothing: the next run copies it and brings it to this version",
        facts=facts,
    )


def _jobs(found: Survey, settings: Settings, facts: Mapping[str, object]) -> Iterator[Finding]:
    where = Place(journal=found.path, settings=settings, names=place.names(settings.accounts))
    try:
        with Archive.open(found.path) as archive:
            read = shelf.read(archive, where)
    except MJError as exc:
        yield of_error("journal", exc, facts=facts)
        return
    alive, unknown = sum(row.phase in _OPEN for row in read.rows), len(read.undecided(read.rows))
    counts = {"jobs": len(read.rows), "open": alive, "unknown": unknown, "in_use": found.holder is not None}
    facts = {**facts, **counts}
    told = f"{found.path}: version {found.version}, {count(len(read.rows), 'job')}, {alive} not over, {unknown} unknown"
    yield Finding(name="journal", what=told, facts=facts)
    if found.holder is not None:
        yield of_error("journal", found.holder, level=Level.WARN)
    elif alive:
        yield Finding(
            level=Level.WARN,
            name="journal",
            what=f"{count(alive, 'job')} not over, and no pool is open on it.",
            why="they were left by a run that ended; what was sent may be done and paid by now",
            do=where.command("resume"),
        )
    if unknown:
        yield Finding(
            level=Level.WARN,
            name="journal",
            what=f"{count(unknown, 'job')} of unknown fate.",
            why="a request was on its way when its answer was lost; it may have been charged",
            do=f"{where.command('jobs --unknown')}, then {where.command('reconcile ID')}",
        )


def disk(settings: Settings) -> Finding:
    """Room for pictures. BLOCKS."""
    out = Path(settings.out).absolute()
    there = next((folder for folder in (out, *out.parents) if folder.exists()), out)
    facts = {"out": str(out), "exists": out.exists()}
    if not there.is_dir() or not _writable(there):
        return Finding(
            level=Level.BAD,
            name="out",
            what=f"Pictures cannot be saved in {out}.",
            why=f"{there} is not a folder that this user may write",
            do="choose another one: --out, MJASYNC_OUT or out in mjasync.toml",
            facts=facts,
        )
    free = shutil.disk_usage(there).free
    level = Level.BAD if free < _NOTHING else Level.WARN if free < _LITTLE else Level.OK
    return Finding(
        level=level,
        name="out",
        what=f"{out}: {free / 1e9:.1f} GB free",
        why=""
        if level is Level.OK
        else "a picture has 1 to 10 MB, and what was paid for cannot be saved on a full disk",
        do="" if level is Level.OK else "make room, or choose another disk with --out",
        facts={**facts, "free_bytes": free},
    )


def _writable(folder: Path) -> bool:
    """Whether this user may write there, or make it."""
    there = next((each for each in (folder, *folder.parents) if each.exists()), folder)
    return there.is_dir() and os.access(there, os.W_OK | os.X_OK)
