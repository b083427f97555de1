"""Chains, fan-outs, windows and pictures over several processes: each step once."""

import asyncio

import pytest
from attrs import evolve

import mjasync as mj
from mjasync.testing import run
from tests.flow.stories import Relay, button, done, listened, taken
from tests.journeys.lives import PROVIDERS, kill, life, submits, world

ACCOUNT = mj.MJProxy("key", base_url="https://relay.example")


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("seconds", [0.0, 3.0, 40.0, 75.0, 100.0, 130.0])
def test_a_chain_goes_on_wherever_it_was_left_and_every_step_is_sent_once(provider, seconds, tmp_path):
    async def story():
        sim, accounts = world(provider)
        async with life(tmp_path / "jobs.db", *accounts) as pool:
            last = pool.imagine("a lighthouse").upscale(2).zoom(2)
            await asyncio.sleep(seconds)
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db")) as pool:
            await pool.recover()
            result = await pool.job(last.id)
            assert [None, "upscale2", "zoom_2"] == [step.action for step in result.lineage]
        assert (3, 3) == (submits(sim), sim.ledger.charged)

    run(story())


def test_a_step_sleeps_even_if_its_parent_ends_in_front_of_it(tmp_path):
    async def story():
        sim, accounts = world("ttapi")
        async with life(tmp_path / "jobs.db", *accounts) as pool:
            step = pool.imagine("a cat").upscale(1)
            await step.parent.accepted()
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db")) as pool:
            await pool.job(step.parent.id)
            await asyncio.sleep(100)
            assert mj.Phase.HELD is pool.job(step.id).phase
            assert 1 == submits(sim)
            found = await pool.recover()
            assert [step.id] == [job.id for job in found.held]
            assert [step.parent.id] == [job.id for job in found.finished]
        assert found.held[0].result().images
        assert 2 == submits(sim)

    run(story())


def test_a_step_whose_parent_ended_while_nobody_ran(tmp_path):
    async def story():
        sim, accounts = world("mjproxy")
        sim.inject("fail", on="job", match="bad", reason="boom")
        async with life(tmp_path / "jobs.db", *accounts) as pool:
            good, bad = pool.imagine("good").upscale(1), pool.imagine("bad").upscale(1)
            await asyncio.gather(good.parent.accepted(), bad.parent.accepted())
        await asyncio.sleep(4000)
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db")) as pool:
            await pool.recover()
            assert (await pool.job(good.id)).images
            with pytest.raises(mj.ParentFailed) as caught:
                await pool.job(bad.id)
            assert isinstance(caught.value.__cause__, mj.JobFailed)
            assert "no" == caught.value.charged
        assert 3 == submits(sim)

    run(story())


def test_a_step_whose_parent_was_told_finished_before_the_end_of_the_process(tmp_path):
    async def story():
        sim, accounts = world("ttapi", max_jobs=1)
        async with life(tmp_path / "jobs.db", *accounts) as pool:
            grid = await pool.imagine("a cat")
            pool.imagine("in the way", priority=9)
            steps = [grid.upscale(n) for n in (1, 2, 3, 4)]
            await asyncio.sleep(1)
        sent = submits(sim)
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db")) as pool:
            assert sent == submits(sim)
            await pool.recover()
            results = await asyncio.gather(*(pool.job(step.id) for step in steps))
        assert [f"upscale{n}" for n in (1, 2, 3, 4)] == [result.lineage[-1].action for result in results]
        assert {grid.ticket} == {result.lineage[0].ticket for result in results}
        assert 6 == submits(sim) == sim.ledger.charged

    run(story())


@pytest.mark.parametrize("seconds", [1.0, 60.0, 90.0])
def test_a_fan_out_has_one_parent_and_each_child_once(seconds, tmp_path):
    async def story():
        sim, accounts = world()
        async with life(tmp_path / "jobs.db", *accounts) as pool:
            parent = pool.imagine("a cat")
            children = [parent.upscale(n) for n in (1, 2, 3, 4)]
            await asyncio.sleep(seconds)
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db")) as pool:
            await pool.recover()
            results = await asyncio.gather(*(pool.job(child.id) for child in children))
            assert 4 == len({result.image for result in results})
        assert 5 == submits(sim) == sim.ledger.charged

    run(story())


def test_new_steps_can_be_asked_of_a_job_that_an_earlier_process_began(tmp_path):
    async def story():
        sim, accounts = world()
        async with life(tmp_path / "jobs.db", *accounts) as pool:
            job = pool.imagine("a cat")
            await job.accepted()
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db")) as pool:
            result = await pool.job(job.id).upscale(3).pan("left")
        assert [None, "upscale3", "pan_left"] == [step.action for step in result.lineage]
        assert 3 == submits(sim) == sim.ledger.charged

    run(story())


@pytest.mark.parametrize("provider", ["ttapi", "mjproxy"])
def test_a_blend_of_bytes_that_was_never_sent_is_sent_with_its_pictures(provider, tmp_path):
    async def story():
        sim, (account,) = world(provider, max_jobs=1)
        account, ear = listened(account)
        async with life(tmp_path / "jobs.db", account) as pool:
            first = await pool.imagine("a cat")
            await first.save(tmp_path / "cat.png")
            data = (tmp_path / "cat.png").read_bytes()
            pool.imagine("in the way")
            blend = pool.blend([data, data], dimensions="portrait", priority=-1)
            await asyncio.sleep(1)
            assert mj.Phase.HELD is blend.phase
        assert list((tmp_path / "jobs.db.pictures").iterdir())
        async with mj.Pool(account, journal=str(tmp_path / "jobs.db")) as pool:
            await pool.recover()
            assert (await pool.job(blend.id)).images
        assert 1 == len(ear.to("blend"))
        assert 3 == sim.ledger.charged
        assert [] == sim.ledger.violations
        assert not list((tmp_path / "jobs.db.pictures").iterdir()), "nobody needs them any more"

    run(story())


# Windows.


@pytest.mark.fault("P16")
def test_a_custom_zoom_goes_on_from_its_window_in_another_process(tmp_path):
    async def story():
        sim, (account,) = world("mjproxy", profile="modal-disguised")
        account, ear = listened(account)
        async with life(tmp_path / "jobs.db", account) as pool:
            zoom = (await pool.imagine("a cat").upscale(1)).zoom(1.8)
            await zoom.accepted()
        assert [] == ear.to("modal"), "only a look could have told of the window"
        async with mj.Pool(account, journal=str(tmp_path / "jobs.db")) as pool:
            assert (await pool.job(zoom.id)).images
        assert [1] == list(sim.ledger.windows.values())
        assert 1 == len(ear.to("modal"))

    run(story())


def _relay():
    """A window for every action; its answer is never answered."""
    grid = done(buttons=[button("MJ::CustomZoom::h", "Custom Zoom"), button("MJ::JOB::upsample::1::h", "U1")])
    modal = {"status": "MODAL", "progress": "0%", "prompt": "a cat"}
    return Relay(
        {
            "imagine": taken("11"),
            "action": {"code": 21, "description": "window", "result": "12"},
            "modal": taken("12"),
        },
        {"11": [grid], "12": [modal]},
    )


@pytest.mark.fault("P16", "K01")
@pytest.mark.parametrize("arrived", [True, False])
def test_a_window_is_not_answered_twice_if_the_process_dies_between_filling_and_its_answer(arrived, tmp_path):
    async def story():
        relay = _relay()
        account, ear = listened(evolve(ACCOUNT, transport=relay))
        corpses = []

        async def at_modal(request):
            if "modal" in request.url:
                corpses.append(kill(tmp_path / "jobs.db"))

        if arrived:
            ear.after = at_modal
        else:
            ear.before = at_modal
        async with life(tmp_path / "jobs.db", account) as pool:
            zoom = (await pool.imagine("a cat")).press("MJ::CustomZoom::h", prompt="a cat --zoom 1.5")
            await zoom.accepted()
            await asyncio.sleep(5)
        assert 1 == len(ear.to("modal")) == len(corpses)
        ear.before = ear.after = None
        async with life(corpses[0], account) as pool:
            again = (await pool.recover()).reattached[0]
            await asyncio.sleep(30)
            assert not again.done()
            relay.tasks["12"] = [done(imageUrl="https://x.example/2.png")]
            assert ("https://x.example/2.png",) == (await again).images
        assert 1 == len(ear.to("modal"))

        relay.tasks["12"] = [{"status": "MODAL", "progress": "0%"}]
        async with life(corpses[0].rename(tmp_path / "gone.db"), account) as pool:
            assert () == (await pool.recover()).reattached

    run(story())


def test_a_window_that_still_waits_at_the_end_is_of_unknown_fate(tmp_path):
    async def story():
        account, ear = listened(evolve(ACCOUNT, transport=_relay()))
        corpses = []

        async def at_modal(request):
            if "modal" in request.url:
                corpses.append(kill(tmp_path / "jobs.db"))

        ear.before = at_modal
        async with life(tmp_path / "jobs.db", account) as pool:
            zoom = (await pool.imagine("a cat")).press("MJ::CustomZoom::h", prompt="a cat --zoom 1.5")
            await asyncio.sleep(5)
        async with life(corpses[0], account) as pool:
            with pytest.raises(mj.SubmitOutcomeUnknown, match="ended before it heard more"):
                await pool.job(zoom.id)
        assert 1 == len(ear.to("modal"))

    run(story())
