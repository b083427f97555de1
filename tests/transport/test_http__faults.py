"""aiohttp as a transport, over real loopback sockets: which fault says what, and none of them a secret."""

import asyncio
import contextlib
import gzip
import socket
import ssl

import aiohttp
import pytest

from mjasync.core.wire import HttpRequest, NoAnswer, NotSent
from mjasync.transport import http
from mjasync.transport.http import Http
from tests.transport.loopback import KEY, exchange, fault_of, get, is_discreet, post, raw, whole


@pytest.mark.fault("N02")
@pytest.mark.parametrize("make", [post, get])
def test_a_refused_port_is_not_sent(make):
    async def story():
        with socket.socket() as holder:
            holder.bind(("127.0.0.1", 0))  # bound, never listening: nobody else can take the port
            url = f"http://127.0.0.1:{holder.getsockname()[1]}"
            transport = Http()
            with pytest.raises(NotSent, match=r"cannot connect to 127\.0\.0\.1:\d+ \(") as caught:
                await transport.send(make(url))
            await transport.aclose()
            return caught.value

    assert is_discreet(asyncio.run(story()))


@pytest.mark.parametrize(
    "url", ["http://", "http:///x", "https://a..b/x", "nonsense", "ftp://127.0.0.1/x", "http://127.0.0.1:99999/"]
)
def test_an_impossible_url_is_not_sent(url):
    async def story():
        transport = Http()
        with pytest.raises(NotSent):
            await transport.send(HttpRequest(method="GET", url=url, headers={"TT-API-KEY": KEY}, timeout=2.0))
        await transport.aclose()

    asyncio.run(story())


@pytest.mark.fault("N03")
def test_a_tls_handshake_that_fails_is_not_sent():
    async def plain(_reader, writer):
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    async def story():
        transport = Http()
        server = await asyncio.start_server(plain, "127.0.0.1", 0)
        async with server:
            with pytest.raises(NotSent) as caught:
                await transport.send(post(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"))
            await transport.aclose()
        return caught.value

    fault = asyncio.run(story())

    assert "the TLS certificate or handshake was not accepted" == str(fault)
    assert is_discreet(fault)


@pytest.mark.fault("N06", "N10")
@pytest.mark.parametrize(
    ("answer", "name"),
    [
        (raw(b""), "closed after the request"),
        (raw(b"HTTP/1.1 200"), "cut in the status line"),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Le"), "cut in a header"),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort"), "cut in the body"),
        (raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"), "cut in a chunk"),
        (raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab"), "no chunk at all"),
        (raw(b"SSH-2.0-OpenSSH\r\n"), "not HTTP"),
        (whole(b"not gzip", "200 OK", "Content-Encoding: gzip"), "a lying encoding"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.parametrize("make", [post, get])
def test_half_an_answer_is_no_answer(answer, name, make):
    results, server = asyncio.run(exchange(answer, make=make))

    assert isinstance(results[0], NoAnswer), name
    assert len(server.requests) >= 1
    assert is_discreet(results[0])
    assert (None, None) == (results[0].__cause__, results[0].__context__), "a foreign exception knows headers"


@pytest.mark.fault("N11", "N12")
@pytest.mark.parametrize("body", [b"x" * 5000, gzip.compress(b"x" * 5_000_000)], ids=["long", "bomb"])
def test_an_oversized_body_is_no_answer(body):
    encoding = ["Content-Encoding: gzip"] if body[:2] == b"\x1f\x8b" else []
    request = post("http://here", body_limit=4096)
    fault, _ = fault_of(whole(body, "200 OK", *encoding), request)

    assert isinstance(fault, NoAnswer)
    assert "the answer is longer than 4096 bytes" == str(fault)


@pytest.mark.fault("N11")
def test_an_endless_body_without_a_length_is_no_answer():
    chunk = b"1000\r\n" + b"x" * 4096 + b"\r\n"
    fault, _ = fault_of(
        raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk * 40, then_close=False),
        get("http://here", body_limit=10_000),
    )

    assert isinstance(fault, NoAnswer)
    assert "the answer is longer than 10000 bytes" == str(fault)


@pytest.mark.fault("N07", "N09")
@pytest.mark.parametrize(
    "data", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nslow"], ids=["no answer", "slow body"]
)
@pytest.mark.parametrize("make", [post, get])
def test_a_time_out_after_sending_is_no_answer(data, make):
    fault, server = fault_of(raw(data, then_close=False), make("http://here", timeout=0.5))

    assert (NoAnswer, "timed out", 1) == (type(fault), str(fault), len(server.requests))
    assert is_discreet(fault)


@pytest.mark.fault("N02")
def test_a_time_out_while_connecting_is_not_sent():
    async def story():
        transport = Http()
        session = transport._session(fresh=True)

        async def never(*_args, **_kwargs):
            await asyncio.get_running_loop().create_future()

        session.connector.connect = never
        with pytest.raises(NotSent, match="timed out"):
            await transport.send(post("http://127.0.0.1:1", timeout=0.05))
        await transport.aclose()

    asyncio.run(story())


class _Key:
    host, port, ssl, is_ssl = "h", 1, None, True


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (TimeoutError("https://h/?key"), "timed out"),
        (aiohttp.ServerTimeoutError("https://h/?key"), "timed out"),
        (ssl.SSLError("https://h/?key"), "the TLS certificate or handshake was not accepted"),
        (
            aiohttp.ClientConnectorError(_Key, OSError(111, "Connection refused")),
            "cannot connect to h:1 (Connection refused)",
        ),
        (aiohttp.ClientConnectorError(_Key, OSError("many words https://h/?key")), "cannot connect to h:1 (OSError)"),
        (aiohttp.ServerDisconnectedError("https://h/?key"), "ServerDisconnectedError"),
        (ValueError("https://h/?key"), "ValueError"),
    ],
)
def test_causes_in_a_few_words(error, words):
    assert words == http._cause(error)
