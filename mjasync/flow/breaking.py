"""What is told when the ground gives way: a disk that keeps nothing more, or a loop that ends under an open pool."""

from collections.abc import Callable, Mapping

from mjasync.core.model import Phase, Record
from mjasync.errors import JournalWriteError
from mjasync.events import JournalBroke
from mjasync.flow import endings
from mjasync.flow.books import Books
from mjasync.flow.ends import Ends
from mjasync.flow.job import Job
from mjasync.flow.outcome import exception_of
from mjasync.flow.result import Result


class Breaking:
    """The last words to whoever waits."""

    def __init__(
        self,
        books: Books,
        jobs: Mapping[str, Job],
        ends: Ends,
        *,
        halt: Callable[[], None],
        result: Callable[[Record], Result],
    ) -> None:
        self._books = books
        self._jobs = jobs
        self._ends = ends
        self._halt = halt
        self._result = result
        #: Why nothing is written any more.
        self.reason: JournalWriteError | None = None

    def unwritten(self, record: Record, error: JournalWriteError) -> None:
        """The disk does not keep what happens: nothing more is sent, and whoever asked is told what is known."""
        first, self.reason = self.reason is None, self.reason or error
        job = self._jobs[record.id]
        if not job.done() and (record.settled or record.phase in (Phase.HELD, Phase.LOST)):
            why = error.why or error.what
            wrong = exception_of(endings.unwritten(record, self._books.place, why), job, record)
            wrong.__cause__ = error
            if isinstance(wrong, JournalWriteError) and record.phase is Phase.DONE:
                wrong.result = self._result(record)
            job.close(wrong)
            self._ends.settled(record.id)
        if first:
            self._books.news.tell(JournalBroke, why=str(error))
            self._halt()
            for held in [self._books[job_id] for job_id in self._ends.unsettled]:
                if held.phase is Phase.HELD and held.id != record.id:
                    self.unwritten(held, error)

    def died(self) -> None:
        """Somebody cancelled the pool's tasks, or its loop ends: nobody looks any more. The journal is right as it is."""
        self._halt()
        for job in [self._jobs[job_id] for job_id in self._ends.unsettled]:
            if not job.done():
                record = self._books[job.id]
                job.close(exception_of(endings.pool_closed(record, self._books.place), job, record))
        self._ends.unsettled.clear()
        self._ends.stir()
