"""Our moves about a submit: write the intent, send, read the answer, tell, and what a new process does first.

A mutant's name in `wrong` switches one deliberate mistake on; the correct protocol is what is left without.
"""

from collections.abc import Iterator

from mjasync.core.machine import (
    Accepted,
    Bounced,
    Detached,
    Expired,
    Rejected,
    Resumed,
    Sending,
    Silence,
    Unanswered,
    Unfilled,
)
from mjasync.core.model import Phase
from tests.model.shapes import CANCELLED, DEADLINE, FAILURE, booked_twice, moved, record
from tests.model.state import Context, Job, Scope, noted

Moves = Iterator[tuple[str, Job]]

#: A move of all jobs at once, see `unkept`.
DISK_REFUSES = "disk_refuses"


def moves(job: Job, context: Context, scope: Scope, wrong: str) -> Moves:
    """All that this process may do about one job's submit, and for its callers."""
    if job.disk != job.mind and not job.broken:
        yield "is_durable", job._replace(disk=job.mind)
        if scope.failing_disk:
            yield DISK_REFUSES, job
    if record(job.mind).phase is Phase.HELD and not job.act and not job.broken:
        yield from _begin(job, context, scope, wrong)
    if job.act == "intent":
        yield from _send(job, scope, wrong)
    if job.act == "post":
        yield from _read(job, scope, wrong)
    yield from _tell(job, wrong)
    if scope.cancels:
        yield from _let_go(job, scope)


def unkept(job: Job, wrong: str) -> Job:
    """The disk keeps nothing more. What has to be kept before a byte leaves did not happen; the rest goes on."""
    before, now = record(job.disk), record(job.mind)
    if before.phase is Phase.HELD and now.phase is Phase.SENDING:
        if wrong == "sent_unkept":
            return job._replace(broken=True, act="post", wire=1)
        return job._replace(broken=True, act="", mind=job.disk)
    if job.act == "window" and before.filled_at is None:
        waits = now.phase in (Phase.QUEUED, Phase.RUNNING)
        return job._replace(broken=True, act="", mind=moved(job.mind, Unfilled(FAILURE)) if waits else job.mind)
    return job._replace(broken=True)


def _begin(job: Job, context: Context, scope: Scope, wrong: str) -> Moves:
    given_up = record(job.mind).detached is not None and wrong != "sent_after_cancel"
    if given_up or context.before == "no":
        yield "never_sent", noted(job, scope, Rejected(FAILURE))
    elif context.before in ("", "go") and (context.room or wrong == "no_cap"):
        yield "intent", noted(job, scope, Sending("a", token="t"), act="intent")


def _send(job: Job, scope: Scope, wrong: str) -> Moves:
    durable = record(job.disk).phase is Phase.SENDING
    if durable or wrong == "no_intent":
        yield "sends", job._replace(act="post", wire=min(job.wire + 1, 2))
    if durable and scope.busy:
        yield "cannot_send", noted(job, scope, Bounced(FAILURE), act="")


def _read(job: Job, scope: Scope, wrong: str) -> Moves:
    """The answer counts as long as nothing else has told what became of the request."""
    waits = record(job.mind).phase is Phase.SENDING
    over = job._replace(act="", reply="")
    if not waits:
        yield "late_answer", noted(over, scope, Accepted("r")) if wrong == "late_answer" else over
        return
    silence = Silence(FAILURE, 0.0, hope=scope.hope)
    match job.reply:
        case "ok":
            yield "accepted", noted(over, scope, Accepted("r"))
        case "no":
            yield "refused", noted(over, scope, Rejected(FAILURE))
        case "busy":
            yield "busy", noted(over, scope, Bounced(FAILURE))
        case "err":
            read = {"error_is_refusal": Rejected(FAILURE), "error_is_retry": Bounced(FAILURE)}
            yield "unclear", noted(over, scope, read.get(wrong, silence))
    if wrong == "sent_again":
        yield "times_out", over._replace(act="intent")
    elif wrong == "slot_freed_at_once":
        yield "times_out", noted(over, scope, silence, Expired())
    else:
        yield "times_out", noted(over, scope, silence)


def _tell(job: Job, wrong: str) -> Moves:
    known = record(job.mind if wrong == "told_before_durable" or job.broken else job.disk)
    unsure = wrong == "hope_lost" and known.phase is Phase.LOST
    if (known.settled or unsure) and not job.told:
        yield "tells", job._replace(told=1, bad=not job.broken and (job.bad or known.outcome is not None))
    elif job.broken and known.phase is Phase.HELD and not job.told:
        yield "tells_of_disk", job._replace(told=1)


def _let_go(job: Job, scope: Scope) -> Moves:
    now = record(job.mind)
    if now.settled or job.act == "unasked":
        return
    for name, failure in (("deadline", DEADLINE), ("cancel", CANCELLED)):
        if now.phase is Phase.HELD:
            yield name, noted(job, scope, Rejected(failure))
        else:
            yield name, noted(job, scope, Detached(failure))


def killed(job: Job) -> Job:
    """What is left of it when the process dies at this moment."""
    act = job.act if job.act == "unasked" else ""
    return job._replace(mind=job.disk, act=act, told=0, reply="", reply2="", broken=False)


def restarted(job: Job, scope: Scope, wrong: str) -> Job:
    """What a new process writes down before it does anything else; one transaction for all jobs."""
    now = record(job.disk)
    disk = job.disk
    if now.phase is Phase.SENDING:
        forget = wrong == "intent_forgotten"
        disk = moved(disk, Bounced(FAILURE) if forget else Silence(FAILURE, 0.0, hope=scope.hope))
    elif now.phase is Phase.LOST and wrong == "lost_asked_again":
        disk = moved(disk, Bounced(FAILURE))
    elif now.phase in (Phase.QUEUED, Phase.RUNNING):
        unheard = now.filled_at is not None and now.unanswered is None
        disk = moved(disk, *([Unanswered(FAILURE)] if unheard else []), Resumed())
        if wrong == "answer_forgotten" and now.filled_at is not None:
            disk = moved(disk, Unfilled(FAILURE))
    elif now.phase is Phase.DONE and wrong == "booked_twice":
        disk = booked_twice(disk)
    return job._replace(disk=disk, mind=disk)
