"""A person decides about a job of unknown fate: adopt what it became, call it lost, or pay for it again.

Nothing here guesses: an id is adopted only if the provider knows it and no other job of ours is it.
"""

from attrs import evolve

from mjasync.core.answers import Doubt, Missing, Trouble
from mjasync.core.ids import RULE, is_id
from mjasync.core.ledger import frees_key
from mjasync.core.machine import Accepted, Expired, Saw
from mjasync.core.model import Phase, Record, Snapshot
from mjasync.errors import ConfigError
from mjasync.flow.desk import Desk
from mjasync.flow.job import Job
from mjasync.flow.outcome import error_of


async def reconcile(
    desk: Desk, job: Job, *, adopt: str | None, declare_lost: bool, resubmit: bool, consent: bool
) -> Job:
    """See `Pool.reconcile`."""
    record = desk.books[job.id]
    if record.phase is not Phase.LOST:
        raise ConfigError(
            f"Job {job.id} is {record.phase}, so there is nothing to decide.",
            hint="only a job of unknown fate (phase lost) can be reconciled",
        )
    if (adopt is not None) + declare_lost + resubmit != 1:
        raise ConfigError(
            "One decision at a time.", hint="give adopt='ID', or declare_lost=True, or resubmit=True with its consent"
        )
    if record.account not in desk.sessions:
        raise ConfigError(
            f"Job {job.id} belongs to an account that this pool does not have.", hint="open a pool with its account"
        )
    if resubmit:
        return _resubmitted(desk, record, consent=consent)
    if adopt is not None:
        await _adopted(desk, record, adopt.strip())
    else:
        await desk.books.note(job.id, Expired("person"))
    desk.look_up(job.id)
    return job


async def _adopted(desk: Desk, record: Record, remote_id: str) -> None:
    session = desk.sessions[record.account or ""]
    others = [each for each in desk.books.known_as(session.name, remote_id) if each != record.id]
    if others or not is_id(remote_id):
        raise ConfigError(
            f"{remote_id!r:.80} cannot be adopted.",
            why=f"it is job {others[0]}" if others else RULE,
            hint="give the provider's id of the job that nobody else asked for",
        )
    looked = await session.look(record.spec, remote_id)
    if isinstance(looked, Trouble):
        raise error_of(looked.failure)
    if isinstance(looked, Missing):
        raise ConfigError(
            f"Account {session.name!r} does not know {remote_id!r:.80}.",
            why=looked.failure.what,
            hint="copy the id from the account's own list of jobs",
        )
    seen = looked.snapshot if isinstance(looked, Doubt) else looked
    await desk.books.note(record.id, Accepted(remote_id, "person"))
    if isinstance(looked, Snapshot):
        await desk.books.note(record.id, Saw(seen))


def _resubmitted(desk: Desk, record: Record, *, consent: bool) -> Job:
    if not consent:
        raise ConfigError(
            f"Job {record.id} may have been accepted and charged already: sending it again may be a second charge.",
            hint="if you accept that: resubmit=True, accept_double_charge=True",
        )
    sent = [each for each in desk.books.values() if each.spec.resubmit_of == record.id]
    before = [each.id for each in (*sent, *desk.find(again=record.id)) if not frees_key(each)]
    if before:
        raise ConfigError(
            f"Job {record.id} was sent again already, as job {before[0]}.",
            why="once more would be a further charge for the same request",
            hint=f"see what became of that one: pool.job({before[0]!r}); a new request needs no reconciling",
        )
    return desk.ask(evolve(record.spec, key=None, deadline=None, resubmit_of=record.id))
