"""One accepted job and what looks at it bring, one at a time: for the tests of sightings."""

import asyncio

from mjasync.core import patience
from mjasync.core.answers import Missing, Trouble
from mjasync.core.looking import Cadence, Relay, Track
from mjasync.core.machine import Accepted, Saw, Sending
from mjasync.core.model import Failure, ImageURL, Snapshot, Spec, Status
from mjasync.core.operations import Imagine
from mjasync.flow.asks import Heard
from mjasync.flow.books import Books
from mjasync.flow.sightings import Run, Sightings
from mjasync.journal.memory import MemoryJournal
from mjasync.testing import run

LIMITS = patience.limits("ttapi", "fast", None)
NO = Failure(kind="JobFailed", what="boom", charged="no")
TROUBLE = Trouble(failure=Failure(kind="Unreachable", what="nobody answers"))
MISSING = Missing(failure=Failure(kind="JobLost", what="unknown id", charged="unknown"))
FAILED = Snapshot(status=Status.FAILED, failure=NO)
PICTURE = ImageURL("https://x.example/1.png")
DONE = Snapshot(status=Status.DONE, progress=100, images=(PICTURE,))
EMPTY = Snapshot(status=Status.DONE, progress=100)


def at(progress, **more):
    return Snapshot(status=Status.RUNNING, progress=progress, **more)


class Stage:
    """One accepted job under a cadence; it was accepted at second 0."""

    def __init__(self, *, operation=None, watched=True, after=None):
        self.loop = asyncio.get_running_loop()
        self.books = Books(MemoryJournal(), self.loop.time, lambda *_: None)
        self.sightings = Sightings(self.books)
        self.cadence, self.relay = Cadence(prior=50.0, horizon=300.0), Relay()
        self.spec = Spec(operation=operation or Imagine(prompt="a cat"), parent="0" if after else None)
        self.watched, self.after = watched, after

    async def begin(self, remote_id="11"):
        if self.after is not None:
            await self._accepted("0", Spec(operation=Imagine(prompt="a cat")), remote_id)
            await self.books.note("0", Saw(self.after))
        await self._accepted("1", self.spec, remote_id)
        track = Track(watched=self.watched)
        self.run = Run(LIMITS, sent=0.0, looked_at=0.0, track=track)
        return self

    async def _accepted(self, job_id, spec, remote_id):
        self.books.ask(job_id, spec)
        await self.books.note(job_id, Sending("it"))
        await self.books.note(job_id, Accepted(remote_id))

    @property
    def record(self):
        return self.books["1"]

    async def look(self, when, seen):
        await asyncio.sleep(when - self.loop.time())
        await self.sightings.take_in("1", self.run, Heard(seen, when), self.cadence, self.relay)
        return self.record.phase


def looked(*looks, **options):
    """A stage after these looks: pairs of a moment and what was seen."""

    async def story():
        stage = await Stage(**options).begin()
        for when, seen in looks:
            await stage.look(when, seen)
        return stage

    return run(story())
