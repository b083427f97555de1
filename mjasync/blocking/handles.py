"""Jobs, results, batches and outcomes without `await`: where async code says `await x`, say `x.result()`."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from mjasync.blocking.verbs import Reads, Twin, each_of, iterates, job_from, told_by, waits_for
from mjasync.core.forecast import Eta
from mjasync.core.model import Action, ImageURL, Mode, Phase, Spec, Ticket
from mjasync.errors import MJError
from mjasync.flow.batch import Batch, Outcome
from mjasync.flow.job import Job
from mjasync.flow.result import Result, Step


class _Verbs(Twin[Any]):
    """What can be done to a finished picture or text; each brings a job at once."""

    upscale = job_from(Job.upscale)
    vary = job_from(Job.vary)
    vary_region = job_from(Job.vary_region)
    zoom = job_from(Job.zoom)
    pan = job_from(Job.pan)
    square = job_from(Job.square)
    reroll = job_from(Job.reroll)
    get_seed = job_from(Job.get_seed)
    imagine = job_from(Job.imagine)
    press = job_from(Job.press)

    def _job(self, job: Job) -> "SyncJob":
        return SyncJob(job, self._thread)


class SyncResult(_Verbs):
    """What a finished job brought; see `mj.Result`."""

    _real: Result

    job_id = Reads[str]()
    images = Reads[tuple[ImageURL, ...]]()
    tiles = Reads[tuple[ImageURL, ...]]()
    image = Reads[ImageURL | None]()
    actions = Reads[tuple[Action, ...]]()
    prompt = Reads[str | None]()
    texts = Reads[tuple[str, ...]]()
    seed = Reads[str | None]()
    mode = Reads[Mode]()
    quota = Reads[float | None]()
    ticket = Reads[Ticket]()
    lineage = Reads[tuple[Step, ...]]()
    size = Reads[tuple[int, int] | None]()
    warnings = Reads[tuple[str, ...]]()
    seconds = Reads[float]()
    raw = Reads[Mapping[str, Any]]()

    save = waits_for(Result.save)
    save_tiles = waits_for(Result.save_tiles)


class SyncJob(_Verbs):
    """One request, from the queue here to its result; see `mj.Job`."""

    _real: Job

    id = Reads[str]()
    spec = Reads[Spec]()
    prompt = Reads[str | None]()
    action = Reads[str | None]()
    mode = Reads[Mode]()
    phase = Reads[Phase]()
    progress = Reads[float | None]()
    eta = Reads[Eta | None]()
    ticket = Reads[Ticket | None]()
    looks = Reads[int]()
    seconds = Reads[float | None]()

    done = told_by(Job.done)
    cancelled = told_by(Job.cancelled)
    snapshot = told_by(Job.snapshot)
    explain = told_by(Job.explain)
    cancel = waits_for(Job.cancel)
    accepted = waits_for(Job.accepted)
    watch = iterates(Job.watch)

    @property
    def parent(self) -> "SyncJob | None":
        """The job whose button this one presses."""
        parent = self._thread.call(lambda: self._real.parent)
        return None if parent is None else self._job(parent)

    @property
    def late(self) -> SyncResult | None:
        """The result, where it came after whoever waited was told something else."""
        late = self._thread.call(lambda: self._real.late)
        return None if late is None else SyncResult(late, self._thread)

    def result(self, timeout: float | None = None) -> SyncResult:
        """Wait for the result; raises the job's error.

        `timeout`: seconds. After it `TimeoutError`; the job goes on, and may be waited for again. So it is after
        Ctrl-C.
        """
        if not self.done():
            try:
                self._thread.wait(self._real.ended, timeout)
            except TimeoutError:
                raise TimeoutError(f"{self._real!r} goes on; it was not done within {timeout:g} s") from None
        return SyncResult(self._thread.call(self._real.result), self._thread)

    def exception(self, timeout: float | None = None) -> MJError | None:
        """Wait for the end: the error, or None if there is a result. `timeout` as for `result`."""
        with suppress(MJError):
            self.result(timeout)
        return self._thread.call(self._real.exception)


class SyncOutcome(Twin[Outcome]):
    """How one prompt of a batch ended; see `mj.Outcome`."""

    index = Reads[int]()
    prompt = Reads[str]()
    ok = Reads[bool]()
    error = Reads[MJError | None]()

    @property
    def job(self) -> SyncJob:
        """The imagine job; chained ones know it as their parent."""
        return SyncJob(self._real.job, self._thread)

    @property
    def value(self) -> SyncResult | tuple[SyncResult, ...] | None:
        """The result of the last step; a tuple of results where `then=` made several jobs."""
        value = self._real.value
        if isinstance(value, tuple):
            return tuple(SyncResult(each, self._thread) for each in value)
        return None if value is None else SyncResult(value, self._thread)

    @property
    def jobs(self) -> tuple[SyncJob, ...]:
        """Every job of it: `job`, and each step that `then=` made, those between included."""
        return tuple(SyncJob(job, self._thread) for job in self._real.jobs)


class SyncBatch(Twin[Batch]):
    """Outcomes as they end, by `for`; or all in the order of the prompts, by `result()`. See `mj.Batch`."""

    def __len__(self) -> int:
        return len(self._real)

    def __iter__(self) -> Iterator[SyncOutcome]:
        for outcome in each_of(self._thread, aiter(self._real)):
            yield SyncOutcome(outcome, self._thread)

    @property
    def jobs(self) -> tuple[SyncJob, ...]:
        """The jobs, in the order of the prompts."""
        return tuple(SyncJob(job, self._thread) for job in self._real.jobs)

    def result(self, timeout: float | None = None) -> list[SyncOutcome]:
        """Wait for all; raises `BatchError` if it was asked to. After `timeout` seconds `TimeoutError`: as leaving early."""

        async def all_of_them() -> list[Outcome]:
            return await self._real

        return [SyncOutcome(outcome, self._thread) for outcome in self._thread.wait(all_of_them, timeout)]
