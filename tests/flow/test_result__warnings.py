"""What whoever reads a result should know; and its other facts where a provider tells them."""

import logging

import pytest

import mjasync as mj
from mjasync.testing import run
from tests.flow.stories import MASK, Relay, button, done, taken, tell


def task(message="", **more):
    return done(properties={"messageContent": message}, **more)


def only(script, *tasks, mode="turbo"):
    """A relay whose one job is shown as `tasks`, in their order."""
    relay = Relay({"imagine": taken("11")}, {"11": list(tasks)})

    async def story():
        async with relay.pool() as pool:
            script(await pool.imagine("a cat", mode=mode))

    run(story())


@pytest.mark.fault("P20")
@pytest.mark.parametrize(
    ("message", "mode", "granted", "warned"),
    [
        ("**a cat** - <@1> (relaxed)", "turbo", "relax", True),
        ("**a cat** - <@1> (relaxed)", "relax", "relax", False),
        ("**a cat** - <@1> (fast)", "turbo", "fast", True),
        ("**a cat** - <@1> (fast, stealth)", "fast", "fast", False),
        ("**a cat (turbo) of old** - <@1> (relaxed)", "turbo", "relax", True),
        ("**a cat (relaxed)** - Image #1 <@1>", "turbo", "turbo", False),
        ("", "turbo", "turbo", False),
    ],
)
def test_another_mode_than_asked_for_is_said(message, mode, granted, warned):
    def check(result):
        assert result.mode == granted
        assert result.warnings == ((f"asked for {mode}, it ran in {granted} mode",) if warned else ())

    only(check, task(message), mode=mode)


def test_warnings_are_logged_once(caplog):
    with caplog.at_level(logging.WARNING, logger="mjasync"):
        only(lambda result: None, task("(relaxed)"))
    assert [record.name for record in caplog.records] == ["mjasync.jobs"]


@pytest.mark.parametrize(
    ("fields", "size"), [({"width": 640, "height": 480}, (640, 480)), ({"width": "640"}, None), ({}, None)]
)
def test_the_size_where_it_is_told(fields, size):
    def check(result):
        assert result.size == size

    only(check, task(**fields))


def test_the_size_of_ttapis_pictures_is_told():
    async def script(pool, sim):
        wide = await pool.imagine("a cat --ar 16:9")
        assert wide.size[0] > wide.size[1] > 0

    tell("ttapi", script, speed=10)


@pytest.mark.parametrize("remix", [True, False])
def test_an_unused_prompt_is_said(remix, caplog):
    async def script(pool, sim):
        single = await pool.imagine("a cat").upscale(1)
        unused = await single.vary("strong", "a hat")
        assert unused.warnings == (() if remix else (unused.warnings[0],))
        assert unused.prompt == ("a hat" if remix else "a cat")
        for job in (single.vary("strong"), single.vary_region(MASK, "a hat"), single.zoom(1.8, "a hat")):
            assert (await job).warnings == ()

    tell("mjproxy", script, remix=remix, speed=10)
    assert caplog.text.count("the prompt was not used") == (0 if remix else 1)


def test_a_shortens_prompt_is_what_was_asked():
    async def script(pool, sim):
        shortened = await pool.shorten("a very big cat")
        described = await pool.describe(MASK)
        assert (shortened.prompt, described.prompt) == ("a very big cat", None)
        assert (shortened.images, shortened.image) == ((), None)

    tell("mjproxy", script, speed=10)


def test_several_warnings_stand_side_by_side():
    grid = task("(fast)", buttons=[button("MJ::JOB::variation::1::abc", "V1")])
    frozen = task("(relaxed)", status="IN_PROGRESS", progress="100%")
    relay = Relay({"imagine": taken("11"), "action": taken("22")}, {"11": grid, "22": frozen})

    async def story():
        async with relay.pool() as pool:
            result = await (await pool.imagine("a cat")).vary(1, "a hat")
            assert [words.split()[0:2] for words in result.warnings] == [
                ["asked", "for"],
                ["the", "prompt"],
                ["the", "provider"],
            ]
            assert isinstance(result, mj.Result)

    run(story())
