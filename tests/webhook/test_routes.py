"""The aiohttp face: as routes of somebody's application, and as a server of its own."""

import asyncio
import gzip
import logging

import aiohttp
import pytest
from aiohttp import web

from mjasync.core.tokens import digest
from mjasync.webhook.routes import listen, routes
from tests.webhook.calling import JSON, TOKEN, Bell, raw


def told(story):
    return asyncio.run(asyncio.wait_for(story, 30))


async def posted(url, **more):
    async with aiohttp.ClientSession() as http, http.post(url, **({"data": b"{}", "headers": JSON} | more)) as answer:
        return answer.status, await answer.text()


def test_as_routes_of_an_application():
    bell = Bell()

    async def story():
        app = web.Application()
        app.add_routes(routes(bell.door, "/mj/"))
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            async with aiohttp.ClientSession() as http, http.get(f"{url}/mj/{TOKEN}") as answer:
                got = answer.status, answer.headers["Allow"]
            return (
                await posted(f"{url}/mj/{TOKEN}"),
                await posted(f"{url}/mj/{'B' * 43}"),
                (await posted(f"{url}/{TOKEN}"))[0],
                got,
            )
        finally:
            await runner.cleanup()

    assert ((200, "heard\n"), (404, "not found\n"), 404, (405, "POST")) == told(story())
    assert [(digest(TOKEN), b"{}")] == bell.rang


@pytest.mark.parametrize("path", ["/a%20b/m%C3%BC", "/a/mü", "/a/{x}/y", "/a(b)/c+d"])
def test_a_path_that_needs_quotes_is_found(path):
    bell = Bell()

    async def story():
        app = web.Application()
        app.add_routes(routes(bell.door, path))
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            return (await posted(f"{url}{path}/{TOKEN}"))[0], (await posted(f"{url}/b{path}/{TOKEN}"))[0]
        finally:
            await runner.cleanup()

    assert (200, 404) == told(story())


def test_as_a_server_it_hears_below_any_path_and_ends():
    bell = Bell()

    async def story():
        async with await listen(bell.door, "127.0.0.1", 0) as listening:
            heard = [await posted(f"{listening.url}{path}/{TOKEN}") for path in ("", "/mj", "/a/b")]
            assert f"<Listening http://127.0.0.1:{listening.port}>" == repr(listening)
        await listening.aclose()
        with pytest.raises(aiohttp.ClientConnectorError):
            await posted(f"{listening.url}/{TOKEN}")
        return heard

    assert [(200, "heard\n")] * 3 == told(story())


@pytest.mark.fault("W07")
def test_a_compressed_body_is_not_unpacked_and_a_long_one_is_not_read():
    bell = Bell()

    async def story():
        async with await listen(bell.door, "127.0.0.1", 0) as listening:
            url = f"{listening.url}/{TOKEN}"
            bomb = await posted(url, data=gzip.compress(b"0" * 10_000_000), headers=JSON | {"Content-Encoding": "gzip"})
            head = f"POST /{TOKEN} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
            huge = await raw(listening.port, head + "Content-Length: 1000000000\r\n\r\n", more=b"x" * 1000)
            chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
            chunked = await raw(listening.port, head + "Transfer-Encoding: chunked\r\n\r\n", more=chunk * 6)
            return bomb[0], huge.split(b"\r\n")[0], chunked.split(b"\r\n")[0]

    assert (415, b"HTTP/1.1 413 Request Entity Too Large", b"HTTP/1.1 413 Request Entity Too Large") == told(story())
    assert [] == bell.rang


@pytest.mark.fault("W12")
def test_it_writes_no_access_log_and_no_token(caplog):
    async def story():
        async with await listen(Bell().door, "127.0.0.1", 0) as listening:
            return await posted(f"{listening.url}/{TOKEN}"), await posted(f"{listening.url}/{'B' * 43}")

    with caplog.at_level(logging.DEBUG):
        told(story())

    assert not [record for record in caplog.records if TOKEN in record.getMessage() or "BBBB" in record.getMessage()]
    assert not [record for record in caplog.records if record.name == "aiohttp.access"]


def test_listening_to_everybody_is_said(caplog):
    async def story():
        async with await listen(Bell().door, "0.0.0.0", 0):  # that is the point
            pass

    told(story())

    assert ["callbacks are received at http://0.0.0.0:"] == [record.getMessage()[:41] for record in caplog.records]


def test_on_the_other_loopback_it_is_not(caplog):
    async def story():
        async with await listen(Bell().door, "::1", 0) as listening:
            return listening.url.startswith("http://[::1]:"), await posted(f"{listening.url}/{TOKEN}")

    assert (True, (200, "heard\n")) == told(story())
    assert [] == caplog.records


@pytest.mark.fault("W08")
def test_a_port_that_is_taken_is_an_error_and_leaves_nothing_open():
    async def story():
        async with await listen(Bell().door, "127.0.0.1", 0) as listening:
            with pytest.raises(OSError, match="address already in use"):
                await listen(Bell().door, "127.0.0.1", listening.port)
            return await posted(f"{listening.url}/{TOKEN}")

    assert (200, "heard\n") == told(story())
