"""What happened to each job, for `job.explain()`: a few notes for each, however long it lives.

Rule: a job that waits costs nothing here, and one that goes on and on keeps its beginning and its end.
"""

from attrs import frozen

from mjasync.core.answers import OVER
from mjasync.core.machine import Event, Saw
from mjasync.core.model import Record, Status
from mjasync.journal import Journal

#: Notes that are kept of one job.
MOST = 40


@frozen
class Sighted:
    """A look showed it in another state than the look before."""

    status: Status
    progress: int | None = None


#: Seconds on the loop's clock, and what was decided then.
Note = tuple[float, Event | Sighted]


class Diary:
    """Notes by job."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._notes: dict[str, list[Note]] = {}
        self._missing: dict[str, int] = {}
        #: Jobs that an earlier process began: the journal knows what came before.
        self.inherited: set[str] = set()

    def note(self, before: Record, after: Record, event: Event, at: float) -> None:
        """One step of its way; looks that show the same as before are not noted."""
        what: Event | Sighted = event
        if isinstance(event, Saw):
            if before.phase is after.phase:
                return
            what = _noted(event)
        notes = self._notes.setdefault(after.id, [])
        if len(notes) == MOST:
            del notes[MOST // 2]
            self._missing[after.id] = self._missing.get(after.id, 0) + 1
        notes.append((at, what))

    def of(self, job_id: str) -> tuple[list[Note], int]:
        """What happened after the asking, oldest first, and how many notes are missing in the middle.

        BLOCKS for the disk where an earlier process began it, or it is forgotten here.
        """
        notes, missing = self._notes.get(job_id, []), self._missing.get(job_id, 0)
        if notes and job_id not in self.inherited:
            return list(notes), missing
        kept: list[Note] = [(at, _noted(event)) for event, at in self._journal.history(job_id)[1:]]
        seen = [each for each in notes if isinstance(each[1], Sighted) and each[1].status not in OVER]
        return sorted((*kept, *seen), key=lambda note: note[0]), missing

    def forget(self, job_id: str) -> None:
        """It is over, long ago."""
        self._notes.pop(job_id, None)
        self._missing.pop(job_id, None)
        self.inherited.discard(job_id)


def _noted(event: Event) -> Event | Sighted:
    """A look without the pictures that it showed."""
    return Sighted(event.snapshot.status, event.snapshot.progress) if isinstance(event, Saw) else event
