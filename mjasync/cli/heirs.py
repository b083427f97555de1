"""The jobs of earlier runs: found, followed to their ends, and their pictures saved.

Rule 1: nothing here sends; what was never sent goes on only because `recover` was asked for.
Rule 2: each picture goes where its run wanted it (`trail`), under its run's number; nothing is overwritten.
Rule 3: a job that was done when its run ended, and whose picture was not saved, is paid for: its picture is saved too.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path

from attrs import evolve, frozen

from mjasync import ConfigError, Job, MJError, Phase, Pool, Recovery
from mjasync.cli import saving
from mjasync.cli.run import End, Stage, has_no_picture, prompt_of, result_of, root_of, told_here
from mjasync.cli.saving import Picture
from mjasync.cli.trail import Mark
from mjasync.sheet import names


@frozen(kw_only=True)
class Found:
    """What the journal held when it was opened."""

    recovery: Recovery
    #: Never sent, and left so.
    asleep: tuple[Job, ...] = ()
    #: Done in an earlier run, and no picture is where it should be.
    unsaved: tuple[Job, ...] = ()

    def groups(self) -> Mapping[str, Sequence[Job]]:
        """Return the jobs by what was found."""
        kinds = {name: getattr(self.recovery, name) for name in ("reattached", "finished", "unknown", "held")}
        return {**kinds, "asleep": self.asleep, "unsaved": self.unsaved}

    @property
    def followed(self) -> tuple[Job, ...]:
        """Return the jobs that end, or have ended."""
        found = self.recovery
        return (*self.unsaved, *found.finished, *found.reattached, *found.unknown, *found.held)


async def found(
    pool: Pool,
    marks: Mapping[str, Mark],
    *,
    held: bool,
    out: Path | None = None,
    decided: Collection[str] = (),
) -> Found:
    """Find out what earlier runs left; with `held`, what was never sent is queued.

    Pictures may be in `out` too. Jobs of unknown fate about which a person has decided are left out.
    """
    known = Found(recovery=await pool.recover()) if held else _looked_at(pool.jobs)
    unknown = tuple(job for job in known.recovery.unknown if job.id not in decided)
    known = evolve(known, recovery=evolve(known.recovery, unknown=unknown))
    others = set(marks) - {job.id for job in (*known.followed, *known.asleep)}
    done = [job for job_id in marks if job_id in others for job in _known(pool, job_id) if job.phase is Phase.DONE]
    folders = {mark.folder for mark in marks.values()} | ({out} if out else set())
    there = await asyncio.to_thread(_there, folders)

    def is_saved(job: Job) -> bool:
        own = there[marks[job.id].folder] | (there[out] if out else set())
        return names.compact(job.id) in own

    return evolve(known, unsaved=tuple(job for job in done if not is_saved(job)))


class Heirs:
    """Follows jobs to their ends. `ends` has those that came."""

    def __init__(
        self, marks: Mapping[str, Mark], out: Path | None, usual: Path, told: Callable[[End, Path], None]
    ) -> None:
        self.ends: list[End] = []
        self._marks = marks
        self._out = out
        self._usual = usual
        self._told = told
        self._numbers: dict[str, int] = {}

    async def follow(self, jobs: Iterable[Job], stage: Stage) -> None:
        """Show these jobs until they end, and save their pictures."""
        async with asyncio.TaskGroup() as group:
            for job in jobs:
                number = self.number(job)
                group.create_task(self._one(number, prompt_of(job), job, stage))

    def number(self, job: Job) -> int:
        """The number of the job's prompt: its run's, or the next one."""
        if job.id in self._marks:
            return self._marks[job.id].number
        return self._numbers.setdefault(root_of(job).id, len(self._numbers) + 1)

    def folder(self, job: Job) -> Path:
        """Where its picture goes."""
        mark = self._marks.get(job.id)
        return self._out or (_near(mark.folder) if mark else self._usual)

    def over(self, what: Found) -> set[str]:
        """Return the ids of the marked jobs whose picture nobody waits for any more."""
        ended = {end.job.id for end in self.ends if end.ok or end.job.phase is Phase.FAILED}
        return set(self._marks) - ({job.id for job in (*what.followed, *what.asleep)} - ended)

    async def _one(self, number: int, prompt: str, job: Job, stage: Stage) -> None:
        async for event in job.watch():
            stage.event(number, prompt, job, event)
        error = told_here(job.exception())
        pictures: tuple[Picture, ...] = ()
        result = result_of(job)
        if result is not None and not has_no_picture(job):
            kept = await self._saved(number, prompt, job)
            error = kept if isinstance(kept, MJError) else None
            pictures = (kept,) if isinstance(kept, Picture) else ()
        end = End(number=number, prompt=prompt, job=job, pictures=pictures, error=error, result=result)
        self.ends.append(end)
        self._told(end, self.folder(job))

    async def _saved(self, number: int, prompt: str, job: Job) -> Picture | MJError:
        try:
            return await saving.save(self.folder(job), number, prompt, job.late or job.result(), simulated=False)
        except MJError as exc:
            return exc


def _near(folder: Path) -> Path:
    """Told from the current folder, where it lies in it."""
    return folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder


def _looked_at(jobs: Sequence[Job]) -> Found:
    """The same without waking what was never sent."""
    sent = [job for job in jobs if job.phase is not Phase.HELD and not (job.done() and job.phase is not Phase.LOST)]
    lost = tuple(job for job in sent if job.phase is Phase.LOST)
    running = tuple(job for job in sent if job.phase is not Phase.LOST)
    asleep = tuple(job for job in jobs if job.phase is Phase.HELD)
    return Found(recovery=Recovery(reattached=running, unknown=lost), asleep=asleep)


def _known(pool: Pool, job_id: str) -> tuple[Job, ...]:
    """The job, or none where the journal was pruned since."""
    try:
        return (pool.job(job_id),)
    except ConfigError:
        return ()


def _there(folders: Iterable[Path]) -> dict[Path, set[str]]:
    """What the names of files in each folder are made of, the short ids of jobs among it."""
    return {
        folder: {part for path in folder.iterdir() for part in names.parts(path.name)} if folder.is_dir() else set()
        for folder in folders
    }
