"""How long whoever awaits a job is kept waiting: a total, and a limit for each part of the way.

Rule 1: a limit ends the waiting, never the remote job: that goes on and keeps its slot.
Rule 2: all durations are seconds on the loop's clock; a process that takes a job up begins to count anew.
"""

import asyncio
from collections.abc import Callable, Mapping

from attrs import fields, frozen

from mjasync.core.model import Phase, Record
from mjasync.errors import ConfigError
from mjasync.flow import endings
from mjasync.flow.session import Session

#: Called with the job, the seconds that have passed, and the name of the limit that it was.
Passed = Callable[[str, float, str], None]


@frozen(kw_only=True)
class Timeouts:
    """Limits for the parts of a job's way, in seconds; None (default): only the total counts.

    The total is the request's own `deadline=`; without one it is the provider's own time-out and a minute, from the
    submit on, so that waiting for a slot is unbounded unless `slot` says otherwise.
    """

    #: Waiting here for a slot: from asking, or for a step from its parent's end.
    slot: float | None = None
    #: Waiting at the provider, from acceptance until it begins.
    queue: float | None = None
    #: Running at the provider.
    run: float | None = None
    #: Running without a change of its progress.
    stall: float | None = None

    def __attrs_post_init__(self) -> None:
        for name in (each.name for each in fields(Timeouts)):
            value = getattr(self, name)
            if value is not None and (isinstance(value, bool) or not isinstance(value, int | float) or not value > 0):
                raise ConfigError(f"Timeouts({name}={value!r:.40}) is not a duration.", hint="give seconds above 0")


class Timers:
    """The clocks that run for each job."""

    def __init__(self, sessions: Mapping[str, Session], timeouts: Timeouts, passed: Passed) -> None:
        self._loop = asyncio.get_running_loop()
        self._sessions = sessions
        self._timeouts = timeouts
        self._has_parts = timeouts != Timeouts()
        self._passed = passed
        self._totals: dict[str, asyncio.TimerHandle] = {}
        self._parts: dict[str, dict[str, tuple[object, asyncio.TimerHandle]]] = {}
        self._ready: set[str] = set()
        self._stopped = False

    def begin(self, record: Record, *, ready: bool) -> None:
        """A process has taken the job in, or up; `ready` if it waits for no parent."""
        if ready and self._timeouts.slot is not None:
            self._ready.add(record.id)
        own = _own_limit(record)
        if own is not None:
            self._total(record.id, own)
        self.follow(record)

    def follow(self, record: Record) -> None:
        """The job has moved."""
        if record.settled or self._stopped:
            self.end(record.id)
            return
        if _own_limit(record) is None:
            self._patience(record)
        if self._has_parts:
            self._follow_parts(record)

    def ready(self, record: Record) -> None:
        """A step's parent is done: from now on the step waits for a slot."""
        if self._timeouts.slot is not None:
            self._ready.add(record.id)
            self.follow(record)

    def end(self, job_id: str) -> None:
        """Nobody waits for the job any more."""
        self._ready.discard(job_id)
        total = self._totals.pop(job_id, None)
        for handle in (total, *(handle for _, handle in self._parts.pop(job_id, {}).values())):
            if handle is not None:
                handle.cancel()

    def stop(self) -> None:
        """Nobody waits for anything any more."""
        self._stopped = True
        for job_id in (*self._totals, *self._parts):
            self.end(job_id)

    def _total(self, job_id: str, seconds: float) -> None:
        self._totals[job_id] = self._loop.call_later(seconds, self._ring, job_id, seconds, "total")

    def _patience(self, record: Record) -> None:
        """Without a deadline, the provider's own limit counts from the submit on."""
        if record.phase in (Phase.HELD, Phase.LOST):  # nobody waits for what nobody can know: its quarantine ends
            handle = self._totals.pop(record.id, None)
            if handle is not None:
                handle.cancel()
        elif record.account and record.account in self._sessions and record.id not in self._totals:
            limits = endings.limits_of(record, self._sessions[record.account].account.provider)
            self._total(record.id, limits.patience)

    def _follow_parts(self, record: Record) -> None:
        """The limits of the part of its way that the job is on; a clock runs on while its mark stays the same."""
        running = self._parts.setdefault(record.id, {})
        marks = _marks(record, ready=record.id in self._ready)
        for name, (mark, handle) in tuple(running.items()):
            if marks.get(name) != mark:
                handle.cancel()
                del running[name]
        for name, mark in marks.items():
            seconds = getattr(self._timeouts, name)
            if seconds is not None and name not in running:
                running[name] = mark, self._loop.call_later(seconds, self._ring, record.id, seconds, name)

    def _ring(self, job_id: str, seconds: float, name: str) -> None:
        self.end(job_id)
        self._passed(job_id, seconds, name)


def _own_limit(record: Record) -> float | None:
    """The request's own deadline; once it was told, a later process that takes the job up is there to wait for it."""
    return None if record.told_early and record.resumed_at is not None else record.spec.deadline


def _marks(record: Record, *, ready: bool) -> dict[str, object]:
    """Name of each limit that counts now, and what has to stay the same for its clock to run on."""
    match record.phase:
        case Phase.HELD if ready:
            return {"slot": record.attempts}
        case Phase.QUEUED:
            return {"queue": record.accepted_at}
        case Phase.RUNNING:
            return {"run": record.accepted_at, "stall": record.snapshot.progress if record.snapshot else None}
    return {}
