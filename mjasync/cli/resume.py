"""`mjasync resume`: go on with what earlier runs left in a journal.

Rule 1: what was found is said before it goes on: re-attached, finished meanwhile, unknown, never sent.
Rule 2: nothing is paid twice: what was sent is only looked at, and what is of unknown fate is for a person to decide.
"""

import asyncio
from argparse import Namespace
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from attrs import define, field, frozen

from mjasync import Account, ConfigError, Job, JournalError, MJError, Phase, Pool
from mjasync.cli import farewell, interrupting, output, place, progress, report, saving, trail
from mjasync.cli.heirs import Found, Heirs, found
from mjasync.cli.interrupting import Way
from mjasync.cli.place import Place
from mjasync.cli.run import End, prompt_of, told_here
from mjasync.cli.shelf import Shelf, read
from mjasync.cli.text import clean, count, seconds
from mjasync.cli.trail import Mark
from mjasync.cli.usage import checked_budget
from mjasync.journal.archive import Archive, ArchivedJob

#: What is said about each group, and whether it has a line for each job.
_GROUPS = {
    "reattached": ("running", "accepted by an earlier run, and not over"),
    "finished": ("finished", "over by now"),
    "unknown": ("unknown", "sent, and nobody can say what became of it"),
    "held": ("queued", "never sent until now"),
    "asleep": ("asleep", "never sent, and left so"),
    "unsaved": ("unsaved", "done in an earlier run, its picture is not in its folder"),
}
#: Lines of a group.
_SHOWN = 20


@frozen(kw_only=True)
class Resume:
    """The command, checked."""

    journal: str
    accounts: tuple[Account, ...]
    #: Where pictures go whose run said nothing, and where that is from.
    usual: Path
    source: str = "default"
    #: Where all pictures go, if somebody said so.
    out: Path | None = None
    held: bool = True
    #: Quota that may be spent, all that the journal holds included.
    budget: float | None = None
    #: Ids of jobs of unknown fate about which a person has decided: nobody is asked again.
    decided: frozenset[str] = frozenset()
    #: Jobs that were sent from accounts whose keys are not set here.
    foreign: tuple[ArchivedJob, ...] = ()
    as_json: bool = False


def checked(arguments: Namespace) -> Resume:
    """Check `mjasync resume`."""
    where = place.of(arguments, keys=True)
    shelf = _shelf(where)
    return Resume(
        journal=where.journal,
        accounts=where.settings.accounts,
        usual=Path(where.settings.out),
        source=where.settings.sources["out"],
        out=Path(arguments.out) if arguments.out is not None else None,
        held=not arguments.no_held,
        budget=checked_budget(arguments.budget),
        decided=shelf.decided,
        foreign=tuple(row for row in shelf.alive() if row.account not in where.names),
        as_json=arguments.json,
    )


def _shelf(where: Place) -> Shelf:
    try:
        with Archive.open(where.journal) as archive:
            return read(archive, where)
    except JournalError:  # of an earlier version, or worse: the pool mends it, or says so
        return Shelf(where=where, rows=())


async def resume(wish: Resume) -> int:
    """Do it, and return the exit code."""
    marks = await asyncio.to_thread(trail.read, wish.journal)
    for folder in {wish.out} if wish.out else {mark.folder for mark in marks.values()} or {wish.usual}:
        saving.prepare(folder, wish.source)
    stage = progress.choose(f"mjasync resume · {Path(wish.journal).name}")
    work = _Work(wish, marks, stage)
    with interrupting.listening(farewell.go_on(wish.journal)) as signals:
        async with Pool(*wish.accounts, journal=wish.journal, budget=wish.budget) as pool:
            way = await interrupting.through(work.all(pool), pool, signals)
            if way is not Way.DONE:
                work.interrupted(pool)
            if way is Way.STUCK:
                signals.leave()
            work.seconds = pool.stats().seconds if way is Way.DONE else 0.0
            await pool.aclose()
        if work.found is not None:
            with suppress(OSError):
                await asyncio.to_thread(trail.strike, wish.journal, work.heirs.over(work.found))
    if way is not Way.DONE:
        return signals.code
    work.summary()
    return work.code


@define(eq=False)
class _Work:
    """One resumption, and what is said of it."""

    wish: Resume
    marks: dict[str, Mark]
    stage: progress.Progress
    heirs: Heirs = field(init=False)
    found: Found | None = None
    seconds: float = 0.0

    def __attrs_post_init__(self) -> None:
        self.heirs = Heirs(self.marks, self.wish.out, self.wish.usual, self._told)

    async def all(self, pool: Pool) -> None:
        """Find out, say so, and follow everything to its end."""
        waiting = [job for job in pool.jobs if not job.done() and job.id not in self._apart]
        sent = sum(job.phase is not Phase.HELD for job in waiting)
        looking = f"; looking at the {sent} that were sent" if sent else ""
        output.tell(clean(f"{self.wish.journal}: {count(len(waiting), 'job')} not over{looking}"))
        self.found = await found(pool, self.marks, held=self.wish.held, out=self.wish.out, decided=self.wish.decided)
        for line in self._findings(self.found):
            output.tell(line)
        for fault in self._stopped:
            output.tell(report.explain(fault))
        followed = self.found.followed
        for folder in {self.heirs.folder(job) for job in followed if job.phase not in (Phase.LOST, Phase.FAILED)}:
            saving.prepare(folder, self.wish.source)
        async with self.stage.watching(pool, len(followed)):
            await self.heirs.follow(followed, self.stage)

    def interrupted(self, pool: Pool) -> None:
        """Say what runs on."""
        alive = (Phase.SENDING, Phase.QUEUED, Phase.RUNNING, Phase.LOST)
        running = [job for job in pool.jobs if job.phase in alive and job.id not in self._apart]
        output.tell("")
        output.tell(f"Interrupted: {count(sum(end.ok for end in self.heirs.ends), 'job')} done.")
        lines = farewell.paid((self.heirs.number(job), job, prompt_of(job)) for job in running) if running else []
        for line in (*lines, farewell.go_on(self.wish.journal, str(self.wish.out) if self.wish.out else None)):
            output.tell(line)
        if self.wish.as_json:
            held = sum(job.phase is Phase.HELD for job in pool.jobs)
            output.say(report.as_text(farewell.as_json(self.wish.journal, running, held)))

    def _told(self, end: End, folder: Path) -> None:
        told_here(end.error, self.wish.journal)
        if not self.wish.as_json:
            self.stage.result(report.line(end, folder))

    def _findings(self, what: Found) -> list[str]:
        lines = []
        for name, jobs in what.groups().items():
            word, meaning = _GROUPS[name]
            if jobs:
                lines.append(f"{word:<8}  {count(len(jobs), 'job')}: {meaning}")
                lines += [f"          {_line(job, self.heirs.number(job))}" for job in jobs[:_SHOWN]]
                lines += [f"          and {len(jobs) - _SHOWN} more"] if len(jobs) > _SHOWN else []
        return lines or ["Nothing was left to do."]

    @property
    def _apart(self) -> set[str]:
        """Jobs that nothing is done about here."""
        return set(self.wish.decided) | {row.id for row in self.wish.foreign}

    @property
    def _stopped(self) -> list[MJError]:
        """What cannot go on here, for want of a key."""
        return [_not_here(self.wish.foreign)] if self.wish.foreign else []

    @property
    def _unknown(self) -> list[Job]:
        return [job for job in (self.found.followed if self.found else ()) if job.phase is Phase.LOST]

    @property
    def code(self) -> int:
        """The exit code: a job that somebody cancelled is no failure."""
        codes: list[MJError] = [
            end.error for end in self.heirs.ends if end.error is not None and not end.job.cancelled()
        ]
        codes += self._stopped
        return report.UNKNOWN if self._unknown else report.exit_code(codes)

    def summary(self) -> None:
        """Tell the last lines, or the one document."""
        assert self.found is not None  # noqa: S101  # it is told once everything is over
        if self.wish.as_json:
            output.say(report.as_text(self._document(self.found)))
            return
        for hint in report.hints(self.heirs.ends):
            output.tell(f"do        {hint}")
        ends, asleep = self.heirs.ends, len(self.found.asleep)
        ok, unknown = sum(end.ok for end in ends), len(self._unknown)
        pictures = sum(len(end.pictures) for end in ends)
        where = ", ".join(sorted({str(self.heirs.folder(end.job)) for end in ends if end.pictures}))
        output.say("")
        output.say(
            f"resumed   {ok} ok, {len(ends) - ok - unknown} failed, {unknown} unknown"
            f"{f', {asleep} asleep' if asleep else ''} · in {seconds(self.seconds)}"
        )
        output.say(f"pictures  {pictures}{f' in {where}' if where else ''}")
        if unpaid := sum(end.unpaid for end in ends):
            output.say(f"budget    {self.wish.budget:g} quota; it could not pay for {count(unpaid, 'job')}: not sent")

    def _document(self, what: Found) -> dict[str, Any]:
        ends, unknown = self.heirs.ends, self._unknown
        ok = sum(end.ok for end in ends)
        return {
            "type": "resume",
            "journal": self.wish.journal,
            "found": {name: [job.id for job in jobs] for name, jobs in what.groups().items()},
            "outcomes": [report.as_json(end, self.heirs.folder(end.job)) for end in ends],
            "ok": ok,
            "failed": len(ends) - ok - len(unknown),
            "unknown": len(unknown),
            "asleep": len(what.asleep),
            "foreign": [row.id for row in self.wish.foreign],
            "pictures": sum(len(end.pictures) for end in ends),
            "budget": self.wish.budget,
            "unpaid": sum(end.unpaid for end in ends),
            "seconds": round(self.seconds, 3),
        }


def _not_here(foreign: Sequence[ArchivedJob]) -> ConfigError:
    """Jobs that nobody can look at here."""
    accounts = sorted({row.account or "" for row in foreign})
    return ConfigError(
        f"{count(len(foreign), 'job')} of the journal cannot be looked at: no key of their account is set here.",
        why=f"an account is known by provider, address and key; those are {', '.join(accounts)} in the journal",
        hint="set the keys and addresses that they were sent with, and resume again",
    )


def _line(job: Job, number: int) -> str:
    step = job.action or job.spec.operation.kind
    where = str(job.ticket) if job.ticket else "–"
    return f"{number:04d}  {job.id}  {clean(step, 12):<10}  {clean(where, 48)}  {clean(prompt_of(job), 50)}"
