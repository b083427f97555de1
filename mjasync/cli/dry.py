"""`--dry-run`: what would be sent, where it might go, and what it may cost, without a request or a key.

Rule 1: what the real run would refuse before sending is refused here, in the same words.
Rule 2: a price is one that the provider told in this journal; where none was told there is a question mark, no guess.
"""

import warnings
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from random import Random
from typing import Any

from attrs import frozen

from mjasync import TTAPI, Account, Finding, JournalError, Ledger, MJProxy, PromptWarning, lint
from mjasync.cli import bill, output, place, report
from mjasync.cli.place import Place
from mjasync.cli.shelf import read
from mjasync.cli.task import Task
from mjasync.cli.text import amount, clean, count
from mjasync.core.ledger import Estimate
from mjasync.core.model import Spec
from mjasync.flow import asking
from mjasync.flow.session import Session
from mjasync.journal.archive import Archive

#: Doubts that are shown; the rest is counted.
_SHOWN = 20


@frozen(kw_only=True)
class Work:
    """Jobs of one kind that may go to the same accounts."""

    mode: str
    #: `imagine`, `upscale`, …
    kind: str
    accounts: tuple[str, ...]
    jobs: int


@frozen(kw_only=True)
class Outlook:
    """What a run would do."""

    works: tuple[Work, ...]
    #: What all of it may come to, by account, if everything that may go there did.
    costs: Mapping[str, Estimate]
    #: Numbers of prompts, and what `lint` finds in them.
    doubts: tuple[tuple[int, Finding], ...]
    #: No account is set: the names are the providers'.
    keyless: bool = False
    #: What the journal has counted, where there is one.
    books: Ledger | None = None

    @property
    def jobs(self) -> int:
        """All jobs."""
        return sum(work.jobs for work in self.works)


def told(task: Task) -> int:
    """Print the outlook, and return the exit code."""
    found = outlook(task)
    if task.as_json:
        output.say(report.as_text(as_json(task, found)))
        return report.OK
    for line in lines(task, found):
        output.say(line)
    return report.OK


def outlook(task: Task) -> Outlook:
    """Return what would be done. Raises what the run would raise before it sends anything."""
    accounts, keyless = _accounts(task)
    names = place.names(accounts)
    sessions = {
        names[account.fingerprint]: Session(names[account.fingerprint], account, Random(0)) for account in accounts
    }
    works = _works(_specs(task, sessions), steps=len(task.upscale))
    prices, books = _known(task, Place(journal=task.plan.journal or "", settings=task.settings, names=names))
    ours = {name: fingerprint for fingerprint, name in names.items()}
    costs = {name: Estimate() for work in works for name in work.accounts}
    for work in works:
        for name in work.accounts:
            costs[name] = costs[name].plus(_cost(work.jobs, prices.get((ours[name], work.mode, work.kind))))
    findings = ((number, each) for number, row in enumerate(task.plan.rows, 1) for each in lint(row.prompt))
    doubts = tuple(findings) if task.words else ()
    return Outlook(works=works, costs=costs, doubts=doubts, keyless=keyless, books=books)


def _cost(jobs: int, price: float | None) -> Estimate:
    if price is None:
        return Estimate(jobs=jobs, quota=None, unknown=jobs)
    return Estimate(jobs=jobs, quota=price * jobs)


def _accounts(task: Task) -> tuple[tuple[Account, ...], bool]:
    """Those that are set, or as it would be with one at each provider."""
    if task.accounts:
        return task.accounts, False
    return (TTAPI("nobody"), MJProxy("nobody", base_url="http://relay.invalid")), task.speed is None


def _specs(task: Task, sessions: Mapping[str, Session]) -> list[Spec]:
    plan = task.plan
    if task.operation is not None:
        return [asking.new(task.operation, {"mode": plan.mode, **plan.options}, sessions)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PromptWarning)  # doubts are told with their numbers
        return [
            asking.imagine(row.prompt, {"mode": row.mode or plan.mode, **plan.options}, sessions) for row in plan.rows
        ]


def _works(specs: Iterable[Spec], *, steps: int) -> tuple[Work, ...]:
    """The jobs by kind; an upscale goes where its grid is."""
    counted: Counter[tuple[str, str, tuple[str, ...]]] = Counter()
    for spec in specs:
        counted[spec.mode, spec.operation.kind, spec.accounts] += 1
        if steps:
            counted[spec.mode, "upscale", spec.accounts] += steps
    return tuple(
        Work(mode=mode, kind=kind, accounts=accounts, jobs=jobs) for (mode, kind, accounts), jobs in counted.items()
    )


def _known(task: Task, where: Place) -> tuple[Mapping[tuple[str | None, str, str], float], Ledger | None]:
    """Prices that were told in this journal, and its books; nothing is known without one."""
    if task.plan.journal is None:
        return {}, None
    try:
        with Archive.open(task.plan.journal) as archive:
            lines, shelf = archive.ledger().lines, read(archive, where)
    except JournalError:  # the run makes it, or says what is wrong with it
        return {}, None
    return bill.prices(shelf.rows), bill.of(lines, shelf, today=datetime.now(UTC).date().isoformat())


def lines(task: Task, found: Outlook) -> list[str]:
    """Return the outlook for people."""
    plan = task.plan
    told = [f"dry run   {count(found.jobs, 'job')} for {count(len(plan.rows), 'request')}; nothing was sent"]
    told += [f"{work.jobs:>14}  {work.kind:<9} {work.mode:<6} at {' or '.join(work.accounts)}" for work in found.works]
    if found.keyless:
        told.append("accounts  none is set here; so it would be with one at TTAPI and one at a midjourney-proxy relay")
    told += _quota(task, found)
    told += [f"pictures  go to {plan.out}"] if task.pictures else []
    told += [f"journal   {plan.journal}"] if plan.journal else []
    doubts = [f"doubtful  {number:04d}: {clean(finding, 400)}" for number, finding in found.doubts]
    more = [f"doubtful  and {len(doubts) - _SHOWN} more"] if len(doubts) > _SHOWN else []
    return [*told, *doubts[:_SHOWN], *more]


def _quota(task: Task, found: Outlook) -> list[str]:
    """What it may cost, and how far a budget goes."""
    told = []
    for name, cost in found.costs.items():
        price = (
            "no price is known" if cost.quota is None else f"about {amount(cost.quota)}{' + ?' if cost.unknown else ''}"
        )
        told.append(f"quota     {price} for {count(cost.jobs, 'job')}, if all went to {name}")
    if any(cost.unknown for cost in found.costs.values()):
        told.append("          (TTAPI tells a price with each job, and the --journal remembers it; a relay tells none)")
    if task.plan.budget is not None:
        spent = found.books.total.spent if found.books else 0.0
        counted = f", of which {amount(spent)} are spent in this journal" if spent else ""
        told.append(f"budget    {amount(task.plan.budget)}{counted}; what it cannot pay for would not be sent")
    return told


def as_json(task: Task, found: Outlook) -> dict[str, Any]:
    """Return the outlook as a JSON document."""
    plan = task.plan
    return {
        "type": "dry_run",
        "command": task.command,
        "requests": _items(task),
        "jobs": found.jobs,
        "work": [
            {"mode": str(work.mode), "kind": work.kind, "accounts": list(work.accounts), "jobs": work.jobs}
            for work in found.works
        ],
        "keys": not found.keyless,
        "quota": {name: cost.as_json() for name, cost in found.costs.items()},
        "budget": plan.budget,
        "doubts": [
            {"number": number, "code": each.code, "what": each.what, "do": each.hint, "at": each.at, "flag": each.flag}
            for number, each in found.doubts
        ],
        "out": str(plan.out) if task.pictures else None,
        "journal": plan.journal,
        "simulated": plan.simulated,
    }


def _items(task: Task) -> Sequence[dict[str, Any]]:
    rows = enumerate(task.plan.rows, start=1)
    return [{"number": number, "prompt": row.prompt, "mode": str(row.mode or task.plan.mode)} for number, row in rows]
