"""One run of prompts: asked for at once, shown while they run, saved as they finish, told as they end."""

import asyncio
import shlex
import warnings
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from attrs import field, frozen

from mjasync import (
    Batch,
    DeadlineExceeded,
    Job,
    JobEvent,
    MJError,
    Mode,
    Outcome,
    ParentFailed,
    Phase,
    Pool,
    PromptWarning,
    QuotaExhausted,
    Result,
    SubmitOutcomeUnknown,
)
from mjasync.cli import saving, trail
from mjasync.cli.prompts import Row
from mjasync.cli.saving import Picture
from mjasync.cli.trail import Mark

#: Phases in which a provider may be working for us.
_UNDER_WAY = (Phase.SENDING, Phase.QUEUED, Phase.RUNNING, Phase.LOST)


@frozen(kw_only=True)
class Plan:
    """What is to be done, checked."""

    #: The prompts; of another verb than `imagine` one row, with what stands for it.
    rows: tuple[Row, ...]
    mode: Mode
    out: Path
    #: The tiles of a grid to upscale.
    tiles: Callable[[Job], Sequence[int]] = field(default=lambda _: ())
    simulated: bool = False
    #: The journal's path, or None for memory.
    journal: str | None = None
    #: Options of every request, such as `account` and `deadline`.
    options: Mapping[str, Any] = field(factory=dict)
    #: Quota that may be spent, or None for no limit.
    budget: float | None = None
    #: Asks for the one job of another verb; None: every row is imagined.
    ask: "Ask | None" = None


#: Asks for one job.
Ask = Callable[[Pool, Plan], Awaitable[Job]]


@frozen(kw_only=True)
class End:
    """How one prompt ended: its pictures, and an error if anything of it went wrong."""

    number: int
    prompt: str
    job: Job
    pictures: tuple[Picture, ...]
    error: MJError | None
    #: What its first job brought, if it did; texts and buttons are told from it.
    result: Result | None = None

    @property
    def ok(self) -> bool:
        """True if every step is done and saved."""
        return self.error is None

    @property
    def unpaid(self) -> bool:
        """True if the budget could not pay for it, or for a step of it: that was not sent."""
        return is_over_budget(self.error)


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
        #: Ids of the jobs that are no steps of a run's own.
        self._firsts: frozenset[str] = frozenset()
        self._followers: dict[str, asyncio.Task[Picture | MJError | None]] = {}

    async def all(self, pool: Pool) -> None:
        """Do everything, and tell each end as it comes. Raises `MJError` for what is refused before it is sent."""
        batch = await self._batch(pool)
        self._firsts = frozenset(job.id for job in batch.jobs)
        async with asyncio.TaskGroup() as group:
            for number, job in enumerate(batch.jobs, start=1):
                self.jobs += [(number, each) for each in (job, *self._steps[job.id])]
            for number, job in self.jobs:
                self._followers[job.id] = group.create_task(self._follow(number, self.prompt(number, job), job))
            await self._marked()
            async for outcome in batch:
                end = await self._end(outcome)
                self.ends.append(end)
                self._told(end)

    async def _batch(self, pool: Pool) -> Batch:
        """Everything, queued. What is doubtful about a prompt was told before; rows are expanded already."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", PromptWarning)
            if self.plan.ask is not None:
                job = await self.plan.ask(pool, self.plan)
                return Batch([job], then=self._then, errors="return", withdraw=lambda _: None)
            items = [{**self.plan.options, **row.item()} for row in self.plan.rows]
            return pool.batch(items, mode=self.plan.mode, then=self._then, expand=False)

    async def _marked(self) -> None:
        """Where the pictures go is written down; a disk that refuses it costs a name, not a job."""
        if self.plan.journal is not None:
            folder = self.plan.out.absolute()
            marks = {job.id: Mark(folder, number) for number, job in self.jobs}
            with suppress(OSError):
                await asyncio.to_thread(trail.add, self.plan.journal, marks)

    def prompt(self, number: int, job: Job) -> str:
        """Return what stands for a job: the prompt of its row, or where that has none its picture's."""
        return self.plan.rows[number - 1].prompt or prompt_of(job)

    def over(self) -> set[str]:
        """Return the ids of the jobs whose picture is saved, and of those that failed."""
        failed = {job.id for _, job in self.jobs if job.phase is Phase.FAILED}
        ended = {job_id: task for job_id, task in self._followers.items() if task.done() and not task.cancelled()}
        saved = {job_id for job_id, task in ended.items() if isinstance(task.result(), Picture)}
        bare = {job.id for _, job in self.jobs if job.phase is Phase.DONE and has_no_picture(job)}
        return failed | saved | (bare & ended.keys())

    def under_way(self) -> list[tuple[int, Job]]:
        """Return the jobs that a provider may be working on."""
        return [(number, job) for number, job in self.jobs if job.phase in _UNDER_WAY]

    def unsent(self) -> list[Row]:
        """Return the rows whose first job never left: they cost nothing."""
        firsts = {number: job for number, job in self.jobs if job.id in self._firsts}
        left = {number for number, job in firsts.items() if job.ticket is None and job.phase not in _UNDER_WAY}
        ended = {end.number for end in self.ends}
        return [row for number, row in enumerate(self.plan.rows, start=1) if number in left - ended]

    def unpaid(self) -> list[Row]:
        """Return the rows for which the budget had nothing left: they cost nothing."""
        firsts = {end.number for end in self.ends if end.unpaid and is_over_budget(end.job.exception())}
        return [row for number, row in enumerate(self.plan.rows, start=1) if number in firsts]

    def _then(self, job: Job) -> Sequence[Job]:
        steps = tuple(job.upscale(tile) for tile in self.plan.tiles(job))
        self._steps[job.id] = steps
        return steps

    async def _follow(self, number: int, prompt: str, job: Job) -> Picture | MJError | None:
        """Show one job until it ends, then save its picture: None if it has none, an error if that went wrong."""
        async for event in job.watch():
            self._stage.event(number, prompt, job, event)
        if job.exception() is not None or has_no_picture(job):
            return None
        try:
            return await saving.save(self.plan.out, number, prompt, job.result(), simulated=self.plan.simulated)
        except MJError as exc:
            return exc

    async def _end(self, outcome: Outcome) -> End:
        """Wait for the files of an outcome."""
        error = told_here(root_cause(outcome.error), None if self.plan.simulated else self.plan.journal)
        jobs = (outcome.job, *self._steps[outcome.job.id])
        kept = [await self._followers[job.id] for job in jobs]
        faults = [item for item in kept if isinstance(item, MJError)]
        return End(
            number=outcome.index + 1,
            prompt=self.prompt(outcome.index + 1, outcome.job),
            job=outcome.job,
            pictures=tuple(item for item in kept if isinstance(item, Picture)),
            error=error or next(iter(faults), None),
            result=result_of(outcome.job),
        )


def prompt_of(job: Job) -> str:
    """The prompt of the first job of its chain, the text that it was made from, or what kind of work it is."""
    step: Job | None = job
    while step is not None and step.parent is not None:
        number, texts = getattr(step.spec.operation, "number", None), _texts(step.parent)
        if number is not None and number <= len(texts):
            return str(texts[number - 1])
        step = step.parent
    return (step and step.prompt) or root_of(job).spec.operation.kind


def _texts(job: Job) -> tuple[str, ...]:
    result = result_of(job)
    return result.texts if result else ()


def root_of(job: Job) -> Job:
    """The first job of its chain."""
    while job.parent is not None:
        job = job.parent
    return job


def result_of(job: Job) -> Result | None:
    """Return what a job brought, late or in time; None for nothing."""
    return job.late or (job.result() if job.done() and job.exception() is None else None)


def has_no_picture(job: Job) -> bool:
    """Return whether a job that is done brought something else: texts, beside which relays show what they are about, or a seed."""
    result = result_of(job)
    return result is not None and (bool(result.texts) or result.image is None)


def told_here(error: MJError | None, journal: str | None = None) -> MJError | None:
    """Return the error; what the library advises in Python is advised as commands and options.

    `journal`: the one that keeps what the provider still works on.
    """
    if error is not None and is_over_budget(error):
        error.hint = "give a larger --budget, or none; with a --journal, `mjasync ledger` shows what was spent"
    elif isinstance(error, DeadlineExceeded) and error.charged == "no":
        error.hint = "ask again with a longer --deadline, or none"
    elif isinstance(error, DeadlineExceeded) and journal is not None:
        resume = shlex.join(["mjasync", "resume", "--journal", journal])
        error.hint = f"{resume} waits for it and saves it; asking again is a second job"
    elif isinstance(error, DeadlineExceeded) and error.ticket is None:
        error.hint = "look at the account's own list of jobs first; asking again may be a second charge"
    elif isinstance(error, SubmitOutcomeUnknown) and "await pool." in error.hint:  # and its pool is gone
        error.hint = (
            "look at the account's own list of jobs; asking again may be a second charge. With a --journal, "
            "`mjasync reconcile` could decide about it"
        )
    return error


def is_over_budget(error: MJError | None) -> bool:
    """Return whether it was our own budget that refused: no provider said anything."""
    own = isinstance(error, QuotaExhausted) and error.status is None and error.code is None
    return own and error is not None and error.what.startswith("The budget of")


def root_cause(error: MJError | None) -> MJError | None:
    """Return what really went wrong, for a step that was not sent because its parent failed."""
    while isinstance(error, ParentFailed) and isinstance(error.__cause__, MJError):
        error = error.__cause__
    return error
