"""The whole road over real HTTP: 40 prompts, two providers, one upscale each, pictures on disk."""

import asyncio

import mjasync as mj
from mjasync.sim import World, serve
from mjasync.transport.download import kind_of


def test_forty_prompts_and_their_upscales(tmp_path):
    async def story():
        world = World(seed=3, speed=300)
        async with serve(world) as served:
            accounts = (
                mj.TTAPI(key=served.key, base_url=served.ttapi_url),
                mj.MJProxy(key=served.key, base_url=served.mjproxy_url),
            )
            async with mj.Pool(*accounts) as pool:
                prompts = [f"prompt {number}" for number in range(40)]
                outcomes = await pool.batch(prompts, mode="fast", then=lambda job: job.upscale(2))
                assert all(outcome.ok for outcome in outcomes), [o.error for o in outcomes if not o.ok]
                first = outcomes[0].value
                grid, single = await asyncio.gather(
                    pool.job(first.lineage[0].job_id).result().save(tmp_path / "grid"), first.save(tmp_path / "single")
                )
        assert kind_of(grid.read_bytes()) == kind_of(single.read_bytes()) == "png"
        return world.ledger

    ledger = asyncio.run(story())
    kinds = [entry.kind for entry in ledger.jobs]
    assert (kinds.count("imagine"), kinds.count("upscale"), len(kinds)) == (40, 40, 80)
    assert ledger.charged == 80
    assert set(ledger.peak_running) == {"ttapi", "mjproxy"}
    assert all(peak <= 10 for peak in ledger.peak_running.values())
    assert ledger.violations == []
    assert set(ledger.refusals) <= {"unknown_job", "no_route"}  # free: proofs of routes, a look at many
