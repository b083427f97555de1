"""Faults of the network, over real sockets: what never left is sent again, what may have left is not."""

import asyncio
import contextlib
import socket
import struct

import pytest
from attrs import evolve

import mjasync as mj
from mjasync.core.wire import NoAnswer, NotSent
from mjasync.testing import run
from mjasync.transport.http import Http
from tests.transport.loopback import Server, exchange, get, post, raw, whole

#: SO_LINGER: closing sends a reset.
RESET = struct.pack("ii", 1, 0)


class Resolver:
    """Answers what it is told to, after so many seconds."""

    def __init__(self, monkeypatch, *answers, seconds=0.0):
        self.answers, self.seconds, self.asked = answers, seconds, []
        monkeypatch.setattr(asyncio.base_events.BaseEventLoop, "getaddrinfo", self.resolve)

    async def resolve(self, host, port, *, type=0, flags=0, family=0):  # noqa: A002
        self.asked.append(host)
        await asyncio.sleep(self.seconds)
        if not self.answers:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        kinds = {True: socket.AF_INET6, False: socket.AF_INET}
        return [(kinds[":" in ip], socket.SOCK_STREAM, 6, "", (ip, port)) for ip in self.answers]


@pytest.mark.fault("N01")
@pytest.mark.parametrize("seconds", [0.0, 30.0], ids=["no such host", "slow"])
def test_a_host_that_nobody_knows_costs_nothing_and_is_named(monkeypatch, seconds):
    resolver = Resolver(monkeypatch, seconds=seconds)

    async def story():
        async with mj.Pool(mj.TTAPI("key-123456", base_url="https://no-such-host.example")) as pool:
            job = pool.imagine("a cat")
            await asyncio.sleep(5.5)
            assert pool.stats().accounts["ttapi"].held == 0, "no slot is held for a name"
            with pytest.raises(mj.Unreachable, match="no-such-host") as caught:
                await job
        return caught.value

    error = run(story())

    assert ("no", True) == (error.charged, error.retryable)
    assert len(resolver.asked) > 1


@pytest.mark.fault("N01")
def test_a_submit_to_a_name_that_is_not_found_in_time_did_not_leave(monkeypatch):
    Resolver(monkeypatch, "127.0.0.1", seconds=30.0)

    async def story():
        transport = Http()
        with pytest.raises(NotSent, match="timed out"):
            await transport.send(post("http://slow.example", timeout=5.0))
        await transport.aclose()
        return asyncio.get_running_loop().time()

    assert 5.0 == pytest.approx(run(story()), abs=0.1)


@pytest.mark.fault("N04")
def test_a_connection_that_died_before_the_first_byte_is_treated_with_care():
    """aiohttp does not tell whether it had written: nothing left here, and still it is not sent a second time."""

    async def story():
        transport = Http()
        async with Server(whole()) as server:
            connect = transport._session(fresh=True).connector.connect

            async def dying(*arguments, **options):
                connection = await connect(*arguments, **options)
                connection.transport.abort()
                await asyncio.sleep(0)
                return connection

            transport._session(fresh=True).connector.connect = dying
            with pytest.raises(NoAnswer):
                await transport.send(post(server.url))
            await transport.aclose()
        return server.requests, server.connections

    assert ([], 1) == asyncio.run(story())


class Cutting:
    """A server that reads so many bytes of a request, and resets."""

    def __init__(self, bytes_read):
        self.bytes_read, self.connections = bytes_read, 0

    async def __aenter__(self):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0, limit=4096)
        return f"http://127.0.0.1:{self.server.sockets[0].getsockname()[1]}"

    async def __aexit__(self, *_):
        self.server.close()
        await self.server.wait_closed()

    async def serve(self, reader, writer):
        self.connections += 1
        with contextlib.suppress(asyncio.IncompleteReadError):
            await reader.readexactly(self.bytes_read)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        writer.transport.abort()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


@pytest.mark.fault("N05")
@pytest.mark.parametrize("bytes_read", [1, 100, 1000, 10_000, 100_000, 1_000_000, 4_000_000, 8_000_000])
def test_an_upload_that_is_cut_is_unclear_and_sent_once(bytes_read):
    async def story():
        transport, server = Http(), Cutting(bytes_read)
        async with server as url:
            with pytest.raises(NoAnswer):
                await transport.send(evolve(post(url, timeout=20.0), body=b"x" * 10_000_000))
            await transport.aclose()
        return server.connections

    assert 1 == asyncio.run(story())


@pytest.mark.fault("N17")
def test_one_dead_address_of_a_host_is_no_failure(monkeypatch):
    async def story():
        transport = Http()
        async with Server(whole(b'{"a": 1}')) as server:
            Resolver(monkeypatch, "::1", "127.0.0.1")
            answer = await transport.send(post(f"http://two.example:{server.port}"))
            await transport.aclose()
        return answer, len(server.requests)

    answer, requests = asyncio.run(story())

    assert (200, b'{"a": 1}', 1) == (answer.status, answer.body, requests)


@pytest.mark.fault("N18")
@pytest.mark.parametrize("make", [post, get])
@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX-Trailer: a\r\n\r\n",
    ],
    ids=["continue", "early hints", "trailer"],
)
def test_what_comes_beside_an_answer_is_passed_over(data, make):
    [answer], _ = asyncio.run(exchange(raw(data, then_close=False), make=make))

    assert (200, b"{}") == (answer.status, answer.body)


@pytest.mark.fault("N18")
@pytest.mark.parametrize(
    "flood",
    [b"".join(b"X-%d: y\r\n" % n for n in range(2000)), b"X-Long: " + b"y" * 100_000 + b"\r\n"],
    ids=["many", "long"],
)
def test_a_flood_of_headers_is_no_answer(flood):
    [fault], server = asyncio.run(exchange(raw(b"HTTP/1.1 200 OK\r\n" + flood + b"\r\n")))

    assert isinstance(fault, NoAnswer)
    assert 1 == len(server.requests)
