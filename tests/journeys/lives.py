"""Several processes, one after the other, on one journal: what the journeys of resuming share.

A pool that is left by an exception lets go of its jobs as a process does that ends; a killed process is a copy of its
file, taken while something was on its way.
"""

import asyncio
import contextlib
import shutil

import mjasync as mj
from mjasync.testing import Sim

#: What looks or asks for free; all else may cost.
FREE = ("fetch", "fetch-list", "list-by-condition", "promptCheck", "info", "image", "image-seed", "unrouted")
PROVIDERS = ["ttapi", "mjproxy"]


class Exit(Exception):
    """The process ends."""


@contextlib.asynccontextmanager
async def life(path, *accounts, **options):
    """A pool that nobody waits for at its end."""
    with contextlib.suppress(Exit):
        async with mj.Pool(*accounts, journal=str(path), **options) as pool:
            yield pool
            raise Exit


def world(*providers, seed=1, max_jobs=10, **options):
    """A sim, and an account at each provider."""
    sim = Sim(seed=seed, **options)
    return sim, [getattr(sim, name)(max_jobs=max_jobs) for name in providers or PROVIDERS]


def submits(sim):
    """Requests that might have cost something, of both providers."""
    return sum(n for name, n in sim.ledger.requests.items() if name.partition(".")[2] not in FREE)


def kill(path):
    """The file as a process leaves it that is killed now; the path of it."""
    corpse = path.with_name(f"killed-{path.name}")
    for suffix in ("", "-journal", "-wal"):
        with contextlib.suppress(FileNotFoundError):
            shutil.copyfile(f"{path}{suffix}", f"{corpse}{suffix}")
    return corpse


def now():
    """Seconds on the loop's clock."""
    return asyncio.get_running_loop().time()


async def until(true, every=1.0):
    """Wait until `true()`, asked again every so many virtual seconds; returns when that was."""
    while not true():  # noqa: ASYNC110  # what is waited for is seen from outside, which is the point
        await asyncio.sleep(every)
    return now()


async def sending(*jobs):
    """Wait until the requests of these jobs are on their way."""
    await until(lambda: all(job.phase is mj.Phase.SENDING for job in jobs), every=0.001)


def held(pool, name):
    """Slots of an account that are taken now."""
    return pool.stats().accounts[name].held


async def freed(pool, name):
    """When the account's last slot came back."""
    return await until(lambda: not held(pool, name))
