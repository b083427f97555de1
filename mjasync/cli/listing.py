"""`mjasync jobs`: the jobs of a journal, without a lock and without a key; also while a pool is open on it."""

from argparse import Namespace
from collections.abc import Sequence
from typing import Any

from mjasync import Phase
from mjasync.cli import output, place, report
from mjasync.cli.shelf import Shelf, read
from mjasync.cli.text import amount, clean, count, moment
from mjasync.cli.usage import UsageError
from mjasync.journal.archive import Archive, ArchivedJob

_MOST = 1_000_000
_HEAD = ("id", "asked", "phase", "mode", "account", "step", "quota", "prompt")


def jobs(arguments: Namespace) -> int:
    """Print them, the newest first, and return the exit code."""
    if not 1 <= arguments.limit <= _MOST:
        raise UsageError(
            f"--limit {arguments.limit} cannot be used.", why="it is how many jobs to list", hint=f"give 1 to {_MOST}"
        )
    where = place.of(arguments, keys=False)
    with Archive.open(where.journal) as archive:
        rows = archive.jobs(late=arguments.late, unknown=arguments.unknown, limit=arguments.limit + 1)
        shelf = read(archive, where)
    shown, more = rows[: arguments.limit], len(rows) > arguments.limit
    if arguments.json:
        told = [as_json(row, shelf) for row in shown]
        output.say(report.as_text({"type": "jobs", "journal": where.journal, "more": more, "jobs": told}))
        return report.OK
    for line in _table([_HEAD, *(_cells(row, shelf) for row in shown)]) if shown else ():
        output.say(line)
    for line in _notes(shown, shelf, more=more, arguments=arguments):
        output.tell(line)
    return report.OK


def as_json(row: ArchivedJob, shelf: Shelf) -> dict[str, Any]:
    """Return a job as a JSON document. Times are seconds since 1970."""
    account = shelf.where.named(row.account)
    return {
        "id": row.id,
        "phase": str(row.phase),
        "prompt": shelf.prompt(row),
        "step": row.kind,
        "mode": row.mode,
        "account": account,
        "ticket": f"{account}:{row.remote_id}" if account and row.remote_id else None,
        "asked": row.asked,
        "ended": row.ended,
        "quota": row.quota,
        "late": row.late,
        "unknown": row.unknown,
        "decided": row.id in shelf.decided,
        "parent": row.parent,
        "key": row.key,
        "resubmit_of": row.resubmit_of,
    }


def _cells(row: ArchivedJob, shelf: Shelf) -> tuple[str, ...]:
    more = ", late" if row.late else ", decided" if row.id in shelf.decided else ""
    account = clean(shelf.where.named(row.account) or "–", 20)
    quota = "–" if row.quota is None else amount(row.quota)
    prompt = clean(shelf.prompt(row), 60)
    return row.id, moment(row.asked), f"{row.phase}{more}", row.mode, account, clean(row.kind, 12), quota, prompt


def _table(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _notes(shown: Sequence[ArchivedJob], shelf: Shelf, *, more: bool, arguments: Namespace) -> list[str]:
    """What is to be known or done about these."""
    kinds = ("late " if arguments.late else "") + ("unknown " if arguments.unknown else "")
    if not shown:
        return [f"The journal has no {kinds}job."]
    sending = sum(row.phase is Phase.SENDING for row in shown)
    alive = sum(row.phase in (Phase.HELD, Phase.QUEUED, Phase.RUNNING) for row in shown)
    unknown = len(shelf.undecided(shown))
    resume, decide = shelf.where.command("resume"), shelf.where.command("reconcile ID")
    notes = {
        f"more      --limit {2 * arguments.limit} shows more": more,
        f"sending   {count(sending, 'request')} on the way; if no pool is open here any more, nobody knows what became "
        f"of it, and {resume} finds out what can be found out": sending,
        f"open      {count(alive, 'job')} not over: {resume} goes on, unless a pool is open here": alive,
        f"unknown   {count(unknown, 'job')}: {decide} shows what it may be, and takes a decision": unknown,
    }
    return [text for text, matters in notes.items() if matters]
