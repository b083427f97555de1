"""What a bad day is called in the end: refused, busy for ever, unknown at a window, late because of its looks."""

import asyncio
import json

import pytest

import mjasync as mj
from mjasync.core.wire import HttpResponse, NoAnswer
from mjasync.testing import Sim, run
from tests.flow.stories import MASK, ended
from tests.journeys.flawed import answer, changed, flawed, page

LOOP = asyncio.get_running_loop


# A window whose answer got lost.


async def swallowed(request, go):
    raise NoAnswer("connection reset")


@pytest.mark.parametrize("seconds", [None, 300])
def test_a_lost_answer_to_a_window_is_told_at_the_limit(seconds):
    async def story():
        sim = Sim(seed=1)
        account, server = flawed(sim.mjproxy(), modal=swallowed)
        async with mj.Pool(account) as pool:
            cat = await pool.imagine("a cat").upscale(1)
            asked = LOOP().time()
            job = cat.zoom(1.8, **({"deadline": seconds} if seconds else {}))
            error = await ended(job)
            assert isinstance(error, mj.DeadlineExceeded if seconds else mj.SubmitOutcomeUnknown)
            assert error.charged == "unknown"
            assert "connection reset" in error.why
            assert "window" in f"{error}"
            assert str(job.ticket) in f"{error}"
            assert asked + (seconds or 900) <= LOOP().time() <= asked + (seconds or 960) + 5
            await asyncio.sleep(5000)
            assert pool.stats().accounts["mjproxy"].held == 0
        assert len(server.to("modal")) == 1

    run(story())


# Looks.


@pytest.mark.parametrize(
    ("looks", "words"),
    [(page(502, "<html>bad gateway"), "HTTP 502"), (answer(401, error={"message": "令牌已过期"}), "令牌已过期")],
    ids=["502", "401"],
)
def test_a_deadline_tells_what_was_wrong_with_the_last_look(looks, words):
    async def story():
        sim = Sim(seed=1)
        account, server = flawed(sim.mjproxy())
        async with mj.Pool(account) as pool:
            job = pool.imagine("a cat", deadline=120)
            await job.accepted()
            server.flaws["/fetch"] = looks
            error = await ended(job)
            assert isinstance(error, mj.DeadlineExceeded)
            assert "the last look" in error.why
            assert words in error.why
            server.flaws.clear()
            await asyncio.sleep(600)
            assert job.phase is mj.Phase.DONE

    run(story())


def test_a_deadline_after_good_looks_tells_of_none():
    async def story():
        async with mj.Pool(Sim(seed=1).mjproxy()) as pool:
            error = await ended(pool.imagine("a cat", deadline=5))
            assert "look" not in error.why

    run(story())


# A picture's size.


def test_a_picture_host_that_hangs_holds_a_region_up_for_ten_seconds():
    async def hang(request, go):
        await asyncio.sleep(299)
        raise NoAnswer("timed out")

    async def story():
        sim = Sim(seed=1)
        unsized = changed(lambda task: [task.pop(name, None) for name in ("width", "height")])
        account, server = flawed(sim.mjproxy(), **{"/task/": unsized, "/pictures/": hang})
        async with mj.Pool(account) as pool:
            cat = await pool.imagine("a cat --ar 1:1").upscale(1)
            asked = LOOP().time()
            job = cat.vary_region(MASK, "a hat")
            await job.accepted()
            assert 10 <= LOOP().time() - asked < 12
            assert len(server.to("/pictures/")) == 1
            assert (await job).images

    run(story())


# Refusals at the submit.


def test_ttapis_own_fault_at_a_submit_is_worth_another_try():
    said = answer(status="FAILED", message="[Internal server error] please retry", data=None)

    async def story():
        account, server = flawed(Sim(seed=1).ttapi(), imagine=[said])
        async with mj.Pool(account) as pool:
            error = await ended(pool.imagine("a cat"))
            assert (type(error), error.charged, error.retryable) == (mj.ProviderError, "no", True)
            assert len(server.to("imagine")) == 1
            assert (await pool.imagine("a cat")).images

    run(story())


@pytest.mark.parametrize("kind", ["imagine", "describe"])
def test_a_relay_without_a_channel_is_not_asked_for_ever(kind):
    said = answer(503, error={"message": "当前分组 default 下对于模型 mj_imagine 无可用渠道", "type": "new_api_error"})

    async def story():
        account, server = flawed(Sim(seed=1).mjproxy(), **{kind: said})
        async with mj.Pool(account) as pool:
            asked = LOOP().time()
            error = await ended(pool.imagine("a cat") if kind == "imagine" else pool.describe(MASK))
            assert (type(error), error.charged, error.status) == (mj.ProviderError, "no", 503)
            assert "无可用渠道" in error.why
            assert len(server.to(f"submit/{kind}")) <= 8
            assert LOOP().time() - asked < 300

    run(story())


WORDS = {
    "relay": {"error": {"message": "base64 is too long", "type": "invalid_request"}},
    "fastapi": {"detail": "prompt is too odd"},
    "nothing": {},
}


@pytest.mark.parametrize(
    ("status", "words"),
    [(400, "relay"), (400, "fastapi"), (422, "relay"), (422, "fastapi"), (422, "nothing"), (413, "nothing")],
)
@pytest.mark.parametrize("provider", ["ttapi", "mjproxy"])
def test_what_a_server_calls_a_bad_request_was_refused(provider, status, words):
    async def story():
        account, _ = flawed(getattr(Sim(seed=1), provider)(), imagine=[answer(status, **WORDS[words])])
        async with mj.Pool(account) as pool:
            error = await ended(pool.imagine("a cat"))
            assert (type(error), error.charged, error.status) == (mj.InvalidRequest, "no", status)
            told = next((text for text in ("too long", "too odd") if text in json.dumps(WORDS[words])), "")
            assert told in error.why
            assert pool.stats().accounts[provider].held == 0
            assert (await pool.imagine("a dog")).images

    run(story())


# The proof.


async def no_such_id(request, go):
    """A server for which an unknown id is a page with 404, and another method on the same path 405."""
    if request.method != "GET":
        return HttpResponse(status=405)
    return page(404, "404: Not Found") if "/0000000000000000/" in request.url else await go(request)


async def no_such_path(request, go):
    return page(404, "404: Not Found")


def test_a_page_for_an_unknown_id_is_no_missing_path():
    async def story():
        account, server = flawed(Sim(seed=1).mjproxy(), **{"/task/": no_such_id})
        async with mj.Pool(account) as pool:
            assert (await pool.imagine("a cat")).images
        assert all(request.body == b"{}" for request in server.to("POST https://mjproxy.sim.invalid/mj-fast/mj/task/"))
        assert len(server.to("POST https://mjproxy.sim.invalid/mj-fast/mj/task/")) == 1

    run(story())


def test_a_path_that_answers_no_method_is_a_wrong_address():
    async def story():
        sim = Sim(seed=1)
        account, server = flawed(sim.mjproxy(), **{"/mj/": no_such_path})
        async with mj.Pool(account) as pool:
            error = await ended(pool.imagine("a cat"))
            assert (type(error), error.charged) == (mj.ConfigError, "no")
            assert all(form in error.hint for form in ("'/mj-{mode}'", "'/{mode}'", "''"))
        assert server.to("/submit/") == []
        assert sim.ledger.charged == 0

    run(story())
