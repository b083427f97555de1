"""`Job`: what a user holds. It waits and tells; it never drives.

A `Job` is an object with `__await__`, not a Future: a cancelled `gather` or an expired `wait_for` would cancel a
Future, and with it a paid job. Cancelling an await of a `Job` ends that wait, and nothing else.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Generator
from typing import TYPE_CHECKING, Any

from mjasync.core.forecast import Eta
from mjasync.core.fresh import Fresh
from mjasync.core.model import Mode, Phase, Record, Spec, Ticket
from mjasync.core.operations import Operation, action_of
from mjasync.errors import JobCancelled, MJError, ParentFailed
from mjasync.flow import cards, snapshots
from mjasync.flow.crowd import Crowd
from mjasync.flow.events import JobEvent, shown
from mjasync.flow.loops import check_loop
from mjasync.flow.outcome import Cancellation, exception_of
from mjasync.flow.ports import Desk
from mjasync.flow.verbs import StepOptions, Verbs
from mjasync.notebook.cards import bundle

if TYPE_CHECKING:
    from mjasync.flow.result import Result


class Job(Verbs):
    """One request, from the queue here to its result. Await it as often and from as many tasks as you like."""

    __slots__ = ("__weakref__", "_crowd", "_desk", "_end", "_kept", "_parent")

    def __init__(self, desk: Desk, record: Record | Fresh) -> None:
        parent = record.spec.parent
        self._desk = desk
        self._kept = record
        self._parent = desk.job(parent) if parent else None
        self._end: Result | MJError | None = None
        self._crowd: Crowd | None = None

    def __repr__(self) -> str:
        progress = f" {self.progress:.0%}" if self.progress is not None and not self.done() else ""
        where = f" {self.ticket}" if self.ticket else ""
        return f"<Job {self.id} {self.action or self.spec.operation.kind} {self.mode} {self.phase}{progress}{where}>"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """What a notebook shows of it, as it is now."""
        return bundle(cards.of_job(self))

    # Reading.

    @property
    def _record(self) -> Record:
        return self._kept if isinstance(self._kept, Record) else self._kept.unfolded

    @property
    def _error(self) -> MJError | None:
        return self._end if isinstance(self._end, MJError) else None

    @property
    def id(self) -> str:
        """Our id."""
        return self._kept.id

    @property
    def spec(self) -> Spec:
        """All that was asked for."""
        return self._kept.spec

    @property
    def prompt(self) -> str | None:
        """The prompt that was given with the request, if any."""
        return getattr(self.spec.operation, "prompt", None)

    @property
    def action(self) -> str | None:
        """The name of a chained step's action, such as `upscale2`; None for a request of its own."""
        return action_of(self.spec.operation)

    @property
    def mode(self) -> Mode:
        """The speed mode that was asked for."""
        return self.spec.mode

    @property
    def phase(self) -> Phase:
        """Where the job is; it goes on changing after a deadline or a cancel, as long as the remote job runs."""
        return self._kept.phase

    @property
    def progress(self) -> float | None:
        """0 to 1 as the provider tells it, or None."""
        seen = self._record.snapshot
        return seen.progress / 100 if seen and seen.progress is not None else None

    @property
    def eta(self) -> Eta | None:
        """Seconds that are probably left, as a range; None once it is over, while it waits for a slot, or is lost."""
        return self._desk.eta(self._record)

    @property
    def ticket(self) -> Ticket | None:
        """Where it lives at the provider, once accepted."""
        return self._record.ticket

    @property
    def parent(self) -> "Job | None":
        """The job whose button this one presses."""
        return self._parent

    @property
    def looks(self) -> int:
        """How often the provider was asked about it."""
        return self._desk.looks(self.id)

    @property
    def seconds(self) -> float | None:
        """Seconds from acceptance to the end as we saw it, or None while there is none."""
        begun, ended = self._record.accepted_at, self._record.ended_at
        return ended - begun if begun is not None and ended is not None else None

    @property
    def late(self) -> "Result | None":
        """The result, where it came after whoever awaited the job was told something else."""
        return self._desk.result(self._record) if self._record.late else None

    def snapshot(self) -> dict[str, Any]:
        """How it is now, as JSON: phase, progress, ticket, and in the end its result or error; both where it is `late`.

        Reads the error.
        """
        return snapshots.of_job(self)

    # The read side of a future.

    def done(self) -> bool:
        """True once there is a result or an error."""
        return self._end is not None

    def cancelled(self) -> bool:
        """True if it ended by `cancel()`."""
        return isinstance(self._error, JobCancelled)

    def result(self) -> "Result":
        """The result; raises the job's error, or `asyncio.InvalidStateError` while there is neither."""
        if isinstance(self._end, MJError):
            self._listeners().read = True
            raise self._end.with_traceback(None)
        if self._end is None:
            raise asyncio.InvalidStateError(f"{self!r} is not done; await it")
        return self._end

    def exception(self) -> MJError | None:
        """The error, or None if there is a result; raises `asyncio.InvalidStateError` while there is neither."""
        if not self.done():
            raise asyncio.InvalidStateError(f"{self!r} is not done; await it")
        return self.error_for_child()

    def add_done_callback(self, callback: "Callable[[Job], object]", /) -> None:
        """Call `callback(job)` soon after it is done, or soon if it is done already."""
        if self.done():
            self._desk.loop.call_soon(callback, self)
        else:
            self._listeners().callbacks += (callback,)

    def remove_done_callback(self, callback: "Callable[[Job], object]", /) -> int:
        """Forget a callback; returns how many there were."""
        crowd = self._listeners()
        before = len(crowd.callbacks)
        crowd.callbacks = tuple(kept for kept in crowd.callbacks if kept != callback)
        return before - len(crowd.callbacks)

    # Waiting.

    def __await__(self) -> "Generator[object, None, Result]":
        return self.wait().__await__()

    async def wait(self) -> "Result":
        """The result, when there is one; the coroutine form, for `TaskGroup.create_task(job.wait())`."""
        while not self.done():
            await self._change()
        return self.result()

    async def ended(self) -> None:
        """Return once it is done, whichever way; never raises its error."""
        while not self.done():
            await self._change()

    async def accepted(self) -> Ticket:
        """The ticket, as soon as the provider took the job; raises the job's error if it never did."""
        while self.ticket is None and not self.done():
            await self._change()
        if self.ticket is None:
            self.result()
        assert self.ticket is not None  # noqa: S101  # a job without a ticket has an error, raised above
        return self.ticket

    async def watch(self) -> AsyncIterator[JobEvent]:
        """What happens to the job, beginning with how it is now and ending with its end. Never raises its error."""
        events: deque[JobEvent] = deque([self.now()])
        crowd = self._listeners()
        crowd.watchers += (events,)
        try:
            while True:
                while events:
                    yield events.popleft()
                if self.done():
                    return
                await self._change()
        finally:
            crowd.watchers = tuple(each for each in crowd.watchers if each is not events)

    def explain(self) -> str:
        """Its story in words, also after a restart: waits, decisions, money, and where the time went. BLOCKS for a moment then."""
        return self._desk.explain(self._record)

    async def cancel(self) -> Cancellation | None:
        """Give the job up: `Withdrawn` (never sent, free) or `Abandoned` (it runs on and may be charged).

        Awaiters get `JobCancelled`. Again the same if it was cancelled before, None if it had ended otherwise.
        Cancelling a task that awaits the job is something else: it only ends that wait.
        """
        check_loop(self._desk.loop, job=self.id)
        said = await self._desk.cancel(self.id)
        if said is None:
            await self.ended()  # an earlier call may not have been written down yet
        return self._error.outcome if said is None and isinstance(self._error, JobCancelled) else said

    # For the pool.

    def publish(self, record: Record) -> None:
        """Take in what is durable now, and wake whoever waits."""
        changed = shown(record) != shown(self._record)
        self._kept = record
        if record.settled and not self.done():
            self._settle(record)
        if changed:
            self._tell()

    def close(self, error: MJError) -> None:
        """The pool goes: whoever still waits hears why."""
        self._end_with(error)
        self._tell()

    @property
    def unread(self) -> MJError | None:
        """The error, if it failed by itself and nobody asked why."""
        read = self._crowd is not None and self._crowd.read
        return None if read or self.cancelled() else self._error

    def _settle(self, record: Record) -> None:
        failure = record.outcome
        if failure is None:
            self._end_with(self._desk.result(record))
            return
        error = exception_of(failure, self, record, self.parent)
        if isinstance(error, ParentFailed) and self.parent is not None:
            error.__cause__ = self.parent.error_for_child()
        self._end_with(error)

    def error_for_child(self) -> MJError | None:
        """The error as the cause of a child's; it counts as read, because the child tells it."""
        if self._error is not None:
            self._listeners().read = True
        return self._error

    def _tell(self) -> None:
        if self._crowd is not None:
            self._crowd.tell(self.now())

    def _end_with(self, end: "Result | MJError") -> None:
        self._end = end
        if self._crowd is not None:
            self._crowd.finish(self._desk.loop, self)

    def _listeners(self) -> Crowd:
        self._crowd = self._crowd or Crowd()
        return self._crowd

    def _step(self, operation: Operation, options: StepOptions) -> "Job":
        return self._desk.step(self._record, operation, options, known=False)

    def now(self) -> JobEvent:
        """How it is at this moment."""
        seen, eta = self._record.snapshot, self.eta
        return JobEvent(
            phase=self.phase,
            progress=self.progress,
            preview=seen.preview if seen else None,
            eta=eta.likely if eta else None,
            at=self._desk.loop.time(),
        )

    async def _change(self) -> None:
        """Wait for the next publication."""
        check_loop(self._desk.loop, job=self.id)
        await self._listeners().wait(self._desk.loop)
