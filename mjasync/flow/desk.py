"""Where jobs are asked for, cancelled and told about: the pool's inside.

It decides nothing itself. It wires what decides (`core`), what drives (`Driver`), what queues (`Queueing`) and what
remembers (`Books`), and keeps the live `Job` of every record.
"""

import asyncio
import logging
from collections.abc import Mapping
from functools import partial
from random import Random

import anyio

from mjasync.core.forecast import Eta
from mjasync.core.ledger import frees_key
from mjasync.core.machine import Detached, Rejected
from mjasync.core.model import Phase, Record, Spec
from mjasync.core.operations import Operation
from mjasync.errors import JournalWriteError, PoolClosed
from mjasync.flow import asking, endings
from mjasync.flow.books import Books
from mjasync.flow.breaking import Breaking
from mjasync.flow.doorbells import Doorbells
from mjasync.flow.driver import Driver
from mjasync.flow.ends import Ends
from mjasync.flow.estate import Estate
from mjasync.flow.explaining import explain
from mjasync.flow.forecasts import Forecasts
from mjasync.flow.forgetting import Forgetting
from mjasync.flow.gate import Gate
from mjasync.flow.host import Host
from mjasync.flow.job import Job
from mjasync.flow.keys import Keys
from mjasync.flow.lessons import Lessons
from mjasync.flow.loops import check_loop
from mjasync.flow.money import Money
from mjasync.flow.outcome import Abandoned, Cancellation, Withdrawn, exception_of
from mjasync.flow.queueing import Queueing
from mjasync.flow.remembering import Remembering
from mjasync.flow.result import Result, result_of
from mjasync.flow.session import Session
from mjasync.flow.setup import Setup
from mjasync.flow.stats import Stats, stats_of, with_looking
from mjasync.flow.tags import Tags
from mjasync.flow.timers import Timers
from mjasync.flow.verbs import StepOptions
from mjasync.flow.watch import Watch
from mjasync.flow.weighing import Weighing
from mjasync.journal import Journal, Kept

_log = logging.getLogger("mjasync.jobs")


class Desk:
    """One open pool's machinery."""

    def __init__(
        self, sessions: Mapping[str, Session], journal: Journal, kept: Kept, rng: Random, setup: Setup | None = None
    ) -> None:
        setup = setup or Setup()
        self.loop = asyncio.get_running_loop()
        self.sessions = sessions
        self.jobs: dict[str, Job] = {}
        self.ends = Ends()
        self._journal = journal
        self.find = journal.find
        self._rng = rng
        self._host = Host()
        self._host.died = self._died
        self.books = Books(journal, self.loop.time, self._publish, wall=setup.wall, saw=self._saw, news=setup.news)
        self.money = Money(kept, records=self.books, today=setup.today, budget=setup.budget, news=setup.news)
        self._forgetting = Forgetting(self.books, self._forget, keys_too=bool(journal.place))
        self._timers = Timers(sessions, setup.timeouts, self._expire)
        lessons = Lessons(sessions, eps=setup.looking.eps, learned=(setup.looking.learned or {}, kept.learned))
        self._remembering = Remembering(lessons, journal, self._host)
        self._watch = Watch(self.books, rng, lessons, rate=setup.looking.rate)
        self.doorbells = Doorbells(self.books, sessions, self._watch, host=self._host, rng=rng, found=self.look_up)
        settle, expected = self.books.settle, lessons.expected
        self.queue = Queueing(self.books, sessions, self._host, settle, rng, expected=expected)
        self._keys = Keys(self.jobs, self._of_key, records=self.books, follow=self.queue.follow)
        weighing = Weighing(self.books, self.queue, hears=self._watch.may_hear)
        gate = Gate(self.money, check_prompts=setup.check_prompts)
        tags = Tags(setup.public_url, rng)
        driver = Driver(self.books, sessions, self.queue, self._watch, weighing=weighing, gate=gate, tags=tags)
        self.queue.drive, self.queue.take_up = driver.drive, driver.take_up
        self.queue.freed = self.ends.stir
        self._breaking = Breaking(self.books, self.jobs, self.ends, halt=self.queue.halt, result=self.result)
        self._opened_at = self.loop.time()
        self._children: dict[str, list[str]] = {}
        self.forecasts = Forecasts(self.books, self.queue, self._watch, self._children)
        self._host.start()
        self._watch.looked, self._watch.windows.heard = self.ends.stir, self.queue.capacity
        self.estate = Estate(self, kept, rng, driver=driver, watch=self._watch, weighing=weighing, host=self._host)
        self.explain = partial(explain, books=self.books, sleeps=self.estate.sleeps)

    # Asking.

    def ask(self, spec: Spec) -> Job:
        """Take a job in, and queue it as soon as it can be; the same `key` gives the same job again."""
        if self.queue.closed or not self._host.alive:
            why = "" if self.queue.closed else "somebody cancelled its tasks"
            raise PoolClosed("The pool is closed.", why=why, hint="open a new one: async with mj.Pool(...)")
        check_loop(self.loop)
        if (same := self._keys.same(spec)) is not None:
            self.estate.welcome(same.id, spec.accounts)
            return self.jobs[same.id]
        if self._breaking.reason is not None:
            raise self._breaking.reason
        job = self.seat(self.books.ask(self.new_id(), spec))
        self.begin(job.id)
        self.queue.enter(job.id)
        return job

    def seat(self, record: Record) -> Job:
        """The live job of a record, as new."""
        job = self.jobs[record.id] = Job(self, self.books.kept(record.id))
        self.ends.came(record.id)
        self._keys.take(record.spec, record.id)
        self._forgetting.came(record)
        if record.spec.parent is not None:
            self._children.setdefault(record.spec.parent, []).append(record.id)
        return job

    def _forget(self, job_ids: list[str]) -> None:
        """Chains that are over, long ago."""
        for job in [self.jobs.pop(job_id) for job_id in job_ids if job_id in self.jobs]:
            self._keys.forget(job.spec)
            self.queue.forget(job.id)
            if job.unread is not None:
                _log.error("job %s failed and nobody asked why: %s", job.id, job.unread)
        self.books.forget(job_ids)

    def begin(self, job_id: str) -> None:
        """The job is taken in, or up from an earlier process: its clocks begin."""
        record = self.books[job_id]
        parent = record.spec.parent
        self._timers.begin(record, ready=parent is None or self.books[parent].settled)

    def look_up(self, job_id: str) -> None:
        """Something was found out about a lost job from outside: whoever carries it looks again."""
        record = self.books[job_id]
        self._watch.quarantine.ring(job_id)
        if record.holds_slot and not self.queue.slots.holds(job_id):
            self.estate.carry(record, 0.0)

    def check_keys(self, specs: list[Spec]) -> None:
        """Raise `KeyReused` for a key that two of these, or one of these and a job, use for different requests."""
        self._keys.check(specs)

    def _of_key(self, key: str) -> str | None:
        """The job of an earlier process that was asked for under a key."""
        return next((self.restored(record).id for record in self.find(key=key)), None)

    def restored(self, record: Record) -> Job:
        """The job of an earlier process, as it was left."""
        self.books.restore(record)
        self._forgetting.came(self.books[record.id])
        self._forgetting.moved(self.books[record.id])
        return self.job(record.id)

    def new_id(self) -> str:
        """An id that no job has."""
        return self.books.new_id(self._rng)

    def step(self, parent: Record, operation: Operation, options: StepOptions, *, known: bool) -> Job:
        """A chained job. Where the parent's result is at hand (`known`), a missing action is refused at once."""
        self.restored(parent)
        spec = asking.step(operation, options, parent, self.sessions)
        if known:
            self.sessions[spec.accounts[0]].check(spec, parent)
        job = self.ask(spec)
        self.queue.narrow(self.books[job.id])
        return job

    # Ending early.

    async def cancel(self, job_id: str) -> Cancellation | None:
        """Take the job back if it was not sent; else let go of it. None if it had ended."""
        record = self.books.get(job_id)
        if record is None or record.settled:
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
            self.books.settle(job_id, Rejected(endings.cancelled(record, withdrawn=True)))

    def _expire(self, job_id: str, seconds: float, limit: str) -> None:
        record = self.books[job_id]
        if not record.settled:
            self.queue.leave(job_id)
            failure = endings.deadline(record, seconds, limit=limit, trouble=self._watch.trouble(job_id))
            self.books.settle(job_id, Rejected(failure) if record.phase is Phase.HELD else Detached(failure))

    def _died(self) -> None:
        self._timers.stop()
        self._breaking.died()

    def stop(self) -> None:
        """Send nothing new."""
        self.queue.stop()
        self._timers.stop()
        self.ends.stir()

    async def close(self) -> None:
        """End the drivers; a submit on its way ends by itself first. Then let go of connections and the journal."""
        self.stop()
        with anyio.CancelScope(shield=True):
            await self._host.stop()
            await self.doorbells.aclose()
            for session in self.sessions.values():
                await session.aclose()
            await self._remembering.keep()
            await self._journal.aclose()
            self.books.tell()

    # Telling.

    def _saw(self, before: Record | None, after: Record) -> None:
        self.money.saw(before, after)
        self.doorbells.saw(before, after)

    def _publish(self, record: Record, error: JournalWriteError | None) -> None:
        if error is not None:
            self._breaking.unwritten(record, error)
        if not self.queue.closed:
            self._timers.follow(record)
        self.jobs[record.id].publish(record)
        self.money.tell(record)
        if record.settled:
            self._over(record)
        elif record.phase is Phase.LOST:
            self.ends.settled(record.id)  # what nobody can know is not waited for at the end
            self.queue.unpark()
        elif not self.jobs[record.id].done():
            self.ends.came(record.id)

    def _over(self, record: Record) -> None:
        """Whoever waits for its end goes on: its children, what was parked, its key if that is free again."""
        if frees_key(record):
            self._keys.free(record)
        self.ends.settled(record.id)
        self._remembering.stir(record)
        self.queue.unpark()
        if record.spec.parent is not None:
            self.queue.widen(record)
        for child in self._children.pop(record.id, ()):
            if not self.estate.sleeps(child):
                self._timers.ready(self.books[child])
                self.queue.follow(child)
        self._forgetting.moved(record)

    def running(self) -> list[Job]:
        """Jobs whose remote job runs, or may run."""
        holds = self.queue.slots.holds
        return [job for job_id, job in self.jobs.items() if holds(job_id) and job.phase is not Phase.HELD]

    def eta(self, record: Record) -> Eta | None:
        """Seconds that are probably left, or None where nobody can say."""
        return self.forecasts.of(record)

    def stats(self) -> Stats:
        """Figures at this moment."""
        now, looks = self.loop.time(), self.books.looks.total() + self.books.looks_gone - self.books.shared
        slots, meter, crowded = self.queue.slots, self.queue.meter, self.queue.capacity.is_crowded
        counts, begun, lost = self.books.counts, self._opened_at, self.books.is_lost
        stats = stats_of(counts, slots, meter, looks=looks, crowded=crowded, lost=lost, begun=begun, now=now)
        return with_looking(stats, self._watch.rounds, self._watch.lessons.told(), self._watch.hears)

    def looks(self, job_id: str) -> int:
        """How often the provider was asked about the job."""
        return self.books.looks[job_id]

    def job(self, job_id: str) -> Job:
        """The live job of a record; of an earlier process's too, as it was left."""
        if job_id not in self.jobs:
            record = self.books[job_id]
            job = self.jobs[job_id] = Job(self, record)
            job.publish(record)
            if not job.done() and record.phase is not Phase.HELD and record.account not in self.sessions:
                job.close(exception_of(endings.foreign(record), job, record))
        return self.jobs[job_id]

    def result(self, record: Record) -> Result:
        """What a finished record brought."""
        return result_of(record, self.books, self)

    async def picture(self, account: str, url: str) -> bytes:
        """The bytes of a picture that one of the account's results names."""
        session = self.sessions.get(account) or next(iter(self.sessions.values()))  # no picture needs a key
        return await session.picture(url)
