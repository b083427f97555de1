"""One endpoint that fails harms one job: a bad seed, a forbidden kind of work, a path that is not there."""

import asyncio
import json

import pytest

import mjasync as mj
from mjasync.core.wire import HttpResponse, NotSent
from mjasync.sim.png import encode
from mjasync.testing import Sim, run
from tests.flow.stories import MASK, ended
from tests.journeys.flawed import answer, flawed, page

RED = encode(2, 2, bytes((200, 0, 0) * 4))
NO_MODEL = answer(403, error={"message": "该令牌无权使用模型：mj_describe", "type": "new_api_error"})
NO_SEED = {
    "bad gateway": (page(504), mj.Unreachable, True),
    "forbidden": (NO_MODEL, mj.AuthError, False),
    "forbidden page": (page(403), mj.AuthError, False),
    "no connection": (NotSent("refused"), mj.Unreachable, True),
    "500": (answer(500, code=5, description="do_request_failed"), mj.Unreachable, True),
    "no seed in it": (answer(code=1, description="ok", result=""), mj.ProtocolError, True),
    "nothing": (page(200, ""), mj.ProtocolError, True),
    "half of it": (page(200, '{"code":1,"resu'), mj.ProtocolError, True),
    "a list": (HttpResponse(status=200, body=b"[]"), mj.ProtocolError, True),
}


@pytest.mark.parametrize("case", NO_SEED)
def test_a_free_seed_that_goes_wrong_ends_itself_and_nothing_else(case):
    said, kind, again = NO_SEED[case]

    async def story():
        sim = Sim(seed=1, profile="plus")
        account, server = flawed(sim.mjproxy(max_jobs=2), image_seed=said)
        async with mj.Pool(account) as pool:
            cat = await pool.imagine("a cat")
            others = [pool.imagine(f"a dog {n}") for n in range(4)]
            error = await ended(cat.get_seed())
            assert (type(error), error.charged, error.retryable) == (kind, "no", again)
            assert all([(await job).images for job in others])
            assert (await cat.upscale(1)).images
        assert len(server.to("image-seed")) <= 60

    run(story())


@pytest.mark.parametrize("moment", [page(504), page(200, "")], ids=["bad gateway", "nothing"])
def test_a_seed_that_was_away_for_a_moment_is_asked_for_again(moment):
    async def story():
        sim = Sim(seed=1, profile="plus")
        account, _ = flawed(sim.mjproxy(), image_seed=[moment] * 3)
        async with mj.Pool(account) as pool:
            cat = await pool.imagine("a cat")
            assert (await cat.get_seed()).seed.isdigit()
        assert sim.ledger.charged == 1

    run(story())


def test_a_forbidden_kind_of_work_harms_no_other():
    async def story():
        sim = Sim(seed=1)
        account, server = flawed(sim.mjproxy(), describe=NO_MODEL)
        async with mj.Pool(account) as pool:
            cats = [pool.imagine(f"a cat {n}") for n in range(12)]
            error = await ended(pool.describe(RED))
            assert (type(error), error.charged, error.status) == (mj.AuthError, "no", 403)
            assert "无权使用模型" in error.why
            assert all([(await cat).images for cat in cats])
        assert len(server.to("describe")) == 1

    run(story())


NO_DESCRIBE = [
    NO_MODEL,
    page(404, "404 page not found"),
    answer(404, error={"message": "Invalid URL (POST /mj/submit/describe)"}),
    HttpResponse(status=405),
]


@pytest.mark.parametrize("refusal", NO_DESCRIBE, ids=["forbidden", "page", "relay's 404", "405"])
def test_a_pool_of_both_goes_round_what_one_cannot_do(refusal):
    async def story():
        sim = Sim(seed=1)
        relay, server = flawed(sim.mjproxy(), describe=refusal)
        async with mj.Pool(relay, sim.ttapi(max_jobs=1)) as pool:
            described = await pool.describe(RED)
            assert (described.ticket.account, len(described.texts)) == ("ttapi", 4)
            assert len(server.to("describe")) == 1
            assert (await pool.imagine("a cat", account="mjproxy")).images
        assert sim.ledger.charged == 2

    run(story())


#: How a server says that it does not have POST /fetch, in JSON.
NO_POST = [
    {"status": "FAILED", "message": "Not Found", "data": None},
    {"message": "Cannot POST /midjourney/v1/fetch", "error": "Not Found", "statusCode": 404},
    {"detail": "Not Found"},
]


@pytest.mark.parametrize("words", NO_POST, ids=["envelope", "nest", "fastapi"])
def test_a_look_that_exists_as_get_only_is_found_and_kept(words):
    async def story():
        sim = Sim(seed=1)
        account, server = flawed(
            sim.ttapi(), **{"POST https://ttapi.sim.invalid/midjourney/v1/fetch": answer(404, **words)}
        )
        async with mj.Pool(account) as pool:
            cats = await asyncio.gather(*(pool.imagine(f"a cat {n}").upscale(1) for n in range(3)))
            assert all(cat.images for cat in cats)
            known = len(server.to("POST https://ttapi.sim.invalid/midjourney/v1/fetch"))
            await pool.imagine("a dog")
            assert known == len(server.to("POST https://ttapi.sim.invalid/midjourney/v1/fetch")) <= 5
        assert sim.ledger.charged == 7

    run(story())


@pytest.mark.parametrize("no_get", [HttpResponse(status=405), page(404), answer(404, detail="Not Found")])
def test_a_look_that_exists_as_post_only_is_hardly_asked_for_by_get(no_get):
    """The unknown id of the proof is answered with 404 in JSON, which is no reason to change over."""

    async def unknown(request, go):
        response = await go(request)
        asked = json.loads(request.body)["jobId"]
        return (
            answer(404, status="FAILED", message="job not found", data=None) if asked.startswith("0000") else response
        )

    async def story():
        sim = Sim(seed=1)
        account, server = flawed(sim.ttapi(), **{"GET https://ttapi.sim.invalid/": no_get, "/fetch": unknown})
        async with mj.Pool(account) as pool:
            for n in range(3):
                assert (await pool.imagine(f"a cat {n}").upscale(1)).images
        assert len(server.to("GET https://ttapi.sim.invalid/midjourney/v1/fetch")) <= 2

    run(story())


#: "Not there", of a button: a path, a route, the job behind it.
NO_ACTION = {
    "page": (page(404, "404 page not found"), mj.ConfigError, "no such route"),
    "405": (HttpResponse(status=405), mj.ConfigError, "no such route"),
    "expired parent": (answer(404, code=4, description="task_not_found "), mj.InvalidRequest, "task_not_found"),
    "unknown parent": (answer(404, code=3, description="关联任务不存在或已失效"), mj.InvalidRequest, "关联任务不存在"),
}


@pytest.mark.parametrize("case", NO_ACTION)
def test_a_button_that_goes_nowhere_harms_no_other_job(case):
    said, kind, words = NO_ACTION[case]

    async def story():
        sim = Sim(seed=1)
        account, _ = flawed(sim.mjproxy(), action=[said])
        async with mj.Pool(account) as pool:
            cat = await pool.imagine("a cat")
            dogs = [pool.imagine(f"a dog {n}").upscale(1) for n in range(3)]
            error = await ended(cat.upscale(1))
            assert (type(error), error.charged) == (kind, "no")
            assert words in f"{error}"
            assert all([(await dog).images for dog in dogs])
            assert (await cat.upscale(1)).images
            assert (await cat.vary(2)).images

    run(story())


@pytest.mark.parametrize("said", [page(404, "404 page not found"), answer(404, code=4, description="task_not_found ")])
def test_a_window_that_goes_nowhere_harms_no_other_job(said):
    async def story():
        sim = Sim(seed=1)
        account, server = flawed(sim.mjproxy(), modal=[said])
        async with mj.Pool(account) as pool:
            cat = await pool.imagine("a cat --ar 1:1").upscale(1)
            dog = pool.imagine("a dog")
            error = await ended(cat.zoom(1.8))
            assert isinstance(error, mj.ProviderError)
            assert (error.charged, "HTTP 404" in error.what, bool(error.hint)) == ("unknown", True, True)
            assert (await dog).images
            assert (await cat.vary_region(MASK, "a hat")).images
        assert len(server.to("modal")) == 2

    run(story())


def test_nothing_empty_goes_to_a_route_that_may_be_paid():
    async def story():
        sim = Sim(seed=1)
        account, server = flawed(sim.mjproxy())
        async with mj.Pool(account) as pool:
            for ask in (lambda: pool.swap_face(RED, RED), lambda: pool.upload([RED])):
                error = await ended(ask())
                assert (type(error), error.charged) == (mj.ActionUnavailable, "no")
                with pytest.raises(mj.ActionUnavailable):
                    ask()
        return [json.loads(request.body) for request in server.to("POST ")]

    bodies = run(story())
    assert [sorted(body) for body in bodies] == [["sourceBase64", "targetBase64"], ["base64Array"]]
    assert all(all(body.values()) for body in bodies)


def test_a_page_that_only_the_paid_address_shows_may_hide_a_job():
    async def story():
        account, server = flawed(Sim(seed=1).mjproxy(), upload_discord_images=page(200, "<html>one moment"))
        server.flaws["/no-such-route"] = page(404)
        async with mj.Pool(account) as pool:
            for _ in range(2):
                error = await ended(pool.upload([RED]))
                assert (type(error), error.charged) == (mj.SubmitOutcomeUnknown, "unknown")
            assert pool.stats().accounts["mjproxy"].held == 2
        assert len(server.to("POST ")) == 2

    run(story())


def test_the_console_that_every_address_shows_is_no_route():
    async def story():
        account, server = flawed(Sim(seed=1).mjproxy(), upload_discord_images=page(), no_such_route=page())
        async with mj.Pool(account) as pool:
            assert isinstance(await ended(pool.upload([RED])), mj.ActionUnavailable)
            with pytest.raises(mj.ActionUnavailable):
                pool.upload([RED])
            assert pool.stats().accounts["mjproxy"].held == 0
        assert [request.method for request in server.sent][-2:] == ["POST", "GET"]

    run(story())
