"""A world from its first process to its last, and what the oracle makes of it."""

import asyncio
import gc
import logging
import shutil
import tempfile
import traceback
from collections import Counter
from pathlib import Path

from attrs import evolve, frozen

import mjasync as mj
from mjasync.journal.memory import MemoryJournal
from mjasync.journal.sqlite import SQLiteJournal
from mjasync.sim import World
from mjasync.sim.jobs import Job
from mjasync.sim.pictures import Gallery
from tests.worlds.callers import Told
from tests.worlds.chronicle import Chronicle
from tests.worlds.clocks import Clock
from tests.worlds.drawing import draw
from tests.worlds.lives import LifeRun
from tests.worlds.mortal import MortalJournal
from tests.worlds.oracle import judge
from tests.worlds.paper import Paper, PaperJournal
from tests.worlds.plan import Plan
from tests.worlds.ringing import Ringing
from tests.worlds.rows import Row, of_file, slots_of_file
from tests.worlds.wire import Wire

_SHM = Path("/dev/shm")


@frozen
class Violation:
    """A rule that was broken, and how."""

    rule: str
    text: str


@frozen(kw_only=True)
class Verdict:
    """What became of one world."""

    plan: Plan
    digest: str
    fired: Counter[str]
    violations: tuple[Violation, ...]
    chronicle: Chronicle


class _SmallGallery(Gallery):
    """Pictures of a few pixels: what matters is whose they are."""

    def hang(self, job: Job) -> None:
        super().hang(evolve(job, size=(8, 8)))


class _Ear(logging.Handler):
    """Hears what the library says about its own bugs."""

    def __init__(self, story: "Story") -> None:
        super().__init__(logging.ERROR)
        self._story = story

    def emit(self, record: logging.LogRecord) -> None:
        """A line of the log."""
        life = self._story.life
        wrong = record.exc_info is not None or "bug" in str(record.msg)
        if life is not None and not life.dead and wrong:
            trace = "".join(traceback.format_exception(*record.exc_info)[-12:]) if record.exc_info else ""
            self._story.violated("BUG", f"{record.getMessage()}\n{trace}")


class Story:
    """One world while it runs."""

    def __init__(self, plan: Plan, folder: Path, *, rings: bool = False) -> None:
        self.plan, self.folder = plan, folder
        self.clock = Clock()
        self.chronicle = Chronicle(self.clock)
        self.world = World(seed=plan.seed, speed=plan.speed, now=self.clock.now, profile=plan.profile)
        self.world.gallery = _SmallGallery()
        for account in plan.accounts:
            self.world.account(account.provider, name=account.name, cap=account.cap)
        self.wire = Wire(self.world, self.clock, plan, self.chronicle)
        #: Calls the pool's hooks, where anybody does.
        self.ringing = Ringing(self) if rings else None
        self.paper = Paper()
        self.violations: list[Violation] = []
        self.life: LifeRun | None = None
        #: What became durable, life after life, as the journals' owners saw it.
        self.rows: list[Row] = []
        self.lives: list[LifeRun] = []
        #: Fingerprint in the file → name in the plan.
        self.fingerprints: dict[str, str] = {}
        #: What users were told, in all lives; names of trees that were asked for; pictures that they saved.
        self.history: list[Told] = []
        self.asked: set[str] = set()
        self.saved: dict[Path, str] = {}

    def run(self) -> Verdict:
        """All lives, then the judgement."""
        last = len(self.plan.lives) - 1
        for number, life in enumerate(self.plan.lives):
            self.life = LifeRun(self, number, life, last=number == last)
            self.lives.append(self.life)
            self.life.run()
            self.rows += self.life.journal.rows if self.life.journal else []
            if number < last:
                self.wire.idle(life.pause)
                if life.jump_after:
                    self.wire.fired["calendar"] += 1
                    self.clock.jump(life.jump_after)
                    self.chronicle.note("calendar", life.jump_after)
        judge(self)
        return Verdict(
            plan=self.plan,
            digest=self.chronicle.digest(),
            fired=self.wire.fired,
            violations=tuple(self.violations),
            chronicle=self.chronicle,
        )

    def violated(self, rule: str, text: str) -> None:
        """A rule is broken."""
        self.violations.append(Violation(rule, text))
        self.chronicle.note("VIOLATION", rule, text)

    def crashed(self, error: BaseException | None) -> None:
        """The life's own story broke off: something raised that never should."""
        self.violated("CRASH", "".join(traceback.format_exception(error)))

    def left_behind(self, life: LifeRun, tasks: list["asyncio.Task[object]"]) -> None:
        """Tasks of a life that ended well."""
        ours = [task.get_name() for task in tasks if task.get_name().startswith("mj:")]
        if ours:
            self.violated("K09", f"life {life.number} is closed, and {ours} go on")

    def check_durable(self, life: LifeRun, told: Told) -> None:
        """I5: what a user is told now is in the journal now."""
        if told.kind == "info" or life.journal is None:
            return
        rows = [row for row in life.journal.rows if row.job == told.job]
        kinds = {f"Saw {row.facts['snapshot']['status']}" if row.kind == "Saw" else row.kind for row in rows}
        wanted = {"Saw done"} if told.kind == "ok" else {"Saw failed", "Rejected", "Silence", "Detached", "Expired"}
        earlier = any(row.job == told.job for row in self.rows)
        if not kinds & wanted and not earlier and not isinstance(told.value, mj.JournalError):
            self.violated("I5", f"{told.name} ({told.job}) was told {told.gist()}; durable: {sorted(kinds)}")

    def named(self, account: str) -> str:
        """The plan's name of an account of the journal."""
        return self.fingerprints.get(account, account)

    # Journals.

    def journal(self, life: LifeRun) -> MortalJournal:
        """The journal of a life: a new one in memory, or the file."""
        if self.plan.journal == "memory":
            return MortalJournal(MemoryJournal(), life, self.chronicle, delay=self.plan.delay)
        if self.plan.journal == "paper":
            return MortalJournal(PaperJournal(self.paper), life, self.chronicle, delay=self.plan.delay)
        path = self.file(life.number)
        path.parent.mkdir(exist_ok=True)
        return MortalJournal(SQLiteJournal(path, inline=True), life, self.chronicle, delay=self.plan.delay)

    def file(self, number: int) -> Path:
        """Where a life finds its journal."""
        return self.folder / f"life-{number}" / "jobs.db"

    def keep_file(self, life: LifeRun) -> None:
        """What is on the disk at this moment is what the next life finds."""
        if self.plan.journal != "sqlite" or life.last:
            return
        source, target = self.file(life.number).parent, self.file(life.number + 1).parent
        if source.exists() and not target.exists():
            shutil.copytree(source, target)
            self.check_slots(target / "jobs.db")

    def check_slots(self, path: Path, *, over: bool = False) -> None:
        """I1, I8: the slots that the file itself shows; none when all is `over`."""
        taken = Counter(self.named(account) for _, account in slots_of_file(path))
        for account in self.plan.accounts:
            if taken[account.name] > (0 if over else account.max_jobs):
                self.violated(
                    "I8" if over else "I1",
                    f"the file of {path.parent.name} shows {taken[account.name]} slots of {account.name}",
                )

    async def close_file(self, life: LifeRun) -> None:
        """Let go of a dead one's handles; what closed well is what the next life finds."""
        if life.journal is not None:
            await life.journal.bury()
        self.keep_file(life)

    def dump(self) -> list[Row]:
        """The journal at the end, by its file where there is one."""
        return self.rows if self.plan.journal != "sqlite" else of_file(self.file(len(self.plan.lives) - 1))

    async def heal(self, life: LifeRun) -> None:
        """Nothing goes wrong any more: everything must come to its end."""
        pool = life.pool
        assert pool is not None
        if self.plan.journal == "memory":
            await asyncio.sleep(1)
        bound = self.bound()
        begun = self.clock.now()
        while self.clock.now() - begun < bound:
            held = [name for name, stats in pool.stats().accounts.items() if stats.held]
            if not held and all(job.done() for job in pool.jobs):
                self.chronicle.note("healed", round(self.clock.now() - begun, 3))
                return
            await asyncio.sleep(20)
        left = [repr(job) for job in pool.jobs if not job.done()]
        self.violated("I16", f"after {bound:g} s without faults: slots {held}, jobs {left[:5]}")

    def bound(self) -> float:
        """Seconds in which everything ends: the providers' limits, a quarantine, and a turn for every job."""
        provider = {account.provider for account in self.plan.accounts}
        limit = 7500 + 3900 if "mjproxy" in provider else 1500 + 750
        return limit + 300 + 700 * len(self.plan.nodes)


def play(seed: int, *, journals: bool = True, rings: bool = False) -> Verdict:
    """Run one world; with `rings` every request has a hook of ours, and callbacks come."""
    # Worlds are full of cycles: one sweep for a few of them costs less than sweeping all the time.
    swept = gc.isenabled()
    gc.disable()
    folder = Path(tempfile.mkdtemp(prefix=f"world-{seed}-", dir=_SHM if _SHM.is_dir() else None))
    try:
        plan = draw(seed, journals=journals)
        story = Story(evolve(plan, hooks=True) if rings else plan, folder, rings=rings)
        ear, log = _Ear(story), logging.getLogger("mjasync")
        log.addHandler(ear)
        try:
            return story.run()
        finally:
            log.removeHandler(ear)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if seed % 20 == 19:
            gc.collect()
        if swept:
            gc.enable()
