"""What is said and what is meant: masks that are none, texts in every numbering, seeds, modes, keys, redirects."""

import asyncio
import gc
import json

import pytest

import mjasync as mj
from mjasync.core.pictures import Picture
from mjasync.core.wire import HttpRequest, HttpResponse
from mjasync.sim.png import encode
from mjasync.testing import Sim, run
from tests.flow.stories import MASK, Relay, done, ended, envelope, taken, tell
from tests.journeys.flawed import answer, changed, flawed, page

RED = encode(2, 2, bytes((200, 0, 0) * 4))
BLUE = encode(2, 2, bytes((0, 0, 200) * 4))
#: Masks that repaint nothing, or that no provider can read.
NO_MASKS = {
    "black": encode(64, 64, bytes(64 * 64 * 3)),
    "grey": encode(64, 64, bytes([90]) * (64 * 64 * 3)),
    "jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9",
}


# Masks.


@pytest.mark.parametrize("mask", NO_MASKS)
def test_a_mask_that_is_none_is_refused_before_the_picture_is_even_made(mask):
    async def script(pool, sim):
        pytest.importorskip("PIL")
        cat = pool.imagine("a cat --ar 1:1").upscale(1)
        for ask in (lambda m: cat.vary_region(m, "a hat"), lambda m: cat.press("vary_region", "a hat", m)):
            with pytest.raises(mj.ConfigError, match="mask") as caught:
                ask(NO_MASKS[mask])
            assert caught.value.charged == "no"
        assert sim.ledger.charged == 0
        await cat.cancel()

    assert tell("mjproxy", script).ledger.requests["mjproxy.action"] == 0


def test_a_mask_for_a_button_without_a_window_is_refused():
    async def script(pool, sim):
        cat = await pool.imagine("a cat").upscale(1)
        for button in ("pan_left", "upscale_subtle", "zoom_2"):
            with pytest.raises(mj.ActionUnavailable, match="takes no mask"):
                cat.press(button, mask=MASK)

    assert tell("mjproxy", script).ledger.charged == 2


def test_a_region_without_a_prompt_takes_that_of_its_lineage():
    """TTAPI's steps often name no prompt of their own."""

    async def story():
        quiet = changed(lambda document: (document["data"] or {}).update(prompt=None))
        account, server = flawed(Sim(seed=1).ttapi(), fetch=quiet)
        async with mj.Pool(account) as pool:
            await pool.imagine("a paper boat --ar 1:1").upscale(1).vary_region(MASK)
        return json.loads(server.to("inpaint")[0].body)["prompt"]

    assert run(story()) == "a paper boat --ar 1:1"


# What is not there.


def test_a_chain_into_what_its_account_has_not_names_what_is_offered():
    async def story():
        async with mj.Pool(Sim(seed=1).ttapi()) as pool:
            single = await pool.imagine("a cat").upscale(1)
            with pytest.raises(mj.ActionUnavailable) as caught:
                single.zoom(1.8)
            assert "zoom_2" in caught.value.available
            grid = await pool.imagine("a cat")
            with pytest.raises(mj.ActionUnavailable) as caught:
                grid.pan("left")
            assert "upscale1" in caught.value.available

    run(story())


@pytest.mark.parametrize("no_list", [page(404), answer(503), HttpResponse(status=200, body=b"[]")])
def test_looks_at_several_jobs_are_single_ones_where_a_list_brings_nothing(no_list):
    async def story():
        sim = Sim(seed=1, profile="plus")
        account, server = flawed(sim.mjproxy(), list_by_condition=no_list)
        async with mj.Pool(account) as pool:
            cat, dog = await asyncio.gather(pool.imagine("a cat"), pool.imagine("a dog"))
            before = len(server.to("/fetch"))
            seen = await pool.look(cat.ticket, dog.ticket)
            assert [each.images[0] for each in seen] == [cat.images[0], dog.images[0]]
            assert len(server.to("/fetch")) == before + 2

    run(story())


def test_a_list_is_asked_for_in_ttapis_words():
    async def story():
        account, server = flawed(Sim(seed=1).ttapi())
        async with mj.Pool(account) as pool:
            with pytest.raises(mj.ConfigError, match="WHAT") as caught:
                await pool.listed(status="WHAT")
            assert "PENDING_QUEUE" in caught.value.hint
        assert server.sent == []

    run(story())


@pytest.mark.parametrize("factor", [1.0000001, 1, 1.0004, 2.1, float("nan")])
def test_a_zoom_by_nothing_is_refused(factor):
    async def script(pool, sim):
        job = pool.imagine("a cat").upscale(1)
        with pytest.raises(mj.ConfigError, match="not possible"):
            job.zoom(factor)
        await job.cancel()

    tell("mjproxy", script)


# Texts.

NUMBERINGS = [
    "{n}、 {t}",
    "{n}.{t}",
    "({n}) {t}",
    "**{n}.** {t}",
    "- {t}",
    "{c} {t}",
    "{n}\ufe0f\u20e3 {t}",
    "{n}. {t}",
    "{n}) {t}",
]


@pytest.mark.parametrize("provider", ["ttapi", "mjproxy"])
@pytest.mark.parametrize("style", [*NUMBERINGS, "{n}\ufe0f\u20e3 {t} on one line"])
def test_texts_are_told_apart_however_they_are_numbered(style, provider):
    texts = ("a cat", "the dog", "some fish", "two birds, 1.5 m")
    between = " " if style.endswith("line") else "\n"
    style = style.removesuffix(" on one line")
    block = between.join(style.format(n=n, c=chr(0x245F + n), t=text) for n, text in enumerate(texts, 1))

    def shown(document):
        if document.get("data"):
            document["data"]["prompt"] = block
        elif "properties" in document:
            document |= {"prompt": "", "promptEn": "", "properties": {"finalPrompt": block}}

    async def story():
        account, _ = flawed(getattr(Sim(seed=1), provider)(), fetch=changed(shown))
        async with mj.Pool(account) as pool:
            assert (await pool.describe(RED)).texts == texts

    run(story())


def test_no_twice_is_what_midjourney_takes():
    assert mj.lint("a cat --no dogs --no birds") == ()


# Tasks.


def task(**fields):
    """What a job ends in, whose task is shown so."""

    async def story():
        async with Relay({"imagine": taken("1")}, {"1": done(**fields)}).pool() as pool:
            job = pool.imagine("a cat")
            error = await ended(job)
            return error or await job

    return run(story())


@pytest.mark.parametrize(
    ("content", "granted"),
    [
        ("**a car (turbo)** - <@1> (relaxed)", mj.Mode.RELAX),
        ("**a car (turbo)** - <@1>", mj.Mode.FAST),
        ("**a (relaxed) cat** - <@1> (fast, stealth)", mj.Mode.FAST),
    ],
)
def test_the_granted_mode_is_not_read_from_the_prompt(content, granted):
    assert task(properties={"messageContent": content}).mode == granted


def test_ttapis_mode_is_a_mode_in_any_case():
    async def story():
        account, _ = flawed(Sim(seed=1).ttapi(), fetch=changed(lambda d: (d.get("data") or {}).update(mode="RELAX")))
        async with mj.Pool(account) as pool:
            result = await pool.imagine("a cat")
            assert result.mode is mj.Mode.RELAX

    run(story())


@pytest.mark.parametrize("seed", [0, "0", "", None])
def test_a_seed_of_0_is_none(seed):
    assert task(seed=seed).seed is None


def test_a_task_that_failed_for_its_quota_says_to_top_up():
    error = task(status="FAILURE", failReason="额度不足，请充值", progress="")

    assert (type(error), error.charged) == (mj.QuotaExhausted, "unknown")
    assert "top up" in error.hint


@pytest.mark.parametrize("provider", ["ttapi", "mjproxy"])
def test_a_redirect_names_the_host_and_no_more(provider):
    away = HttpResponse(status=302, headers={"location": "https://login.example/secret?token=1"})

    async def story():
        account, _ = flawed(getattr(Sim(seed=1), provider)(), imagine=[away])
        async with mj.Pool(account) as pool:
            error = await ended(pool.imagine("a cat"))
            assert (type(error), error.charged) == (mj.ConfigError, "no")
            assert "login.example" in f"{error}"
            assert "secret" not in f"{error}"

    run(story())


def test_half_an_upload_is_unclear():
    said = envelope(code=1, description="ok", result=["https://x.example/1.png"])
    relay = Relay({"upload-discord-images": said})

    async def story():
        async with relay.pool() as pool:
            error = await ended(pool.upload([RED, BLUE]))
            assert (type(error), error.charged) == (mj.SubmitOutcomeUnknown, "unknown")

    run(story())
    assert len(relay.to("upload")) == 1


# Pictures and keys.


@pytest.mark.parametrize("ending", ["well", "badly"])
def test_an_ended_job_holds_no_bytes(ending):
    """Fifty describes of 200 KB would be 10 MB for as long as the pool is open."""
    pictures = [RED + bytes([n]) * 200_000 for n in range(50)]

    async def script(pool, sim):
        if ending == "badly":
            sim.inject("reject", on="submit", match="describe", times=50)
        jobs = [pool.describe(picture, key=f"k{n}" if n % 2 else None) for n, picture in enumerate(pictures)]
        assert all([await ended(job) is None or ending == "badly" for job in jobs])
        gc.collect()
        heavy = [each.data for each in gc.get_objects() if isinstance(each, Picture)]
        heavy += [each.body or b"" for each in gc.get_objects() if isinstance(each, HttpRequest)]
        assert [data for data in heavy if len(data) > 100_000] == []

    tell("mjproxy", script)


def test_a_key_is_about_the_request_and_not_about_its_hurry():
    async def script(pool, sim):
        job = pool.describe(RED, key="order-7")
        assert pool.describe(RED, key="order-7", deadline=900, priority=3) is job
        await job
        assert pool.describe(RED, key="order-7", priority=1) is job
        for other in (BLUE, RED + b" "):
            with pytest.raises(mj.KeyReused):
                pool.describe(other, key="order-7")

    assert tell("mjproxy", script).ledger.charged == 1
