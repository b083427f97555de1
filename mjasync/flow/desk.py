"""Where jobs are asked for, queued, withdrawn and told about: the pool's inside.

It decides nothing itself. It wires what decides (`core`), what drives (`Driver`), what lends (`Dispatcher`) and what
remembers (`Books`), and keeps the live `Job` of every record.
"""

import asyncio
from collections.abc import Iterable, Mapping
from itertools import count
from random import Random
from typing import Any

import anyio

from mjasync.core import cadence
from mjasync.core.machine import Detached, Event, Rejected
from mjasync.core.model import Phase, Record, Spec
from mjasync.core.slots import Slots, Wish
from mjasync.errors import KeyReused, PoolClosed
from mjasync.flow import asking, endings
from mjasync.flow.books import Books
from mjasync.flow.dispatcher import LocalDispatcher
from mjasync.flow.driver import Driver
from mjasync.flow.host import Host
from mjasync.flow.job import Job
from mjasync.flow.outcome import Abandoned, Cancellation, Withdrawn
from mjasync.flow.result import Result, result_of
from mjasync.flow.routes import Routes
from mjasync.flow.session import Session
from mjasync.flow.stats import Meter, Stats, stats_of
from mjasync.flow.verbs import StepOptions
from mjasync.flow.watch import Watch
from mjasync.journal import Journal


class Desk:
    """One open pool's machinery."""

    def __init__(self, sessions: Mapping[str, Session], journal: Journal, rng: Random) -> None:
        self.loop = asyncio.get_running_loop()
        self.sessions = sessions
        self.journal = journal
        self.closed = False
        self.host = Host()
        self.books = Books(journal, self.loop.time, self._publish)
        self.watch = Watch(self.books, rng)
        self.slots = Slots({name: session.account.max_jobs for name, session in sessions.items()})
        for name in sessions:
            self.slots.open(name)
        self.dispatcher = LocalDispatcher(self.slots, self._start)
        self.routes = Routes(sessions, self._prove, self._heard)
        self.jobs: dict[str, Job] = {}
        self._driver = Driver(self.books, sessions, self, self.watch)
        self._rng = rng
        self._opened_at = self.loop.time()
        self._meter = Meter(sum(self.slots.cap(name) for name in sessions), dict.fromkeys(sessions, 0))
        self._children: dict[str, list[str]] = {}
        self._keys: dict[str, str] = {}
        self._places: dict[str, int] = {}
        self._next_place = count()
        self.host.start()

    # Asking.

    def ask(self, spec: Spec) -> Job:
        """Take a job in, and queue it as soon as it can be; the same `key` gives the same job again."""
        if self.closed:
            raise PoolClosed("The pool is closed.", hint="open a new one: async with mj.Pool(...)")
        if spec.key is not None and spec.key in self._keys:
            return self._same(spec, self.jobs[self._keys[spec.key]])
        job_id = self._new_id()
        record = self.books.ask(job_id, spec)
        job = self.jobs[job_id] = Job(self, record)
        self._places[job_id] = next(self._next_place)
        if spec.key is not None:
            self._keys[spec.key] = job_id
        if spec.deadline is not None:
            self.loop.call_later(spec.deadline, self._expire, job_id, spec.deadline)
        if spec.parent is None:
            self.routes.forget(spec.accounts, spec.mode)
            self._queue(job_id)
        else:
            self._children.setdefault(spec.parent, []).append(job_id)
            self._follow(job_id)
        return job

    def _same(self, spec: Spec, job: Job) -> Job:
        if job.spec != spec:
            raise KeyReused(
                f"key={spec.key!r} was used for another request.",
                why=f"it names job {job.id}",
                hint="use one key for one request; ask again without a key, or with a new one",
                job=job,
            )
        return job

    def _new_id(self) -> str:
        while (job_id := f"{self._rng.getrandbits(64):016x}") in self.jobs:
            pass
        return job_id

    # Queueing.

    def _queue(self, *job_ids: str) -> None:
        """Put held jobs into the queue of every account that can take them now."""
        wishes = [wish for job_id in job_ids if (wish := self._placed(job_id)) is not None]
        self.dispatcher.put(*wishes)

    def _placed(self, job_id: str) -> Wish | None:
        """A held job's wish, or None where it has to wait for a route or ends here."""
        record = self.books[job_id]
        if record.phase is not Phase.HELD or self.closed:
            return None
        if record.detached is not None:  # nobody waits for it any more: it is not sent a second time
            self._soon(job_id, Rejected(record.detached))
            return None
        accounts, failure = self.routes.sort(job_id, record.spec.accounts, record.spec.mode)
        if failure is not None:
            self._soon(job_id, Rejected(failure))
        self.dispatcher.drop(job_id)
        return self._wish(record, accounts) if accounts else None

    def _wish(self, record: Record, accounts: tuple[str, ...]) -> Wish:
        return Wish(
            job=record.id,
            accounts=accounts,
            priority=record.spec.priority,
            child=record.spec.parent is not None,
            place=self._places[record.id],
        )

    def _heard(self, job_ids: Iterable[str]) -> None:
        """A route of these jobs was proved or is bad."""
        self._queue(*(job_id for job_id in job_ids if not self.slots.holds(job_id)))

    def _follow(self, job_id: str) -> None:
        """A chained job goes on when its parent is done, and ends when its parent ended badly."""
        record = self.books[job_id]
        parent = self.books[record.spec.parent or ""]
        if record.phase is not Phase.HELD or not parent.settled:
            return
        if parent.phase is Phase.DONE and parent.detached is None:
            self.dispatcher.put(self._wish(record, (parent.account or "",)))
        else:
            self._soon(job_id, Rejected(endings.parent_failed(record, parent)))

    def _start(self, job_id: str, account: str) -> None:
        self._measure(account)
        self.host.spawn(self._driver.drive, job_id, account, name=f"mj:drive:{job_id}")

    def _prove(self, work: Any, *args: Any) -> None:
        self.host.spawn(work, *args, name=f"mj:prove:{args[0][0]}")

    def release(self, job_id: str) -> None:
        """See `driver.Queue`."""
        self._give_back(job_id, self.slots.lender(job_id))

    def again(self, job_id: str, account: str, *, tries: int, retry_after: float | None, whole: bool) -> None:
        """See `driver.Queue`. The account rests first, so that the freed slot is not lent into the same refusal."""
        delay = cadence.after_refusal(tries, retry_after, self._rng.random())
        if whole:
            self.dispatcher.rest(account, delay)
        self._give_back(job_id, account)
        if whole or self.closed:
            self._requeue(job_id)
        else:
            self.loop.call_later(delay, self._requeue, job_id)

    def _give_back(self, job_id: str, account: str | None) -> None:
        self.dispatcher.give_back(job_id)
        if account is not None:
            self._measure(account)

    def _measure(self, account: str) -> None:
        taken = sum(self.slots.held(name) for name in self.sessions)
        self._meter.change(account, self.slots.held(account), taken, self.loop.time())

    def _requeue(self, job_id: str) -> None:
        record = self.books[job_id]
        if record.spec.parent is None:
            self._queue(job_id)
        elif record.phase is Phase.HELD and record.detached is None and not self.closed:
            self._follow(job_id)
        else:
            self._queue(job_id)

    # Ending early.

    async def cancel(self, job_id: str) -> Cancellation | None:
        """Take the job back if it was not sent; else let go of it. None if it had ended."""
        record = self.books[job_id]
        if record.settled:
            return None
        withdrawn = record.phase is Phase.HELD
        self.dispatcher.drop(job_id)
        failure = endings.cancelled(record, withdrawn=withdrawn)
        record = await self.books.note(job_id, Rejected(failure) if withdrawn else Detached(failure))
        return Withdrawn() if withdrawn else Abandoned(record.ticket)

    def withdraw_soon(self, job_id: str) -> None:
        """Take the job back if it was not sent, without waiting for the journal."""
        record = self.books[job_id]
        if record.phase is Phase.HELD and not record.settled:
            self.dispatcher.drop(job_id)
            self._soon(job_id, Rejected(endings.cancelled(record, withdrawn=True)))

    def _expire(self, job_id: str, seconds: float) -> None:
        record = self.books[job_id]
        if record.settled:
            return
        self.dispatcher.drop(job_id)
        failure = endings.deadline(record, seconds)
        self._soon(job_id, Rejected(failure) if record.phase is Phase.HELD else Detached(failure))

    def _soon(self, job_id: str, event: Event) -> None:
        """Decided in this turn of the loop; told as soon as it is durable."""
        self.host.spawn(self.books.decide(job_id, event), name=f"mj:note:{job_id}")

    def stop(self) -> None:
        """Send nothing new."""
        self.closed = True
        self.dispatcher.stop()

    async def close(self) -> None:
        """End the drivers; a submit on its way ends by itself first. Then let go of connections and the journal."""
        self.stop()
        with anyio.CancelScope(shield=True):
            await self.host.stop()
            for session in self.sessions.values():
                await session.aclose()
            await self.journal.aclose()

    # Telling.

    def _publish(self, record: Record) -> None:
        job = self.jobs[record.id]
        job.publish(record)
        if record.settled:
            for child in self._children.pop(record.id, ()):
                self._follow(child)

    def eta(self, record: Record) -> float | None:
        """Seconds that are probably left, or None where nothing can be said."""
        if record.accepted_at is None or record.settled:
            return None
        progress = record.snapshot.progress if record.snapshot else None
        elapsed = self.loop.time() - record.accepted_at
        return cadence.eta(self.watch.tempo(record), elapsed=elapsed, progress=progress)

    def stats(self) -> Stats:
        """Figures at this moment."""
        now = self.loop.time()
        return stats_of(
            self.books, self.slots, self._meter, looks=self.books.looks.total(), begun=self._opened_at, now=now
        )

    def looks(self, job_id: str) -> int:
        """How often the provider was asked about the job."""
        return self.books.looks[job_id]

    def job(self, job_id: str) -> Job:
        """The live job of a record."""
        return self.jobs[job_id]

    def result(self, record: Record) -> Result:
        """What a finished record brought."""
        return result_of(record, self.books, self)

    def step(self, parent: Record, action: str, options: StepOptions, *, known: bool) -> Job:
        """A chained job. Where the parent's result is at hand (`known`), a missing action is refused at once."""
        spec = asking.press(action, options, parent, self.sessions)
        if known:
            self.sessions[spec.accounts[0]].write(spec, parent)
        return self.ask(spec)

    async def picture(self, account: str, url: str) -> bytes:
        """The bytes of a picture that one of the account's results names."""
        return await self.sessions[account].pictures.get(url)
