"""Our moves once a job may be at the provider: looks, doorbells, lists, windows, the end of a quarantine, a person.

A mutant's name in `wrong` switches one deliberate mistake on.
"""

from collections.abc import Iterator

from mjasync.core.machine import Accepted, Event, Expired, Filled, Filling, Saw, Silence, Unanswered, Unfilled
from mjasync.core.model import Phase, Status
from tests.model.shapes import FAILURE, record, saw
from tests.model.state import Context, Job, Scope, noted

Moves = Iterator[tuple[str, Job]]

#: What an authenticated look sees of a provider's job.
SIGHT = {"w": Status.QUEUED, "r": Status.RUNNING, "s": Status.DONE, "f": Status.FAILED}
AT_PROVIDER = (Phase.QUEUED, Phase.RUNNING)


def moves(job: Job, context: Context, scope: Scope, wrong: str) -> Moves:
    """All that this process may do about a job that was sent."""
    now = record(job.mind)
    if now.phase in AT_PROVIDER:
        yield from _look(job, scope)
        yield from _window(job, scope, wrong)
    if job.act in ("window", "answer"):
        yield from _answer(job, scope, wrong)
    if job.rings:
        yield from _ring(job, scope, wrong)
    if now.phase is Phase.LOST:
        yield from _lost(job, scope, wrong)
        if scope.person:
            yield from _person(job, scope)
    if job.act == "unasked" and scope.person and context.before == "go":
        yield "asks_again", job._replace(act="")


def _look(job: Job, scope: Scope) -> Moves:
    if job.there in SIGHT:
        yield "looks", noted(job, scope, _sight(job))
    if job.there == "g" or (job.there in "rw" and scope.lies):
        yield "not_found", noted(job, scope, Silence(FAILURE, 0.0))
    if job.there != "r" and not job.wire2:
        yield "gives_up", noted(job, scope, Silence(FAILURE, 0.0))


def _sight(job: Job) -> Saw:
    return saw(SIGHT[job.there], window=job.there == "w")


def _ring(job: Job, scope: Scope, wrong: str) -> Moves:
    """A doorbell proves nothing: it only lets us look, and what the look shows under our token is ours."""
    now, heard = record(job.mind), job._replace(rings=job.rings - 1)
    lost = now.phase is Phase.LOST and now.remote_id is None
    if wrong == "body_believed" and now.phase in AT_PROVIDER:
        yield "ring_tells", noted(heard, scope, saw(Status.DONE))
    elif wrong == "told_by_ring" and job.told:
        yield "ring_tells", heard._replace(told=2)
    elif (now.phase is Phase.SENDING or lost) and job.there in SIGHT:
        yield "ring_adopts", _adopted(heard, scope, "hook", wrong)
    else:
        yield "ring_means_nothing", heard


def _adopted(job: Job, scope: Scope, by: str, wrong: str = "") -> Job:
    """Its id is known now. Once its slot is free only a look at its end may come with it, in one transaction."""
    events: list[Event] = [Accepted("r", by=by)]
    if record(job.mind).expired and wrong != "adopted_without_its_end":
        if job.there not in "sf":
            return job
        events.append(_sight(job))
    return noted(job, scope, *events)


def _lost(job: Job, scope: Scope, wrong: str) -> Moves:
    now = record(job.mind)
    if now.remote_id is None and scope.lists and not now.expired and job.there in SIGHT:
        yield "list_adopts", _adopted(job, scope, "list")
    if now.remote_id is not None and job.there in ("sf" if now.expired else SIGHT):
        yield "late_look", noted(job, scope, _sight(job))
    if now.hope and scope.lists:
        # It turned out that the account has no list after all.
        yield "hope_ends", noted(job, scope, Silence(FAILURE, 0.0))
    elsewhere = job.wire or job.wire2 or job.there == "r"
    if wrong == "hope_without_end" and now.hope:
        return
    if not now.expired and (not elsewhere or wrong == "expired_too_soon"):
        yield "expires", noted(job, scope, Expired())


def _person(job: Job, scope: Scope) -> Moves:
    now = record(job.mind)
    if now.remote_id is None and job.there in SIGHT:
        adopted = _adopted(job, scope, "person")
        if adopted != job:
            yield "person_adopts", adopted
    if not now.expired:
        yield "person_declares_lost", noted(job, scope, Expired(by="person"), word=True)


def _window(job: Job, scope: Scope, wrong: str) -> Moves:
    """A window that waits is answered once, unless whoever wanted the job has let go of it."""
    now = record(job.mind)
    if job.there != "w" or job.act or now.filled_at is not None or job.broken:
        return
    if now.detached is not None:
        yield "leaves_window", noted(job, scope, saw(Status.FAILED))
    else:
        yield "answers", noted(job, scope, Filling(), act="window")


def _answer(job: Job, scope: Scope, wrong: str) -> Moves:
    over = job._replace(act="", reply2="")
    if record(job.mind).phase not in AT_PROVIDER:
        yield "answer_means_nothing", over
        return
    if job.act == "window":
        if record(job.disk).filled_at is not None or wrong == "answer_before_durable":
            yield "sends_answer", job._replace(act="answer", wire2=min(job.wire2 + 1, 2))
        if scope.busy:
            yield "cannot_answer", noted(over, scope, Unfilled(FAILURE))
        return
    read: dict[str, Event] = {"ok": Filled("r"), "no": saw(Status.FAILED), "busy": Unfilled(FAILURE)}
    read["err"] = Unfilled(FAILURE) if wrong == "answer_error_is_retry" else Unanswered(FAILURE)
    if job.reply2:
        yield f"answer[{job.reply2}]", noted(over, scope, read[job.reply2])
    again = wrong == "answered_again"
    yield "answer_times_out", over._replace(act="window") if again else noted(over, scope, Unanswered(FAILURE))
