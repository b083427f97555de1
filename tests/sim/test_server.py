import asyncio
import json

import aiohttp
import pytest

from mjasync.sim import World, serve

KEY = {"TT-API-KEY": "sim-key"}
BEARER = {"Authorization": "Bearer sim-key"}


def tell(script, **options):
    world = World(seed=7, speed=10_000, **options)

    async def story():
        async with serve(world) as served, aiohttp.ClientSession() as http:
            return await script(served, http)

    return world, asyncio.run(story())


async def opened(reply):
    async with reply as answer:
        return answer.status, await answer.read()


async def finished(http, url, done):
    """Look until it is done; the world is ten thousand times as fast as the real one."""
    while True:
        async with (
            http.post(url[0], json=url[1], headers=KEY)
            if isinstance(url, tuple)
            else http.get(url, headers=BEARER) as reply
        ):
            told = await reply.json()
        if told["status"] == done:
            return told


def test_both_providers_over_http():
    async def script(served, http):
        async with http.post(
            f"{served.ttapi_url}/midjourney/v1/imagine", json={"prompt": "a cat"}, headers=KEY
        ) as reply:
            job_id = (await reply.json())["data"]["jobId"]
        told = await finished(http, (f"{served.ttapi_url}/midjourney/v1/fetch", {"jobId": job_id}), "SUCCESS")
        url = f"{served.mjproxy_url}/mj-fast/mj/submit/imagine"
        async with http.post(url, json={"prompt": "a 猫"}, headers=BEARER) as reply:
            task_id = (await reply.json(content_type=None))["result"]
        task = await finished(http, f"{served.mjproxy_url}/mj-fast/mj/task/{task_id}/fetch", "SUCCESS")
        pictures = [told["data"]["cdnImage"], task["imageUrl"]]
        assert pictures[0].startswith(f"{served.ttapi_url}/pictures/")
        assert pictures[1].startswith(f"{served.mjproxy_url}/pictures/")
        return [await opened(http.get(picture)) for picture in pictures]

    world, pictures = tell(script)
    assert all(status == 200 and body.startswith(b"\x89PNG") for status, body in pictures)
    assert world.ledger.charged == 2
    assert world.ledger.violations == []
    assert world.ledger.jobs[1].prompt == "a 猫"


def test_the_ledger_is_free_to_read():
    async def script(served, http):
        await opened(http.get(f"{served.ttapi_url}/midjourney/v1/fetch?jobId=x%2Fy", headers=KEY))
        await opened(http.get(f"{served.url}/ledger"))
        return await opened(http.get(f"{served.url}/ledger"))

    world, (status, body) = tell(script)
    assert status == 200
    assert json.loads(body) == json.loads(json.dumps(world.ledger.as_json()))
    assert world.ledger.looks == {"x/y": 1}


def test_other_paths_do_not_exist():
    async def script(served, http):
        return await opened(http.get(f"{served.url}/elsewhere"))

    assert tell(script)[1][0] == 404


@pytest.mark.parametrize(("kind", "accepted"), [("lose_answer", 1), ("drop", 0), ("refuse_connection", 0)])
def test_faults_cut_the_connection(kind, accepted, caplog):
    async def script(served, http):
        served.world.inject(kind)
        with pytest.raises(aiohttp.ClientConnectionError):
            await opened(http.post(f"{served.ttapi_url}/midjourney/v1/imagine", json={"prompt": "a"}, headers=KEY))

    world, _ = tell(script)
    assert world.ledger.accepted == accepted
    assert not caplog.records


@pytest.mark.parametrize("host", ["evil.example", "10.0.0.1", "evil.example:80", ""])
def test_only_loopback_names_are_answered(host):
    async def script(served, http):
        return await opened(http.get(f"{served.url}/ledger", headers={"Host": host}))

    assert tell(script)[1][0] == 421


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:80", "[::1]:80"])
def test_loopback_has_several_names(host):
    async def script(served, http):
        return await opened(http.get(f"{served.url}/ledger", headers={"Host": host}))

    assert tell(script)[1][0] == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.1", "example.com", "::", ""])
def test_it_listens_nowhere_else(host):
    with pytest.raises(ValueError, match="this machine only"):
        serve(World(), host=host)


def test_it_can_be_awaited_and_closed_by_hand():
    async def story():
        served = serve(World())
        assert repr(served) == "<Served nowhere>"
        with pytest.raises(RuntimeError, match="does not listen"):
            _ = served.url
        assert await served is served
        async with served:
            assert served.url.startswith("http://127.0.0.1:")
            assert served.url in repr(served)
            port = int(served.url.rpartition(":")[2])
            with pytest.raises(OSError):
                await serve(World(), port=port)
        await served.aclose()

    asyncio.run(story())


def test_the_other_loopback():
    async def story():
        try:
            async with serve(World(), host="::1") as served:
                return served.url
        except OSError:
            pytest.skip("this machine has no IPv6 loopback")

    assert asyncio.run(story()).startswith("http://[::1]:")


def test_the_key_is_known_beside_other_accounts():
    world = World()
    world.account("ttapi", "mine")

    async def story():
        async with serve(world, key="other") as served:
            return served.key

    assert asyncio.run(story()) == "other"
    assert world.find_account("ttapi", "other").name == "ttapi-2"
    assert world.find_account("mjproxy", "other").name == "mjproxy"


def test_every_kind_of_address_is_there_in_any_profile():
    async def script(served, http):
        proxy, ttapi = f"{served.mjproxy_url}/mj-relax/mj", f"{served.ttapi_url}/midjourney/v1"
        told = [
            await opened(http.post(f"{proxy}/task/list-by-condition", json={"ids": ["5"]}, headers=BEARER)),
            await opened(http.get(f"{proxy}/task/5/image-seed", headers=BEARER)),
            await opened(http.post(f"{proxy}/insight-face/swap", json={}, headers=BEARER)),
            await opened(http.post(f"{proxy}/submit/modal", json={"taskId": "5"}, headers=BEARER)),
            await opened(http.get(f"{ttapi}/fetch-list?limit=5", headers=KEY)),
            await opened(http.get(f"{ttapi}/info", headers=KEY)),
        ]
        return [status for status, _ in told]

    world, statuses = tell(script, profile="plus")
    assert statuses == [200, 400, 400, 400, 200, 200]
    assert sorted(world.ledger.requests) == [
        *("mjproxy.image-seed", "mjproxy.list-by-condition", "mjproxy.modal", "mjproxy.swap"),
        *("ttapi.fetch-list", "ttapi.info"),
    ]
