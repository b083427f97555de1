"""Journals with a past: a world in process, an account at each provider, and what earlier runs left."""

import asyncio
from pathlib import Path

from mjasync import Phase, Pool
from mjasync.cli import place
from mjasync.cli.place import Place
from mjasync.cli.resume import Resume
from mjasync.settings import Settings
from mjasync.testing import Sim, run


class Life:
    """One world, one journal; `pool()` is a run in it."""

    def __init__(self, folder: Path, **options):
        self.sim = Sim(seed=7, **options)
        self.accounts = (self.sim.ttapi(), self.sim.mjproxy())
        self.journal = str(folder / "jobs.db")
        self.out = folder / "out"
        self.jobs = {}

    def environ(self):
        """Its keys, as a user sets them."""
        ttapi, relay = self.accounts
        return {
            "MJASYNC_TTAPI_KEY": ttapi.key.reveal(),
            "MJASYNC_TTAPI_URL": ttapi.base_url,
            "MJASYNC_MJPROXY_KEY": relay.key.reveal(),
            "MJASYNC_MJPROXY_URL": relay.base_url,
        }

    def pool(self):
        return Pool(*self.accounts, journal=self.journal)

    def place(self):
        sources = {"out": "default", "journal": "argument"}
        settings = Settings(accounts=self.accounts, journal=self.journal, out=str(self.out), sources=sources)
        return Place(journal=self.journal, settings=settings, names=place.names(self.accounts))

    def resume(self, **more):
        return Resume(journal=self.journal, accounts=self.accounts, usual=self.out, **more)

    async def begin(self, *prompts, lost=(), after=5.0, slots=None):
        """A run that ends after so many seconds: its jobs by prompt, as it left them. `lost`: answers that never came."""
        for prompt in lost:
            self.sim.inject("lose_answer", match=prompt)
        async with self.pool() as pool:
            for prompt in (*prompts, *lost):
                self.jobs[prompt] = pool.imagine(prompt, mode="relax", account="ttapi")
            await asyncio.sleep(after)
            await pool.aclose()
        return self.jobs

    def past(self):
        """What most tests need: a done chain, a running job, one of unknown fate, one that was refused, one unsent."""

        async def story():
            async with self.pool() as pool:
                done = pool.imagine("a done cat", account="ttapi")
                self.jobs |= {"done": done, "step": done.upscale(2)}
                self.jobs["refused"] = pool.imagine("a gore cat", account="ttapi")
                await asyncio.gather(*(job.ended() for job in self.jobs.values()))
                self.sim.inject("lose_answer", match="a lost cat")
                self.jobs["lost"] = pool.imagine("a lost cat", account="ttapi")
                await self.jobs["lost"].ended()
                running = pool.imagine("a slow cat", mode="relax", account="mjproxy")
                await running.accepted()
                self.jobs |= {"running": running, "held": running.upscale(1)}
                await pool.aclose()

        run(story())
        assert {"done": Phase.DONE, "step": Phase.DONE, "refused": Phase.FAILED, "lost": Phase.LOST} == {
            name: self.jobs[name].phase for name in ("done", "step", "refused", "lost")
        }
        return self
