"""aiohttp as a transport, over real loopback sockets: what arrives, what must not leave, and which fault says what."""

import asyncio
import contextlib
import gzip
import socket
import ssl
import traceback
from collections.abc import Awaitable, Callable

import aiohttp
import attrs
import pytest

from mjasync.core.wire import HttpRequest, HttpResponse, NoAnswer, NotSent, TransportFault
from mjasync.transport import http
from mjasync.transport.http import Http

KEY = "sk-canary-0123456789"
QUIET = "quiet-canary"
Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


def whole(body=b"{}", status="200 OK", *headers):
    """A complete answer."""

    async def answer(writer):
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
        writer.write("\r\n".join(lines).encode() + body)

    return answer


def raw(data, *, then_close=True):
    """These bytes, then the end (or silence)."""

    async def answer(writer):
        writer.write(data)
        if then_close:
            writer.close()

    return answer


class Server:
    """Raw HTTP/1.1: one script for all requests; keeps every request's bytes and counts connections."""

    def __init__(self, answer: Answer):
        self.answer = answer
        self.requests = []
        self.connections = 0
        self.writers = set()
        self.asked = asyncio.Event()

    async def __aenter__(self):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        return self

    async def __aexit__(self, *_):
        self.server.close()
        for writer in list(self.writers):
            writer.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            with contextlib.suppress(asyncio.CancelledError, TimeoutError):
                await asyncio.wait_for(task, 1)
        await self.server.wait_closed()

    async def serve(self, reader, writer):
        self.connections += 1
        self.writers.add(writer)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(
                    (int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0
                )
                self.requests.append(head + await reader.readexactly(length))
                self.asked.set()
                await self.answer(writer)
                if writer.is_closing():
                    break
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.writers.discard(writer)
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()


def post(url, **more):
    headers = {"TT-API-KEY": KEY, "Content-Type": "application/json"}
    return HttpRequest(
        method="POST", url=f"{url}/x?hidden={QUIET}", headers=headers, body=b'{"a": 1}', **{"timeout": 5.0, **more}
    )


def get(url, **more):
    return HttpRequest(
        method="GET", url=f"{url}/x", repeatable=True, headers={"TT-API-KEY": KEY}, **{"timeout": 5.0, **more}
    )


async def exchange(answer, *requests, make=post):
    """Send to a server with this script; what came (or the fault) for each request, and the server."""
    transport, results = Http(), []
    async with Server(answer) as server:
        for request in requests or [make(server.url)]:
            request = attrs.evolve(request, url=request.url.replace("http://here", server.url))
            try:
                results.append(await transport.send(request))
            except TransportFault as fault:
                results.append(fault)
        await transport.aclose()
        await transport.aclose()
    return results, server


def fault_of(answer, request=None):
    results, server = asyncio.run(exchange(answer, *([request] if request else [])))
    assert isinstance(results[0], TransportFault), results
    return results[0], server


def is_discreet(fault):
    text = "".join(traceback.format_exception(fault)) + repr(fault)
    return KEY not in text and QUIET not in text and "TT-API-KEY" not in text


def test_a_whole_answer():
    async def story():
        results, server = await exchange(
            whole(b"\x00\xff body", "202 Accepted", "Retry-After: 5", "X-ONEAPI-Request-Id: r")
        )
        assert (
            HttpResponse(
                status=202,
                body=b"\x00\xff body",
                headers={"content-length": "7", "retry-after": "5", "x-oneapi-request-id": "r"},
            )
            == results[0]
        )
        return server

    server = asyncio.run(story())

    head, body = server.requests[0].split(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert f"POST /x?hidden={QUIET} HTTP/1.1" == lines[0]
    assert b'{"a": 1}' == body
    headers = dict(line.split(": ", 1) for line in lines[1:])
    assert (KEY, "application/json", "identity", "application/json") == (
        headers["TT-API-KEY"],
        headers["Content-Type"],
        headers["Accept-Encoding"],
        headers["Accept"],
    )
    assert "Cookie" not in headers


@pytest.mark.parametrize("status", [400, 401, 429, 499, 500, 503, 524])
def test_a_bad_status_is_an_answer_like_any_other(status):
    results, _ = asyncio.run(exchange(whole(b"no", f"{status} X")))

    assert (status, b"no") == (results[0].status, results[0].body)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("origin", ["same", "other"])
@pytest.mark.parametrize("make", [post, get])
def test_redirects_are_answers_and_the_key_stays(status, origin, make):
    async def story():
        async with Server(whole()) as other:
            target = f"{other.url}/stolen" if origin == "other" else "/again"
            results, server = await exchange(whole(b"", f"{status} Moved", f"Location: {target}"), make=make)
            assert (status, target) == (results[0].status, results[0].headers["location"])
            assert (1, 0) == (len(server.requests), len(other.requests))

    asyncio.run(story())


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
    assert results[0].__suppress_context__


@pytest.mark.parametrize("body", [b"x" * 5000, gzip.compress(b"x" * 5_000_000)], ids=["long", "bomb"])
def test_an_oversized_body_is_no_answer(body):
    encoding = ["Content-Encoding: gzip"] if body[:2] == b"\x1f\x8b" else []
    request = post("http://here", body_limit=4096)
    fault, _ = fault_of(whole(body, "200 OK", *encoding), request)

    assert isinstance(fault, NoAnswer)
    assert "the answer is longer than 4096 bytes" == str(fault)


CHUNKS = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        pytest.param(raw(CHUNKS, then_close=False), b"abcde", id="in chunks"),
        pytest.param(raw(b"HTTP/1.1 200 OK\r\n\r\nuntil the end"), b"until the end", id="until the end"),
        pytest.param(
            whole(gzip.compress(b"small"), "200 OK", "Content-Encoding: gzip"),
            b"small",
            id="packed though not asked for",
        ),
        pytest.param(whole(b""), b"", id="nothing"),
    ],
)
@pytest.mark.parametrize("make", [post, get])
def test_a_whole_body_in_any_form(answer, body, make):
    results, _ = asyncio.run(exchange(answer, make=make))

    assert body == results[0].body


def test_an_endless_body_without_a_length_is_no_answer():
    chunk = b"1000\r\n" + b"x" * 4096 + b"\r\n"
    fault, _ = fault_of(
        raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk * 40, then_close=False),
        get("http://here", body_limit=10_000),
    )

    assert (NoAnswer, "the answer is longer than 10000 bytes") == (type(fault), str(fault))


def test_a_body_of_just_the_limit_is_an_answer():
    results, _ = asyncio.run(exchange(whole(b"x" * 4096), post("http://here", body_limit=4096)))

    assert 4096 == len(results[0].body)


@pytest.mark.parametrize(
    "data", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nslow"], ids=["no answer", "slow body"]
)
@pytest.mark.parametrize("make", [post, get])
def test_a_time_out_after_sending_is_no_answer(data, make):
    fault, server = fault_of(raw(data, then_close=False), make("http://here", timeout=0.1))

    assert (NoAnswer, "timed out", 1) == (type(fault), str(fault), len(server.requests))
    assert is_discreet(fault)


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


def test_a_request_that_may_be_charged_gets_a_connection_of_its_own():
    results, server = asyncio.run(exchange(whole(), *[post("http://here")] * 3))

    assert (3, 3) == (server.connections, len(server.requests))
    assert all(isinstance(result, HttpResponse) for result in results)


def test_free_requests_share_one():
    _, server = asyncio.run(exchange(whole(), *[get("http://here")] * 3))

    assert (1, 3) == (server.connections, len(server.requests))


def test_cookies_are_not_kept():
    _, server = asyncio.run(exchange(whole(b"{}", "200 OK", "Set-Cookie: a=b; Path=/"), *[get("http://here")] * 2))

    assert [False, False] == [b"cookie" in request.lower() for request in server.requests]


def test_a_proxy_in_the_environment_is_not_asked(monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    results, _ = asyncio.run(exchange(whole()))

    assert 200 == results[0].status


def test_nothing_is_opened_before_the_first_request():
    transport = Http()
    assert (None, None) == (transport._kept, transport._fresh)
    asyncio.run(transport.aclose())


def test_it_can_be_used_again_after_closing():
    async def story():
        transport = Http()
        async with Server(whole()) as server:
            for _ in range(2):
                assert 200 == (await transport.send(get(server.url))).status
                await transport.aclose()

    asyncio.run(story())


def test_a_cancelled_send_is_cancelled():
    async def story():
        transport = Http()
        async with Server(raw(b"", then_close=False)) as server:
            task = asyncio.ensure_future(transport.send(post(server.url)))
            await server.asked.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
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
