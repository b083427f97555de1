"""Whose job it is: ids however they are written, a parent's id in a child's place, windows that nobody answers."""

import asyncio
import json

import pytest

import mjasync as mj
from mjasync.core.wire import HttpResponse
from mjasync.testing import Sim, run
from tests.flow.stories import MASK, Relay, button, done, ended, envelope, taken
from tests.journeys.flawed import changed, flawed

ID = "1320098173412546"
TOKENS = {
    "upscale1": "MJ::JOB::upsample::1::x",
    "upscale2": "MJ::JOB::upsample::2::x",
    "reroll": "MJ::JOB::reroll::0::x",
}
BUTTONS = [button(token) for token in TOKENS.values()]
ZOOMS = [*BUTTONS, button("MJ::CustomZoom::x")]


def picture(name, **more):
    return done(imageUrl=f"https://x.example/{name}.png", **more)


# Cancels and deadlines while a window is made ready.


@pytest.mark.parametrize("limit", [None, 10])
def test_a_window_whose_mask_is_still_on_its_way_is_not_answered_for_nobody(limit):
    hosted = []

    async def slowly(request, go):
        hosted.append(request)
        if len(hosted) > 1:
            await asyncio.sleep(30)
        return HttpResponse(status=200, body=MASK)

    async def story():
        sim = Sim(seed=1, speed=1000)
        account, server = flawed(sim.mjproxy(), **{"https://mjproxy.sim.invalid/masks/": slowly})
        async with mj.Pool(account) as pool:
            cat = await pool.imagine("a cat --ar 1:1").upscale(1)
            job = cat.vary_region("https://mjproxy.sim.invalid/masks/a.png", "a hat", deadline=limit)
            if limit is None:
                await job.accepted()
                await asyncio.sleep(8)
                assert isinstance(await job.cancel(), mj.Abandoned)
            error = await ended(job)
            assert isinstance(error, mj.JobCancelled if limit is None else mj.DeadlineExceeded)
            await asyncio.sleep(100)
            assert pool.stats().accounts["mjproxy"].held == 0
        assert (len(hosted), server.to("submit/modal")) == (2, [])
        assert sim.ledger.charged == 2

    run(story())


# What stands in an answer.


@pytest.mark.parametrize("error", [None, ""])
def test_an_error_that_is_none_is_no_error(error):
    async def story():
        sim = Sim(seed=1)
        account, _ = flawed(sim.mjproxy(), fetch=changed(lambda document: document.update(error=error)))
        async with mj.Pool(account) as pool:
            job = pool.imagine("a cat")
            assert (await job).images
            assert job.looks < 20

    run(story())


@pytest.mark.fault("P09")
@pytest.mark.parametrize("written", [ID, f'"{ID}"', f"{ID}.0", "1.320098173412546e15", "1320098173412546.00e0"])
def test_an_id_is_the_same_however_it_is_written(written):
    def raw(document):
        return HttpResponse(status=200, body=json.dumps(document).replace('"ID"', written).encode())

    relay = Relay({"imagine": raw(taken("ID"))}, {ID: raw(picture("a", id="ID"))})

    async def story():
        async with relay.pool() as pool:
            result = await pool.imagine("a cat")
            assert (result.ticket.remote_id, result.images[0]) == (ID, "https://x.example/a.png")

    run(story())


@pytest.mark.parametrize("written", ["1.3200981734125461e15", "1320098173412546.5"])
def test_a_number_that_is_not_whole_is_nobodys_id(written):
    said = json.dumps(taken("ID")).replace('"ID"', written).encode()
    relay = Relay({"imagine": HttpResponse(status=200, body=said)})

    async def story():
        async with relay.pool() as pool:
            error = await ended(pool.imagine("a cat"))
            assert (type(error), error.charged) == (mj.SubmitOutcomeUnknown, "unknown")

    run(story())
    assert len(relay.to("imagine")) == 1


@pytest.mark.parametrize("status", ["PENDING_QUEUE", "ON_QUEUE", "success", "200", 200, True, "", None, "OK"])
def test_a_ttapi_submit_with_an_id_and_no_no_was_taken(status):
    async def story():
        sim = Sim(seed=1)
        bent = changed(lambda document: document.update(status=status))
        account, server = flawed(sim.ttapi(), imagine=bent)
        async with mj.Pool(account) as pool:
            assert (await pool.imagine("a cat")).images
        assert len(server.to("imagine")) == 1

    run(story())


def test_an_answered_window_whose_task_goes_on_under_the_windows_id_is_found():
    submits = {"imagine": taken("1"), "action": taken("20", code=21, description="Waiting for window confirm")}
    tasks = {
        "1": picture("a", id="1", buttons=ZOOMS),
        "21": picture("b", id="20"),
        "20": envelope(code=4, description="no"),
    }
    relay = Relay({**submits, "modal": taken("21")}, tasks)

    async def story():
        async with relay.pool() as pool:
            cat = await pool.imagine("a cat")
            zoomed = await cat.zoom(1.8)
            assert (zoomed.images[0], zoomed.ticket.remote_id) == ("https://x.example/b.png", "21")

    run(story())
    assert len(relay.to("modal")) == 1


@pytest.mark.fault("P11")
def test_a_look_at_a_window_that_names_a_third_job_is_not_believed():
    submits = {"imagine": taken("1"), "action": taken("20", code=21, description="Waiting for window confirm")}
    tasks = {"1": picture("a", id="1", buttons=ZOOMS), "21": [picture("c", id="99"), picture("b", id="21")]}
    relay = Relay({**submits, "modal": taken("21")}, tasks)

    async def story():
        async with relay.pool() as pool:
            assert (await (await pool.imagine("a cat")).zoom(1.8)).images[0] == "https://x.example/b.png"

    run(story())


# One id for two jobs.


def grid(submits, tasks):
    """A relay with a finished grid under the id 1."""
    return Relay({"imagine": taken("1"), **submits}, {"1": picture("grid", id="1", buttons=BUTTONS), **tasks})


def test_a_parents_picture_is_never_its_childs():
    relay = grid({"action": taken("1")}, {})

    async def story():
        async with relay.pool() as pool:
            cat = await pool.imagine("a cat")
            job = cat.upscale(1, deadline=300)
            error = await ended(job)
            assert (type(error), error.charged) == (mj.DeadlineExceeded, "unknown")
            await asyncio.sleep(10_000)
            assert job.phase is not mj.Phase.DONE
            assert pool.stats().accounts["mjproxy"].held == 0

    run(story())


def test_a_child_under_its_parents_id_is_waited_for():
    looks = [picture("grid", id="1", buttons=BUTTONS)] * 4 + [picture("single", id="1")]
    relay = grid({"action": taken("1")}, {"1": looks})

    async def story():
        async with relay.pool() as pool:
            assert (await pool.imagine("a cat").upscale(1)).images[0] == "https://x.example/single.png"

    run(story())


def test_of_two_buttons_under_one_id_the_second_is_unknown():
    relay = grid({"action": taken("7")}, {"7": picture("single", id="7")})

    async def story():
        async with relay.pool() as pool:
            cat = await pool.imagine("a cat")
            assert (await cat.upscale(1)).images[0] == "https://x.example/single.png"
            error = await ended(cat.upscale(2))
            assert (type(error), error.charged) == (mj.SubmitOutcomeUnknown, "unknown")
            assert "answered with the id 7" in error.what
            # The same button again is what it made before, by whichever of its names.
            for same in (cat.upscale(1), cat.press("upscale1"), cat.press(TOKENS["upscale1"])):
                assert (await same).images[0] == "https://x.example/single.png"

    run(story())
    assert len(relay.to("action")) == 5


@pytest.mark.fault("P10")
def test_two_new_jobs_under_one_id_are_one_and_an_unknown():
    relay = Relay({"imagine": taken("1")}, {"1": picture("a", id="1")})

    async def story():
        async with relay.pool() as pool:
            assert (await pool.imagine("a cat")).images
            error = await ended(pool.imagine("a dog"))
            assert (type(error), error.charged) == (mj.SubmitOutcomeUnknown, "unknown")

    run(story())


def test_two_windows_answered_with_one_id_are_one_and_an_unknown():
    windows = [taken(n, code=21, description="Waiting for window confirm") for n in ("20", "30")]
    waiting = {"status": "MODAL", "progress": "0%"}
    relay = grid({"action": windows, "modal": taken("40")}, {"40": picture("b", id="40"), "20": waiting, "30": waiting})
    relay.tasks["1"] = picture("grid", id="1", buttons=ZOOMS)

    async def story():
        async with relay.pool() as pool:
            cat = await pool.imagine("a cat")
            assert (await cat.zoom(1.8)).images[0] == "https://x.example/b.png"
            error = await ended(cat.zoom(1.3))
            assert (type(error), error.charged) == (mj.SubmitOutcomeUnknown, "unknown")
            assert "40" in error.why

    run(story())
    assert len(relay.to("modal")) == 2
