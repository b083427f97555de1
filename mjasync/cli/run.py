"""One run of prompts: asked for at once, shown while they run, saved as they finish, told as they end."""

import asyncio
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from attrs import field, frozen

from mjasync import Batch, Job, JobEvent, MJError, Mode, Outcome, ParentFailed, Phase, Pool, PromptWarning
from mjasync.cli import saving, trail
from mjasync.cli.prompts import Row
from mjasync.cli.saving import Picture
from mjasync.cli.trail import Mark

#: Phases in which a provider may be working for us.
_UNDER_WAY = (Phase.SENDING, Phase.QUEUED, Phase.RUNNING, Phase.LOST)


@frozen(kw_only=True)
class Plan:
    """What is to be done, checked."""

    rows: tuple[Row, ...]
    mode: Mode
    out: Path
    #: The tiles of a grid to upscale.
    tiles: Callable[[Job], Sequence[int]] = field(default=lambda _: ())
    simulated: bool = False
    #: The journal's path, or None for memory.
    journal: str | None = None


@frozen(kw_only=True)
class End:
    """How one prompt ended: its pictures, and an error if anything of it went wrong."""

    number: int
    prompt: str
    job: Job
    pictures: tuple[Picture, ...]
    error: MJError | None

    @property
    def ok(self) -> bool:
        """True if every step is done and saved."""
        return self.error is None


class Stage(Protocol):
    """Where a run is shown while it goes on."""

    def event(self, number: int, prompt: str, job: Job, event: JobEvent) -> None:
        """Show what happened to a job."""


class Run:
    """The jobs of one plan. `jobs` has every job that was asked for, with the number of its prompt."""

    def __init__(self, plan: Plan, stage: Stage, told: Callable[[End], None]) -> None:
        self.plan = plan
        self.jobs: list[tuple[int, Job]] = []
        self.ends: list[End] = []
        self._stage = stage
        self._told = told
        self._steps: dict[str, tuple[Job, ...]] = {}
        self._followers: dict[str, asyncio.Task[Picture | MJError | None]] = {}

    async def all(self, pool: Pool) -> None:
        """Do everything, and tell each end as it comes."""
        async with asyncio.TaskGroup() as group:
            batch = self._batch(pool)
            for number, job in enumerate(batch.jobs, start=1):
                self.jobs += [(number, each) for each in (job, *self._steps[job.id])]
            for number, job in self.jobs:
                prompt = self.plan.rows[number - 1].prompt
                self._followers[job.id] = group.create_task(self._follow(number, prompt, job))
            await self._marked()
            async for outcome in batch:
                end = await self._end(outcome)
                self.ends.append(end)
                self._told(end)

    def _batch(self, pool: Pool) -> Batch:
        """Everything, queued. What is doubtful about a prompt was told before; rows are expanded already."""
        items = [row.item() for row in self.plan.rows]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", PromptWarning)
            return pool.batch(items, mode=self.plan.mode, then=self._then, expand=False)

    async def _marked(self) -> None:
        """Where the pictures go is written down; a disk that refuses it costs a name, not a job."""
        if self.plan.journal is not None:
            folder = self.plan.out.absolute()
            marks = {job.id: Mark(folder, number) for number, job in self.jobs}
            with suppress(OSError):
                await asyncio.to_thread(trail.add, self.plan.journal, marks)

    def over(self) -> set[str]:
        """Return the ids of the jobs whose picture is saved, and of those that failed."""
        failed = {job.id for _, job in self.jobs if job.phase is Phase.FAILED}
        ended = {job_id: task for job_id, task in self._followers.items() if task.done() and not task.cancelled()}
        return failed | {job_id for job_id, task in ended.items() if isinstance(task.result(), Picture)}

    def under_way(self) -> list[tuple[int, Job]]:
        """Return the jobs that a provider may be working on."""
        return [(number, job) for number, job in self.jobs if job.phase in _UNDER_WAY]

    def unsent(self) -> list[Row]:
        """Return the rows whose first job never left: they cost nothing."""
        firsts = {number: job for number, job in self.jobs if job.action is None}
        left = {number for number, job in firsts.items() if job.ticket is None and job.phase not in _UNDER_WAY}
        ended = {end.number for end in self.ends}
        return [row for number, row in enumerate(self.plan.rows, start=1) if number in left - ended]

    def _then(self, job: Job) -> Sequence[Job]:
        steps = tuple(job.upscale(tile) for tile in self.plan.tiles(job))
        self._steps[job.id] = steps
        return steps

    async def _follow(self, number: int, prompt: str, job: Job) -> Picture | MJError | None:
        """Show one job until it ends, then save its picture: None if it has none, an error if that went wrong."""
        async for event in job.watch():
            self._stage.event(number, prompt, job, event)
        if job.exception() is not None:
            return None
        try:
            return await saving.save(self.plan.out, number, prompt, job.result(), simulated=self.plan.simulated)
        except MJError as exc:
            return exc

    async def _end(self, outcome: Outcome) -> End:
        """Wait for the files of an outcome."""
        jobs = (outcome.job, *self._steps[outcome.job.id])
        kept = [await self._followers[job.id] for job in jobs]
        faults = [item for item in kept if isinstance(item, MJError)]
        return End(
            number=outcome.index + 1,
            prompt=outcome.prompt,
            job=outcome.job,
            pictures=tuple(item for item in kept if isinstance(item, Picture)),
            error=root_cause(outcome.error) or next(iter(faults), None),
        )


def root_cause(error: MJError | None) -> MJError | None:
    """Return what really went wrong, for a step that was not sent because its parent failed."""
    while isinstance(error, ParentFailed) and isinstance(error.__cause__, MJError):
        error = error.__cause__
    return error
