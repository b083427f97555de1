"""The page of both providers is made from the rows that requests are made from, and every row is reached."""

import asyncio
import io
import runpy
from pathlib import Path

import pytest
from attrs import fields

import mjasync as mj
from mjasync.dialects import DIALECTS
from mjasync.sim.profiles import PROFILES
from mjasync.sim.ways import MJProxyWays, TTAPIWays
from mjasync.testing import Sim, run

DOCS = Path(__file__).parents[2] / "docs"
PAGE = runpy.run_path(str(DOCS / "make_providers.py"))
#: What the two seeds have.
SEEDS = {
    "ttapi": [
        "/midjourney/v1/imagine",
        "/midjourney/v1/action",
        "/midjourney/v1/seed",
        "/midjourney/v1/blend",
        "/midjourney/v1/describe",
        "/midjourney/v1/inpaint",
        "/midjourney/v1/fetch",
        "/midjourney/v1/promptCheck",
    ],
    "mjproxy": [
        "/mj/submit/imagine",
        "/mj/submit/blend",
        "/mj/submit/describe",
        "/mj/submit/shorten",
        "/mj/submit/action",
        "/mj/submit/modal",
        "/mj/task/{id}/fetch",
    ],
}
#: The questions that a free look asks by itself.
LOOKS = "every look"


def test_the_page_is_fresh():
    assert PAGE["render"]() == (DOCS / "providers.md").read_text(encoding="utf-8"), (
        "run: python docs/make_providers.py > docs/providers.md"
    )


@pytest.mark.parametrize("provider", SEEDS)
def test_every_endpoint_of_the_seeds_is_there_and_none_of_them_is_optional(provider):
    rows = {row.path: row for row in DIALECTS[provider].endpoints.values()}

    assert [path for path in SEEDS[provider] if path not in rows] == []
    assert {path for path, row in rows.items() if not row.optional} == set(SEEDS[provider])
    section = (DOCS / "providers.md").read_text(encoding="utf-8").partition("## Endpoints of TTAPI")[2]
    assert [path for path in SEEDS[provider] if f"`{path}`" not in section] == []


@pytest.mark.parametrize("provider", DIALECTS)
def test_every_verb_of_a_row_is_explained_and_exists(provider):
    # `described.imagine` is the verb of a job: the page calls it by what it follows.
    calls = " ".join(verb.call.replace("described.", "job.") for verb in PAGE["VERBS"]) + " ".join(PAGE["QUESTIONS"])
    for row in DIALECTS[provider].endpoints.values():
        for verb in set(row.verbs) - {LOOKS}:
            kind, _, name = verb.partition(".")
            assert callable(getattr({"pool": mj.Pool, "job": mj.Job}[kind], name))
            assert verb in calls


def test_every_switch_of_the_simulator_is_placed_at_an_endpoint():
    names = {f"ttapi.{field.name}" for field in fields(TTAPIWays)} | {
        f"mjproxy.{field.name}" for field in fields(MJProxyWays)
    }
    known = {row.name for dialect in DIALECTS.values() for row in dialect.endpoints.values()}

    assert set(PAGE["TOUCHES"]) == names
    assert {name for touched in PAGE["TOUCHES"].values() for name in touched or ()} <= known


@pytest.mark.parametrize("provider", DIALECTS)
def test_every_endpoint_is_served_by_a_profile(provider):
    for name in DIALECTS[provider].endpoints:
        assert PAGE["served"](provider, name)


def test_every_profile_changes_an_endpoint():
    rows = [(provider, name) for provider, dialect in DIALECTS.items() for name in dialect.endpoints]
    shown = {profile for provider, name in rows for profile in PAGE["changed"](provider, name)}

    assert shown == set(PROFILES) - {"seed"}


def drawn(colour):
    from PIL import Image

    file = io.BytesIO()
    Image.new("RGB", (64, 64), colour).save(file, "PNG")
    return file.getvalue()


async def everything(pool, provider):
    """Every verb that the provider has."""
    red, blue = drawn("red"), drawn("blue")
    grid = await pool.imagine("a cat")
    single = grid.upscale(1)
    region = mj.draw_mask((512, 512), rectangles=[(0, 0, 200, 200)])
    jobs = [
        pool.blend([red, blue]),
        pool.describe(red).imagine(2),
        single.vary_region(region, "a hat"),
        single.zoom(2),
        single.pan("left"),
        grid.reroll(),
        grid.get_seed(),
    ]
    if provider == "mjproxy":
        jobs += [pool.shorten("a very long prompt indeed").imagine(1), pool.swap_face(red, blue), pool.upload([red])]
        jobs += [single.zoom(1.8), grid.vary(1, prompt="a dog")]
    else:
        assert await pool.check_prompt("a cat")
        assert (await pool.account_info()).max_queue == 10
        assert await pool.listed()
    await asyncio.gather(*jobs)
    assert None not in await pool.look(grid.ticket, single.ticket)


@pytest.mark.parametrize(("provider", "profile"), [("ttapi", "seed"), ("mjproxy", "plus"), ("mjproxy", "relay-15s")])
def test_every_endpoint_of_the_page_is_reached(provider, profile):
    sim = Sim(seed=1, profile=profile)

    async def story():
        async with mj.Pool(getattr(sim, provider)()) as pool:
            await everything(pool, provider)

    run(story())
    rows = DIALECTS[provider].endpoints
    assert {name for name in rows if not sim.ledger.requests[f"{provider}.{name}"]} == set()
