"""`mjasync ledger`: what was spent, is reserved and may have been charged, to be held against the provider's bill.

From the journal alone: no lock, no key, also while a pool is open on it. It says what `pool.ledger()` says.
"""

from argparse import Namespace
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime

from mjasync import AccountLedger, Ledger, Phase
from mjasync.cli import output, place, report
from mjasync.cli.place import Place
from mjasync.cli.shelf import Shelf, read
from mjasync.cli.text import count
from mjasync.core.ledger import Estimate, Line, estimate, ledger_of
from mjasync.journal.archive import Archive, ArchivedJob

_RESERVED = (Phase.QUEUED, Phase.RUNNING)
_POSSIBLE = (Phase.LOST, Phase.SENDING)


def ledger(arguments: Namespace) -> int:
    """Print it, and return the exit code."""
    where = place.of(arguments, keys=False)
    with Archive.open(where.journal) as archive:
        lines, shelf = archive.ledger().lines, read(archive, where)
    books = of(lines, shelf, today=datetime.now(UTC).date().isoformat())
    if arguments.json:
        output.say(report.as_text({"type": "ledger", "journal": where.journal, **books.as_json()}))
        return report.OK
    output.say(str(books))
    for note in _notes(books, where):
        output.tell(note)
    return report.OK


def of(lines: Sequence[Line], shelf: Shelf, *, today: str) -> Ledger:
    """The books, by the names of accounts."""
    where = shelf.where
    accounts: defaultdict[str, AccountLedger] = defaultdict(AccountLedger)
    for line in lines:
        name = where.named(line.account) or line.account
        strikes = line.strikes if line.day == today else 0
        accounts[name] = accounts[name].plus(
            AccountLedger(
                spent=line.spent, done=line.done, unpriced=line.unpriced, resubmits=line.resubmits, strikes=strikes
            )
        )
    known = prices(shelf.rows)
    for job in shelf.rows:
        if job.account is not None and job.phase in (*_RESERVED, *_POSSIBLE):
            name = where.named(job.account) or job.account
            accounts[name] = accounts[name].plus(_open(job, estimate(known.get(_class(job)))))
    return ledger_of(dict(sorted(accounts.items())), day=today, budget=None)


def _open(job: ArchivedJob, one: Estimate) -> AccountLedger:
    return AccountLedger(reserved=one) if job.phase in _RESERVED else AccountLedger(possible=one)


def _class(job: ArchivedJob) -> tuple[str | None, str, str]:
    return job.account, job.mode, job.kind


def prices(jobs: Sequence[ArchivedJob]) -> dict[tuple[str | None, str, str], float]:
    """Return the highest price ever told for each class of work: account, mode, kind. As in `core.budget`."""
    told: dict[tuple[str | None, str, str], float] = {}
    for job in jobs:
        if job.quota:
            told[_class(job)] = max(job.quota, told.get(_class(job), 0.0))
    return told


def _notes(books: Ledger, where: Place) -> list[str]:
    total = books.total
    notes = ["", "Quota, in each provider's own unit (of TTAPI 100 are 1 USD); `?`: the provider told no price."]
    if total.possible.jobs:
        jobs = count(total.possible.jobs, "job")
        notes.append(f"possible  {jobs} may have been charged: on the way, or {where.command('jobs --unknown')}")
    if total.resubmits:
        notes.append(f"resubmits {count(total.resubmits, 'job')} sent again by a person; the bill may have both")
    return notes
