"""`pool.batch(...)`: many prompts at once, their outcomes as they come."""

import asyncio
from collections.abc import AsyncIterator, Callable, Generator, Sequence
from functools import partial
from typing import Literal

from attrs import evolve, field, frozen

from mjasync.errors import BatchError, ConfigError, MJError
from mjasync.flow import cards
from mjasync.flow.job import Job
from mjasync.flow.result import Result
from mjasync.notebook.cards import bundle

#: What `then=` may make of a job: one chained job, or several.
Then = Callable[[Job], Job | Sequence[Job]]


@frozen(kw_only=True)
class Outcome:
    """How one prompt of a batch ended."""

    #: Its place in the batch, from 0.
    index: int
    #: As it was given, `{…}` groups written out.
    prompt: str
    #: The imagine job; chained ones know it as their parent.
    job: Job
    #: The result of the last step; a tuple of results where `then=` made several jobs.
    value: Result | tuple[Result, ...] | None = None
    #: Why there is no value.
    error: MJError | None = None
    #: Every job of it: `job`, and each step that `then=` made, those between included.
    jobs: tuple[Job, ...] = field(default=(), repr=False, eq=False)

    @property
    def ok(self) -> bool:
        """True if there is a value."""
        return self.error is None

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """What a notebook shows of it."""
        if self.error is not None:
            return bundle(cards.of_failure(self.error, self.prompt))
        values = self.value if isinstance(self.value, tuple) else (self.value,)
        return bundle(*(cards.of_result(value) for value in values if value is not None))


class Batch:
    """An async iterator of outcomes in the order of their ends; awaited, the list of all in the order of the prompts.

    The jobs were queued when the batch was made. Leaving the loop early withdraws what was not sent; what was sent
    goes on, and stays in `jobs`; so does what somebody else had asked for before, under the same key.
    """

    def __init__(
        self,
        jobs: Sequence[Job],
        *,
        then: Then | None,
        errors: Literal["return", "raise"],
        withdraw: Callable[[Job], None],
    ) -> None:
        if then is not None and not callable(then):
            raise ConfigError(f"then={then!r:.40} cannot be called.", hint="then=lambda job: job.upscale(1)")
        self.jobs = tuple(jobs)
        #: What `then` made of each job: a job, or several. Nothing is kept where a prompt's only job is its last.
        self._made = [_made(job, then) for job in self.jobs] if then is not None else None
        self._errors = errors
        self._withdraw = withdraw

    def __len__(self) -> int:
        return len(self.jobs)

    def __repr__(self) -> str:
        return f"<Batch of {len(self)}, {sum(self._over(index) for index in range(len(self)))} ended>"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """What a notebook shows of it, as it is now."""
        return bundle(cards.of_batch(self.chains))

    @property
    def chains(self) -> tuple[tuple[Job, tuple[Job, ...]], ...]:
        """Each prompt's job, with the jobs whose ends are the prompt's end."""
        return tuple((job, self._lasts(index)) for index, job in enumerate(self.jobs))

    def __await__(self) -> Generator[object, None, list[Outcome]]:
        return self._all().__await__()

    async def __aiter__(self) -> AsyncIterator[Outcome]:
        ended: asyncio.Queue[int] = asyncio.Queue()
        left: dict[int, int] = {}

        def note(index: int, _job: Job) -> None:
            left[index] = left.get(index, len(self._lasts(index))) - 1
            if not left[index]:
                del left[index]
                ended.put_nowait(index)

        for index in range(len(self)):
            for last in self._lasts(index):
                last.add_done_callback(partial(note, index))
        try:
            for _ in self.jobs:
                yield self._outcome(await ended.get())
        finally:
            self._leave()

    async def _all(self) -> list[Outcome]:
        outcomes = [outcome async for outcome in self]
        outcomes.sort(key=lambda outcome: outcome.index)
        failed = [outcome for outcome in outcomes if not outcome.ok]
        if failed and self._errors == "raise":
            ok = [outcome for outcome in outcomes if outcome.ok]
            raise BatchError.of(f"{len(failed)} of {len(outcomes)} jobs failed", ok=ok, failed=failed)
        return outcomes

    def _over(self, index: int) -> bool:
        return all(last.done() for last in self._lasts(index))

    def _lasts(self, index: int) -> tuple[Job, ...]:
        """The jobs whose ends are the prompt's end."""
        made = self.jobs[index] if self._made is None else self._made[index]
        return (made,) if isinstance(made, Job) else made or (self.jobs[index],)

    def _outcome(self, index: int) -> Outcome:
        job, lasts = self.jobs[index], self._lasts(index)
        errors = [error for last in lasts if (error := last.exception()) is not None]
        outcome = Outcome(index=index, prompt=job.prompt or "", job=job, jobs=_chain(job, lasts))
        if errors:
            return evolve(outcome, error=errors[0])
        results = tuple(last.result() for last in lasts)
        several = self._made is not None and not isinstance(self._made[index], Job)
        return evolve(outcome, value=results if several else results[0])

    def _leave(self) -> None:
        """Whoever left early does not want what has cost nothing yet."""
        for index, job in enumerate(self.jobs):
            for each in _chain(job, self._lasts(index)):
                if not each.done():
                    self._withdraw(each)


def _chain(first: Job, lasts: Sequence[Job]) -> tuple[Job, ...]:
    """All jobs on the ways from the first to the last ones, parents before children."""
    jobs = {first.id: first}
    for last in lasts:
        way = [last]
        while way[-1].parent is not None and way[-1].parent.id not in jobs:
            way.append(way[-1].parent)
        jobs |= {job.id: job for job in reversed(way)}
    return tuple(jobs.values())


def _made(job: Job, then: Then) -> Job | tuple[Job, ...]:
    """The jobs that `then` chained to this one, if they are any."""
    made: object = then(job)
    if isinstance(made, Job):
        return made
    if not isinstance(made, Sequence) or not all(isinstance(each, Job) for each in made):
        raise ConfigError(
            f"then= gave {type(made).__name__}, not a job or a list of jobs.",
            hint="return what a verb returns: then=lambda job: job.upscale(1)",
        )
    return tuple(made)
