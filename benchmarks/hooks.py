"""200 jobs on 10 slots with callbacks, in virtual time: looks for a job, and what happens when callbacks get lost.

The bound, the worlds and the slots are those of `makespan`. Callbacks come 0.5 s after an end. "from half on" is the day on
which a proxy breaks: the first hundred callbacks come, and no other.
"""

import asyncio
from statistics import fmean

from attrs import frozen

import mjasync as mj
from benchmarks.makespan import MODES, ROOM, RTT, SEEDS, SLOTS, bound, durations
from benchmarks.report import Goal, Report
from mjasync.testing import Sim, run

JOBS = 200
URL = "https://example.org/mj"
#: What becomes of callbacks -> which of them, in the order of the ends, get lost.
LOST = {
    "all come": (),
    "1 % lost": range(50, JOBS, 100),
    "lost from half on": range(JOBS // 2, JOBS),
    "all lost": range(JOBS),
}
NONE = "none asked for"
#: With callbacks: looks for a job and makespan over the bound, at most. With all of them lost: so many looks, and so much
#: of the makespan, more than without (two runs differ by their chance).
LOOKS, RATIO, MORE_LOOKS, MORE = 3.0, 1.02, 1.0, 0.005


@frozen
class Run:
    """What all jobs together took."""

    mode: str
    callbacks: str
    ratio: float
    #: Per job, and those for lists counted once.
    looks: float
    #: Mean and worst seconds from an end to its being noticed.
    late: float
    worst: float

    def row(self) -> tuple[str, ...]:
        """As the table shows it."""
        return (
            self.mode,
            self.callbacks,
            f"{self.ratio:.4f}",
            f"{self.looks:.2f}",
            f"{self.late:.2f} s",
            f"{self.worst:.1f} s",
        )


def one(mode: str, callbacks: str, seed: int) -> Run:
    """A pool on one TTAPI account that knows nothing yet."""

    async def story() -> Run:
        sim = Sim(seed=seed, latency=RTT)
        url = None if callbacks == NONE else URL
        async with mj.Pool(sim.ttapi(max_jobs=SLOTS), public_url=url) as pool:
            if url is not None:
                sim.call_back(pool.hooks.asgi)
                _lose(sim, callbacks)
            results = await asyncio.gather(*(pool.imagine(_prompt(n), mode=mode) for n in range(JOBS)))
            ratio = asyncio.get_running_loop().time() / bound(sim.ledger)
            true = durations(sim.ledger)
            late = [result.seconds - true[result.ticket.remote_id] for result in results]
            return Run(mode, callbacks, ratio, pool.stats().looks / JOBS, fmean(late), max(late))

    return run(story())


def _lose(sim: Sim, callbacks: str) -> None:
    """By prompts: jobs end about in the order in which they were asked for."""
    for n in LOST[callbacks]:
        sim.inject("hook_lost", match=_prompt(n), times=1)


def _prompt(n: int) -> str:
    """Of one length, so that none is found in another."""
    return f"prompt {n:03}"


def measure(*, quick: bool) -> Report:
    """All modes, all fates of callbacks."""
    seeds = SEEDS[:1] if quick else SEEDS
    fates = (NONE, "all come", "all lost") if quick else (NONE, *LOST)
    runs = [_mean([one(mode, fate, seed) for seed in seeds]) for mode in MODES for fate in fates]
    return Report(
        title=f"Callbacks: {JOBS} jobs, {SLOTS} slots, virtual time",
        head=("mode", "callbacks", "makespan / bound", "looks per job", "mean lateness", "worst"),
        rows=tuple(each.row() for each in runs),
        goals=tuple(goal for mode in MODES for goal in _goals(mode, runs, room=ROOM if quick else 0.0)),
        notes=(
            f"Means of {len(seeds)} worlds; the worst lateness is that of all. Our figures begin cold. Few looks see little",
            "progress: after a miss the laws of its steps are learned first, which is what relax pays for.",
        ),
    )


def _goals(mode: str, runs: list[Run], *, room: float) -> tuple[Goal, ...]:
    plain, come, lost = (
        next(each for each in runs if (each.mode, each.callbacks) == (mode, fate))
        for fate in (NONE, "all come", "all lost")
    )
    more_looks, more = lost.looks - plain.looks, lost.ratio - plain.ratio
    return (
        Goal(name=f"hook_looks_{mode}", value=come.looks, op="<=", goal=LOOKS * (1 + 10 * room)),
        Goal(name=f"hook_makespan_{mode}", value=come.ratio, op="<=", goal=RATIO + room),
        Goal(name=f"lost_looks_more_{mode}", value=more_looks, op="<=", goal=MORE_LOOKS * (1 + 10 * room)),
        Goal(name=f"lost_makespan_more_{mode}", value=more, op="<=", goal=MORE + room),
    )


def _mean(runs: list[Run]) -> Run:
    """The same in several worlds."""
    return Run(
        runs[0].mode,
        runs[0].callbacks,
        fmean(each.ratio for each in runs),
        fmean(each.looks for each in runs),
        fmean(each.late for each in runs),
        max(each.worst for each in runs),
    )
