"""The texts of every ending that is not the provider's own: what happened, why, and what to do.

Pure: values in, a `Failure` out.
"""

import shlex

from attrs import evolve

from mjasync.core import patience
from mjasync.core.answers import Lack
from mjasync.core.model import Failure, FailureKind, Phase, Record
from mjasync.core.patience import Limits
from mjasync.errors import Charged


def limits_of(record: Record, provider: str) -> Limits:
    """How long this job may take at its provider: in the slower of the modes that was asked for and that it runs in."""
    granted = record.snapshot.mode if record.snapshot else None
    modes = (record.spec.mode, granted or record.spec.mode)
    found = [patience.limits(provider, mode, record.spec.extras.timeout) for mode in modes]
    return max(found, key=lambda limits: limits.timeout)


def no_answer(fault: str) -> Failure:
    """The connection ended without a usable answer."""
    return Failure(kind="SubmitOutcomeUnknown", what="", why=fault, charged="unknown", reason=fault)


def unclear(failure: Failure, record: Record, *, provider: str, cap: int, left: str, until: str, place: str) -> Failure:
    """A submit left, and nobody can say what became of it. `left` and `until` are times of day."""
    reason = failure.why or failure.reason or "no answer"
    return Failure(
        kind="SubmitOutcomeUnknown",
        what=f"The request for job {record.id} left this machine at {left} and no usable answer came back "
        f"({reason.rstrip('.')[:200]}).",
        why=f"{provider} may have accepted it and may charge for it. mjasync has not sent it again. "
        f"One of {cap} slots stays reserved until {until}.",
        hint=_undecided(record, place),
        charged="unknown",
        status=failure.status,
        code=failure.code,
        reason=failure.reason,
        request_id=failure.request_id,
    )


def _undecided(record: Record, place: str) -> str:
    """How a person decides, and whether it may still be told; a second request may be a second charge."""
    extras = record.spec.extras
    called = place and (record.token or extras.hook_url or extras.notify_hook)
    wait = "If a callback arrives the result is kept in the journal. " if called else ""
    if place:
        shell = f"`mjasync reconcile {record.id} --journal {shlex.quote(place)}` with `--adopt ID`, `--declare-lost`,"
        return f"{wait}To decide now: {shell} or `--resubmit --accept-double-charge` (a second charge is possible)"
    python = f"`await pool.reconcile({record.id!r}, ...)` with `adopt=ID`, `declare_lost=True`,"
    again = "or `resubmit=True, accept_double_charge=True` (a second charge is possible)"
    return f"look at the account's own list of jobs, then decide: {python} {again}"


def ended_while_sending() -> Failure:
    """The process that sent it is gone."""
    why = "the process that sent it ended before the answer came"
    return Failure(kind="SubmitOutcomeUnknown", what="", why=why, charged="unknown", reason=why)


def answer_ended_while_sending() -> Failure:
    """The process that answered its window is gone."""
    why = "the process that answered it ended before it heard more"
    return Failure(kind="SubmitOutcomeUnknown", what="", why=why, charged="unknown", reason=why)


def never_listed(record: Record) -> Failure | None:
    """The account's own list never showed the job, as long as it could have been running."""
    failure = record.failure
    if failure is None:
        return None
    why = f"{failure.why} The account's own list of jobs never showed it, so probably nothing was charged."
    return evolve(failure, why=why)


def claimed(remote_id: str) -> Failure:
    """The provider gave two new jobs one id."""
    why = f"the provider answered with the id {remote_id}, which belongs to another job"
    return Failure(kind="SubmitOutcomeUnknown", what="", why=why, charged="unknown", reason=why)


def bug(record: Record) -> Failure:
    """The driver broke off."""
    sent = record.sent_at is not None
    return Failure(
        kind="MJError",
        what=f"mjasync has a bug: job {record.id} could not be driven on.",
        why=f"it was {record.phase}; the log of mjasync.driver has the story",
        hint="please report it" + ("; the ticket finds the job at the provider" if record.ticket else ""),
        charged="unknown" if sent else "no",
    )


def foreign(record: Record) -> Failure:
    """A job that an earlier process sent with an account that this pool does not have."""
    return Failure(
        kind="ConfigError",
        what=f"Job {record.id} belongs to an account that this pool does not have ({record.account}).",
        why="an account in a journal is its provider, origin and key: another key is another account",
        hint="open a pool with the key that sent it; nobody looks at it meanwhile",
        charged="unknown",
    )


def lacks(record: Record, account: str, lack: Lack, *, available: tuple[str, ...] = ()) -> Failure:
    """A chained step that its parent's account cannot do."""
    return Failure(
        kind="ActionUnavailable" if lack.action else "ConfigError",
        what=f"Job {record.id} cannot run on account {account!r}, where its parent ran.",
        why=lack.why,
        available=available,
        hint="leave it out, or choose the account with pool.imagine(..., account=...)",
    )


def elsewhere(record: Record, account: str) -> Failure:
    """Lent a slot of an account that cannot do the job's next step."""
    return Failure(
        kind="ConfigError",
        what=f"Job {record.id} does not go to account {account!r}.",
        why="a step after it was asked for that this account cannot do",
        hint="it goes to another account by itself",
    )


def unsent(account: str, fault: str) -> Failure:
    """The request never left."""
    return Failure(
        kind="Unreachable",
        what=f"Account {account!r} cannot be reached; the request was not sent.",
        why=fault,
        hint="check the network and base_url; asking again is safe",
        retryable=True,
    )


def stuck(record: Record, limits: Limits, last: str) -> Failure:
    """The provider never ended the job."""
    if _waits_at_window(record):
        return window_unknown(record)
    return Failure(
        kind="JobLost",
        what=f"Job {record.id} ({record.ticket}) was accepted, and has not ended after {limits.give_up:.0f} s.",
        why=last or "the provider still calls it unfinished",
        hint="it may have been charged: ask the provider with the ticket",
        charged="unknown",
    )


def at_window(record: Record, failure: Failure) -> Failure:
    """A job whose window was not answered: the button itself may have been charged, what is behind it was not run."""
    # Both names promise that nothing was accepted, and the button was.
    kind: FailureKind = "ProviderError" if failure.kind in ("Unreachable", "ConfigError") else failure.kind
    return evolve(failure, kind=kind, charged="unknown", hint=failure.hint or f"the window is {record.ticket}")


def still_waiting(record: Record, provider: str) -> Failure:
    """A window behind a request that opens none."""
    return Failure(
        kind="NeedsInput",
        what=f"Job {record.id} waits for a prompt or a mask at {provider}.",
        why=f"the provider opened a window for a request that opens none ({record.ticket})",
        hint="look at the account's settings: remix and the like open windows",
        charged="unknown",
    )


def empty(job_id: str) -> Failure:
    """Finished, and not one picture in it."""
    return Failure(
        kind="ProtocolError",
        what=f"Job {job_id} is finished, but the provider names no picture.",
        why=f"{patience.EMPTY_LOOKS} looks in a row found none",
        hint="the raw answer is in the job's record; ask the provider with the ticket",
        charged="yes",
    )


def _waits_at_window(record: Record) -> bool:
    """Whether the window still waits, as far as anybody saw, after an answer of unknown fate."""
    return record.unanswered is not None and record.snapshot is not None and record.snapshot.window is not None


def window_unknown(record: Record) -> Failure:
    """The answer to a window left, and nobody can say what became of it."""
    why = record.unanswered.why if record.unanswered else ""
    return Failure(
        kind="SubmitOutcomeUnknown",
        what=f"The answer to the window of job {record.id} left this machine and no usable answer came back.",
        why=f"{why}. The window {record.ticket} still waits as far as anybody can see. mjasync has not sent it again",
        hint="look at the account's own list of jobs before you ask again: a second request may be a second charge",
        charged="unknown",
    )


#: What did not happen in time, by the name of the limit.
_LATE = {
    "total": "did not end",
    "slot": "got no slot",
    "queue": "was not begun by the provider",
    "run": "did not finish running",
    "stall": "showed no progress",
}


def deadline(record: Record, seconds: float, *, limit: str = "total", trouble: Failure | None = None) -> Failure:
    """The caller's time is up; `limit` names which, and `trouble` is what was wrong with the last look."""
    if record.spec.deadline is None and _waits_at_window(record):
        return window_unknown(record)
    sent = record.sent_at is not None
    charged: Charged = "unknown" if sent else "no"
    if record.ticket:
        why = f"it is {record.phase}; it may still finish as {record.ticket}, and keeps its slot until then"
        hint = "the ticket finds it at the provider; asking again is a second job"
    elif sent:
        why = "its request is on its way; the provider may accept it, and then it keeps its slot until it ends"
        hint = "job.ticket names it once it was accepted; asking again may be a second charge"
    else:
        why, hint = f"it is {record.phase}; it was never sent", "ask again with a longer deadline="
    if record.unanswered is not None:
        why += f"; the answer to its window got no usable answer ({record.unanswered.why}), and was not sent again"
    if trouble is not None:
        why += f"; the last look: {trouble.what} {trouble.why}"
    return Failure(
        kind="DeadlineExceeded",
        what=f"Job {record.id} {_LATE[limit]} within {seconds:g} s.",
        why=why[:600],
        hint=hint,
        charged=charged,
        retryable=not sent,
    )


def cancelled(record: Record, *, withdrawn: bool) -> Failure:
    """The caller cancelled."""
    if withdrawn:
        return Failure(
            kind="JobCancelled",
            what=f"Job {record.id} was cancelled before it was sent.",
            hint="it cost nothing; ask again whenever you like",
            outcome="withdrawn",
        )
    return Failure(
        kind="JobCancelled",
        what=f"Job {record.id} was cancelled after it was sent.",
        why="the provider has no cancel call: it runs on, may be charged, and keeps its slot until it ends",
        hint="job.ticket finds it at the provider",
        charged="unknown",
        outcome="abandoned",
    )


def parent_failed(record: Record, parent: Record) -> Failure:
    """A chain step whose parent ended badly."""
    cause = parent.outcome
    return Failure(
        kind="ParentFailed",
        what=f"Job {record.id} was never sent, because job {parent.id} before it ended badly.",
        why=cause.what if cause else "",
        hint="see .__cause__ for what happened to the parent; this step cost nothing",
        retryable=cause.retryable if cause else False,
    )


def pool_closed(record: Record, place: str) -> Failure:
    """The pool went first."""
    ticket = record.ticket
    sent = record.sent_at is not None
    found = "keep the ticket: it finds the job at the provider"
    asked = "ask again in a new pool; it cost nothing"
    kept = f"it is in the journal: open a pool on {place} and await pool.recover(), or run `mjasync resume`"
    return Failure(
        kind="PoolClosed",
        what=f"The pool was closed while job {record.id} was {record.phase}.",
        why=f"it goes on at the provider as {ticket}" if ticket else ("" if sent else "it was never sent"),
        hint=kept if place else found if sent else asked,
        charged="unknown" if sent else "no",
        retryable=not sent,
    )


def unwritten(record: Record, place: str, why: str) -> Failure:
    """The disk refused the journal."""
    sent = record.sent_at is not None
    return Failure(
        kind="JournalWriteError",
        what=f"What became of job {record.id} could not be written to {place or 'the journal'}.",
        why=why,
        hint="mend the disk and open the journal again; this pool sends nothing more"
        + (f"; {record.ticket} finds the job at the provider" if record.ticket else "")
        + ("" if sent else "; if the journal has the job, recover() sends it then"),
        charged=("yes" if record.phase is Phase.DONE else "unknown") if sent else "no",
        retryable=not sent,
    )
