"""What an answer means for one job here, beyond its words.

Rule 1: a job goes elsewhere, or again, only where certainly nothing was accepted.
Rule 2: two jobs cannot have one id; what is told under another's is of unknown fate.
"""

from collections import Counter
from collections.abc import Callable
from typing import Protocol

from mjasync.core import patience
from mjasync.core.answers import Busy, Refused, Submitted, Taken, Unclear
from mjasync.core.machine import Silence
from mjasync.core.model import Failure, Record
from mjasync.core.operations import GetSeed, Press
from mjasync.flow import endings
from mjasync.flow.books import Books
from mjasync.flow.session import Session


class Elsewhere(Protocol):
    """Who knows where else a job may go."""

    def exclude(self, job_id: str, account: str) -> bool:
        """The account cannot do this kind of work; True if the job can go to another one."""
        ...

    def account_refused(self, job_id: str, account: str, failure: Failure) -> bool:
        """The provider refused the account itself; True if the job can go to another one."""
        ...


class Weighing:
    """Weighs answers against what is known of the job, its parent and the others."""

    def __init__(self, books: Books, elsewhere: Elsewhere, *, hears: Callable[[str], bool] = lambda _: False) -> None:
        """`hears`: whether a callback of an account may come."""
        self._books = books
        self._hears = hears
        self._elsewhere = elsewhere
        #: How often each job's submit never left.
        self._unsent: Counter[str] = Counter()

    def forget(self, job_id: str) -> None:
        """The job is over, or was sent."""
        self._unsent.pop(job_id, None)

    def silence(self, record: Record, session: Session, why: Failure, *, gave_up: float) -> Silence:
        """Nobody can say what became of the request; `gave_up` is when nobody waited for its answer any more."""
        quarantine = endings.limits_of(record, session.account.provider).quarantine
        failure = endings.unclear(
            why,
            record,
            provider=f"Account {session.name!r}",
            cap=session.account.max_jobs,
            left=self._books.shown(record.sent_at or gave_up),
            until=self._books.shown(gave_up + quarantine),
            place=self._books.place,
        )
        findable = session.can_list or self._hears(session.name)
        return Silence(failure, gave_up + quarantine, hope=bool(record.token) and findable)

    def orphaned(self, record: Record, session: Session) -> Silence:
        """Whoever waited for the answer is gone, process or task: the request arrived soon after it left, or never."""
        now = self._books.now()
        gave_up = now if record.sent_at is None else min(now, record.sent_at + patience.ON_ITS_WAY)
        return self.silence(record, session, endings.ended_while_sending(), gave_up=gave_up)

    def own_id(self, record: Record) -> str:
        """The id of what has none at the provider: its parent's, or one made of ours."""
        parent = self._books.parent_of(record)
        return parent.remote_id if parent and parent.remote_id else f"{record.spec.operation.kind}-{record.id}"

    def weighed(self, record: Record, session: Session, answer: Submitted) -> Submitted:
        """What the answer means for this job here, beyond its words."""
        match answer:
            case Refused(account=True, failure=failure) if self._elsewhere.account_refused(
                record.id, session.name, failure
            ):
                return Busy(failure=failure, account=False)
            case Refused(route=True, failure=failure) if self._elsewhere.exclude(record.id, session.name):
                return Busy(failure=failure, account=False)
            case Busy(account=False) if self._waited_enough(record):
                return Refused(failure=answer.failure)
            case Busy(failure=Failure(status=503)) if record.attempts >= patience.UNSENT_TRIES:
                # "No channel serves this now", said so often, means never.
                return Refused(failure=answer.failure)
            case Taken(remote_id=remote_id) if self._is_somebody_elses(record, session.name, remote_id):
                return Unclear(failure=endings.claimed(remote_id))
        return answer

    def never_left(self, job_id: str, failure: Failure, *, account: bool) -> Busy | Refused:
        """The network: nothing left, so it is tried again for a while. `account`: it is the account that is away."""
        self._unsent[job_id] += 1
        if self._unsent[job_id] < patience.UNSENT_TRIES:
            return Busy(failure=failure, account=account)
        self._unsent.pop(job_id)
        return Refused(failure=failure, account=account)

    def _waited_enough(self, record: Record) -> bool:
        """A single job's "not now" is waited out only as long as a relay may lag behind its parent."""
        parent = self._books.parent_of(record)
        ready_at = max(record.asked_at, (parent.ended_at or 0.0) if parent else 0.0)
        return self._books.now() - ready_at > patience.NOT_YET

    def _is_somebody_elses(self, record: Record, account: str, remote_id: str) -> bool:
        """Two jobs cannot have one id; but the same action may be answered with the job that it made before.

        A seed may be told under its picture's id; so may anything by a provider that is yet to give one of its own.
        """
        if isinstance(record.spec.operation, GetSeed):
            return False
        parent = self._books.parent_of(record)
        if parent is not None and parent.remote_id == remote_id:
            return False
        others = (self._books[job_id] for job_id in self._books.known_as(account, remote_id))
        mine = (record.spec.parent, self._asked(record))
        return any(record.spec.parent is None or (other.spec.parent, self._asked(other)) != mine for other in others)

    def _asked(self, record: Record) -> object:
        """What was asked for; of a button, which one: it has several names. An ended job has no mask any more."""
        press, parent = record.spec.operation, self._books.parent_of(record)
        if not isinstance(press, Press):
            return press
        shown = parent.snapshot.actions if parent and parent.snapshot else ()
        token = next((action.token for action in shown if action.matches(press.action)), press.action)
        return token, press.prompt, press.factor
