"""One vocabulary on jobs and results, for both providers."""

import pytest

import mjasync as mj
from mjasync.testing import Sim, run


@pytest.mark.parametrize("verb", ["upscale", "vary"])
@pytest.mark.parametrize("which", [0, 5, -1, True, "1", 1.0, None, "loud", ""])
def test_an_index_outside_of_one_to_four_is_refused_at_once(verb, which):
    async def story():
        async with mj.Pool(Sim().ttapi()) as pool:
            job = pool.imagine("a cat")
            with pytest.raises(mj.ConfigError, match="counted from 1"):
                getattr(job, verb)(which)
            assert len(pool.jobs) == 1

    run(story())


@pytest.mark.parametrize("action", ["", "  ", None, 3])
def test_press_wants_a_name(action):
    async def story():
        async with mj.Pool(Sim().ttapi()) as pool:
            with pytest.raises(mj.ConfigError, match="names no action"):
                pool.imagine("a cat").press(action)

    run(story())


@pytest.mark.parametrize("provider", ["ttapi", "mjproxy"])
def test_every_verb_reaches_the_provider_under_its_own_words(provider):
    async def story():
        sim = Sim(seed=3)
        async with mj.Pool(getattr(sim, provider)()) as pool:
            grid = await pool.imagine("a cat")
            assert {"upscale1", "upscale4", "vary1", "vary4", "reroll"} <= {action.name for action in grid.actions}
            await grid.vary(3)
            await grid.reroll()
            await grid.press("U2")
            single = await grid.upscale(1)
            assert "upscale1" not in {action.name for action in single.actions}
            for job in (single.upscale("subtle"), single.upscale("creative"), single.vary("strong")):
                await job
            await single.vary("subtle")
            last = await single.press(single.actions[0])
            assert [step.action for step in last.lineage] == [None, "upscale1", single.actions[0].name]
        assert sim.ledger.violations == []
        assert sim.ledger.charged == 10

    run(story())


@pytest.mark.fault("U10")
def test_a_result_says_at_once_what_it_does_not_offer_and_a_job_when_awaited():
    async def story():
        sim = Sim()
        async with mj.Pool(sim.mjproxy()) as pool:
            job = pool.imagine("a cat").upscale(1)
            single = await job
            with pytest.raises(mj.ActionUnavailable) as at_once:
                single.upscale(1)
            with pytest.raises(mj.ActionUnavailable) as awaited:
                await job.upscale(1)
            assert at_once.value.available == awaited.value.available == tuple(a.name for a in single.actions)
            assert awaited.value.charged == "no"
        assert sim.ledger.accepted == 2

    run(story())


def test_an_action_of_a_single_picture_on_a_grid_says_to_upscale_first():
    async def story():
        async with mj.Pool(Sim().mjproxy()) as pool:
            with pytest.raises(mj.ActionUnavailable, match="upscale one of its pictures first"):
                await pool.imagine("a cat").press("pan_left")

    run(story())
