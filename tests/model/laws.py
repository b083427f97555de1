"""What must hold in every state, by the names of the invariants in the research (I1 … I10).

Rule 1: laws about one job look at that job alone; laws about all look at slots, charges and chains.
Rule 2: a law says what is wrong, or nothing.
"""

from collections.abc import Sequence

from mjasync.core.machine import FINAL
from mjasync.core.model import Phase
from tests.model.shapes import is_over, record, shape
from tests.model.state import Job, Scope


def broken_by(job: Job) -> str:
    """Laws about one job."""
    return _of_charges(job) or _of_callers(job) or _of_ledger(job)


def _of_charges(job: Job) -> str:
    """At most one charge for a request, and none that the journal does not know."""
    now = record(job.disk)
    refused = now.phase is Phase.FAILED and now.remote_id is None
    if job.charged > 1 or job.charged2 > 1:
        return "I2 one request was charged twice"
    if job.charged and now.phase is Phase.HELD:
        return "I3 charged, and the journal says it was not sent"
    if job.charged and refused:
        return "I3 charged, and the journal says it was refused"
    if job.charged2 and now.filled_at is None and now.phase not in FINAL:
        return "I3 the answer to a window was charged, and the journal says it was not sent"
    return ""


def _of_callers(job: Job) -> str:
    """Whoever awaits hears once, what the journal holds, and what is true."""
    now = record(job.disk)
    if job.told > 1:
        return "I4 a caller was told twice"
    if job.told and not (now.settled or now.told_early or job.broken):
        return "I5 a caller was told what the journal does not hold"
    if now.phase is Phase.DONE and job.bad and not now.late:
        return "I5 a result came after bad news, and is not called late"
    if now.phase is Phase.DONE and job.there != "s":
        return "I6 a result that the provider does not have"
    if now.phase in (Phase.QUEUED, Phase.RUNNING, Phase.DONE) and now.remote_id is None:
        return "I6 followed, and nobody knows its id"
    return ""


def _of_ledger(job: Job) -> str:
    """What was booked agrees with the record."""
    kept, now = shape(job.disk), record(job.disk)
    if kept.done != (now.phase is Phase.DONE):
        return "I3 the ledger does not count the job as often as it was done"
    if kept.resubmits != (now.attempts > 0 and now.spec.resubmit_of is not None):
        return "I2 a second try that the ledger does not show"
    return ""


def broken_between(before: Job, after: Job) -> str:
    """A terminal record never changes."""
    ended = record(before.disk).phase in FINAL
    if ended and after.disk != before.disk:
        return "I7 a terminal record changed"
    lost = record(before.mind)
    gave_up = lost.detached is not None and record(after.mind).attempts > lost.attempts
    return "I2 sent for somebody who had let go" if gave_up else ""


def broken_together(jobs: Sequence[Job], scope: Scope) -> str:
    """Laws about the account's slots, its charges, and chains."""
    minds = sum(record(job.mind).holds_slot for job in jobs)
    disks = sum(record(job.disk).holds_slot for job in jobs)
    if minds > scope.cap or disks > scope.cap:
        return "I1 more slots are taken than there are"
    if sum(job.there == "r" and not job.word for job in jobs) > scope.cap:
        return "I1b the provider runs more than the cap"
    if scope.cast == "tries":
        return _of_tries(jobs)
    return _of_chain(jobs) if scope.cast == "chain" else ""


def _of_tries(jobs: Sequence[Job]) -> str:
    resubmits = sum(shape(job.disk).resubmits for job in jobs)
    return "I2 more charges than one and the ledger's resubmits" if sum(j.charged for j in jobs) > 1 + resubmits else ""


def _of_chain(jobs: Sequence[Job]) -> str:
    parent, *steps = jobs
    if sum(job.charged for job in steps) > 1:
        return "I10 a step of a chain was charged twice"
    begun = any(record(job.mind).attempts for job in steps)
    if begun and record(parent.disk).phase is not Phase.DONE:
        return "I10 a step was sent before its parent's end was written down"
    return ""


def is_settled(jobs: Sequence[Job]) -> bool:
    """Every job is over, its slot is free, and whoever waits has heard; on a broken disk, as far as that goes."""
    return all(job.act == "unasked" or (job.told and _is_kept(job)) for job in jobs)


def _is_kept(job: Job) -> bool:
    if job.broken:
        return not job.act and (is_over(job.mind) or record(job.mind).phase is Phase.HELD)
    return is_over(job.disk) and job.disk == job.mind
