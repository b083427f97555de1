"""`mjasync show`: the story of one job, event by event, from the journal alone; also while a pool is open on it."""

from argparse import Namespace
from collections.abc import Iterator, Sequence
from typing import Any

from mjasync import Phase, Status
from mjasync.cli import listing, output, place, report
from mjasync.cli.place import Place
from mjasync.cli.shelf import Shelf, read
from mjasync.cli.text import amount, clean, clock, count, moment, seconds
from mjasync.core import machine
from mjasync.core.machine import Event, Saw
from mjasync.core.model import Failure, Record
from mjasync.flow.explaining import said, short
from mjasync.journal.archive import Archive, ArchivedJob

#: Events in the journal's terms, each with seconds since 1970.
Story = Sequence[tuple[float, Event]]


def show(arguments: Namespace) -> int:
    """Print it, and return the exit code."""
    where = place.of(arguments, keys=False)
    with Archive.open(where.journal) as archive:
        shelf = read(archive, where)
        row = shelf.named(arguments.job)
        story = archive.story(row.id)
    record = machine.replay(row.id, ((event, wall) for wall, event in story))
    if arguments.json:
        output.say(report.as_text(_document(row, record, story, shelf)))
        return report.OK
    for line in (*_head(row, record, shelf), "", *lines(story, where), "", *_advice(record, where)):
        output.say(line)
    return report.OK


def lines(story: Story, where: Place) -> list[str]:
    """Return a line for each event; looks that say the same are told together."""
    begun = story[0][0]
    return [f"  {moment(wall)}  +{seconds(wall - begun):<9}  {clean(text, 300)}" for wall, text in _told(story, where)]


def _told(story: Story, where: Place) -> Iterator[tuple[float, str]]:
    looks: list[tuple[float, Saw]] = []
    for wall, event in story:
        if looks and not (isinstance(event, Saw) and event.snapshot.status is looks[-1][1].snapshot.status):
            yield _looked(looks)
            looks = []
        if isinstance(event, Saw):
            looks.append((wall, event))
        else:
            yield wall, _words(event, where)
    if looks:
        yield _looked(looks)


def _looked(looks: Sequence[tuple[float, Saw]]) -> tuple[float, str]:
    """When it was first seen so, and how it went on."""
    last = looks[-1][1].snapshot
    progress = f" {last.progress} %" if last.progress is not None and last.status is not Status.DONE else ""
    until = f" ({count(len(looks), 'time')} until {clock(looks[-1][0])})" if len(looks) > 1 else ""
    failure = f": {short(last.failure)}" if last.failure else ""
    return looks[0][0], f"seen {last.status}{progress}{until}{failure}"


def _words(event: Event, where: Place) -> str:
    return said(event, moment, lambda account: where.named(account) or account)


def _head(row: ArchivedJob, record: Record, shelf: Shelf) -> list[str]:
    account = shelf.where.named(row.account)
    word = ", late" if row.late else ", decided" if row.id in shelf.decided else ""
    facts = {
        "job": f"{row.id}  {row.kind}  {row.mode}  {row.phase}{word}",
        "prompt": shelf.prompt(row),
        "ticket": f"{account}:{row.remote_id}" if row.remote_id else "",
        "account": account or "",
        "after": ", ".join(f"{each.id} ({each.kind})" for each in shelf.before(row)),
        "key": row.key or "",
        "instead of": row.resubmit_of or "",
        "cost": cost(record),
        "offers": ", ".join(record.offers),
    }
    texts = record.snapshot.texts if record.snapshot else ()
    facts |= {f"text {number}": text for number, text in enumerate(texts, start=1)}
    return [f"{name:<10}{clean(text, 400)}" for name, text in facts.items() if text]


def cost(record: Record) -> str:
    """What the job cost, as far as anybody knows."""
    told = record.snapshot.quota if record.snapshot else None
    price = f"{amount(told)} quota" if told is not None else "the provider told no price"
    match record.phase:
        case Phase.HELD:
            return "nothing: it was never sent"
        case Phase.DONE:
            return price
        case Phase.FAILED:
            charged = record.failure.charged if record.failure else "unknown"
            return {"no": "nothing", "yes": price, "unknown": "it may have been charged"}[charged]
        case Phase.LOST:
            return "it may have been charged"
    return "not settled yet"


def _advice(record: Record, where: Place) -> list[str]:
    hint, resume = record.failure.hint if record.failure else "", where.command("resume")
    known = {
        Phase.HELD: f"{resume} sends it, unless a pool is open here",
        Phase.SENDING: f"{resume} finds out what can be found out, unless a pool is open here",
        Phase.QUEUED: f"{resume} goes on with it, unless a pool is open here",
        Phase.RUNNING: f"{resume} goes on with it, unless a pool is open here",
        Phase.LOST: f"{where.command(f'reconcile {record.id}')} shows what it may have become, and takes a decision",
        Phase.FAILED: hint or "nothing",
        Phase.DONE: "nothing",
    }
    return [f"do        {clean(known[record.phase], 400)}"]


def _document(row: ArchivedJob, record: Record, story: Story, shelf: Shelf) -> dict[str, Any]:
    failure, where = record.outcome, shelf.where
    return {
        "type": "job",
        "journal": where.journal,
        **listing.as_json(row, shelf),
        "cost": cost(record),
        "offers": list(record.offers),
        "texts": list(record.snapshot.texts) if record.snapshot else [],
        "error": _fault(failure) if failure else None,
        "story": [
            {"at": wall, "event": type(event).__name__, "text": clean(_word(wall, event, where))}
            for wall, event in story
        ],
    }


def _word(wall: float, event: Event, where: Place) -> str:
    return _looked([(wall, event)])[1] if isinstance(event, Saw) else _words(event, where)


def _fault(failure: Failure) -> dict[str, Any]:
    return {
        "kind": failure.kind,
        "what": failure.what,
        "why": failure.why,
        "do": failure.hint,
        "charged": failure.charged,
        "retryable": failure.retryable,
        "available": list(failure.available),
    }
