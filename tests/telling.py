"""Stories for whoever listens: what a pool tells in a good run, and in a bad one."""

import mjasync as mj
from mjasync.testing import Sim, run


def told(script, *ears, provider="ttapi", seed=3, profile="seed", prepare=None, **options):
    """All events of `script(pool)`; `ears` hear them too. `prepare(sim)` comes first."""
    heard = []

    async def story():
        sim = Sim(seed=seed, profile=profile)
        if prepare is not None:
            prepare(sim)
        async with mj.Pool(getattr(sim, provider)(), on_event=[heard.append, *ears], **options) as pool:
            await script(pool)

    run(story())
    return heard


async def chain(pool):
    """Two jobs that go well."""
    await pool.imagine("a cat").upscale(1)


async def twelve(pool):
    """Twelve pictures, whatever becomes of them."""
    await pool.batch([f"cat {number}" for number in range(12)], mode="turbo")


def troubled(sim):
    """A provider that is busy, fails, and loses an answer."""
    sim.inject("fail", on="job", reason="[Internal error]", times=2)
    sim.inject("status", on="submit", status=429)
    sim.inject("lose_answer", on="submit", match="cat 7")
