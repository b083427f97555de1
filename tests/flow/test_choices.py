"""Chains in pools of several accounts: where they begin, and that a preference is no duty."""

import asyncio

import pytest

import mjasync as mj
from mjasync.testing import Sim, run
from tests.flow.stories import ended


def both(script, **options):
    """Run `script(pool, sim)` against both providers."""

    async def story():
        sim = Sim(seed=5)
        async with mj.Pool(sim.ttapi(**options.get("ttapi", {})), sim.mjproxy(**options.get("mjproxy", {}))) as pool:
            await asyncio.gather(*(pool.imagine("first use", account=name) for name in ("ttapi", "mjproxy")))
            await script(pool, sim)

    run(story())


def test_a_step_that_is_cancelled_asks_nothing_of_its_root_any_more():
    async def script(pool, sim):
        roots = [pool.imagine(f"a cat {n}") for n in range(6)]
        zooms = [root.upscale(1).zoom(1.7) for root in roots]
        for zoom in zooms:
            await zoom.parent.cancel()
        begun = asyncio.get_running_loop().time()
        await asyncio.gather(*roots)
        assert asyncio.get_running_loop().time() - begun < 120
        assert "ttapi" in {root.ticket.account for root in roots}

    both(script, mjproxy={"max_jobs": 1})


def test_a_root_goes_elsewhere_when_the_account_that_its_step_needs_is_refused():
    async def story():
        sim = Sim(seed=5)
        relay = sim.mjproxy()
        sim.inject("status", provider="mjproxy", on="fetch", status=401, body={"error": {"message": "no"}}, times=99)
        async with mj.Pool(sim.ttapi(), relay) as pool:
            root = pool.imagine("a cat")
            sibling, zoomed = root.upscale(2), root.upscale(1).zoom(1.7)
            assert (await root).ticket.account == (await sibling).ticket.account == "ttapi"
            assert isinstance(await ended(zoomed), mj.ActionUnavailable)

    run(story())


@pytest.mark.parametrize("turns", range(1, 6))
def test_a_step_asked_for_while_pictures_are_read_is_in_time(turns, tmp_path):
    async def script(pool, sim):
        before = sim.ledger.charged
        grid = await pool.imagine("to blend", account="mjproxy")
        files = [await grid.save(tmp_path / f"{n}.png") for n in range(2)]
        blends = [pool.blend(files) for _ in range(4)]
        for _ in range(turns):
            await asyncio.sleep(0)
        chains = [blend.upscale(1).zoom(1.7) for blend in blends]
        results = await asyncio.gather(*chains, return_exceptions=True)
        sent_before = [blend for blend in blends if blend.ticket.account == "ttapi"]
        assert not sent_before
        assert all(isinstance(result, mj.Result) for result in results)
        assert sim.ledger.charged == before + 1 + 12

    both(script)
