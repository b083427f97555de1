"""Callbacks by hand and by the simulated providers: what the journeys of webhooks share."""

import asyncio
import json

import mjasync as mj
from mjasync.sim import to_asgi
from mjasync.testing import Sim, run

URL = "https://example.org/mj"


def tell(provider, script, *, seed=1, profile="seed", calls=True, faults=(), **options):
    """Run `script(pool, sim)` against one account of a pool with a public address, and return the sim."""

    async def story():
        sim = Sim(seed=seed, profile=profile)
        for kind, details in faults:
            sim.inject(kind, **details)
        async with mj.Pool(getattr(sim, provider)(**options), public_url=URL) as pool:
            if calls:
                sim.call_back(pool.hooks.asgi)
            await script(pool, sim)
        return sim

    return run(story())


def hook_of(sim, n=-1):
    """The address that the n-th accepted job wants to be called at."""
    job = list(sim.world.jobs.values())[n]
    return job.order.notes.get("hookUrl") or job.order.notes["notifyHook"]


def said(provider, remote_id, *, status=None, **more):
    """The body of a callback: that it is over, unless said otherwise."""
    if provider == "ttapi":
        data = {"jobId": remote_id, "progress": "100", **more}
        document = {"status": status or "SUCCESS", "jobId": remote_id, "message": "success", "data": data}
    else:
        document = {"id": remote_id, "status": status or "SUCCESS", "progress": "100%", "action": "IMAGINE", **more}
    return json.dumps(document).encode()


async def ring(pool, url, body=b"{}"):
    """One callback by hand; the status of its answer."""
    return await to_asgi(pool.hooks.asgi)(url, body)


def looks(sim):
    """Requests that asked how jobs are."""
    return sum(n for name, n in sim.ledger.requests.items() if name.endswith((".fetch", ".list-by-condition")))


async def pictures(pool, count, **options):
    return await asyncio.gather(*(pool.imagine(f"cat {n}", **options).wait() for n in range(count)))
