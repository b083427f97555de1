"""Places in the order of asking: a job that was refused keeps its own.

Whoever waits in `Slots` has its place there, and nowhere else: this page knows those of the few that are on their way.
"""

from itertools import count

from mjasync.core.slots import Slots


class Places:
    """Who came when."""

    def __init__(self, slots: Slots) -> None:
        self._slots = slots
        self._next = count()
        #: Of held jobs that are not in the queue: their parents or routes are not ready, they are parked, or rest.
        self._away: dict[str, int] = {}

    def give(self, job_id: str) -> None:
        """The next place, at the end of all."""
        self._away[job_id] = next(self._next)

    def of(self, job_id: str) -> int:
        """Its place; one of its own from now on, if it had none."""
        self.keep(job_id)
        return self._away[job_id]

    def keep(self, job_id: str) -> None:
        """It is about to leave the queue, or its slot, and may come again."""
        if job_id not in self._away:
            place = self._slots.place(job_id)
            self._away[job_id] = next(self._next) if place is None else place

    def forget(self, job_id: str) -> None:
        """It is in the queue with its place, or it is over."""
        self._away.pop(job_id, None)
