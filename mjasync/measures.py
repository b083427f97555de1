"""The figures of a pool: one table of metrics, and what each event adds to them.

Rule 1: names, units and labels are in this table and nowhere else.
Rule 2: labels have few values: no job, no prompt, no id is one.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Literal

from attrs import frozen

from mjasync import events
from mjasync.core.model import Phase
from mjasync.events import Event

#: Edges of what takes a moment, and of what takes as long as a picture (seconds): from a look to a relax job's hour.
_MOMENTS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_WORK = (1.0, 2.5, 5.0, 10.0, 20.0, 30.0, 45.0, 60.0, 90.0, 120.0, 180.0, 300.0, 600.0, 1200.0, 3600.0)

#: What is told of any job.
_WHERE = ("account", "mode", "kind")
#: Actions that providers name with ids of their own are all the same here.
_PLAIN = re.compile(r"[a-z][a-z_0-9.]{0,31}\Z")


@frozen(kw_only=True)
class Metric:
    """One metric. Its name with dots is OpenTelemetry's; Prometheus has underscores, the unit and `_total`."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    #: UCUM, as OpenTelemetry has it: `s`, or what is counted in braces.
    unit: str
    help: str
    labels: tuple[str, ...]
    #: Upper edges of a histogram's buckets, in its unit.
    edges: tuple[float, ...] = ()


def _counter(name: str, unit: str, text: str, *labels: str) -> Metric:
    return Metric(name=name, kind="counter", unit=unit, help=text, labels=labels)


def _gauge(name: str, unit: str, text: str, *labels: str) -> Metric:
    return Metric(name=name, kind="gauge", unit=unit, help=text, labels=labels)


def _seconds(name: str, text: str, edges: tuple[float, ...], *labels: str) -> Metric:
    return Metric(name=name, kind="histogram", unit="s", help=text, labels=labels, edges=edges)


ASKED = _counter("mj.jobs.asked", "{job}", "Jobs that were asked for.", "mode", "kind")
JOBS = _gauge("mj.jobs", "{job}", "Jobs in a phase that is not over, of all accounts.", "phase")
SENT = _counter("mj.jobs.sent", "{request}", "Paid requests that left.", *_WHERE)
ACCEPTED = _counter("mj.jobs.accepted", "{job}", "Jobs that a provider took.", *_WHERE)
ENDED = _counter("mj.jobs.ended", "{job}", "Jobs that are over: `ok`, or the error class.", *_WHERE, "outcome")
REFUSED = _counter(
    "mj.refusals", "{request}", "Paid requests that were certainly not taken.", "account", "error", "again"
)
UNKNOWN = _counter("mj.unknown", "{job}", "Jobs that became of unknown fate: each may be charged.", "account")
LET_GO = _counter("mj.let_go", "{job}", "Jobs that run on after a deadline or a cancel.", "account", "error")
WAIT = _seconds("mj.slot.wait", "From the asking, or the parent's end, to the first slot.", _WORK, "account", "mode")
SUBMIT = _seconds("mj.submit.duration", "From a paid request to its acceptance.", _MOMENTS, "account", "mode")
RUN = _seconds("mj.job.duration", "From the acceptance to the end as we saw it.", _WORK, *_WHERE, "outcome")
TOTAL = _seconds("mj.job.total", "From the asking to the end.", _WORK, "mode", "kind", "outcome")
LAG = _seconds(
    "mj.detection.lag", "From the end by the provider's clock to the look that showed it.", _MOMENTS, "account", "mode"
)
LOOKS = _counter("mj.looks", "{request}", "Free requests that asked how jobs are doing.", "account", "verb", "saw")
LOOK = _seconds("mj.look.duration", "From a look to its answer.", _MOMENTS, "account", "verb")
HELD = _gauge("mj.slots.held", "{slot}", "Slots that are taken.", "account")
CAP = _gauge("mj.slots.cap", "{slot}", "Slots that the account has.", "account")
LIMIT = _gauge("mj.slots.limit", "{slot}", "Slots that are lent at most for now.", "account")
PAUSES = _counter("mj.pauses", "{pause}", "Times that an account said: not now.", "account", "error")
BAD = _counter(
    "mj.routes.bad", "{refusal}", "Times that an account could not be used: key, quota, address.", "account", "error"
)
SPENT = _gauge("mj.money.spent", "{quota}", "Spent, in the provider's unit, of all that the journal holds.", "account")
RESERVED = _gauge(
    "mj.money.reserved", "{quota}", "What running jobs may come to; absent where no price is known.", "account"
)
POSSIBLE = _gauge(
    "mj.money.possible", "{quota}", "What jobs of unknown fate may come to; absent where no price is known.", "account"
)
RESERVED_JOBS = _gauge("mj.money.reserved.jobs", "{job}", "Jobs that run and will be charged.", "account")
POSSIBLE_JOBS = _gauge("mj.money.possible.jobs", "{job}", "Jobs that may have been charged: nobody knows.", "account")
STOPPED = _counter("mj.money.stops", "{job}", "Jobs that were not sent for the money's sake.", "account", "error")
HOOKS = _counter("mj.hooks", "{call}", "Calls of our hooks.", "verdict")
BROKEN = _gauge("mj.journal.broken", "1", "1 once the disk keeps nothing more: nothing more is sent.")

ALL = (
    *(ASKED, JOBS, SENT, ACCEPTED, ENDED, REFUSED, UNKNOWN, LET_GO),
    *(WAIT, SUBMIT, RUN, TOTAL, LAG, LOOKS, LOOK),
    *(HELD, CAP, LIMIT, PAUSES, BAD),
    *(SPENT, RESERVED, POSSIBLE, RESERVED_JOBS, POSSIBLE_JOBS, STOPPED),
    *(HOOKS, BROKEN),
)

#: Errors that stop a job for the money's sake, and that make an account unusable.
_STOPS, _ROUTES = ("PromptRejected", "QuotaExhausted"), ("AuthError", "ConfigError", "QuotaExhausted", "Unreachable")
_SLOTS = ((HELD, "held"), (CAP, "cap"), (LIMIT, "limit"))
#: Event → metrics, each with the field that is its amount; "" counts one. A metric's labels are fields of the event.
RULES: Mapping[type[Event], tuple[tuple[Metric, str], ...]] = {
    events.JobQueued: ((ASKED, ""),),
    events.SlotLent: ((WAIT, "waited"), *_SLOTS),
    events.SlotReturned: _SLOTS,
    events.CapChanged: _SLOTS,
    events.SubmitSent: ((SENT, ""),),
    events.Accepted: ((ACCEPTED, ""), (SUBMIT, "seconds")),
    events.Refused: ((REFUSED, ""),),
    events.OutcomeUnknown: ((UNKNOWN, ""),),
    events.LetGo: ((LET_GO, ""),),
    events.Looked: ((LOOKS, "requests"), (LOOK, "seconds")),
    events.Ended: ((ENDED, ""), (TOTAL, "total"), (RUN, "seconds"), (LAG, "lag")),
    events.Paused: ((PAUSES, ""),),
    events.RouteBad: ((BAD, ""),),
    events.BudgetStopped: ((STOPPED, ""),),
    events.MoneyMoved: (
        (SPENT, "spent"),
        (RESERVED, "reserved"),
        (POSSIBLE, "possible"),
        (RESERVED_JOBS, "reserved_jobs"),
        (POSSIBLE_JOBS, "possible_jobs"),
    ),
    events.HookRang: ((HOOKS, ""),),
    events.JournalBroke: ((BROKEN, ""),),
}

#: A metric, its labels' values in the metric's order, and the amount; None takes a gauge away.
Reading = tuple[Metric, tuple[str, ...], float | None]


def readings(event: Event) -> Iterator[Reading]:
    """What the event adds to counters, puts into histograms, and sets gauges to."""
    for metric, name in RULES.get(type(event), ()):
        amount = getattr(event, name) if name else 1.0
        if metric in _left_out(event) or (amount is None and metric.kind != "gauge"):
            continue
        yield metric, tuple(_label(event, each) for each in metric.labels), None if amount is None else float(amount)
    match event:
        case events.Opened():
            yield from _first(event)
        case events.Moved():
            yield from _phases(event)


def _first(event: events.Opened) -> Iterator[Reading]:
    """As the pool opens. Counters that wake somebody begin at 0: the first rise of one that was absent is not seen."""
    yield BROKEN, (), 0.0
    for phase, jobs in event.jobs.items():
        yield JOBS, (str(phase),), float(jobs)
    for account, cap in event.slots.items():
        yield UNKNOWN, (account,), 0.0
        yield HELD, (account,), 0.0
        yield CAP, (account,), float(cap)
        yield LIMIT, (account,), float(cap)
        for metric, errors in ((STOPPED, _STOPS), (BAD, _ROUTES)):
            for error in errors:
                yield metric, (account, error), 0.0


def _left_out(event: Event) -> tuple[Metric, ...]:
    """What says nothing this time."""
    match event:
        case events.SlotLent(attempt=attempt) if attempt > 1:
            return (WAIT,)
        case events.Accepted(by=by) if by:  # found out later
            return (SUBMIT,)
        case events.Looked(requests=0):  # it went with another job's
            return LOOKS, LOOK
    return ()


def _phases(event: events.Moved) -> Iterator[Reading]:
    """Of what goes on; what is over is counted by its outcome."""
    for phase, jobs in ((event.was, event.now_before), (event.phase, event.now_there)):
        if phase is not None and phase not in (Phase.DONE, Phase.FAILED):
            yield JOBS, (str(phase),), float(jobs)


def _label(event: Event, name: str) -> str:
    value = getattr(event, name)
    if name == "kind":
        return plain(value)
    return str(value).lower() if isinstance(value, bool) else str(value or "")


def plain(kind: str) -> str:
    """The kind of work as a label: `press` for a button that goes by its provider's own id."""
    return kind if _PLAIN.match(kind) else "press"
