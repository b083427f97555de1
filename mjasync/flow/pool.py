"""`Pool`: what a user opens. Accounts, their sessions, one queue, and the jobs.

Built anywhere; nothing touches an event loop before `async with` or the first job. It may be opened in one task and
closed in another.
"""

import asyncio
import contextlib
import logging
import warnings
from collections.abc import Mapping
from random import Random, SystemRandom
from types import TracebackType
from typing import Self

from attrs import frozen

from mjasync import settings
from mjasync.accounts import Account
from mjasync.core.model import Phase
from mjasync.errors import ConfigError, PoolClosed
from mjasync.flow import endings
from mjasync.flow.desk import Desk
from mjasync.flow.job import Job
from mjasync.flow.outcome import exception_of
from mjasync.flow.questions import Questions
from mjasync.flow.requests import Requests
from mjasync.flow.session import Session
from mjasync.flow.stats import Stats
from mjasync.journal import Journal
from mjasync.journal.memory import MemoryJournal

_log = logging.getLogger("mjasync.pool")


@frozen(kw_only=True)
class Drain:
    """What closing found: jobs that ended meanwhile, that still run at a provider, that were never sent."""

    finished: tuple[Job, ...]
    running: tuple[Job, ...]
    held: tuple[Job, ...]


class Pool(Requests, Questions):
    """A pool of authenticated sessions before one queue.

        async with mj.Pool(mj.TTAPI(key="..."), mj.MJProxy(key="...", base_url="...")) as pool:
            grid = await pool.imagine("a black cat")

    Leaving the block normally waits for all jobs; an exception lets go of them (`PoolClosed`). `rng` decides ids and
    jitter; give a seeded one for replay. `journal`: None keeps everything in memory.
    """

    def __init__(self, *accounts: Account, journal: Journal | str | None = None, rng: Random | None = None) -> None:
        self._accounts = _named(accounts)
        if isinstance(journal, str):
            raise ConfigError(
                f"journal={journal!r} cannot be opened: this version keeps its journal in memory only.",
                hint="leave journal= out; a journal on disk comes with a later version",
            )
        self._journal = journal or MemoryJournal()
        self._rng = rng or next((a.rng for a in accounts if a.rng is not None), None) or SystemRandom()
        self._desk: Desk | None = None
        self._closing: asyncio.Task[Drain] | None = None
        self._closed = False

    @classmethod
    def from_env(cls, *, journal: Journal | str | None = None) -> Self:
        """A pool of the accounts that the environment or `mjasync.toml` names; see `mjasync.settings`."""
        found = settings.load()
        if not found.accounts:
            raise settings.no_accounts()
        return cls(*found.accounts, journal=journal)

    def __repr__(self) -> str:
        names = ", ".join(f"{name} 0/{a.max_jobs}" for name, a in self._accounts.items())
        if self._desk is None:
            return f"<Pool {names}, {'closed' if self._closed else 'not opened yet'}>"
        state = "closed" if self._closed else "open"
        held = ", ".join(f"{n} {self._desk.queue.slots.held(n)}/{a.max_jobs}" for n, a in self._accounts.items())
        return f"<Pool {held}, {self._desk.queue.slots.waiting} waiting, {state}>"

    def __del__(self) -> None:
        if getattr(self, "_desk", None) is not None and not self._closed:
            warnings.warn(
                f"{self!r} was never closed; use 'async with' or await pool.aclose()", ResourceWarning, stacklevel=2
            )

    # Reading.

    @property
    def jobs(self) -> tuple[Job, ...]:
        """All jobs of this pool, oldest first."""
        return tuple(self._desk.jobs.values()) if self._desk else ()

    def job(self, name: str) -> Job:
        """A job by our id (the beginning is enough if it is unique), or by `account:remote_id`."""
        wanted: object = name
        known = isinstance(wanted, str) and bool(wanted)
        matches = [job for job in self.jobs if known and job.id.startswith(name)]
        # A seed may be told under its picture's own id: then the picture is meant.
        matches = matches or [job for job in self.jobs if known and str(job.ticket) == name][:1]
        if len(matches) != 1:
            raise ConfigError(
                f"{name!r:.80} names {len(matches) or 'no'} job{'s' if len(matches) > 1 else ''} of this pool.",
                hint="give more of the id, or the ticket as account:remote_id",
            )
        return matches[0]

    def stats(self) -> Stats:
        """Figures: jobs, looks, slots."""
        return self._open().stats()

    # Opening and closing.

    async def __aenter__(self) -> Self:
        self._open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None and self._desk is not None and not self._closed:
                desk = self._desk
                await desk.until(lambda: not desk.unsettled)
        finally:
            await self.aclose()

    async def aclose(self, *, drain: float = 0.0) -> Drain:
        """Close: send nothing new, wait at most `drain` seconds for what runs, let go of the rest.

        A submit that is on its way is waited for in any case, so that no paid job is lost without a ticket. The
        closing goes on if whoever waits for it is cancelled.
        """
        self._closed = True
        if self._desk is None:
            return Drain(finished=(), running=(), held=())
        if self._closing is None:
            self._desk.stop()
            self._closing = asyncio.get_running_loop().create_task(self._close(self._desk, drain), name="mj:close")
        return await asyncio.shield(self._closing)

    async def _close(self, desk: Desk, drain: float) -> Drain:
        before = desk.unsettled.copy()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(drain):
                await desk.until(lambda: not any(job.id in desk.unsettled for job in desk.running()))
        try:
            await desk.close()
        finally:
            running = desk.running()
            held = [job for job in self.jobs if not job.done() and job.phase is Phase.HELD]
            ended = [job for job in self.jobs if job.id in before and job.done()]
            for job in self.jobs:
                if not job.done():
                    job.close(exception_of(endings.pool_closed(desk.books[job.id]), job, desk.books[job.id]))
                    desk.settled(job.id)
            self._last_words(running)
        return Drain(finished=tuple(ended), running=tuple(running), held=tuple(held))

    # Inside.

    def _open(self) -> Desk:
        """The desk; made at first use, in the loop that runs then."""
        if self._closed:
            raise PoolClosed("This pool is closed.", hint="open a new one: async with mj.Pool(...)")
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            raise ConfigError(
                "A pool needs a running event loop.",
                hint="call it inside a coroutine: asyncio.run(main()), with async with mj.Pool(...) in main()",
            ) from None
        if self._desk is None:
            sessions = {name: Session(name, account, self._rng) for name, account in self._accounts.items()}
            self._desk = Desk(sessions, self._journal, self._rng)
        elif self._desk.loop is not loop:
            raise ConfigError(
                "This pool belongs to another event loop.",
                why="it was first used in a loop that is not the running one",
                hint="keep one asyncio.run() around all of its life, or build a pool in each loop",
            )
        return self._desk

    def _withdraw(self, job: Job) -> None:
        if self._desk is not None and not self._closed:
            self._desk.withdraw_soon(job.id)

    def _last_words(self, running: list[Job]) -> None:
        """What runs on is named, so that it can be found; a failure that nobody asked about is said once."""
        if running:
            names = ", ".join(str(job.ticket or f"{job.id} (no ticket yet)") for job in running)
            _log.warning("the pool was closed while %d job(s) run on at the provider: %s", len(running), names)
        unread = [job for job in self.jobs if job.unread is not None and not isinstance(job.unread, PoolClosed)]
        if unread:
            first = unread[0]
            _log.error("%d job(s) failed and nobody asked why; the first: %r: %s", len(unread), first, first.unread)


def _named(accounts: tuple[Account, ...]) -> dict[str, Account]:
    """Accounts by name: their own, or the provider's with a number from 2 on."""
    if not accounts or not all(isinstance(account, Account) for account in accounts):
        raise ConfigError(
            "A pool needs at least one account.",
            why=f"it got {', '.join(type(a).__name__ for a in accounts)}" if accounts else "it got none",
            hint="mj.Pool(mj.TTAPI(key='...')), or set MJASYNC_TTAPI_KEY and use mj.Pool.from_env()",
        )
    named: dict[str, Account] = {}
    owners: dict[str, str] = {}
    for account in accounts:
        name = account.name or _free_name(account.provider, named)
        if name in named or account.fingerprint in owners:
            twice = f"name {name!r}" if name in named else f"key as account {owners[account.fingerprint]!r}"
            raise ConfigError(
                f"Two accounts have the same {twice}.",
                why="the cap belongs to the key, so one key counted twice would exceed it",
                hint="give each account once, and each its own name",
            )
        named[name] = account
        owners[account.fingerprint] = name
    return named


def _free_name(provider: str, taken: Mapping[str, Account]) -> str:
    names = (provider if n == 1 else f"{provider}-{n}" for n in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)
