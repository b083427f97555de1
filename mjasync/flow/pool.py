"""`Pool`: what a user opens. Accounts, their sessions, one queue, and the jobs.

Built anywhere; nothing touches an event loop before `async with` or the first job. It may be opened in one task and
closed in another.
"""

import asyncio
import os
import warnings
from collections.abc import Iterable
from datetime import timedelta
from random import Random, SystemRandom
from types import TracebackType
from typing import Any, Self

from mjasync import settings
from mjasync.accounts import Account
from mjasync.core.budget import checked_budget
from mjasync.core.forecast import Eta
from mjasync.core.ledger import Ledger
from mjasync.errors import ConfigError, PoolClosed
from mjasync.events import Opened
from mjasync.flow.account_names import accounts_by_name, facts_of
from mjasync.flow.claims import Claims
from mjasync.flow.closing import Closing, Drain, is_over
from mjasync.flow.desk import Desk
from mjasync.flow.estate import Recovery
from mjasync.flow.hooks import Hooks
from mjasync.flow.job import Job
from mjasync.flow.looking import Looking
from mjasync.flow.loops import check_loop, running_loop
from mjasync.flow.naming import named
from mjasync.flow.news import Listener, News, listeners
from mjasync.flow.opening import Aside, journal_at
from mjasync.flow.options import checked_drain
from mjasync.flow.questions import Questions
from mjasync.flow.reconciling import reconcile
from mjasync.flow.requests import Requests
from mjasync.flow.serving import DRAIN, Serving
from mjasync.flow.session import Session
from mjasync.flow.setup import Setup, with_clocks
from mjasync.flow.stats import Stats
from mjasync.flow.stream import Stream
from mjasync.flow.tags import checked_public_url
from mjasync.flow.timers import Timeouts
from mjasync.journal import Journal, Kept, Opening


class Pool(Requests, Questions, Serving):
    """A pool of authenticated sessions before one queue.

        async with mj.Pool(mj.TTAPI(key="..."), mj.MJProxy(key="...", base_url="...")) as pool:
            grid = await pool.imagine("a black cat")

    Leaving the block normally waits for all jobs; an exception lets go of them (`PoolClosed`). `rng` decides ids and
    jitter; give a seeded one for replay.

    `journal`: the path of an SQLite file that survives this process; None keeps everything in memory.
    `budget`: quota units that may be spent, counting all that the journal holds; `pool.ledger()` has the account.
    `check_prompts`: ask TTAPI's free check before a prompt is paid for. `public_url`: where the providers reach
    `pool.hooks`: every request asks for a callback there, and its token lets a submit of unknown fate be found again.
    `timeouts`: limits for the parts of a job's way, see `Timeouts`. `looking`: how closely running jobs are looked at.
    `on_event`: called with every decision, see `mjasync.events`; one function or several, which should return at once.
    `drain`: seconds that `lifespan` and `cleanup_ctx` give running jobs as a service stops (default 10).
    """

    def __init__(
        self,
        *accounts: Account,
        journal: Journal | str | os.PathLike[str] | None = None,
        rng: Random | None = None,
        budget: float | None = None,
        check_prompts: bool = False,
        public_url: str | None = None,
        timeouts: Timeouts | None = None,
        looking: Looking | None = None,
        on_event: Listener | Iterable[Listener] | None = None,
        drain: float | timedelta = DRAIN,
    ) -> None:
        self._accounts = accounts_by_name(accounts)
        self._journal = journal_at(journal)
        self._rng = rng or next((a.rng for a in accounts if a.rng is not None), None) or SystemRandom()
        self._setup = Setup(
            budget=checked_budget(budget, accounts={name: a.provider for name, a in self._accounts.items()}),
            check_prompts=check_prompts,
            public_url=checked_public_url(public_url),
            timeouts=timeouts or Timeouts(),
            looking=looking or Looking(),
            news=News(listeners(on_event)),
        )
        self._drain = checked_drain(drain)
        self._hooks = Hooks(self._setup.public_url)
        self._desk: Desk | None = None
        self._pid: int | None = None
        self._closing: Closing | None = None
        self._closed = False
        self._aside = Aside(self._journal, Claims(self._accounts))

    @classmethod
    def from_env(cls, *, journal: Journal | str | os.PathLike[str] | None = None, **options: Any) -> Self:
        """A pool of the accounts that the environment or `mjasync.toml` names; see `mjasync.settings`.

        So does the journal's path, where `journal` is not given; `options` are those of `Pool`.
        """
        found = settings.load()
        if not found.accounts:
            raise settings.no_accounts()
        return cls(*found.accounts, journal=journal if journal is not None else found.journal, **options)

    def __repr__(self) -> str:
        names = ", ".join(f"{name} 0/{a.max_jobs}" for name, a in self._accounts.items())
        if self._desk is None:
            return f"<Pool {names}, {'closed' if self._closed else 'not opened yet'}>"
        state = "closed" if self._closed else "open"
        slots = self._desk.queue.slots
        held = ", ".join(f"{name} {slots.held(name)}/{slots.cap(name)}" for name in self._accounts)
        return f"<Pool {held}, {slots.waiting} waiting, {state}>"

    def __del__(self) -> None:
        if getattr(self, "_desk", None) is not None and not self._closed and not self._is_copy():
            warnings.warn(
                f"{self!r} was never closed; use 'async with' or await pool.aclose()", ResourceWarning, stacklevel=2
            )

    # Reading.

    async def reconcile(
        self,
        name: str | Job,
        *,
        adopt: str | None = None,
        declare_lost: bool = False,
        resubmit: bool = False,
        accept_double_charge: bool = False,
    ) -> Job:
        """Decide about a job of unknown fate (phase `lost`), as a person who has looked at the account.

        `adopt`: it became the provider's job of this id, which is looked at now. `declare_lost`: it never became
        anything, or nobody wants it; its slot is free. `resubmit` with `accept_double_charge`: send it again, as the
        new job that is returned; the ledger counts it. Raises `ConfigError` for anything else.
        """
        desk = self._open()
        job = name if isinstance(name, Job) else self.job(name)
        consent = accept_double_charge
        return await reconcile(desk, job, adopt=adopt, declare_lost=declare_lost, resubmit=resubmit, consent=consent)

    @property
    def jobs(self) -> tuple[Job, ...]:
        """All jobs of this pool, oldest first."""
        return tuple(self._desk.jobs.values()) if self._desk else ()

    def job(self, name: str) -> Job:
        """A job by our id (the beginning is enough if it is unique), or by `account:remote_id`.

        The journal's jobs of earlier processes are found too.
        """
        return named(self._desk if self._desk is not None and self._closed else self._open(), name)

    @property
    def hooks(self) -> Hooks:
        """Where the providers' callbacks come in, with `public_url`."""
        return self._hooks

    def stats(self) -> Stats:
        """Figures: jobs, looks, slots."""
        return self._open().stats()

    def events(self, *, buffer: int = 1000) -> Stream:
        """What the pool tells from now on: `async for event in pool.events()`; it ends when the pool is closed.

        At most `buffer` events are kept for a slow reader; then the oldest goes, see `Stream.dropped`.
        """
        return self._setup.news.stream(buffer)

    def eta(self) -> Eta | None:
        """When all that was asked for is probably over: a range of seconds from now. None where nothing is to be done."""
        return self._open().forecasts.all()

    def ledger(self) -> Ledger:
        """Money in sight: spent, reserved, possible, as far as the providers tell; all that the journal holds."""
        return self._open().money.ledger()

    # Opening and closing.

    async def __aenter__(self) -> Self:
        """Raises `AccountBusy` where another pool on this computer uses an account's key.

        And `JournalBusy`, `JournalCorrupt` or `JournalError` where the journal cannot be opened.
        """
        try:
            if self._desk is None and not self._closed and not self._is_copy() and self._aside.needed:
                loop = running_loop()
                await self._aside.wait(lambda: self._for_journal(loop), lambda kept: self._seated(kept, loop))
            self._open()
        except BaseException:
            if self._desk is None and not self._aside.busy:  # nobody will close what listens already
                await self._hooks.silence()
            raise
        self._blocks += 1
        return self

    async def recover(self) -> Recovery:
        """Go on with what earlier processes left in the journal.

        What they sent was taken up when the pool was opened: looking is free. This call waits until each such job
        has been looked at once, and queues what was never sent.
        """
        return await self._open().estate.recover()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._is_last():
            return
        try:
            if kind is None and self._desk is not None and not self._closed and not self._is_copy():
                desk = self._desk
                check_loop(desk.loop)
                await desk.ends.until(lambda: is_over(desk))
        finally:
            await self.aclose()

    async def aclose(self, *, drain: float | timedelta = 0.0) -> Drain:
        """Close: send nothing new, wait at most `drain` seconds for what runs, let go of the rest.

        Of several calls the one that ends first counts. In a forked copy of the process nothing is touched, and in
        another event loop than the pool's it is a `ConfigError`.

        A submit that is on its way is waited for in any case, so that no paid job is lost without a ticket. The
        closing goes on if whoever waits for it is cancelled.
        """
        seconds = checked_drain(drain)
        if self._is_copy():
            return Drain(finished=(), running=(), held=())
        if self._desk is not None and self._closing is None:
            check_loop(self._desk.loop)
        self._closed = True
        if self._desk is None:
            await self._aside.close()
            await self._hooks.aclose()
            self._setup.news.end()
            return Drain(finished=(), running=(), held=())
        if self._closing is None:
            self._closing = Closing(self._desk, then=self._aside.let_go)
        return await self._closing.within(seconds)

    # Inside.

    def _open(self) -> Desk:
        """The desk; made at first use, in the loop that runs then."""
        if self._is_copy():
            raise ConfigError(
                "This pool was opened by another process.",
                why="this one is its copy (fork); two that send would pay twice, and one journal has one writer",
                hint="open a pool in each process, each with its own accounts and journal",
            )
        if self._closed:
            raise PoolClosed("This pool is closed.", hint="open a new one: async with mj.Pool(...)")
        loop = running_loop()
        desk = self._desk
        if desk is None:
            if self._aside.busy:
                raise ConfigError("This pool is being opened.", hint="use it inside of its async with block")
            desk = self._seated(self._aside.now(self._for_journal(loop)), loop)
        check_loop(desk.loop)
        return desk

    def _is_copy(self) -> bool:
        """Whether this is a forked child, and the pool its parent's."""
        return self._pid is not None and self._pid != os.getpid()

    def _for_journal(self, loop: asyncio.AbstractEventLoop) -> Opening:
        clocks = self._setup = with_clocks(self._setup, loop)
        self._setup.news.begin(loop.time, clocks.wall)
        self._pid = os.getpid()
        prints = {name: account.fingerprint for name, account in self._accounts.items()}
        return Opening(
            now=loop.time,
            wall=clocks.wall,
            accounts=prints,
            steady=clocks.steady,
            boot=clocks.boot,
            gone=loop.is_closed,
        )

    def _seated(self, kept: Kept, loop: asyncio.AbstractEventLoop) -> Desk:
        sessions = {name: Session(name, account, self._rng) for name, account in self._accounts.items()}
        self._setup.news.tell(Opened, **facts_of(self._accounts, kept.records.values()))
        self._desk = Desk(sessions, self._journal, kept, self._rng, self._setup)
        self._desk.money.begin(self._accounts)
        self._aside.keep_for(self._desk)
        self._hooks.connect(self._desk.doorbells)
        return self._desk

    def _withdraw(self, job: Job) -> None:
        if self._desk is not None and not self._closed:
            self._desk.withdraw_soon(job.id)
