"""aiohttp as a transport, over real loopback sockets: what arrives, and what must not leave."""

import asyncio
import gzip

import attrs
import pytest

from mjasync.core.wire import HttpResponse
from mjasync.transport.http import Http
from tests.transport.loopback import KEY, QUIET, Server, exchange, get, post, raw, whole


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


def test_a_large_body_arrives_whole_with_its_length():
    body = bytes(range(256)) * 12_000
    results, server = asyncio.run(exchange(whole(), attrs.evolve(post("http://here"), body=body)))

    head, arrived = server.requests[0].split(b"\r\n\r\n", 1)
    assert 200 == results[0].status
    assert body == arrived
    assert b"transfer-encoding" not in head.lower()
    assert b"\r\nContent-Type: application/json\r\n" in head


@pytest.mark.parametrize("status", [400, 401, 429, 499, 500, 503, 524])
def test_a_bad_status_is_an_answer_like_any_other(status):
    results, _ = asyncio.run(exchange(whole(b"no", f"{status} X")))

    assert (status, b"no") == (results[0].status, results[0].body)


@pytest.mark.fault("H19")
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


def test_a_body_of_just_the_limit_is_an_answer():
    results, _ = asyncio.run(exchange(whole(b"x" * 4096), post("http://here", body_limit=4096)))

    assert 4096 == len(results[0].body)


@pytest.mark.fault("N08")
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


@pytest.mark.fault("N16")
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


@pytest.mark.fault("K12")
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
