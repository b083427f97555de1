"""Who goes next: steps first, the longest of the last first, one queue for all accounts. Virtual time.

It is `Slots` itself that lends, in a world where a job is over the moment it is over. The bound is all the work there
is, divided by all the slots: no order can be faster.
"""

import heapq
from collections.abc import Callable, Mapping, Sequence
from random import Random
from statistics import mean, median

from attrs import frozen

from benchmarks.report import Goal, Report
from mjasync.core.slots import Expected, Slots, Wish

SLOTS = 10
CHAINS = 100
#: Seconds of a grid and of what is made out of one; and of relax.
GRID, STEP, RELAX = 55.0, 15.0, 180.0
#: How much slower the slow account of two is.
SLOWER = 1.6


@frozen(kw_only=True)
class Work:
    """A job: what it is expected to take, what it takes, and the job that it is a step after."""

    name: str
    expected: float
    seconds: float
    parent: str | None = None


@frozen
class Run:
    """When each job began and was over, in seconds."""

    began: Mapping[str, float]
    ended: Mapping[str, float]

    @property
    def makespan(self) -> float:
        """Seconds until all were over."""
        return max(self.ended.values())


def ran(
    jobs: Sequence[Work],
    wish: Callable[[Work], Wish],
    *,
    speeds: Mapping[str, float],
    expected: Expected | None = None,
) -> Run:
    """Let the slots of the accounts (by how much slower they are) do the work; `wish` says how each job queues."""
    slots = Slots(dict.fromkeys(speeds, SLOTS), expected)
    steps: dict[str | None, list[Work]] = {}
    for job in jobs:
        steps.setdefault(job.parent, []).append(job)
    work = {job.name: job for job in jobs}
    began: dict[str, float] = {}
    ended: dict[str, float] = {}
    running: list[tuple[float, str]] = []
    for name in speeds:
        slots.open(name)
    now, ready = 0.0, steps[None]
    while ready or running:
        for job in ready:
            slots.ask(wish(job))
        for loan in slots.lend():
            began[loan.job] = now
            heapq.heappush(running, (now + work[loan.job].seconds * speeds[loan.account], loan.job))
        now, over = heapq.heappop(running)
        ended[over] = now
        slots.give_back(over)
        ready = steps.get(over, [])
    return Run(began, ended)


def drawn(dice: Random, name: str, expected: float, parent: str | None = None) -> Work:
    """A job that takes about what is expected."""
    return Work(name=name, expected=expected, seconds=expected * dice.lognormvariate(0.0, 0.2), parent=parent)


def bound(jobs: Sequence[Work], slots: int = SLOTS) -> float:
    """Seconds that the work takes where no slot is ever idle."""
    return sum(job.seconds for job in jobs) / slots


def on_one(job: Work) -> Wish:
    """Steps go first."""
    return Wish(job=job.name, accounts=("a",), child=job.parent is not None)


def as_asked(job: Work) -> Wish:
    """First come, first served."""
    return Wish(job=job.name, accounts=("a",))


def chains(seed: int, steps: int) -> list[Work]:
    """So many grids, with so many steps after each."""
    dice = Random(seed)
    grids = [drawn(dice, f"{number}", GRID) for number in range(CHAINS)]
    return grids + [drawn(dice, f"{grid.name}.{n}", STEP, grid.name) for grid in grids for n in range(steps)]


def chained(seed: int, steps: int, wish: Callable[[Work], Wish]) -> tuple[float, float, float]:
    """Of chains: those begun and not over (mean over time), mean completion in seconds, makespan over the bound."""
    jobs = chains(seed, steps)
    run = ran(jobs, wish, speeds={"a": 1.0})
    over: dict[str, float] = {}
    for job in jobs:
        chain = job.parent or job.name
        over[chain] = max(over.get(chain, 0.0), run.ended[job.name])
    open_for = sum(end - run.began[chain] for chain, end in over.items())
    return open_for / run.makespan, mean(over.values()), run.makespan / bound(jobs)


def mixed(seed: int, order: str) -> tuple[float, float]:
    """Makespan over the bound, and mean completion in seconds, of a backlog of three lengths."""
    dice = Random(seed)
    jobs = [drawn(dice, f"{number}", dice.choice((STEP, GRID, RELAX))) for number in range(2 * CHAINS)]
    told = {job.name: job.expected for job in jobs}

    def expected(names: Sequence[str]) -> list[float]:
        return [told[name] for name in names]

    def wish(job: Work) -> Wish:
        return Wish(job=job.name, accounts=("a",), priority=int(job.expected) if order == "longest" else 0)

    run = ran(jobs, wish, speeds={"a": 1.0}, expected=expected if order == "tail" else None)
    return run.makespan / bound(jobs), mean(run.ended.values())


def shared(seed: int, accounts: int) -> float:
    """Makespan of one queue before all accounts, over that of a fixed share for each; one of them is slower."""
    dice = Random(seed)
    speeds = {f"{number}": SLOWER if number == 0 else 1.0 for number in range(accounts)}
    names = tuple(speeds)
    jobs = [drawn(dice, f"{number}", GRID) for number in range(CHAINS * accounts)]

    def one_queue(job: Work) -> Wish:
        return Wish(job=job.name, accounts=names)

    def fixed(job: Work) -> Wish:
        return Wish(job=job.name, accounts=(names[int(job.name) % accounts],))

    return ran(jobs, one_queue, speeds=speeds).makespan / ran(jobs, fixed, speeds=speeds).makespan


def _chains(seeds: range) -> tuple[list[tuple[str, ...]], list[Goal]]:
    rows: list[tuple[str, ...]] = []
    found: dict[tuple[int, str], tuple[float, ...]] = {}
    for steps in (1, 4):
        for name, wish in (("steps first", on_one), ("as asked", as_asked)):
            figures = tuple(map(median, zip(*(chained(seed, steps, wish) for seed in seeds), strict=True)))
            found[steps, name] = figures
            row = (f"{figures[0]:.1f}", f"{figures[1]:.0f} s", f"{figures[2]:.3f}")
            rows.append((f"{CHAINS} chains, {steps} step{'s' * (steps > 1)}", name, *row))
    ours, plain = found[1, "steps first"], found[1, "as asked"]
    return rows, [
        Goal(name="chains_open", value=ours[0], op="<=", goal=float(SLOTS)),
        Goal(name="chains_completion", value=ours[1] / plain[1], op="<=", goal=0.65),
        Goal(name="chains_makespan", value=ours[2], op="<=", goal=1.055),
    ]


def measure(*, quick: bool) -> Report:
    """Medians; the same on every machine."""
    seeds = range(15 if quick else 25)
    rows, goals = _chains(seeds)
    for order, name in (("tail", "the last 30 longest first"), ("", "as asked"), ("longest", "longest first")):
        ratio, ended = map(median, zip(*(mixed(seed, order) for seed in seeds), strict=True))
        if order == "tail":
            goals.append(Goal(name="chains_mixed", value=ratio, op="<=", goal=1.03))
        rows.append((f"{2 * CHAINS} jobs of 15, 55, 180 s", name, "", f"{ended:.0f} s", f"{ratio:.3f}"))
    for accounts in (2, 4):
        ratio = median(shared(seed, accounts) for seed in seeds)
        rows.append(
            (f"{accounts} accounts, one {SLOWER:g}x slower", "one queue / fixed shares", "", "", f"{ratio:.3f}")
        )
        goals.append(Goal(name=f"chains_shared_{accounts}", value=ratio, op="<=", goal=0.80))
    return Report(
        title=f"Who goes next: {SLOTS} slots for each account, virtual time",
        head=("work", "order", "chains open", "mean completion", "makespan / bound"),
        rows=tuple(rows),
        goals=tuple(goals),
        notes=("The bound is the work divided by the slots. Medians of some seeds.",),
    )
