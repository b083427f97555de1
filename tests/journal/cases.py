"""What the journal's tests begin with: clocks that are set by hand, lives of jobs, and a file's whole truth."""

import asyncio
import contextlib
import sqlite3

from attrs import define

from mjasync.core.machine import (
    Accepted,
    Asked,
    Bounced,
    Detached,
    Expired,
    Filled,
    Filling,
    Rang,
    Rejected,
    Resumed,
    Saw,
    Sending,
    Silence,
    Unanswered,
    Unfilled,
)
from mjasync.core.model import Action, Failure, ImageURL, Snapshot, Spec, Status
from mjasync.core.operations import Imagine, Press
from mjasync.core.pictures import Picture
from mjasync.journal import Entry, Opening
from mjasync.journal.sqlite import SQLiteJournal

ACCOUNTS = {"ttapi": "f1", "mjproxy": "f2"}
#: 2026-01-01, 00:00 UTC.
NEW_YEAR = 1_767_225_600.0
DAY = 86_400.0
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(64))
LOST = Failure(kind="SubmitOutcomeUnknown", what="Nobody knows.", charged="unknown")
REFUSED = Failure(kind="PromptRejected", what="No.", word="gore")
RAW = {"status": "SUCCESS", "data": {"components": ["upsample1"] * 8, "quota": 3}}


@define
class Clock:
    """Both clocks of a process; they only move by hand."""

    now: float = 100.0
    wall: float = NEW_YEAR

    def move(self, seconds):
        self.now += seconds
        self.wall += seconds

    def opening(self, accounts=ACCOUNTS):
        return Opening(now=lambda: self.now, wall=lambda: self.wall, accounts=accounts)


def asked(prompt="a cat", **more):
    return Asked(Spec(operation=Imagine(prompt=prompt), accounts=("ttapi",), **more))


def step(parent, action="upscale1", **more):
    return Asked(Spec(operation=Press(action=action), accounts=("ttapi",), parent=parent, **more))


def done(quota=3.0, **more):
    images = (ImageURL("https://c.example/grid.png"),)
    actions = (Action("upscale1", "upsample1", "U1"),)
    return Saw(Snapshot(status=Status.DONE, images=images, actions=actions, quota=quota, raw=RAW, **more))


def sent(remote_id):
    return Sending("ttapi", "t" * 64), Accepted(remote_id)


#: One job in every phase, and one of each kind of event.
LIVES = {
    "held": (asked(),),
    "again": (asked(), Sending("ttapi"), Bounced(REFUSED), Sending("mjproxy")),
    "running": (asked(key="mine"), *sent("r1"), Detached(LOST), Resumed()),
    "window": (asked(), *sent("r2"), Filling(), Unfilled(REFUSED), Filling(), Filled("r3")),
    "unheard": (asked(), *sent("r4"), Filling(), Unanswered(LOST)),
    "lost": (asked(), Sending("ttapi"), Silence(LOST, 400.0)),
    "given-up": (asked(), Sending("ttapi"), Silence(LOST, 500.0, hope=True), Expired("person")),
    "found": (asked(), Sending("ttapi"), Silence(LOST, 400.0), Rang("r5"), Accepted("r5", by="hook")),
    "done": (asked(), *sent("r6"), done()),
    "refused": (asked(key="free again"), Rejected(REFUSED)),
    "step": (step("done"),),
}


def open_at(path, clock=None, **options):
    """An open journal that commits where it is called, and what it held."""
    journal = SQLiteJournal(path, inline=True, **options)
    return journal, journal.open((clock or Clock()).opening())


def write(journal, clock, job, *events):
    """One call of `append`; it has to be durable at once."""

    async def story():
        assert journal.append(*(Entry(job, event, clock.now) for event in events)) is None

    asyncio.run(story())


def close(journal):
    asyncio.run(journal.aclose())


@contextlib.contextmanager
def opened(path, clock=None, **options):
    journal, kept = open_at(path, clock, **options)
    try:
        yield journal, kept
    finally:
        close(journal)


def lived(path, clock=None, lives=LIVES):
    """A closed journal in which these lives were written, an event a second."""
    clock = clock or Clock()
    with opened(path, clock) as (journal, _):
        journal._open.store._db.execute("PRAGMA synchronous = OFF")  # nobody pulls a plug, and fsync is slow
        for job, events in lives.items():
            for event in events:
                write(journal, clock, job, event)
                clock.move(1.0)
    return clock


def picture_job(data=PNG, **more):
    return Asked(Spec(operation=Imagine(prompt="like this", images=(Picture(data=data, kind="png"),)), **more))


def truth(path, clock, jobs=LIVES):
    """All that a new process is told, and all that it finds."""
    with opened(path, clock) as (journal, kept):
        return kept, {job: journal.find(job=job) for job in jobs}


def rows(path, query, *values):
    with contextlib.closing(sqlite3.connect(path)) as db:
        return db.execute(query, values).fetchall()


def spoil(path, *statements):
    """Change the file behind the journal's back."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        for statement in statements:
            db.execute(statement)
        db.commit()
