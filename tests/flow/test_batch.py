"""Batches: outcomes as they end, lists in order, honest leaving."""

import asyncio

import pytest

import mjasync as mj
from mjasync.testing import Sim, run

PROMPTS = [f"prompt {n}" for n in range(12)]


def test_outcomes_come_as_they_end_and_the_list_in_order():
    async def story():
        sim = Sim(seed=2)
        async with mj.Pool(sim.ttapi(), sim.mjproxy()) as pool:
            batch = pool.batch(PROMPTS, mode="turbo", then=lambda job: job.upscale(1))
            assert len(batch) == 12
            assert "0 ended" in repr(batch)
            seen = [outcome async for outcome in batch]
            assert sorted(outcome.index for outcome in seen) == list(range(12))
            assert [outcome.index for outcome in seen] != list(range(12))
            assert all(outcome.ok and outcome.value.lineage[-1].action == "upscale1" for outcome in seen)
            outcomes = await batch
            assert [outcome.prompt for outcome in outcomes] == PROMPTS
            assert [outcome.job for outcome in outcomes] == list(batch.jobs)
        assert sim.ledger.charged == 24

    run(story())


def test_then_may_fan_out():
    async def story():
        sim = Sim()
        async with mj.Pool(sim.ttapi()) as pool:
            (outcome,) = await pool.batch(["a cat"], then=lambda job: [job.upscale(1), job.vary(2)])
            assert [result.lineage[-1].action for result in outcome.value] == ["upscale1", "vary2"]
            (plain,) = await pool.batch(["a cat"], then=lambda job: [])
            assert [result.lineage[-1].action for result in plain.value] == [None]

    run(story())


def test_failures_are_outcomes_unless_asked_to_raise():
    async def story():
        sim = Sim()
        async with mj.Pool(sim.ttapi()) as pool:
            sim.inject("fail", on="job", match="prompt 3", reason="[Banned prompt detected] x", times=2)
            outcomes = await pool.batch(PROMPTS[:5])
            assert [outcome.ok for outcome in outcomes] == [True, True, True, False, True]
            assert isinstance(outcomes[3].error, mj.PromptRejected)
            with pytest.raises(mj.BatchError) as caught:
                await pool.batch(PROMPTS[:5], errors="raise")
            assert [outcome.index for outcome in caught.value.failed] == [3]
            assert len(caught.value.ok) == 4
            with pytest.raises(mj.ConfigError, match="neither"):
                pool.batch(PROMPTS, errors="ignore")

    run(story())


def test_leaving_the_loop_early_withdraws_what_was_not_sent():
    async def story():
        sim = Sim()
        async with mj.Pool(sim.ttapi(max_jobs=2)) as pool:
            batch = pool.batch(PROMPTS)
            async for outcome in batch:
                assert outcome.ok
                break
            await asyncio.sleep(1)
            withdrawn = [job for job in batch.jobs if job.done() and job.cancelled()]
            assert len(withdrawn) >= 9
        assert sim.ledger.charged == 12 - len(withdrawn)
        assert all(job.done() for job in batch.jobs)

    run(story())


def test_leaving_the_loop_early_withdraws_the_steps_between_too():
    async def story():
        sim = Sim()
        async with mj.Pool(sim.ttapi(max_jobs=2)) as pool:
            batch = pool.batch(PROMPTS[:3], then=lambda job: job.upscale(1).zoom(2))
            async for _ in batch:
                break
            unsent = [job for job in pool.jobs if job.phase is mj.Phase.HELD]
        assert sim.ledger.charged == 9 - len(unsent)
        assert len(unsent) > 1

    run(story())


def test_every_item_is_checked_before_the_first_is_queued():
    async def story():
        sim = Sim()
        async with mj.Pool(sim.ttapi()) as pool:
            with pytest.raises(mj.ConfigError, match="Item 2 of the batch"):
                pool.batch(["a", "b", " ", "d"])
            with pytest.raises(mj.ConfigError, match="counted from 1"):
                pool.batch(["a", "b"], then=lambda job: job.upscale(9))
            await asyncio.sleep(1)
            assert all(job.cancelled() for job in pool.jobs)
        assert sim.ledger.charged == 0

    run(story())


def test_items_may_bring_their_own_options():
    async def story():
        async with mj.Pool(Sim().ttapi()) as pool:
            batch = pool.batch(["a", {"prompt": "b", "mode": "turbo"}], mode="relax")
            assert [job.mode for job in batch.jobs] == ["relax", "turbo"]
            await batch
            assert await pool.batch([]) == []

    run(story())


@pytest.mark.parametrize("broken", [False, True])
def test_what_somebody_else_asked_for_under_the_same_key_is_not_withdrawn(broken):
    async def story():
        sim = Sim()
        async with mj.Pool(sim.ttapi(max_jobs=1)) as pool:
            pool.imagine("first")
            shared = pool.imagine("a", key="k")
            step = shared.upscale(1, key="s")
            items = [{"prompt": "zz", "priority": 5}, {"prompt": "a", "key": "k"}, "mine"]
            if broken:
                with pytest.raises(ZeroDivisionError):
                    pool.batch(items, then=lambda job: 1 / 0 if job.prompt == "mine" else job.vary(2))
            else:
                batch = pool.batch(items, then=lambda job: job.upscale(1, key="s") if job is shared else job)
                async for _ in batch:
                    break
                await asyncio.sleep(1)
                assert batch.jobs[2].cancelled()
            assert (await step).images
        assert not broken or sim.ledger.charged == 3
        assert "mine" not in [job.order.prompt for job in sim.ledger.booked("ttapi")]

    run(story())
