"""What a waiting job costs: bytes, CPU on its way to a slot, CPU to take it back.

Bytes are those of a process of its own that holds nothing else, prompts not counted; beside it the same number of tasks
that wait for a semaphore, as everybody writes it first. CPU is compared in alternating rounds of one process.
"""

import asyncio
import gc
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import mjasync as mj
from benchmarks.plots import Axis, Plot, Series
from benchmarks.report import Goal, Report
from mjasync.core.slots import Slots, Wish
from mjasync.testing import Sim, run

MOST_BYTES = 650.0
#: Of what a task for each job costs.
MOST_SHARE = 0.40
MOST_GROWTH = 1.3
MOST_CANCEL = 2.0
FEW = 1000
#: Slots of the queue whose admissions are counted.
SLOTS = 10


def resident() -> int:
    """Bytes of this process in memory."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096


async def _pool(prompts: list[str]) -> object:
    pool = mj.Pool(Sim(seed=1).ttapi())
    await pool.imagine("first use").accepted()
    before = resident()
    jobs = [pool.imagine(prompt) for prompt in prompts]
    grown = resident() - before
    assert pool.stats().waiting >= len(jobs) - SLOTS
    print(grown / len(prompts))
    await pool.aclose()
    return jobs


async def _tasks(prompts: list[str]) -> object:
    room = asyncio.Semaphore(SLOTS)

    async def one(_prompt: str) -> None:
        async with room:
            await asyncio.Event().wait()

    before = resident()
    tasks = [asyncio.create_task(one(prompt)) for prompt in prompts]
    await asyncio.sleep(0.1)
    print((resident() - before) / len(prompts))
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    return tasks


def alone(kind: str, count: int) -> float:
    """Bytes of one of `count` that wait, in a process of its own; on the real clock, so that none shares its times."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.waiting", kind, str(count)]
    done = subprocess.run(  # noqa: S603  # this very module
        command, capture_output=True, text=True, check=True, timeout=300
    )
    return float(done.stdout)


def driven(waiting: int, jobs: int) -> float:
    """CPU microseconds of each of the first `jobs` of so many, from its slot to its result; virtual time."""

    async def story() -> float:
        async with mj.Pool(Sim(seed=1, latency=1).ttapi()) as pool:
            await pool.imagine("first use", mode="turbo")
            asked = [pool.imagine(f"prompt {number}", mode="turbo") for number in range(waiting)]
            gc.collect()
            begun = time.process_time()
            await asked[jobs - 1].ended()
            seconds = time.process_time() - begun
            await pool.aclose(drain=3600)
        return seconds / jobs * 1e6

    return run(story())


def queue_of(waiting: int) -> Slots:
    """A full account, and a queue before it."""
    slots = Slots({"a": SLOTS}, lambda jobs: [1.0] * len(jobs))
    slots.open("a")
    for number in range(waiting + SLOTS):
        slots.ask(Wish(job=f"{number}", accounts=("a",)))
    slots.lend()
    return slots


def cycle(waiting: int, times: int = 500) -> float:
    """Microseconds from a slot that comes back to the job that it is lent to, with another asked for meanwhile."""
    slots = queue_of(waiting)
    wishes = [Wish(job=f"more {number}", accounts=("a",)) for number in range(times)]
    begun = time.process_time()
    for number, wish in enumerate(wishes):
        slots.give_back(f"{number}")
        slots.lend()
        slots.ask(wish)
    return (time.process_time() - begun) / times * 1e6


def cancel(waiting: int, times: int = 500) -> float:
    """Microseconds to take one that waits out of the queue."""
    slots = queue_of(waiting)
    jobs = [f"{number}" for number in range(waiting + SLOTS - times, waiting + SLOTS)]
    begun = time.process_time()
    for job in jobs:
        slots.withdraw(job)
    return (time.process_time() - begun) / times * 1e6


def measure(*, quick: bool) -> Report:
    """Few and many."""
    many, jobs, rounds = (5000, 30, 3) if quick else (100_000, 400, 7)
    ours, tasks = alone("pool", many), alone("tasks", many)
    pairs = [(driven(FEW, jobs), driven(many, jobs)) for _ in range(1 if quick else 3)]
    cycles = [(cycle(FEW), cycle(many)) for _ in range(rounds)]
    cancels = [(cancel(FEW), cancel(many)) for _ in range(rounds)]
    few_cycle, many_cycle = (median(each) for each in zip(*cycles, strict=True))
    few_cancel, many_cancel = (median(each) for each in zip(*cancels, strict=True))
    few_cpu, many_cpu = (median(each) for each in zip(*pairs, strict=True))
    slower = median(after / before for before, after in cycles)
    growth = median(after / before for before, after in pairs)
    return Report(
        title=f"A waiting job: {FEW:,} and {many:,} of them",
        head=("", f"{FEW:,}", f"{many:,}"),
        rows=(
            ("bytes, a pool's job", "", f"{ours:.0f}"),
            ("bytes, a task with a semaphore", "", f"{tasks:.0f}"),
            ("µs of CPU, a job from its slot to its result", f"{few_cpu:.0f}", f"{many_cpu:.0f}"),
            ("µs, a slot comes back and is lent again", f"{few_cycle:.1f}", f"{many_cycle:.1f}"),
            ("µs, a cancel in the queue", f"{few_cancel:.2f}", f"{many_cancel:.2f}"),
        ),
        goals=(
            Goal(name="waiting_bytes", value=ours, op="<=", goal=MOST_BYTES),
            Goal(name="waiting_bytes_of_task", value=ours / tasks, op="<=", goal=MOST_SHARE),
            Goal(name="waiting_growth", value=growth, op="<=", goal=MOST_GROWTH, clocked=True),
            Goal(name="waiting_cycle_growth", value=slower, op="<=", goal=MOST_GROWTH, clocked=True),
            Goal(name="waiting_cancel_us", value=many_cancel, op="<=", goal=MOST_CANCEL, clocked=True),
        ),
        notes=("Bytes are resident memory and hold all of a job but its prompt. CPU is this machine's.",),
        plots=(_plot(many, ours, tasks),),
    )


def _plot(many: int, ours: float, tasks: float) -> Plot:
    return Plot(
        name="memory",
        title="What waiting jobs hold",
        alt=(
            "Resident memory against waiting jobs: a job that waits in a pool holds well under half of what a task "
            "that waits for a semaphore does, before it has done anything."
        ),
        x=Axis(label="waiting jobs"),
        y=Axis(label="MiB"),
        series=tuple(
            Series(name, tuple((share * many / 4, each * share * many / 4 / 2**20) for share in range(5)), joined=True)
            for name, each in (("a pool's job", ours), ("a task with a semaphore", tasks))
        ),
    )


def main() -> None:
    """One kind, alone in this process."""
    kind, count = sys.argv[1], int(sys.argv[2])
    prompts = [f"a prompt of its own, number {number:06d}" for number in range(count)]
    gc.collect()
    asyncio.run({"pool": _pool, "tasks": _tasks}[kind](prompts))


if __name__ == "__main__":
    main()
