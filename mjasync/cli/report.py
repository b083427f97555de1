"""What a run says: a line or a JSON document for each end, a summary, and the exit code."""

import json
import shlex
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import frozen

from mjasync import (
    Action,
    ActionUnavailable,
    AuthError,
    ConfigError,
    DeadlineExceeded,
    JournalError,
    JournalWriteError,
    Ledger,
    MJError,
    PoolClosed,
    QuotaExhausted,
    Stats,
    SubmitOutcomeUnknown,
)
from mjasync.cli import saving
from mjasync.cli.run import End
from mjasync.cli.text import amount, clean, count, seconds
from mjasync.cli.usage import UsageError

OK, SOME_FAILED, USAGE, CONFIG, QUOTA, UNKNOWN, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130
#: The first that fits says what an error means.
_CODES: tuple[tuple[type[MJError], int], ...] = (
    (SubmitOutcomeUnknown, UNKNOWN),
    (QuotaExhausted, QUOTA),
    (UsageError, USAGE),
    (ConfigError, CONFIG),
    (AuthError, CONFIG),
    (JournalWriteError, SOME_FAILED),
    (JournalError, CONFIG),
    (MJError, SOME_FAILED),
)
#: What another process can go on with.
_OPEN = (DeadlineExceeded, PoolClosed, SubmitOutcomeUnknown)
#: When several things went wrong, the exit code tells the first of these.
_URGENT = (UNKNOWN, QUOTA, USAGE, CONFIG, SOME_FAILED, OK)

#: Failures whose story is named one by one.
_MOST_STORIES = 10


def exit_code(errors: Iterable[MJError]) -> int:
    """Return what the shell is told."""
    return most_urgent(_code(error) for error in errors)


def most_urgent(codes: Iterable[int]) -> int:
    """Return the one of several exit codes that tells most."""
    found = {*codes, OK}
    return next(code for code in _URGENT if code in found)


def _code(error: MJError) -> int:
    if isinstance(error, ActionUnavailable) and error.available:  # there is a button, and it is another one
        return USAGE
    return next(code for kind, code in _CODES if isinstance(error, kind))


@frozen(kw_only=True)
class Report:
    """A whole run."""

    ends: Sequence[End]
    stats: Stats
    out: Path
    sheet: Path | None = None
    #: The simulator's speed, or None for real providers.
    speed: float | None = None
    #: The pool's books at the end, and at the beginning.
    books: Ledger | None = None
    before: Ledger | None = None
    journal: str | None = None

    @property
    def code(self) -> int:
        """Exit code of the run."""
        return exit_code(end.error for end in self.ends if end.error is not None)


def line(end: End, out: Path) -> str:
    """Return one end as one line."""
    spent = sum(picture.seconds for picture in end.pictures) if end.pictures else None
    account = end.job.ticket.account if end.job.ticket else "–"
    word = "ok" if end.ok else "unknown" if isinstance(end.error, SubmitOutcomeUnknown) else "failed"
    head = f"{word:<7} {end.number:04d}  {end.job.mode:<5}  {account:<8}  {seconds(spent):>8}  "
    if end.error is not None:
        why = f" ({end.error.why})" if end.error.why else ""
        return head + clean(f"{type(end.error).__name__}: {end.error.what}{why}", 300)
    texts = end.result.texts if end.result and not end.pictures else ()
    files = [str(out / picture.file) for picture in end.pictures[1:] or end.pictures]
    return head + clean(", ".join(files) or " / ".join(texts), None if files else 300)


def as_json(end: End, out: Path) -> dict[str, Any]:
    """Return one end as a JSON document."""
    ticket = end.job.ticket
    return {
        "type": "outcome",
        "number": end.number,
        "prompt": end.prompt,
        "mode": str(end.job.mode),
        "ok": end.ok,
        "job": end.job.id,
        "ticket": str(ticket) if ticket else None,
        "pictures": [{**saving.sidecar(picture), "path": str(out / picture.file)} for picture in end.pictures],
        "texts": list(end.result.texts) if end.result else [],
        "seed": end.result.seed if end.result else None,
        "actions": [name for name, _ in buttons(end.result.actions, end.result.texts)] if end.result else [],
        "error": fault(end.error) if end.error else None,
    }


def buttons(actions: Sequence[Action], texts: Sequence[str]) -> list[tuple[str, str]]:
    """Return what `press` takes, each with its label: the provider's buttons, or one for each text."""
    picks = [(f"imagine{number}", text) for number, text in enumerate(texts, start=1)]
    return picks or [(action.name, action.label) for action in actions]


def as_text(document: Mapping[str, Any]) -> str:
    """Return a JSON document as one line."""
    return json.dumps(document)


def explain(error: MJError) -> str:
    """Return an error for people, in three parts; each stays on its line, whoever wrote it."""
    lines = [clean(error.what)]
    lines += [f"  why   {clean(error.why)}"] if error.why else []
    lines += [f"  do    {clean(error.hint)}"] if error.hint else []
    return "\n".join(lines)


def fault(error: MJError) -> dict[str, Any]:
    """Return an error as a JSON document."""
    return {
        "kind": type(error).__name__,
        "what": error.what,
        "why": error.why,
        "do": error.hint,
        "charged": error.charged,
        "retryable": error.retryable,
        "available": list(error.available) if isinstance(error, ActionUnavailable) else [],
    }


def summary(report: Report) -> list[str]:
    """Return the last lines of a run."""
    stats, ok = report.stats, sum(end.ok for end in report.ends)
    pictures = sum(len(end.pictures) for end in report.ends)
    peaks = ", ".join(f"{name} {each.peak}/{each.cap}" for name, each in stats.accounts.items())
    failed = len(report.ends) - ok
    lines = [
        f"prompts   {ok} ok, {failed} failed · {count(stats.jobs, 'job')} in {seconds(stats.seconds)}",
        f"looks     {stats.looks_per_job:.1f} per job, {stats.looks} in all{_seen(stats)}",
        f"slots     {stats.slot_use:.0%} used while busy · most at once: {peaks}",
        f"pictures  {pictures} in {report.out}",
    ]
    lines += [f"spent     {quota}"] if (quota := _quota(report)) else []
    lines += [f"budget    {budget}"] if (budget := spent(report)) else []
    lines += [f"sheet     {report.sheet}"] if report.sheet else []
    lines += [f"note      {simulated_note(report.speed)}"] if report.speed else []
    return [*lines, *_stories(report)]


def _seen(stats: Stats) -> str:
    """How long ends waited to be seen, at accounts that tell times of their own."""
    known = [f"{name} {each.seen:.1f} s" for name, each in stats.accounts.items() if each.seen is not None]
    return f" · ends seen after: {', '.join(known)}" if known else ""


def _quota(report: Report) -> str:
    """What this run has cost, as far as the providers told; "" where nobody knows."""
    if report.books is None or report.before is None:
        return ""
    after, before = report.books.total, report.before.total
    unpriced = after.unpriced - before.unpriced
    without = f"; of {count(unpriced, 'job')} no price was told" if unpriced else ""
    return f"{amount(after.spent - before.spent)} quota{without}"


def _stories(report: Report) -> list[str]:
    """Where the story of each failure is, and how to go on; without a journal nothing of it is left."""
    if report.journal is None:
        return []
    journal = shlex.join(["--journal", report.journal])
    bad = [end for end in report.ends if end.error is not None]
    open_ended = any(isinstance(end.error, _OPEN) for end in bad)
    lines = [f"failed    {end.number:04d}  mjasync show {end.job.id} {journal}" for end in bad[:_MOST_STORIES]]
    lines += (
        [f"          and {len(bad) - _MOST_STORIES} more: mjasync jobs {journal}"] if len(bad) > _MOST_STORIES else []
    )
    return [*lines, *([f"resume    mjasync resume {journal}"] if open_ended and report.speed is None else [])]


def spent(report: Report) -> str:
    """Return what became of the budget; "" where there was none."""
    books = report.books
    if books is None or books.budget is None:
        return ""
    stopped = sum(end.unpaid for end in report.ends)
    most = "at most " if books.total.unknown else ""
    told = f"{amount(books.budget)} quota, {most}{amount(books.left or 0.0)} left"
    return f"{told}; it could not pay for {count(stopped, 'prompt')}" if stopped else told


def simulated_note(speed: float) -> str:
    """Return the honest line."""
    return f"the providers were simulated: real HTTP on this machine only, time ×{speed:g}, nothing was paid"


def summary_json(report: Report) -> dict[str, Any]:
    """Return the last JSON line of a run."""
    stats, ok = report.stats, sum(end.ok for end in report.ends)
    accounts: Mapping[str, Any] = stats.accounts
    return {
        "type": "summary",
        "prompts": len(report.ends),
        "ok": ok,
        "failed": len(report.ends) - ok,
        "jobs": stats.jobs,
        "seconds": round(stats.seconds, 3),
        "looks": stats.looks,
        "looks_per_job": round(stats.looks_per_job, 3),
        "slot_use": round(stats.slot_use, 4),
        "accounts": {name: {"cap": each.cap, "peak": each.peak, "done": each.done} for name, each in accounts.items()},
        "pictures": sum(len(end.pictures) for end in report.ends),
        "spent": round(report.books.spent - report.before.spent, 6) if report.books and report.before else None,
        "seen": {name: each.seen for name, each in accounts.items()},
        "budget": report.books.budget if report.books else None,
        "left": report.books.left if report.books else None,
        "unpaid": sum(end.unpaid for end in report.ends),
        "out": str(report.out),
        "sheet": str(report.sheet) if report.sheet else None,
        "simulated": report.speed is not None,
        "speed": report.speed,
    }


def hints(ends: Iterable[End]) -> list[str]:
    """Return what to do about the failures, each advice once."""
    errors = [end.error for end in ends if end.error and end.error.hint]
    advice = {error.hint for error in errors if isinstance(error, SubmitOutcomeUnknown)}
    several = "`mjasync jobs --unknown` lists them, `mjasync reconcile ID` shows each and takes a decision"
    # With a journal each such advice names its own job.
    found = (
        f"{type(error).__name__}: {several if error.hint in advice and len(advice) > 1 else error.hint}"
        for error in errors
    )
    return [clean(text, 400) for text in dict.fromkeys(found)][:5]
