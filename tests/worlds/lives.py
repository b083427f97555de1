"""One process: it opens a pool on what an earlier one left, does what its users want, and ends or dies.

Rule 1: death is silent: nothing of the dead is written, sent, heard or believed; no cleanup runs that could matter.
Rule 2: what users of a living process saw stays true for ever, whatever became of it.
"""

import asyncio
from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Any

import mjasync as mj
from mjasync.testing import DeadlockError
from tests.worlds.callers import Callers
from tests.worlds.clocks import LifeLoop
from tests.worlds.line import Line
from tests.worlds.mortal import MortalJournal
from tests.worlds.plan import PROXY, Life
from tests.worlds.wire import Packet

if TYPE_CHECKING:
    from tests.worlds.story import Story

#: Seconds in which a life that was not killed at its moment ends all the same.
LONGEST = 4000.0
_ROUNDS = 12


class LifeRun:
    """A process while it lives. It is `line.Mortal` too."""

    def __init__(self, story: "Story", number: int, life: Life, *, last: bool) -> None:
        self.story, self.number, self.life, self.last = story, number, life, last
        self.dead = False
        self.ended_at: float | None = None
        self.recovering = False
        self.fired: Counter[str] = story.wire.fired
        self._counts: Counter[str] = Counter()
        self.journal: MortalJournal | None = None
        self.pool: mj.Pool | None = None
        self.callers = Callers(story, self)
        #: Callbacks that are being heard.
        self.rings: set[asyncio.Task[None]] = set()

    def run(self) -> None:
        """Live it to its end."""
        self._loop = loop = LifeLoop()
        self.story.clock.begin(loop)
        loop.set_exception_handler(self._unhandled)
        self.story.wire.resume(loop)
        for moment, seconds in self.life.jumps:
            loop.call_later(moment, self._jump, seconds)
        main = loop.create_task(self._main(), name="world:main")
        main.add_done_callback(lambda _: loop.stop())
        if self.life.kill and self.life.kill.on == "time":
            loop.call_later(self.life.kill.number, self.die, "kill.time")
        try:
            loop.run_forever()
        except DeadlockError as exc:
            self.story.violated("HANG", f"life {self.number}: {exc}")
        if main.done() and not main.cancelled() and main.exception() is not None:
            self.story.crashed(main.exception())
        self._bury(main)

    def moment(self, on: str, *, after: bool) -> None:
        """See `Mortal`."""
        kill = self.life.kill
        self._counts[on] += not after
        if kill and not self.dead and (kill.on, kill.after) == (on, after) and self._counts[on] == kill.number:
            self.die(f"kill.{on}")

    def die(self, how: str) -> None:
        """The process is gone, now."""
        if self.dead:
            return
        self.story.keep_file(self)
        self.dead = True
        self.ended_at = self.story.clock.now()
        self.fired[how] += 1
        self.fired["kill.recovery"] += self.recovering
        self.story.chronicle.note("dies", self.number, how)
        self._loop.stop()

    async def _main(self) -> None:
        self.story.chronicle.note("opens", self.number)
        self.journal = self.story.journal(self)
        self.journal.full = self.life.disk_full
        plan = self.story.plan
        self.pool = pool = mj.Pool(
            *self._accounts(),
            journal=self.journal,
            rng=Random(f"{plan.seed}/pool/{self.number}"),
            public_url="https://hooks.example.com/mj" if plan.hooks else None,
            check_prompts=plan.check_prompts,
        )
        self.recovering = self.number > 0
        await pool.__aenter__()
        if self.story.ringing is not None:
            self.story.ringing.begin(self)
        if self.last and self.number:
            self.story.wire.heal()
        works = [asyncio.ensure_future(self._recover(pool))] if hasattr(pool, "recover") else []
        works += self.callers.begin(pool)
        if self.life.close_at is not None:
            await asyncio.sleep(self.life.close_at)
        elif self.last:
            await asyncio.wait(works or [asyncio.ensure_future(asyncio.sleep(0))], timeout=LONGEST)
            self.story.wire.heal()
            await self.story.heal(self)
        else:
            await asyncio.wait(works or [asyncio.ensure_future(asyncio.sleep(0))], timeout=LONGEST)
            await asyncio.sleep(self.life.linger)
            self.die("kill.time")
            return
        await self._close(pool)

    async def _close(self, pool: mj.Pool) -> None:
        drain = await pool.aclose(drain=self.life.drain)
        self.fired["close"] += not self.last
        self.story.chronicle.note("closed", self.number, *map(len, (drain.finished, drain.running, drain.held)))

    async def _recover(self, pool: Any) -> None:
        if self.life.recover is None or not self.number:
            self.recovering = False
            return
        await asyncio.sleep(self.life.recover)
        self.recovering = True
        try:
            found = await pool.recover()
        except mj.PoolClosed:  # its own user closed it meanwhile
            return
        finally:
            self.recovering = False
        told = [len(getattr(found, name)) for name in ("reattached", "finished", "unknown", "held")]
        self.story.chronicle.note("recovered", self.number, *told)

    def survived(self, packet: Packet) -> bool:
        """Whether what its sender was told had the time to become durable, and a disk that took it."""
        if self.journal is None or self.journal.broken:
            return False
        return self.ended_at is None or packet.arrives_at + packet.back + self.story.plan.delay + 1 < self.ended_at

    def _accounts(self) -> list[Any]:
        plan, made = self.story.plan, []
        for each in plan.accounts:
            options: dict[str, Any] = {"name": each.name, "max_jobs": each.max_jobs}
            kind = mj.TTAPI if each.provider == "ttapi" else mj.MJProxy
            if each.provider == "mjproxy":
                options |= PROXY.get(plan.profile, {})
            transport = Line(self.story.wire, self, each.name, each.provider)
            url = f"https://{each.provider}.sim.invalid"
            account = kind(f"sim-{each.name}", base_url=url, transport=transport, **options)
            self.story.fingerprints[account.fingerprint] = each.name
            made.append(account)
        return made

    def _jump(self, seconds: float) -> None:
        if not self.dead:
            self.fired["calendar"] += 1
            self.story.clock.jump(seconds)
            self.story.chronicle.note("calendar", seconds)

    def _unhandled(self, _loop: object, context: dict[str, Any]) -> None:
        if not self.dead and not isinstance(context.get("exception"), asyncio.CancelledError):
            self.story.violated("UNHANDLED", f"{context.get('message')}: {context.get('exception')!r}")

    def _bury(self, main: "asyncio.Task[None]") -> None:
        """End what is left of it; nothing that it still does can reach anybody."""
        self.story.clock.end()
        alive, self.dead = not self.dead, True
        loop = self._loop
        if self.pool is not None:
            self.pool._closed = True  # no complaint from the grave
        for _ in range(_ROUNDS):
            tasks = [task for task in asyncio.all_tasks(loop) if not task.done()]
            if not tasks:
                break
            if alive and main.done():
                self.story.left_behind(self, tasks)
                alive = False
            for task in tasks:
                task.cancel()
            loop.call_soon(loop.stop)
            loop.run_forever()
        for task in asyncio.all_tasks(loop):
            task._log_destroy_pending = False  # type: ignore[attr-defined]
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(self.story.close_file(self))
        loop.close()
