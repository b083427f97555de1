"""Users who never tire: each asks for one thing after another, through whichever pool is open.

Rule 1: every paid request has a prompt of its own, so that a second charge shows in the books.
Rule 2: one job in twenty is asked for with a word that means trouble, or is given up.
"""

import asyncio
import contextlib
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import mjasync as mj
from tests.kills.provider import BREAKS, LOST, REFUSED
from tests.kills.workload import PICTURE

#: Words of trouble and their shares of all prompts.
_TROUBLES = ((LOST, 0.012), (REFUSED, 0.01), (BREAKS, 0.012))
_KINDS = (
    ("_single", 30), ("_chain", 16), ("_windows", 6), ("_fan", 4), ("_describe", 6), ("_blend", 3), ("_shorten", 3),
    ("_seed", 4), ("_batch", 3), ("_given_up", 3), ("_impatient", 2), ("_again", 3), ("_checked", 2), ("_saved", 1),
)  # fmt: skip
_SAVED = 8


class Users:
    """What they ask for, and what they were told."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder = folder
        self._dice = Random(seed)
        self._number = 0
        self.pool: mj.Pool | None = None
        self.opened = asyncio.Event()
        #: Jobs that somebody heard the end of, and what.
        self.jobs = 0
        self.told: Counter[str] = Counter()
        self.bugs: list[str] = []

    async def live(self) -> None:
        """One user, until cancelled."""
        names, weights = zip(*_KINDS, strict=True)
        while True:
            await self.opened.wait()
            assert self.pool is not None
            try:
                await getattr(self, self._dice.choices(names, weights)[0])(self.pool)
            except mj.MJError as exc:
                self._count(exc)
                await asyncio.sleep(1.0)
            except Exception as exc:  # noqa: BLE001  # nothing else may come out of the client
                self.bugs.append(repr(exc)[:300])

    def prompt(self) -> str:
        """One of its own."""
        self._number += 1
        dice, trouble = self._dice.random(), ""
        for word, share in _TROUBLES:
            trouble = trouble or (f", {word}" if dice < share else "")
            dice -= share
        return f"soak {self._number}{trouble}"

    def _ask(self, pool: mj.Pool, **options: Any) -> mj.Job:
        mode = self._dice.choice(("fast", "turbo", "turbo"))
        return pool.imagine(self.prompt(), **({"mode": mode} | options))

    async def _hear(self, *jobs: mj.Job) -> list[mj.Result]:
        """All ends, whichever way."""
        ended = await asyncio.gather(*(job.wait() for job in jobs), return_exceptions=True)
        results = []
        for each in ended:
            if isinstance(each, mj.MJError):
                self._count(each)
            elif isinstance(each, BaseException):
                raise each
            else:
                self.jobs += 1
                self.told["ok"] += 1
                results.append(each)
        return results

    def _count(self, error: mj.MJError) -> None:
        self.told[type(error).__name__] += 1
        self.jobs += not isinstance(error, mj.PoolClosed | mj.ConfigError | mj.JournalError)
        if isinstance(error, mj.JournalError):
            self.bugs.append(str(error)[:300])

    async def _single(self, pool: mj.Pool) -> None:
        await self._hear(self._ask(pool))

    async def _chain(self, pool: mj.Pool) -> None:
        grid = self._ask(pool)
        await self._hear(grid, grid.upscale(self._dice.randint(1, 4)))

    async def _windows(self, pool: mj.Pool) -> None:
        grid = self._ask(pool, account="mjproxy")
        single = grid.upscale(1)
        await self._hear(grid, single, single.zoom(1.7, self.prompt()))

    async def _fan(self, pool: mj.Pool) -> None:
        grid = self._ask(pool)
        await self._hear(grid, *(grid.upscale(n) for n in (1, 2, 3, 4)))

    async def _describe(self, pool: mj.Pool) -> None:
        described = pool.describe(PICTURE, mode="turbo", account="mjproxy")
        await self._hear(described, described.imagine(2))

    async def _blend(self, pool: mj.Pool) -> None:
        await self._hear(pool.blend([PICTURE, PICTURE], mode="turbo"))

    async def _shorten(self, pool: mj.Pool) -> None:
        await self._hear(pool.shorten(self.prompt(), mode="turbo"))

    async def _seed(self, pool: mj.Pool) -> None:
        grid = self._ask(pool, account="ttapi")
        await self._hear(grid, grid.get_seed())

    async def _batch(self, pool: mj.Pool) -> None:
        prompts = [self.prompt() for _ in range(5)]
        async for outcome in pool.batch(prompts, mode="turbo", then=lambda job: job.vary(1)):
            if outcome.ok:
                self.jobs += 2
                self.told["ok"] += 2
            elif isinstance(outcome.error, mj.MJError):
                self._count(outcome.error)

    async def _given_up(self, pool: mj.Pool) -> None:
        job = self._ask(pool)
        await asyncio.sleep(self._dice.choice((0.0, 1.0, 10.0)))
        await job.cancel()
        await self._hear(job)

    async def _impatient(self, pool: mj.Pool) -> None:
        """Nobody waits for the job any more, and it goes on."""
        job = self._ask(pool)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(job.wait(), self._dice.uniform(1, 60))
        await self._hear(self._ask(pool, deadline=self._dice.uniform(5, 120)))

    async def _again(self, pool: mj.Pool) -> None:
        """The same key from three places."""
        prompt, key = self.prompt(), f"key {self._number}"
        jobs = [pool.imagine(prompt, mode="turbo", key=key) for _ in range(3)]
        await self._hear(jobs[0])
        for job in jobs[1:]:
            with contextlib.suppress(mj.MJError):
                await job

    async def _checked(self, pool: mj.Pool) -> None:
        await pool.check_prompt(self.prompt())

    async def _saved(self, pool: mj.Pool) -> None:
        for result in await self._hear(self._ask(pool)):
            await result.save(self._folder / f"saved-{self._number % _SAVED}.png")
