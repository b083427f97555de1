"""Stories told to one account, for the tests of what drives and what looks."""

import mjasync as mj
from mjasync.testing import Sim, run

PROVIDERS = ["ttapi", "mjproxy"]


def tell(provider, script, *, seed=1, **options):
    """Run `script(pool, sim)` against one account, and return the sim."""

    async def story():
        sim = Sim(seed=seed)
        async with mj.Pool(getattr(sim, provider)(**options)) as pool:
            await script(pool, sim)
        return sim

    return run(story())
