"""Pictures from another host than the account's, through the guarded session and real sockets."""

import asyncio
import contextlib
import socket

import pytest
from aiohttp import web

from mjasync.core.wire import NoAnswer, NotSent, TransportFault
from mjasync.transport import download
from mjasync.transport.download import Downloader, Refused
from tests.transport.pictures import BASE, PNG, Own, get

#: A test's server is where there is room.
ANY = range(1, 65536)


@contextlib.asynccontextmanager
async def serving(handler):
    """A real server on the loopback; its URL."""
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", handler)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def guarded(handler, path="/a.png", monkeypatch=None):
    """A download through the guarded session, with the loopback declared public for once."""
    monkeypatch.setattr(download, "is_public", lambda host: host == "127.0.0.1")
    monkeypatch.setattr(download, "PORTS", ANY)

    async def story():
        downloader = Downloader(Own(), BASE)
        async with serving(handler) as url:
            try:
                return await downloader.get(url + path)
            except TransportFault as fault:
                return fault
            finally:
                await downloader.aclose()

    return asyncio.run(story())


def test_a_foreign_picture_carries_nothing_of_ours(monkeypatch):
    seen = []

    async def handler(request):
        seen.append(dict(request.headers))
        return web.Response(body=PNG, headers={"Set-Cookie": "a=b"})

    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    assert PNG == guarded(handler, monkeypatch=monkeypatch)
    assert not {"authorization", "tt-api-key", "mj-api-secret", "cookie"} & {name.lower() for name in seen[0]}


@pytest.mark.fault("P14")
def test_a_foreign_redirect_to_the_loopback_is_refused(monkeypatch):
    async def handler(request):
        raise web.HTTPFound("http://127.0.0.2/x")

    fault = guarded(handler, monkeypatch=monkeypatch)

    assert (Refused, "127.0.0.2 does not lead to a public address") == (type(fault), str(fault))


def test_a_foreign_redirect_to_a_picture_is_followed(monkeypatch):
    async def handler(request):
        if request.path == "/a.png":
            raise web.HTTPMovedPermanently("/b.png")
        return web.Response(body=PNG)

    assert PNG == guarded(handler, monkeypatch=monkeypatch)


@pytest.mark.fault("N11")
def test_too_much_is_refused(monkeypatch):
    async def handler(request):
        return web.Response(body=PNG + b"x" * 2_000_000)

    monkeypatch.setattr(download, "PICTURE_LIMIT", 1 << 20)
    fault = guarded(handler, monkeypatch=monkeypatch)

    assert (Refused, "it is larger than 1 MiB") == (type(fault), str(fault))


def test_half_a_picture_is_no_answer(monkeypatch):
    async def handler(request):
        response = web.StreamResponse(headers={"Content-Length": "999"})
        await response.prepare(request)
        await response.write(PNG)
        request.transport.close()
        return response

    fault = guarded(handler, monkeypatch=monkeypatch)

    assert NoAnswer is type(fault)
    assert "127.0.0.1" not in str(fault), "a signed address stays out of texts"


def test_a_refused_port_is_not_sent(monkeypatch):
    monkeypatch.setattr(download, "is_public", lambda host: True)
    monkeypatch.setattr(download, "PORTS", ANY)
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        fault, _ = get(f"http://127.0.0.1:{holder.getsockname()[1]}/x?secret")

    assert (NotSent, "cannot connect to 127.0.0.1") == (type(fault), str(fault))


def test_two_downloads_share_a_session(monkeypatch):
    monkeypatch.setattr(download, "is_public", lambda host: True)
    monkeypatch.setattr(download, "PORTS", ANY)

    async def handler(request):
        return web.Response(body=PNG)

    async def story():
        downloader = Downloader(Own(), BASE)
        async with serving(handler) as url:
            assert [PNG, PNG] == [await downloader.get(url + "/a"), await downloader.get(url + "/b")]
            await downloader.aclose()

    asyncio.run(story())
