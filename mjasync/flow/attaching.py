"""A finished job that this pool never asked for, taken in by its ticket, so that its buttons can be pressed.

Rule 1: nothing is sent but one look; what is not there, or not over, is refused.
Rule 2: it is written down as any other job is: from then on the journal knows it, and the ledger counts it.
"""

from mjasync.core.answers import Doubt, Missing, Trouble
from mjasync.core.machine import Accepted, Saw, Sending
from mjasync.core.model import Mode, Snapshot, Spec, Status, Ticket
from mjasync.core.operations import Imagine, Press
from mjasync.errors import ConfigError
from mjasync.flow.asking import account_name
from mjasync.flow.desk import Desk
from mjasync.flow.job import Job
from mjasync.flow.outcome import error_of


async def attached(desk: Desk, ticket: Ticket, *, any_mode: Mode) -> Job:
    """The job of this ticket. `any_mode`: one that its account has, for the path of the look."""
    name = account_name(ticket.account, desk.sessions)
    known = desk.books.known_as(name, ticket.remote_id)
    if known:
        return desk.job(known[0])
    seen = await _finished(desk, ticket, any_mode)
    known = desk.books.known_as(name, ticket.remote_id)
    if known:  # somebody else took it in meanwhile
        return desk.job(known[0])
    # Nobody knows here what was asked for; of a finished job only what it brought matters.
    spec = Spec(operation=Imagine(prompt=seen.prompt or ""), mode=seen.mode or any_mode, accounts=(name,))
    job_id = desk.new_id()
    job = desk.seat(desk.books.ask(job_id, spec))
    # In one breath: taken in twice, it would be counted twice.
    desk.books.settle(job_id, Sending(name))
    desk.books.settle(job_id, Accepted(ticket.remote_id, "person"))
    await desk.books.note(job_id, Saw(seen))
    return job


async def _finished(desk: Desk, ticket: Ticket, any_mode: Mode) -> Snapshot:
    session = desk.sessions[ticket.account]
    looked = await session.look(Spec(operation=Press(action="?"), mode=any_mode), ticket.remote_id)
    if isinstance(looked, Missing):
        raise ConfigError(
            f"Account {session.name!r} does not know {ticket.remote_id!r:.80}.",
            why=looked.failure.what,
            hint="check the id, and that it was made with this account's key",
        )
    if isinstance(looked, Trouble):
        raise error_of(looked.failure)
    seen = looked.snapshot if isinstance(looked, Doubt) else looked
    if seen.status is not Status.DONE:
        over = seen.status is Status.FAILED
        raise ConfigError(
            f"The job {ticket} is {seen.status}, so it cannot be taken in.",
            why=seen.failure.what if seen.failure else "only a job that has ended well has buttons and pictures",
            hint="take another job" if over else "wait until it is done",
        )
    return seen
