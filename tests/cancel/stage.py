"""A pool over the simulator for one point, and the oracle: after the cancel every job goes on, and is paid for once."""

import asyncio
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from attrs import evolve

import mjasync as mj
from mjasync.sim.server import Served, serve
from mjasync.testing import Sim
from tests.cancel.leaks import tasks

#: Long enough for every slot that is kept for a job of unknown fate.
LONG = 5000.0


class Stage:
    """One pool of one account with two slots, or what is left of it."""

    def __init__(self, name: str, *, journal: bool) -> None:
        self.name = name
        self._folder = tempfile.TemporaryDirectory(prefix="mjasync-cancel-")
        self.folder = Path(self._folder.name)
        self.journal = str(self.folder / "jobs.db") if journal else None
        self.sim = Sim(seed=5)
        self.account = getattr(self.sim, name)(max_jobs=2)
        self._served: Served | None = None
        self.pool = self.open()

    async def serve(self) -> None:
        """Put the provider on this machine's network, and ask it there."""
        self._served = await serve(self.sim.world)
        url = getattr(self._served, f"{self.name}_url")
        self.account = evolve(self.account, key=self._served.key, base_url=url, transport=None)
        self.pool = self.open()

    def lose_journal(self) -> None:
        """Take the file away from under the pool."""
        Path(self.journal).unlink()

    def open(self) -> mj.Pool:
        """A pool on the same account and journal."""
        return mj.Pool(self.account, journal=self.journal)

    async def inherit(self) -> None:
        """Let an earlier process have sent two jobs, one of them into silence, and held a third."""
        jobs = [self.pool.imagine(f"old {number}", account=self.name) for number in range(3)]
        for job in jobs[:2]:
            await job.accepted()
        await self.pool.aclose()
        self.pool = self.open()
        await self.pool.__aenter__()

    async def question(self, asked: Any) -> Any:
        """A free question; some providers have no such call."""
        try:
            return await asked
        except mj.ConfigError:
            return None

    async def settle(self) -> None:
        """Let everything come to its end, and look at the slots."""
        for job in self.pool.jobs:
            await job.ended()
        await asyncio.sleep(LONG)
        assert 0 == self.pool.stats().accounts[self.name].held, "a slot leaked"

    def is_paid_once(self, *, withdraws: bool, closed: bool, breaks: bool) -> None:
        """No job was sent twice, none failed by the cancel, and the books agree."""
        jobs = {job.id: job for job in self.pool.jobs}.values()
        errors = [job.exception() for job in jobs if job.done()]
        allowed = (mj.SubmitOutcomeUnknown,)
        allowed += (mj.JobCancelled, mj.ParentFailed) if withdraws else ()
        allowed += (mj.PoolClosed, mj.ParentFailed) if closed else ()
        allowed += (mj.JournalError,) if breaks else ()
        assert [] == [error for error in errors if error is not None and not isinstance(error, allowed)]
        prompts = Counter((entry.kind, entry.prompt) for entry in self.sim.ledger.jobs)
        assert 2 > max(prompts.values(), default=0), prompts
        assert [] == self.sim.ledger.violations
        assert 3 > max(self.sim.ledger.peak_running.values(), default=0)

    async def leave(self) -> None:
        """Close; nothing of the pool goes on."""
        await self.pool.aclose()
        if self._served is not None:
            await self._served.aclose()
        assert set() == tasks()

    def clean(self) -> None:
        """Take the folder away."""
        self._folder.cleanup()
