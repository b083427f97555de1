"""`SyncPool`: a pool whose loop runs in a thread of its own."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from types import TracebackType
from typing import Any, Literal, Self, Unpack

from attrs import frozen

from mjasync.blocking.farewell import farewell
from mjasync.blocking.handles import SyncBatch, SyncJob
from mjasync.blocking.thread import LoopThread, NewLoop
from mjasync.blocking.verbs import Twin, job_from, told_by, waits_for
from mjasync.core.model import Ticket
from mjasync.core.prompt import Prompt
from mjasync.flow.batch import Then
from mjasync.flow.job import Job
from mjasync.flow.pool import Pool
from mjasync.flow.requests import ImagineOptions


@frozen(kw_only=True)
class SyncDrain:
    """What closing found; see `mj.Drain`."""

    finished: tuple[SyncJob, ...]
    running: tuple[SyncJob, ...]
    held: tuple[SyncJob, ...]


@frozen(kw_only=True)
class SyncRecovery:
    """What an earlier process left; see `mj.Recovery`."""

    reattached: tuple[SyncJob, ...]
    finished: tuple[SyncJob, ...]
    unknown: tuple[SyncJob, ...]
    held: tuple[SyncJob, ...]


class SyncPool(Twin[Pool]):
    """A pool for code without `await`. `mj.sync(pool)` opens it; the end of its `with` block, or `close()`, closes it.

    All that it hands out may be used from any thread. Leaving the block normally waits for all jobs; an exception,
    Ctrl-C too, lets go of them.
    """

    imagine = job_from(Pool.imagine)
    blend = job_from(Pool.blend)
    describe = job_from(Pool.describe)
    shorten = job_from(Pool.shorten)
    swap_face = job_from(Pool.swap_face)
    upload = job_from(Pool.upload)

    check_prompt = waits_for(Pool.check_prompt)
    account_info = waits_for(Pool.account_info)
    listed = waits_for(Pool.listed)
    look = waits_for(Pool.look)

    eta = told_by(Pool.eta)
    stats = told_by(Pool.stats)
    ledger = told_by(Pool.ledger)

    def __init__(self, pool: Pool, new_loop: NewLoop | None = None) -> None:
        super().__init__(pool, LoopThread(new_loop))
        try:
            self._thread.wait(pool.__aenter__)
        except BaseException:
            self._thread.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._thread.closed:
            if error is None:
                self._thread.check()
            return
        try:
            self._thread.wait(lambda: self._real.__aexit__(kind, error, trace))
        except KeyboardInterrupt as exc:
            error = exc
            raise
        finally:
            if isinstance(error, KeyboardInterrupt):
                error.add_note(farewell(self._thread.wait(self._real.aclose)))
            self._thread.close()

    def close(self, *, drain: float | timedelta = 0.0) -> SyncDrain:
        """Close without waiting for all jobs: see `Pool.aclose`. A second time it does nothing."""
        if self._thread.closed:
            self._thread.check()
            return SyncDrain(finished=(), running=(), held=())
        try:
            found = self._thread.wait(lambda: self._real.aclose(drain=drain))
        finally:
            self._thread.close()
        return SyncDrain(
            finished=self._jobs(found.finished), running=self._jobs(found.running), held=self._jobs(found.held)
        )

    @property
    def jobs(self) -> tuple[SyncJob, ...]:
        """All jobs of this pool, oldest first."""
        return self._jobs(self._thread.call(lambda: self._real.jobs))

    def job(self, name: str) -> SyncJob:
        """A job by our id, the beginning of it, or `account:remote_id`."""
        return self._job(self._thread.call(lambda: self._real.job(name)))

    def attach(self, ticket: Ticket | str) -> SyncJob:
        """A finished job of elsewhere as a job of this pool, by its ticket; see `Pool.attach`."""
        return self._job(self._thread.wait(lambda: self._real.attach(ticket)))

    def batch(
        self,
        prompts: Iterable[str | Prompt | Mapping[str, Any]] | str | Prompt,
        *,
        then: Then | None = None,
        errors: Literal["return", "raise"] = "return",
        expand: bool = True,
        **options: Unpack[ImagineOptions],
    ) -> SyncBatch:
        """Many prompts at once; see `Pool.batch`. `then` is called in the loop, with the async job."""
        made = self._thread.call(lambda: self._real.batch(prompts, then=then, errors=errors, expand=expand, **options))
        return SyncBatch(made, self._thread)

    def recover(self) -> SyncRecovery:
        """Go on with what earlier processes left in the journal; see `Pool.recover`."""
        found = self._thread.wait(self._real.recover)
        return SyncRecovery(
            reattached=self._jobs(found.reattached),
            finished=self._jobs(found.finished),
            unknown=self._jobs(found.unknown),
            held=self._jobs(found.held),
        )

    def reconcile(
        self,
        name: str | SyncJob,
        *,
        adopt: str | None = None,
        declare_lost: bool = False,
        resubmit: bool = False,
        accept_double_charge: bool = False,
    ) -> SyncJob:
        """Decide about a job of unknown fate; see `Pool.reconcile`."""
        return self._job(
            self._thread.wait(
                lambda: self._real.reconcile(
                    name.id if isinstance(name, SyncJob) else name,
                    adopt=adopt,
                    declare_lost=declare_lost,
                    resubmit=resubmit,
                    accept_double_charge=accept_double_charge,
                )
            )
        )

    def _job(self, job: Job) -> SyncJob:
        return SyncJob(job, self._thread)

    def _jobs(self, jobs: Iterable[Job]) -> tuple[SyncJob, ...]:
        return tuple(self._job(job) for job in jobs)
