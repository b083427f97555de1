"""The one job state machine.

Rule 1: a job's phase changes here and nowhere else.
Rule 2: this file knows no provider, no clock and no storage; it folds events.
Rule 3: a move that is not in the table is a bug of ours, and raises before anything happened.

What the table says in words: a refusal sends a job back to HELD (`Bounced`) or ends it (`Rejected`); an answer
that never came makes it LOST (`Silence`), which is not a grave: any sighting brings it back to where it was seen.
A stale observation never moves a job backwards, and a terminal phase never changes.
"""

from collections.abc import Iterable, Mapping

from attrs import evolve, frozen

from mjasync.core.model import Failure, Phase, Record, Snapshot, Spec, Status
from mjasync.core.operations import attached, lightened


@frozen
class Asked:
    """The job exists; nothing was sent."""

    spec: Spec


@frozen
class Sending:
    """The request is about to leave on this account's slot. Written before the first byte."""

    account: str
    #: SHA-256 of the token in its hook; "" where it carries none.
    token: str = ""


@frozen
class Bounced:
    """Certainly not accepted, worth another try: the slot is free again."""

    failure: Failure


@frozen
class Accepted:
    """The provider took the job."""

    remote_id: str
    #: What told so, where the submit's own answer did not: "list", "hook", "person".
    by: str = ""


@frozen
class Rejected:
    """Certainly not accepted, and no try would help."""

    failure: Failure


@frozen
class Silence:
    """Nobody can say what became of it. The slot stays taken until `held_until` (seconds on the caller's clock)."""

    failure: Failure
    held_until: float
    #: True if something may still settle it: then whoever awaits it hears nothing before it has `Expired`.
    hope: bool = False


@frozen
class Expired:
    """The provider cannot be running the lost job any more, or a person said so: its slot is free."""

    #: "person" where one said so.
    by: str = ""
    #: What whoever awaits it is told now, where that is not what was said when it was lost.
    failure: Failure | None = None


@frozen
class Resumed:
    """Another process took the job up: whoever awaits it now starts anew."""


@frozen
class Rang:
    """A callback with the token of this submission named an id, before anybody knew one. A hint: it proves nothing."""

    remote_id: str


@frozen
class Saw:
    """One look at the remote job."""

    snapshot: Snapshot


@frozen
class Filling:
    """The answer to the job's window is about to leave. Written before the first byte."""


@frozen
class Unfilled:
    """The answer to the window was certainly not taken: the window still waits."""

    failure: Failure


@frozen
class Filled:
    """The answer to the window was taken; some providers give the job another id then."""

    remote_id: str


@frozen
class Unanswered:
    """Nobody can say whether the answer to the window was taken. It is not sent again; looking may tell."""

    failure: Failure


@frozen
class Detached:
    """The caller was told something final (a deadline, a cancel); the remote job goes on and keeps its slot."""

    failure: Failure


Event = (
    Asked
    | Sending
    | Bounced
    | Accepted
    | Rejected
    | Silence
    | Expired
    | Resumed
    | Rang
    | Saw
    | Filling
    | Unfilled
    | Filled
    | Unanswered
    | Detached
)
Move = type[Event] | Status

_SEEN: Mapping[Move, Phase] = {
    Status.QUEUED: Phase.QUEUED,
    Status.RUNNING: Phase.RUNNING,
    Status.DONE: Phase.DONE,
    Status.FAILED: Phase.FAILED,
}

#: What happens at a window moves nothing: the job waits in the provider's queue, as we see it, before and after.
_WINDOW: tuple[Move, ...] = (Filling, Unfilled, Filled, Unanswered)

#: phase → what happens → phase. An absent entry is an illegal move.
MOVES: Mapping[Phase, Mapping[Move, Phase]] = {
    Phase.HELD: {Sending: Phase.SENDING, Rejected: Phase.FAILED},
    Phase.SENDING: {
        Accepted: Phase.QUEUED,
        Bounced: Phase.HELD,
        Rejected: Phase.FAILED,
        Silence: Phase.LOST,
        Detached: Phase.SENDING,
        Rang: Phase.SENDING,
    },
    Phase.QUEUED: {
        **_SEEN,
        Resumed: Phase.QUEUED,
        Silence: Phase.LOST,
        Detached: Phase.QUEUED,
        **dict.fromkeys(_WINDOW, Phase.QUEUED),
    },
    # A stale answer may arrive after a fresh one: running never un-runs.
    Phase.RUNNING: {
        **_SEEN,
        Status.QUEUED: Phase.RUNNING,
        Resumed: Phase.RUNNING,
        Silence: Phase.LOST,
        Detached: Phase.RUNNING,
        **dict.fromkeys(_WINDOW, Phase.RUNNING),
    },
    # Lost once more: what could have settled it turned out to be unable to.
    Phase.LOST: {
        **_SEEN,
        **dict.fromkeys((Silence, Detached, Expired, Resumed, Rang), Phase.LOST),
        Accepted: Phase.QUEUED,
    },
    # Late news about a finished job is normal, not an error: it changes nothing.
    Phase.DONE: dict.fromkeys((*Status, Detached), Phase.DONE),
    Phase.FAILED: dict.fromkeys((*Status, Detached), Phase.FAILED),
}

#: Phases that never change again.
FINAL = frozenset({Phase.DONE, Phase.FAILED})


class IllegalMove(RuntimeError):
    """An event that the table does not allow: a bug in mjasync, never the provider's doing."""


def apply(record: Record, event: Event, at: float) -> Record:
    """Fold one event, which happened `at` that second, into the record."""
    move: Move = event.snapshot.status if isinstance(event, Saw) else type(event)
    try:
        phase = MOVES[record.phase][move]
    except KeyError:
        raise IllegalMove(f"job {record.id} is {record.phase}; it cannot take {event!r}") from None
    if record.phase in FINAL:
        return record
    after = _taken(evolve(record, phase=phase), event, at)
    return evolve(after, ended_at=at, spec=_without_bytes(record.spec)) if phase in FINAL else after


def _without_bytes(spec: Spec) -> Spec:
    """A job that has ended does not need its pictures any more; with a `key` they still have to be told apart."""
    if not attached(spec.operation):
        return spec
    return evolve(spec, operation=lightened(spec.operation, exactly=spec.key is not None))


def _taken(record: Record, event: Event, at: float) -> Record:
    """Copy the facts of a legal event into the record."""
    match event:
        case Sending(account, token):
            again = record.attempts + 1
            return evolve(record, account=account, token=token, sent_at=at, attempts=again, failure=None)
        case Bounced(failure):
            return evolve(record, account=None, token="", rang="", sent_at=None, failure=failure)
        case Accepted(remote_id, by):
            return evolve(_found(record), remote_id=remote_id, adopted=by, accepted_at=at, failure=None)
        case Rejected(failure):
            return evolve(record, failure=failure)
        case Silence() | Expired() | Rang():
            return _lost(record, event)
        case Resumed():
            cancelled = record.detached is not None and record.detached.kind == "JobCancelled"
            return evolve(record, resumed_at=at, detached=record.detached if cancelled else None)
        case Detached(failure):
            return evolve(record, detached=record.detached or failure, told_early=True)
        case Saw(snapshot):
            return _seen(record, snapshot)
        case Filling() | Unfilled() | Filled() | Unanswered():
            return _at_window(record, event, at)
    raise IllegalMove(f"a job is asked for once; {record.id} exists")  # Asked starts a record, see `replay`


def _lost(record: Record, event: Silence | Expired | Rang) -> Record:
    """Whoever awaits it is told at once where there is no hope, else when it has expired."""
    if isinstance(event, Rang):
        return evolve(record, rang=event.remote_id)
    if isinstance(event, Expired):
        why = event.failure or record.failure
        return evolve(record, failure=why, expired=True, hope=False, told_early=True)
    told = record.told_early or not event.hope
    held = event.held_until
    return evolve(record, failure=event.failure, held_until=held, hope=event.hope, told_early=told)


def _found(record: Record) -> Record:
    """It is known again where it is: nothing is left of having been lost."""
    return evolve(record, held_until=None, hope=False, expired=False)


def _at_window(record: Record, event: Filling | Unfilled | Filled | Unanswered, at: float) -> Record:
    """Once answered it runs; an id of its own replaces the window's, which is kept."""
    if isinstance(event, Unanswered):
        return evolve(record, unanswered=event.failure)
    if not isinstance(event, Filled):
        return evolve(record, filled_at=at if isinstance(event, Filling) else None)
    window_id = record.remote_id if record.remote_id != event.remote_id else None
    return evolve(record, remote_id=event.remote_id, window_id=window_id, accepted_at=at)


def _seen(record: Record, snapshot: Snapshot) -> Record:
    """Take a look's facts; displayed progress never goes down."""
    before = record.snapshot.progress if record.snapshot else None
    shown = max((p for p in (before, snapshot.progress) if p is not None), default=None)
    return evolve(_found(record), snapshot=evolve(snapshot, progress=shown), failure=snapshot.failure)


def replay(job_id: str, history: Iterable[tuple[Event, float]]) -> Record:
    """Rebuild a record from its events, oldest first; the first one must be `Asked`."""
    events = iter(history)
    first = next(events, None)
    if first is None or not isinstance(first[0], Asked):
        raise IllegalMove(f"the history of job {job_id} does not begin with Asked")
    record = Record(id=job_id, spec=first[0].spec, asked_at=first[1])
    for event, at in events:
        record = apply(record, event, at)
    return record
