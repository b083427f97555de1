"""`Sim`: accounts that live in one world."""

import mjasync as mj
from mjasync.testing import Sim, run


async def one_story(seed):
    sim = Sim(seed=seed)
    async with mj.Pool(sim.ttapi(), sim.mjproxy()) as pool:
        result = await pool.imagine("a cat", mode="relax").upscale(1)
    assert sim.ledger.peak_running["ttapi"] <= 10
    assert sim.ledger.charged == 2
    return repr(result)


def test_the_story_of_the_design_holds_and_repeats():
    assert run(one_story(7)) == run(one_story(7))
    assert run(one_story(7)) != run(one_story(8))


def test_each_call_is_another_account():
    sim = Sim(caps={"mine": 3})
    accounts = [sim.ttapi(), sim.ttapi(), sim.mjproxy(mode_path="/{mode}"), sim.ttapi(name="mine", max_jobs=3)]

    assert len({account.key.reveal() for account in accounts}) == 4
    assert [account.name for account in accounts] == [None, None, None, "mine"]
    assert "World" in repr(sim)


def test_options_of_accounts_pass_through():
    async def story():
        sim = Sim()
        async with mj.Pool(sim.mjproxy(mode_path="/{mode}", auth="mj-api-secret", max_jobs=2)) as pool:
            await pool.imagine("a cat", mode="turbo")
        assert sim.ledger.jobs[0].mode == "turbo"
        assert sim.ledger.violations == []

    run(story())


def test_a_cap_that_is_smaller_than_ours_is_waited_out():
    async def story():
        sim = Sim(caps={"mjproxy": 2})
        async with mj.Pool(sim.mjproxy()) as pool:
            outcomes = await pool.batch([f"cat {n}" for n in range(6)], mode="turbo")
        assert all(outcome.ok for outcome in outcomes)
        assert sim.ledger.peak_running == {"mjproxy": 2}
        assert sim.ledger.refusals["queue_full"] > 0
        assert sim.ledger.charged == 6

    run(story())


def test_a_profile_is_the_providers_way():
    sim = Sim(profile="downgraded")

    async def story():
        async with mj.Pool(sim.mjproxy()) as pool:
            await pool.imagine("a cat", mode="turbo")

    run(story())
    assert sim.world.profile.name == "downgraded"
    assert sim.ledger.jobs[0].mode == "relax"
