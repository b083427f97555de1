"""Keeps what was learned with the journal: some time after a job has taught something, and when the pool closes."""

import asyncio

from mjasync.core.model import Record
from mjasync.flow.host import Host
from mjasync.flow.lessons import Lessons
from mjasync.journal import Journal

#: Seconds from a lesson to its being kept: what a killed process loses of them costs some looks.
SOON = 60.0


class Remembering:
    """Of one pool."""

    def __init__(self, lessons: Lessons, journal: Journal, host: Host) -> None:
        self._lessons = lessons
        self._journal = journal
        self._host = host
        self._timer: asyncio.TimerHandle | None = None

    def stir(self, record: Record) -> None:
        """A job is over."""
        self._lessons.taught(record)
        if self._journal.place and self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(SOON, lambda: self._host.spawn(self.keep, name="mj:remember"))

    async def keep(self) -> None:
        """Now, if there is anything new."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            await asyncio.to_thread(self._journal.learn, self._lessons.dump())
