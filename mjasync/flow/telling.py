"""What one step of a job's way is told as: the moves of the state machine, in a listener's words."""

import logging
from collections import Counter
from collections.abc import Mapping
from contextvars import Context

from mjasync import events
from mjasync.core import machine
from mjasync.core.answers import Trouble
from mjasync.core.ledger import told
from mjasync.core.machine import FINAL
from mjasync.core.model import Failure, Phase, Record, Snapshot
from mjasync.errors import Charged
from mjasync.events import Hidden
from mjasync.flow.asks import Heard
from mjasync.flow.news import News, about
from mjasync.flow.result import warnings_of

_log = logging.getLogger("mjasync.events")


class Telling:
    """Tells of records that have changed, once that is durable."""

    def __init__(self, news: News, counts: Counter[tuple[Phase, str]], looks: Mapping[str, int]) -> None:
        """`counts`: jobs by phase and account; `looks`: how often each job was asked about."""
        self._news = news
        self._counts = counts
        self._looks = looks

    def step(self, before: Record | None, after: Record, event: machine.Event, context: Context | None = None) -> None:
        """`after` is what the event made of `before` (None: the job is new). Never raises.

        `context`: of whoever asked for it, where that is not the running one.
        """
        try:
            if context is not None:
                context.run(self._step, before, after, event)
            else:
                self._step(before, after, event)
        except Exception:  # noqa: BLE001  # the job goes on, whoever should have heard of it
            _log.exception("mjasync has a bug: %s of job %s cannot be told", type(event).__name__, after.id)

    def _step(self, before: Record | None, after: Record, event: machine.Event) -> None:
        was = before.phase if before is not None else None
        if was is not after.phase and self._news.wants(events.Moved):
            there, left = self._in(after.phase), self._in(was) if was is not None else 0
            self._tell(events.Moved, after, was=was, phase=after.phase, now_there=there, now_before=left)
        match event:
            case machine.Saw():
                self._saw(before, after)
            case machine.Asked(spec):
                prompt = getattr(spec.operation, "prompt", None)
                hidden = Hidden(prompt) if prompt else None
                self._tell(events.JobQueued, after, prompt=hidden, priority=spec.priority)
            case machine.Sending():
                self._tell(events.SubmitSent, after, attempt=after.attempts)
            case machine.Accepted(_, by):
                seconds = max(0.0, (after.accepted_at or 0.0) - (after.sent_at or 0.0))
                self._tell(events.Accepted, after, ticket=after.ticket, seconds=seconds, by=by)
            case machine.Bounced(failure):
                self._refused(before, after, failure, again=True)
            case machine.Rejected(failure):
                self._rejected(before, after, failure)
            case _:
                self._apart(after, event)
        if after.phase in FINAL and was not in FINAL:
            self._ended(after)

    def _tell(self, kind: type[events.AboutJob], record: Record, **fields: object) -> None:
        if self._news.wants(kind):
            self._news.tell(kind, **about(record), **fields)

    def _in(self, phase: Phase) -> int:
        return sum(number for (each, _), number in self._counts.items() if each is phase)

    def _saw(self, before: Record | None, after: Record) -> None:
        if after.phase in FINAL or not self._news.wants(events.Progressed):
            return
        shown = [(each.phase, each.snapshot and each.snapshot.progress) for each in (before, after) if each]
        if shown[0] != shown[-1]:
            self._tell(events.Progressed, after, phase=after.phase, progress=shown[-1][1])

    def _refused(self, before: Record | None, after: Record, failure: Failure, *, again: bool) -> None:
        """Its account is not the record's any more."""
        fields = about(after, before.account if before else None)
        told = {"error": failure.kind, "status": failure.status, "code": failure.code}
        self._news.tell(events.Refused, **fields, **told, again=again)

    def _rejected(self, before: Record | None, after: Record, failure: Failure) -> None:
        if before is not None and before.phase is Phase.SENDING:
            self._refused(before, after, failure, again=False)
        elif failure.outcome == "withdrawn":
            self._tell(events.Withdrawn, after)

    def _apart(self, after: Record, event: machine.Event) -> None:
        """Seldom."""
        match event:
            case machine.Silence(failure, held_until, hope):
                told = {"error": failure.kind, "held_until": held_until, "hope": hope}
                self._tell(events.OutcomeUnknown, after, **told)
            case machine.Expired(by):
                self._tell(events.QuarantineEnded, after, by=by)
            case machine.Resumed():
                self._tell(events.TakenUp, after, phase=after.phase)
            case machine.Detached(failure):
                self._tell(events.LetGo, after, error=failure.kind)
            case machine.Filled() | machine.Unfilled() | machine.Unanswered():
                taken = {machine.Filled: True, machine.Unfilled: False}.get(type(event))
                self._tell(events.WindowAnswered, after, taken=taken)

    def _ended(self, record: Record) -> None:
        for warning in warnings_of(record) if record.phase is Phase.DONE else ():
            self._tell(events.ResultWarned, record, what=warning)
        ended = record.ended_at or 0.0
        seconds = None if record.accepted_at is None else ended - record.accepted_at
        took = record.snapshot.took if record.snapshot else None
        self._tell(
            events.Ended,
            record,
            ok=record.phase is Phase.DONE,
            error=record.failure.kind if record.failure else None,
            charged=_charged(record),
            quota=told(record),
            seconds=seconds,
            total=ended - record.asked_at,
            lag=None if took is None or seconds is None else max(0.0, seconds - took),
            looks=self._looks[record.id],
            late=record.late,
        )


def _charged(record: Record) -> Charged:
    if record.phase is Phase.DONE:
        return "no" if told(record) == 0 else "yes"
    return record.failure.charged if record.failure else "unknown"


def looked(news: News, record: Record, heard: Heard, now: float) -> None:
    """One look, whatever it brought."""
    if not news.wants(events.Looked):
        return
    seen = heard.seen
    match seen:
        case Snapshot(status=status):
            saw = str(status)
        case Trouble(failure=failure):
            saw = failure.kind
        case _:
            saw = type(seen).__name__.lower()
    news.tell(
        events.Looked,
        **about(record),
        verb="list" if heard.batch > 1 else "one",
        batch=heard.batch,
        requests=heard.requests,
        seconds=now - heard.sent,
        saw=saw,
        progress=seen.progress if isinstance(seen, Snapshot) else None,
    )
