"""Where jobs are asked for, cancelled and told about: the pool's inside.

It decides nothing itself. It wires what decides (`core`), what drives (`Driver`), what queues (`Queueing`) and what
remembers (`Books`), and keeps the live `Job` of every record.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from random import Random

import anyio
from attrs import evolve

from mjasync.core import cadence
from mjasync.core.machine import Detached, Event, Rejected
from mjasync.core.model import Phase, Record, Spec
from mjasync.core.operations import GetSeed, Operation, lightened
from mjasync.errors import KeyReused, PoolClosed
from mjasync.flow import asking, endings
from mjasync.flow.books import Books
from mjasync.flow.driver import Driver
from mjasync.flow.host import Host
from mjasync.flow.job import Job
from mjasync.flow.outcome import Abandoned, Cancellation, Withdrawn
from mjasync.flow.queueing import Queueing
from mjasync.flow.result import Result, result_of, warnings_of
from mjasync.flow.session import Session
from mjasync.flow.stats import Stats, stats_of
from mjasync.flow.verbs import StepOptions
from mjasync.flow.watch import Watch
from mjasync.journal import Journal

_log = logging.getLogger("mjasync.jobs")


class Desk:
    """One open pool's machinery."""

    def __init__(self, sessions: Mapping[str, Session], journal: Journal, rng: Random) -> None:
        self.loop = asyncio.get_running_loop()
        self.sessions = sessions
        self.jobs: dict[str, Job] = {}
        #: Jobs whose awaiters still wait.
        self.unsettled: set[str] = set()
        self._journal = journal
        self._rng = rng
        self._host = Host()
        self.books = Books(journal, self.loop.time, self._publish)
        self._watch = Watch(self.books, rng)
        self.queue = Queueing(self.books, sessions, self._host, self._soon, rng)
        self.queue.drive = Driver(self.books, sessions, self.queue, self._watch).drive
        self.queue.freed = self._stir
        self._opened_at = self.loop.time()
        self._children: dict[str, list[str]] = {}
        self._keys: dict[str, str] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._ends: list[asyncio.Future[None]] = []
        self._host.start()

    # Asking.

    def ask(self, spec: Spec) -> Job:
        """Take a job in, and queue it as soon as it can be; the same `key` gives the same job again."""
        if self.queue.closed:
            raise PoolClosed("The pool is closed.", hint="open a new one: async with mj.Pool(...)")
        if spec.key is not None and spec.key in self._keys:
            return self._same(spec, self.jobs[self._keys[spec.key]])
        job_id = self._new_id()
        record = self.books.ask(job_id, spec)
        job = self.jobs[job_id] = Job(self, record)
        self.unsettled.add(job_id)
        if spec.key is not None:
            self._keys[spec.key] = job_id
        if spec.deadline is not None:
            self._arm(job_id, spec.deadline)
        if spec.parent is not None:
            self._children.setdefault(spec.parent, []).append(job_id)
        self.queue.enter(job_id)
        return job

    def check_keys(self, specs: list[Spec]) -> None:
        """Raise `KeyReused` for a key that two of these, or one of these and a job, use for different requests."""
        seen = {key: self.jobs[job_id].spec for key, job_id in self._keys.items()}
        for spec in specs:
            if spec.key is not None and _request(seen.setdefault(spec.key, spec)) != _request(spec):
                raise _reused(spec, self.jobs.get(self._keys.get(spec.key, "")))

    def _same(self, spec: Spec, job: Job) -> Job:
        same = job.spec.operation == spec.operation and _options(job.spec) == _options(spec)
        if not same and _request(job.spec) != _request(spec):
            raise _reused(spec, job)
        return job

    def _new_id(self) -> str:
        while (job_id := f"{self._rng.getrandbits(64):016x}") in self.jobs:
            pass
        return job_id

    def step(self, parent: Record, operation: Operation, options: StepOptions, *, known: bool) -> Job:
        """A chained job. Where the parent's result is at hand (`known`), a missing action is refused at once."""
        spec = asking.step(operation, options, parent, self.sessions)
        if known:
            self.sessions[spec.accounts[0]].check(spec, parent)
        job = self.ask(spec)
        self.queue.narrow(self.books[job.id])
        return job

    # Ending early.

    async def cancel(self, job_id: str) -> Cancellation | None:
        """Take the job back if it was not sent; else let go of it. None if it had ended."""
        record = self.books[job_id]
        if record.settled:
            return None
        withdrawn = record.phase is Phase.HELD
        self.queue.leave(job_id)
        failure = endings.cancelled(record, withdrawn=withdrawn)
        record = await self.books.note(job_id, Rejected(failure) if withdrawn else Detached(failure))
        return Withdrawn() if withdrawn else Abandoned(record.ticket)

    def withdraw_soon(self, job_id: str) -> None:
        """Take the job back if it was not sent, without waiting for the journal."""
        record = self.books[job_id]
        if record.phase is Phase.HELD and not record.settled:
            self.queue.leave(job_id)
            self._soon(job_id, Rejected(endings.cancelled(record, withdrawn=True)))

    def _arm(self, job_id: str, seconds: float) -> None:
        self._disarm(job_id)
        self._timers[job_id] = self.loop.call_later(seconds, self._expire, job_id, seconds)

    def _disarm(self, job_id: str) -> None:
        timer = self._timers.pop(job_id, None)
        if timer is not None:
            timer.cancel()

    def _expire(self, job_id: str, seconds: float) -> None:
        self._timers.pop(job_id, None)
        record = self.books[job_id]
        if not record.settled:
            self.queue.leave(job_id)
            failure = endings.deadline(record, seconds, trouble=self._watch.trouble(job_id))
            self._soon(job_id, Rejected(failure) if record.phase is Phase.HELD else Detached(failure))

    def _soon(self, job_id: str, event: Event) -> None:
        """Decided in this turn of the loop; told as soon as it is durable."""
        self._host.spawn(self.books.decide(job_id, event), name=f"mj:note:{job_id}")

    def stop(self) -> None:
        """Send nothing new."""
        self.queue.stop()
        for job_id in tuple(self._timers):
            self._disarm(job_id)

    async def close(self) -> None:
        """End the drivers; a submit on its way ends by itself first. Then let go of connections and the journal."""
        self.stop()
        with anyio.CancelScope(shield=True):
            await self._host.stop()
            for session in self.sessions.values():
                await session.aclose()
            await self._journal.aclose()

    # Telling.

    def _publish(self, record: Record) -> None:
        self._patience(record)
        if record.phase is Phase.QUEUED and record.snapshot is None:
            _log.info("job %s was accepted as %s", record.id, record.ticket)
        self.jobs[record.id].publish(record)
        for warning in warnings_of(record) if record.phase is Phase.DONE else ():
            _log.warning("job %s: %s", record.id, warning)
        if record.settled:
            self._disarm(record.id)
            if record.sent_at is None and self._keys.get(record.spec.key or "") == record.id:
                del self._keys[record.spec.key or ""]  # nothing was sent under it: it may be used again
            self.settled(record.id)
            if record.spec.parent is not None:
                self.queue.widen(record)
            for child in self._children.pop(record.id, ()):
                self.queue.follow(child)

    def _patience(self, record: Record) -> None:
        """Without a deadline, the provider's own limit counts from the submit on."""
        if record.spec.deadline is not None or self.queue.closed:
            return
        if record.phase is Phase.SENDING and record.id not in self._timers and record.account:
            limits = endings.limits_of(record, self.sessions[record.account].account.provider)
            self._arm(record.id, limits.patience)
        elif record.phase is Phase.HELD:
            self._disarm(record.id)

    def settled(self, job_id: str) -> None:
        """Whoever waits for ends hears of this one."""
        self.unsettled.discard(job_id)
        self._stir()

    def _stir(self) -> None:
        """What `until` waits for may have come."""
        ends, self._ends = self._ends, []
        for end in ends:
            if not end.done():
                end.set_result(None)

    async def until(self, over: Callable[[], bool]) -> None:
        """Wait until `over()`, asked again whenever a job ends or a slot comes back."""
        while not over():
            end = self.loop.create_future()
            self._ends.append(end)
            await end

    def running(self) -> list[Job]:
        """Jobs whose remote job runs, or may run."""
        return [
            job for job_id, job in self.jobs.items() if self.queue.slots.holds(job_id) and job.phase is not Phase.HELD
        ]

    def eta(self, record: Record) -> float | None:
        """Seconds that are probably left, or None where nothing can be said."""
        if record.accepted_at is None or record.settled:
            return None
        progress = record.snapshot.progress if record.snapshot else None
        elapsed = self.loop.time() - record.accepted_at
        return cadence.eta(self._watch.tempo(record), elapsed=elapsed, progress=progress)

    def stats(self) -> Stats:
        """Figures at this moment."""
        now, looks = self.loop.time(), self.books.looks.total()
        return stats_of(self.books, self.queue.slots, self.queue.meter, looks=looks, begun=self._opened_at, now=now)

    def looks(self, job_id: str) -> int:
        """How often the provider was asked about the job."""
        return self.books.looks[job_id]

    def job(self, job_id: str) -> Job:
        """The live job of a record."""
        return self.jobs[job_id]

    def result(self, record: Record) -> Result:
        """What a finished record brought."""
        return result_of(record, self.books, self)

    async def picture(self, account: str, url: str) -> bytes:
        """The bytes of a picture that one of the account's results names."""
        return await self.sessions[account].picture(url)


def _request(spec: Spec) -> Spec:
    """What the provider is asked for: neither what was computed from the pool, nor how long and how soon to wait."""
    return evolve(_options(spec), operation=lightened(spec.operation, exactly=True))


def _options(spec: Spec) -> Spec:
    return evolve(spec, accounts=(), deadline=None, priority=0, operation=GetSeed())


def _reused(spec: Spec, job: Job | None) -> KeyReused:
    return KeyReused(
        f"key={spec.key!r} was used for another request.",
        why=f"it names job {job.id}" if job else "two requests of one batch have it",
        hint="use one key for one request; ask again without a key, or with a new one",
        job=job,
    )
