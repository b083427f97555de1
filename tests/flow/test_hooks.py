"""`pool.hooks`, and what it says before there is a pool, without an address, and after the end."""

import asyncio

import aiohttp
import pytest

import mjasync as mj
from mjasync.flow.hooks import HookCounts, Hooks
from mjasync.sim import to_asgi
from mjasync.testing import Sim, run
from tests.journeys.ringing import URL, hook_of, ring

TOKEN = "A" * 43


def test_without_an_address_it_says_what_is_missing():
    async def story():
        async with mj.Pool(Sim().ttapi()) as pool:
            for face in (lambda: pool.hooks.asgi, lambda: pool.hooks.routes):
                with pytest.raises(mj.ConfigError, match="has no public_url="):
                    face()
            with pytest.raises(mj.ConfigError, match="has no public_url="):
                await pool.hooks.serve()
            assert "<Hooks of a pool without public_url=>" == repr(pool.hooks)

    run(story())


def test_it_may_be_mounted_before_the_pool_is_open_and_stays_after_its_end():
    async def story():
        sim = Sim()
        pool = mj.Pool(sim.ttapi(), public_url=URL)
        app = pool.hooks.asgi
        assert app is pool.hooks.asgi
        seen = [await to_asgi(app)(f"{URL}/{TOKEN}", b"{}")]
        async with pool:
            await pool.imagine("a cat")
            hook = hook_of(sim)
            seen += [await to_asgi(app)(f"{URL}/{TOKEN}", b"{}"), await ring(pool, hook)]
        return [*seen, await to_asgi(app)(hook, b"{}")]

    assert [503, 404, 200, 503] == run(story())


def test_its_routes_lie_below_the_path_of_the_address():
    hooks = Hooks("https://example.org/a/b")

    assert [("*", "/a/b/{token}")] == [(route.method, route.path) for route in hooks.routes]
    assert ["/{token}"] == [route.path for route in Hooks("https://example.org").routes]
    assert f"<Hooks of {URL}>" == repr(Hooks(URL))


async def posted(url):
    async with aiohttp.ClientSession() as http, http.post(url, json={}) as answer:
        return answer.status


@pytest.mark.parametrize("opened", [True, False])
def test_it_listens_until_the_pool_is_closed(opened):
    async def story():
        sim = Sim(speed=1000)
        pool = mj.Pool(sim.ttapi(), public_url=URL)
        listening = await pool.hooks.serve(port=0)
        seen = []
        if opened:
            async with pool:
                await pool.imagine("a cat")
                seen.append(await posted(hook_of(sim).replace(URL, f"{listening.url}/any/path")))
                seen.append(await posted(f"{listening.url}/any"))
            assert HookCounts(heard=1, unknown=1) == pool.hooks.counts
        else:
            seen.append(await posted(f"{listening.url}/{TOKEN}"))
        await pool.aclose()
        with pytest.raises(aiohttp.ClientConnectorError):
            await posted(f"{listening.url}/{TOKEN}")
        return seen

    assert ([200, 404] if opened else [503]) == asyncio.run(asyncio.wait_for(story(), 30))


def test_a_pool_that_cannot_be_opened_listens_no_more_and_may_try_again():
    async def story():
        def account():
            return mj.TTAPI("key", base_url="https://x.example")

        late = mj.Pool(account(), public_url=URL)
        async with mj.Pool(account()):
            listening = await late.hooks.serve(port=0)
            with pytest.raises(mj.AccountBusy):
                await late.__aenter__()
            with pytest.raises(aiohttp.ClientConnectorError):
                await posted(f"{listening.url}/{TOKEN}")
        async with late:
            assert 404 == await posted(f"{(await late.hooks.serve(port=0)).url}/{TOKEN}")

    asyncio.run(asyncio.wait_for(story(), 30))


def test_a_closed_pool_is_not_served():
    async def story():
        pool = mj.Pool(Sim().ttapi(), public_url=URL)
        await pool.aclose()
        with pytest.raises(mj.PoolClosed):
            await pool.hooks.serve(port=0)

    run(story())


def test_a_pool_that_is_closed_while_it_begins_to_listen_does_not_listen():
    async def story():
        pool = mj.Pool(Sim().ttapi(), public_url=URL)
        begun = asyncio.ensure_future(pool.hooks.serve(port=0))
        await asyncio.sleep(0)
        await pool.aclose()
        with pytest.raises(mj.PoolClosed):
            await begun

    asyncio.run(asyncio.wait_for(story(), 30))
