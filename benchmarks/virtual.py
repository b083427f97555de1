"""Relax jobs from end to end on virtual time, twice: the same to the last digit, and how fast that is."""

import asyncio
import time
from hashlib import blake2b

from attrs import frozen

import mjasync as mj
from benchmarks.report import Goal, Report
from mjasync.testing import Sim, run

JOBS = 200
SEED = 3


@frozen
class Story:
    """What happened."""

    #: Virtual seconds until all was over.
    seconds: float
    requests: int
    #: CPU seconds that it took.
    cpu: float
    #: Of every job: its ids, pictures, seconds and looks; of the provider: every request by kind.
    digest: str


def tell(jobs: int) -> Story:
    """A whole pool against the simulator."""

    async def story() -> tuple[float, int, str]:
        sim = Sim(seed=SEED, latency=0.15)
        told = blake2b(digest_size=8)
        async with mj.Pool(sim.ttapi()) as pool:
            running = [pool.imagine(f"prompt {n}", mode="relax") for n in range(jobs)]
            for job in running:
                result = await job
                told.update(repr((job.id, job.looks, result.ticket, result.images, result.seconds)).encode())
        told.update(repr(sorted(sim.ledger.requests.items())).encode())
        return asyncio.get_running_loop().time(), sim.ledger.requests.total(), told.hexdigest()

    begun = time.process_time()
    seconds, requests, digest = run(story())
    return Story(seconds, requests, time.process_time() - begun, digest)


def measure(*, quick: bool) -> Report:
    """Twice the same."""
    jobs = JOBS // 4 if quick else JOBS
    stories = [tell(jobs), tell(jobs)]
    faster = max(story.seconds / story.cpu for story in stories)
    return Report(
        title=f"Virtual time: {jobs} relax jobs from end to end, twice",
        head=("run", "virtual minutes", "requests", "CPU seconds", "times real time", "digest"),
        rows=tuple(
            (
                str(number),
                f"{story.seconds / 60:.1f}",
                str(story.requests),
                f"{story.cpu:.2f}",
                f"{story.seconds / story.cpu:.0f}",
                story.digest,
            )
            for number, story in enumerate(stories, 1)
        ),
        goals=(
            Goal(name="virtual_stories", value=len({story.digest for story in stories}), op="<=", goal=1),
            Goal(name="virtual_faster", value=faster, op=">=", goal=500, clocked=True),
        ),
        notes=(
            "The digest is of every job's ids, pictures, seconds and looks, and of the provider's count of requests.",
        ),
    )
