"""What the pool knows, put before `core/forecast`: what runs, what waits, and how long such jobs take."""

from collections.abc import Mapping, Sequence
from itertools import chain, islice
from random import Random

from mjasync.core.forecast import HIGH, LOW, SHARES, Eta, Work, forecast
from mjasync.core.fresh import Fresh
from mjasync.core.model import Phase, Record
from mjasync.flow.books import Books
from mjasync.flow.queueing import Queueing
from mjasync.flow.watch import Watch

#: So many of the jobs that wait are looked at, and stand for all of them.
MOST = 100
_RUNNING = (Phase.SENDING, Phase.QUEUED, Phase.RUNNING)

#: For each kind of work: how long it takes, and how many ended jobs say so.
_Laws = dict[object, tuple[Sequence[float], float]]


class Forecasts:
    """How long it will take: one job, and all."""

    def __init__(self, books: Books, queue: Queueing, watch: Watch, steps: Mapping[str, Sequence[str]]) -> None:
        """`steps`: the jobs that wait for each unfinished job."""
        self._books = books
        self._queue = queue
        self._watch = watch
        self._steps = steps

    def of(self, record: Record) -> Eta | None:
        """One job; None once it is over, while it waits for a slot, and where its fate is unknown."""
        if record.settled:
            return None
        if record.phase in _RUNNING:
            return self._alone(record)
        parent = self._books.parent_of(record)
        if record.phase is not Phase.HELD or parent is None:
            return None
        before = self.of(parent)
        return before.plus(self._alone(record)) if before is not None else None

    def all(self) -> Eta | None:
        """All that runs and waits; without jobs of unknown fate, and what an earlier process never sent."""
        slots, laws = self._queue.slots, _Laws()
        records = [(self._books[loan.job], loan.account) for loan in slots.lent()]
        lost = [account for record, account in records if record.phase is Phase.LOST]
        running = [
            self._running(record, account, laws) for record, account in records if record.phase is not Phase.LOST
        ]
        waits = list(dict.fromkeys(chain(slots.waits(), self._queue.routes.waits())))
        waiting = [self._waiting(job_id, laws) for job_id in islice(waits, 0, None, len(waits) // MOST + 1)]
        room = {name: max(slots.limit(name) - lost.count(name), 0) for name in self._queue.meter.peaks}
        more = len(waits) - len(waiting)
        # Always the same dice: what is shown moves with what happens, and nothing else.
        return forecast(running, waiting, room, dice=Random(0).random, more=more)

    def _alone(self, record: Record) -> Eta:
        low, likely, high = self._watch.left(record, (LOW, 0.5, HIGH))
        return Eta(low=low, likely=likely, high=high, known=self._watch.lessons.of(record).jobs)

    def _running(self, record: Record, account: str, laws: _Laws) -> Work:
        known = self._watch.lessons.of(record).jobs
        steps = self._steps_of(record.id, (account,), laws)
        return Work(lengths=self._watch.left(record, SHARES), accounts=(account,), known=known, steps=steps)

    def _waiting(self, job_id: str, laws: _Laws) -> Work:
        terms = self._books.terms(job_id)
        parent = self._books.get(terms.parent) if terms.parent else None
        accounts = (parent.account,) if parent is not None and parent.account else terms.accounts
        return self._coming(job_id, accounts, laws)

    def _coming(self, job_id: str, accounts: tuple[str, ...], laws: _Laws) -> Work:
        """A job that was not sent yet. Of one kind of work all take as long."""
        kept, terms = self._books.kept(job_id), self._books.terms(job_id)
        operation = kept.operation if isinstance(kept, Fresh) else kept.spec.operation
        which = terms.mode, accounts, operation.kind
        if which not in laws:
            record = self._books[job_id]
            laws[which] = self._watch.left(record, SHARES), self._watch.lessons.of(record).jobs
        lengths, known = laws[which]
        return Work(lengths=lengths, accounts=accounts, known=known, steps=self._steps_of(job_id, accounts, laws))

    def _steps_of(self, job_id: str, accounts: tuple[str, ...], laws: _Laws) -> tuple[Work, ...]:
        return tuple(self._coming(step, accounts, laws) for step in self._steps.get(job_id, ()))
