"""`job.explain()`: a job's story in words: what was waited for, decided and paid, and where the time went.

Rule: we put no prompt and no key into it; what a provider said is quoted.
"""

from collections.abc import Callable, Iterator, Sequence

from mjasync.core import machine
from mjasync.core.ledger import amount, told
from mjasync.core.machine import FINAL, Event
from mjasync.core.model import Failure, Phase, Record, Ticket
from mjasync.core.operations import action_of
from mjasync.flow.books import Books
from mjasync.flow.diary import Note, Sighted

_FOUND = {"list": ", found in the account's list", "hook": ", told by a callback", "person": ", as you said"}


def explain(record: Record, books: Books, sleeps: Callable[[str], bool] = lambda _job: False) -> str:
    """The whole story. `sleeps`: whether a job of an earlier process waits for somebody to say that it should be sent."""
    notes, missing = books.diary.of(record.id)
    begun, parent, now = record.asked_at, books.parent_of(record), books.now()
    after = f", as a step after job {parent.id}" if parent else ""
    lines = [_head(record, now), _line(books.shown(begun), 0.0, f"asked for{after}")]
    for place, (at, what) in enumerate(notes):
        if missing and place == len(notes) // 2:
            lines.append(f"  … {missing} more")
        text = _TOLD_AT_LAST if is_told_again(what, notes[:place]) else said(what, books.shown)
        lines.append(_line(books.shown(at), at - begun, text))
    spent = "; ".join(_spent(record, parent, notes, now, books.looks[record.id]))
    if sleeps(record.id):
        spent = spent.replace("waiting for a slot", _ASLEEP)
    lines += [f"  time   {spent}", f"  money  {money(record)}"]
    # What is sent again by the pool itself needs nobody's advice.
    hint = record.outcome.hint if record.outcome and record.phase is not Phase.HELD else ""
    return "\n".join((*lines, f"  do     {hint}") if hint else lines)


#: Ends of jobs that no provider has refused.
_BEFORE_SENDING = frozenset({"DeadlineExceeded", "JobCancelled", "ParentFailed"})
#: A job of unknown fate, once nobody hopes any more that it is found.
_TOLD_AT_LAST = "nothing can settle it any sooner: whoever waited was told that its fate is unknown"

#: A job that was never sent, after a restart.
_ASLEEP = (
    "asleep: an earlier run never sent it, and it waits for `await pool.recover()` or for its key= to be asked again"
)


def is_told_again(what: Event | Sighted, before: Sequence[Note]) -> bool:
    """Whether it is the same doubt as one before it: nobody hopes any more."""
    same = isinstance(what, machine.Silence) and what.failure
    return any(isinstance(each, machine.Silence) and each.failure == same for _, each in before)


def _line(clock: str, seconds: float, text: str) -> str:
    return f"  {clock}  +{span(max(seconds, 0.0)):<11} {text[:400]}"


def _head(record: Record, now: float) -> str:
    kind = action_of(record.spec.operation) or record.spec.operation.kind
    where = f" at {record.account}" if record.account else ""
    told_already = ", given up" if record.detached and record.phase not in FINAL else ""
    until = now if record.ended_at is None else record.ended_at
    age = span(until - record.asked_at)
    return f"job {record.id}: {kind} in {record.spec.mode} mode{where}, {record.phase}{told_already}, {age} after the asking"


def said(what: Event | Sighted, shown: Callable[[float], str], named: Callable[[str], str] = str) -> str:
    """One event in words. `shown` writes a moment, `named` an account."""
    match what:
        case machine.Asked(spec):
            kind = action_of(spec.operation) or spec.operation.kind
            return f"asked for: {kind} in {spec.mode} mode{f', after job {spec.parent}' if spec.parent else ''}"
        case machine.Sending(account):
            return f"sent to {named(account)}"
        case machine.Accepted(remote_id, by):
            return f"accepted as {remote_id}{_FOUND.get(by, '')}"
        case machine.Silence(failure, held_until):
            return f"of unknown fate: {failure.what or short(failure)} Its slot stays taken until {shown(held_until)}."
        case Sighted(status, progress):
            return f"seen {status}" + (f", {progress} %" if progress and status == "running" else "")
    return _plainly(what)


def _plainly(event: Event | Sighted) -> str:
    """What names no account and no moment."""
    match event:
        case machine.Bounced(failure):
            return f"not accepted, it may go again: {short(failure)}"
        case machine.Rejected(failure) if failure.kind in _BEFORE_SENDING:
            return f"over before it was sent: {short(failure)}"
        case machine.Rejected(failure):
            return f"not accepted, for good: {short(failure)}"
        case machine.Expired(by="person"):
            return "declared lost by you: its slot is free"
        case machine.Expired():
            return "its slot is free; its fate is unknown"
        case machine.Resumed():
            return "taken up by a later run"
        case machine.Rang(remote_id):
            return f"a callback named it: {remote_id}"
        case machine.Detached(failure):
            return f"whoever waited was told: {short(failure)}"
    return _at_window(event)


def _at_window(event: Event | Sighted) -> str:
    match event:
        case machine.Filling():
            return "the answer to its window was sent"
        case machine.Filled(remote_id):
            return f"the answer to its window was taken, as {remote_id}"
        case machine.Unfilled(failure):
            return f"the answer to its window was not taken: {short(failure)}"
        case machine.Unanswered(failure):
            return f"nobody knows whether the answer to its window was taken: {short(failure)}"
    return type(event).__name__.lower()


def short(failure: Failure) -> str:
    """What and why, as one sentence or two."""
    return " ".join(f"{part.rstrip('.')}." for part in (failure.what, failure.why) if part) or f"{failure.kind}."


def _spent(record: Record, parent: Record | None, notes: Sequence[Note], now: float, looks: int) -> Iterator[str]:
    """Where the time went, part by part."""
    ready = record.asked_at
    if parent is not None and (parent.ended_at is None or parent.ended_at > ready):
        ready = now if parent.ended_at is None else parent.ended_at
        yield f"{span(ready - record.asked_at)} until job {parent.id} before it was done"
    sent = record.sent_at if record.sent_at is not None else min(record.ended_at or now, now)
    again = sum(isinstance(what, machine.Bounced) for _, what in notes)
    refusals = f" (refused {again} times meanwhile)" if again > 1 else " (refused once meanwhile)" if again else ""
    yield f"{span(max(sent - ready, 0.0))} waiting for a slot{refusals}"
    if record.sent_at is None or record.accepted_at is None:
        return
    found = any(isinstance(what, machine.Accepted) and what.by for _, what in notes)
    yield f"{span(record.accepted_at - record.sent_at)} {'until it was found' if found else 'for the submit'}"
    end = now if record.ended_at is None else record.ended_at
    runs = next((at for at, what in notes if isinstance(what, Sighted) and what.status == "running"), None)
    if runs is not None:
        yield f"{span(runs - record.accepted_at)} until it was seen running"
        yield f"{span(end - runs)} from then on"
    else:
        yield f"{span(end - record.accepted_at)} at the provider"
    took = record.snapshot.took if record.snapshot else None
    if record.ended_at is not None and took is not None:
        late = max(end - record.accepted_at - took, 0.0)
        yield f"its end was seen {span(late)} after the provider's own clock has it"
    if looks:  # of this process
        yield f"{looks} look{'' if looks == 1 else 's'}"


def money(record: Record) -> str:
    """What it cost, as far as anybody knows."""
    price = told(record)
    known = f"{amount(price, 0)} quota" if price is not None else "the provider told no price"
    match record.phase:
        case Phase.HELD:
            return "nothing yet: no provider took it" if record.attempts else "nothing: it was never sent"
        case Phase.DONE:
            return known
        case Phase.FAILED:
            charged = record.failure.charged if record.failure else "unknown"
            return {"no": "nothing", "yes": known, "unknown": "it may have been charged"}[charged]
        case Phase.LOST:
            where = Ticket(record.account or "?", record.remote_id) if record.remote_id else record.account
            return f"it may have been charged at {where}; it is not sent again"
    return "not settled yet"


def span(seconds: float) -> str:
    """A length of time for people: `0.4 s`, `1 min 22 s`, `2 h 5 min`."""
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"
