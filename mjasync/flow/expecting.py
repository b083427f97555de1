"""How long jobs that wait will take at their providers: asked once for each kind of work, however many wait."""

from collections.abc import Callable, Sequence

from mjasync.core.fresh import Fresh
from mjasync.core.model import Record
from mjasync.flow.books import Books


class Expectations:
    """Seconds, by mode, kind of work and possible accounts. `expected` knows them for one job."""

    def __init__(self, books: Books, expected: Callable[[Record], float]) -> None:
        self._books = books
        self._expected = expected

    def of(self, job_ids: Sequence[str]) -> list[float]:
        """Of each of these, all at one moment: jobs of one kind are told apart by nothing."""
        known: dict[object, float] = {}
        seconds = []
        for job_id in job_ids:
            kept, terms = self._books.kept(job_id), self._books.terms(job_id)
            operation = kept.operation if isinstance(kept, Fresh) else kept.spec.operation
            which = terms.mode, terms.accounts, operation.kind
            if which not in known:
                known[which] = self._expected(self._books[job_id])
            seconds.append(known[which])
        return seconds
