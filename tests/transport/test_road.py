"""How far one gets, over real loopback sockets, and in which words it is told where it ends."""

import asyncio
import socket
import ssl
from pathlib import Path

import pytest

from mjasync.testing import run
from mjasync.transport.road import Road, walk
from tests.transport.loopback import Server, whole

CERTIFICATES = Path(__file__).parents[1] / "security" / "certificates"


def closed():
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


async def taken(name):
    """A walk to a TLS server with this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / f"{name}.pem", CERTIFICATES / "server.key")

    async def served(_, writer):
        writer.close()

    server = await asyncio.start_server(served, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    road = await walk(f"https://127.0.0.1:{port}")
    server.close()
    return road


def test_plain_http_needs_no_more_than_a_connection():
    async def story():
        async with Server(whole()) as server:
            road = await walk(f"http://127.0.0.1:{server.port}/below")
            return road, server

    road, server = asyncio.run(story())
    assert Road("127.0.0.1", server.port, ("127.0.0.1",)) == road
    assert road.open
    assert [] == server.requests


@pytest.mark.parametrize(("url", "port"), [("https://a..b", 443), ("http://a..b/x", 80)])
def test_a_name_that_cannot_be(url, port):
    road = asyncio.run(walk(url))
    assert ("a..b", port, "The name a..b leads nowhere.") == (road.host, road.port, road.what)
    assert road.why.startswith("DNS: ")
    assert not road.open


def test_a_name_that_nobody_knows():
    async def unknown(*_, **__):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    async def story():
        asyncio.get_running_loop().getaddrinfo = unknown
        return await walk("https://api.example")

    assert "DNS: Name or service not known" == run(story()).why


def test_a_name_server_that_says_nothing():
    async def story():
        asyncio.get_running_loop().getaddrinfo = lambda *_, **__: asyncio.sleep(1000)
        return await walk("https://api.example")

    assert "DNS: no answer in time" == run(story()).why


def test_nobody_listens():
    port = closed()
    road = asyncio.run(walk(f"http://127.0.0.1:{port}"))
    assert f"Nobody answers at 127.0.0.1, port {port}." == road.what
    assert "connecting to 127.0.0.1: Connection refused" == road.why
    assert ("127.0.0.1",) == road.addresses


def test_a_server_without_tls():
    async def story():
        async with Server(whole()) as server:
            return await walk(f"https://127.0.0.1:{server.port}", patience=0.3)

    road = asyncio.run(story())
    assert "does not speak TLS with us." in road.what
    assert road.why.startswith("TLS: ")
    assert "http://" in road.do


def test_a_good_certificate(monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / "ca.pem"))
    road = asyncio.run(taken("good"))
    assert ("", "TLSv1.3") == (road.what, road.tls)


def test_a_certificate_that_nobody_signed():
    road = asyncio.run(taken("good"))
    assert "The certificate of 127.0.0.1 is not accepted." == road.what
    assert "issuer" in road.why
    assert "SSL_CERT_FILE" in road.do
