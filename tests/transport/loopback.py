"""A raw HTTP/1.1 server on the loopback, the requests that it gets, and what a transport makes of its answers."""

import asyncio
import contextlib
import traceback
from collections.abc import Awaitable, Callable

import attrs

from mjasync.core.wire import HttpRequest, TransportFault
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
