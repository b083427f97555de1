"""Which job a name means: our id or its beginning, or `account:remote_id`, of this process or an earlier one."""

from mjasync.core.model import Record, Ticket
from mjasync.errors import ConfigError
from mjasync.flow.desk import Desk
from mjasync.flow.job import Job


def named(desk: Desk, name: object) -> Job:
    """The one job of this name; raises `ConfigError` for none or several."""
    text = name if isinstance(name, str) else ""
    found = _among(desk, text)
    kept = () if found else _kept(desk, text)
    if len(found) + len(kept) != 1:
        count = len(found) + len(kept)
        raise ConfigError(
            f"{name!r:.80} names {count or 'no'} job{'s' if count > 1 else ''} of this pool.",
            hint="give more of the id, or the ticket as account:remote_id",
        )
    return found[0] if found else desk.restored(kept[0])


def _among(desk: Desk, text: str) -> list[Job]:
    exact = desk.jobs.get(text)  # a service looks every ticket up so, among thousands of jobs
    if exact is not None:
        return [exact]
    if (matches := _by_ticket(desk, text)) or not text:
        return matches
    return [job for job in desk.jobs.values() if job.id.startswith(text)]


def _by_ticket(desk: Desk, text: str) -> list[Job]:
    """At most one: a seed may be told under its picture's own id, then the picture is meant."""
    for account in desk.sessions:
        if text.startswith(f"{account}:"):
            known = desk.books.known_as(account, text[len(account) + 1 :], here=True)
            named_so = [desk.jobs[job] for job in known if job in desk.jobs and str(desk.jobs[job].ticket) == text]
            if named_so:
                return named_so[:1]
    return []


def _kept(desk: Desk, text: str) -> tuple[Record, ...]:
    """Of earlier processes, as long as the journal is open."""
    if not text or desk.queue.closed:
        return ()
    account, colon, remote_id = text.partition(":")
    ticket = Ticket(account, remote_id) if account and colon and remote_id else None
    return desk.find(job="" if ticket else text, ticket=ticket)
