"""Answers without end, headers without number, networks with holes: bounded, typed, and the connection is dropped."""

import asyncio
import contextlib
import json
import os
import socket
from pathlib import Path

import attrs
import pytest

from mjasync.core.wire import API_BODY_LIMIT, HttpResponse, NoAnswer, NotSent, TransportFault
from mjasync.dialects import _reading
from mjasync.transport import download
from mjasync.transport.bodies import TooLong
from mjasync.transport.download import Downloader, Refused
from mjasync.transport.http import Http
from tests.security.bombs import Cost
from tests.transport.loopback import Server, exchange, get, is_discreet, post, raw, whole
from tests.transport.pictures import BASE, Own

GIB = 1 << 30
PIECE = b"x" * 65_536
SAMPLES = sorted((Path(__file__).parents[1] / "samples").rglob("*.json"))


class Endless:
    """A body that does not end by itself; how much of it left this machine's memory."""

    def __init__(self, head, piece=PIECE):
        self.head, self.piece, self.sent = head, piece, 0

    async def __call__(self, writer):
        writer.write(self.head)
        with contextlib.suppress(ConnectionError):
            while self.sent < GIB:
                writer.write(self.piece)
                await writer.drain()
                self.sent += len(self.piece)
        writer.close()


def endless(status, framing):
    head = f"HTTP/1.1 {status} X\r\n".encode()
    if framing == "length":
        return Endless(head + b"Content-Length: %d\r\n\r\n" % GIB)
    if framing == "chunks":
        return Endless(head + b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + PIECE + b"\r\n")
    return Endless(head + b"\r\n")


@pytest.mark.fault("N11")
@pytest.mark.parametrize("status", [200, 302, 404, 500])
@pytest.mark.parametrize("framing", ["length", "chunks", "until the end"])
@pytest.mark.parametrize("make", [post, get])
def test_an_answer_of_a_gibibyte_is_left_unread(make, framing, status):
    answer = endless(status, framing)
    with Cost() as cost:
        results, _ = asyncio.run(exchange(answer, make=make))

    assert TooLong is type(results[0])
    assert f"the answer is longer than {API_BODY_LIMIT} bytes" == str(results[0])
    assert answer.sent < 16 << 20, "the connection was dropped, not drained"
    cost.is_bounded()


@pytest.mark.fault("N11")
@pytest.mark.parametrize(("status", "why"), [(302, "more than 3 redirects"), (404, "its host answered 404"), (200, "")])
@pytest.mark.parametrize("framing", ["length", "chunks", "until the end"])
def test_a_foreign_picture_of_a_gibibyte_too(monkeypatch, framing, status, why):
    monkeypatch.setattr(download, "is_public", lambda host: host == "127.0.0.1")
    monkeypatch.setattr(download, "PORTS", range(65536))
    monkeypatch.setattr(download, "PICTURE_LIMIT", 4 << 20)
    answer = endless(status, framing)
    answer.head = answer.head.replace(b"X\r\n", b"X\r\nLocation: /again\r\n", 1)

    async def story():
        downloader = Downloader(Own(), BASE)
        async with Server(answer) as server:
            try:
                return await downloader.get(f"{server.url}/x.png")
            except TransportFault as fault:
                return fault
            finally:
                await downloader.aclose()

    with Cost() as cost:
        fault = asyncio.run(story())
    assert (Refused, why or "it is larger than 4 MiB") == (type(fault), str(fault))
    assert answer.sent < 64 << 20
    cost.is_bounded()


HEADS = {
    "a thousand headers": b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(1000)) + b"\r\n",
    "the same header": b"HTTP/1.1 200 OK\r\n" + b"Set-Cookie: a=b\r\n" * 100_000 + b"\r\n",
    "a long header": b"HTTP/1.1 200 OK\r\nX: " + b"y" * (1 << 20) + b"\r\n\r\n",
    "a long name": b"HTTP/1.1 200 OK\r\n" + b"X" * (1 << 20) + b": y\r\n\r\n",
    "a long reason": b"HTTP/1.1 200 " + b"O" * (1 << 20) + b"\r\n\r\n",
    "a folded header": b"HTTP/1.1 200 OK\r\nX: y\r\n" + b" folded\r\n" * 100_000 + b"\r\n",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}}",
    "length and chunks": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a negative length": b"HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n{}",
    "a length of words": b"HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\n{}",
    "a very large length": b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n{}",
    "a large chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFFFF\r\n{}",
    "a chunk's extension": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;" + b"x" * (1 << 20) + b"\r\n{",
    "many trailers": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + b"X: y\r\n" * 200_000 + b"\r\n",
    "a long trailer": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: " + b"y" * (1 << 20) + b"\r\n\r\n",
    "a NUL": b"HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 2\r\n\r\n{}",
    "an upgrade": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n\x81\x02{}",
    "HTTP/2": b"HTTP/2 200\r\n\r\n{}",
    "no HTTP": b"\x00" * 100_000,
}
FINE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@pytest.mark.fault("N18")
@pytest.mark.parametrize("name", HEADS)
@pytest.mark.parametrize("make", [post, get])
def test_a_flood_of_headers_is_an_answer_or_a_fault(name, make):
    with Cost() as cost:
        results, server = asyncio.run(exchange(raw(HEADS[name]), make=make))

    assert isinstance(results[0], NoAnswer | HttpResponse), results
    if isinstance(results[0], NoAnswer):
        assert is_discreet(results[0])
    assert post is not make or 1 == len(server.requests)
    cost.is_bounded()


@pytest.mark.fault("N18")
@pytest.mark.parametrize("line", [b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"])
@pytest.mark.parametrize("make", [post, get])
def test_what_comes_before_an_answer_is_passed_over(line, make):
    results, server = asyncio.run(exchange(raw(line * 3 + FINE, then_close=False), make=make))

    assert (200, b"{}", 1) == (results[0].status, results[0].body, len(server.requests))


@pytest.mark.fault("N18")
@pytest.mark.parametrize("line", [b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"])
def test_even_without_end_it_ends_with_the_time_limit(line):
    answer = Endless(b"", line * 1000)
    with Cost() as cost:
        results, _ = asyncio.run(exchange(answer, post("http://here", timeout=0.6)))

    assert isinstance(results[0], NoAnswer)
    cost.is_bounded()


@pytest.mark.fault("N10")
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_body_cut_anywhere_is_never_taken_for_a_whole_one(path):
    body = json.dumps(json.loads(path.read_bytes()), ensure_ascii=False).encode()
    assert isinstance(_reading.decode(HttpResponse(status=200, body=body)), dict)

    for cut in range(len(body)):
        with pytest.raises(_reading.Garbled):
            _reading.decode(HttpResponse(status=200, body=body[:cut]))


@pytest.mark.fault("N10")
@pytest.mark.parametrize("make", [post, pytest.param(get, marks=pytest.mark.long)])
@pytest.mark.parametrize("framing", ["length", "chunks"])
def test_a_connection_cut_at_any_byte_is_no_answer(framing, make):
    body = b'{"status": "SUCCESS", "data": {"jobId": "7"}}'
    head = b"Content-Length: %d\r\n\r\n" % len(body)
    if framing == "chunks":
        head, body = b"Transfer-Encoding: chunked\r\n\r\n", b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n"
    data = b"HTTP/1.1 200 OK\r\n" + head + body

    async def story():
        return [(await exchange(raw(data[:cut]), make=make))[0][0] for cut in range(len(data))]

    results = asyncio.run(story())
    assert [NoAnswer] * len(data) == [type(result) for result in results]


@pytest.mark.fault("N17")
@pytest.mark.parametrize("dead", ["::1", "127.0.0.2"])
def test_one_address_that_is_dead_is_no_failure(monkeypatch, dead):
    """A name with two addresses, the first of which refuses."""
    family = socket.AF_INET6 if ":" in dead else socket.AF_INET

    def resolve(_host, port, *_more, **_named):
        there = (dead, port, 0, 0) if ":" in dead else (dead, port)
        return [(family, 1, 6, "", there), (socket.AF_INET, 1, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)

    async def story():
        transport = Http()
        async with Server(whole()) as server:
            request = post(server.url)
            answer = await transport.send(attrs.evolve(request, url=request.url.replace("127.0.0.1", "two.example")))
            await transport.aclose()
        return answer, len(server.requests)

    answer, requests = asyncio.run(story())
    assert (200, 1) == (answer.status, requests)


@pytest.mark.fault("N01")
def test_a_name_that_nobody_knows_is_not_sent(monkeypatch):
    def resolve(*_more, **_named):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    results, _ = asyncio.run(exchange(whole(), post("https://nobody.example")))

    assert NotSent is type(results[0])
    assert "nobody.example" in str(results[0])
    assert is_discreet(results[0])


@pytest.mark.fault("K19")
@pytest.mark.skipif(os.name == "nt", reason="limits of POSIX")
@pytest.mark.parametrize("make", [post, get])
def test_without_file_descriptors_nothing_is_sent_and_later_it_goes_on(make):
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)

    async def story():
        transport, held = Http(), []
        async with Server(whole()) as server:
            try:
                resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))
                with contextlib.suppress(OSError):
                    while True:
                        held.append(os.open(os.devnull, os.O_RDONLY))
                with pytest.raises(NotSent) as caught:
                    await transport.send(make(server.url))
            finally:
                for each in held:
                    os.close(each)
                resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
            sent = len(server.requests)
            answer = await transport.send(make(server.url))
            await transport.aclose()
        return caught.value, sent, answer

    fault, sent, answer = asyncio.run(story())
    assert (0, 200) == (sent, answer.status)
    assert is_discreet(fault)


@pytest.mark.fault("N16")
@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NETRC"])
def test_the_environment_leads_no_key_astray(monkeypatch, tmp_path, name):
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password else\n")
    netrc.chmod(0o600)

    async def story():
        async with Server(whole()) as proxy:
            monkeypatch.setenv(name, str(netrc) if name == "NETRC" else proxy.url)
            results, server = await exchange(whole(), post("http://here"), get("http://here"))
            return results, server.requests, proxy.connections

    results, requests, detours = asyncio.run(story())
    assert ([200, 200], 0) == ([result.status for result in results], detours)
    assert not any(b"authorization" in request.lower() for request in requests)
