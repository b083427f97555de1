"""The way to a world without a network: a transport that answers in process, on the loop's clock."""

import asyncio
from typing import Any, Protocol
from urllib.parse import urlsplit

from mjasync.core.wire import HttpRequest, HttpResponse, NoAnswer, NotSent
from mjasync.sim.callbacks import Post
from mjasync.sim.exchange import FACES, exchange
from mjasync.sim.world import World


class Asgi(Protocol):
    """An application as ASGI 3 has it."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request."""


def to_asgi(app: Asgi, address: str = "203.0.113.7") -> Post:
    """The way of callbacks to an application in this process, as if they came from `address`."""

    async def post(url: str, body: bytes) -> int:
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        parts = urlsplit(url)
        scope = {"type": "http", "method": "POST", "path": parts.path, "headers": headers, "client": (address, 40000)}
        await app(scope, receive, send)
        return int(sent[0]["status"])

    return post


class LocalTransport:
    """Carries requests to one provider of a world and pictures back.

    `latency` is the seconds of one exchange, half of them on the way there. The request's own `timeout` and
    `body_limit` hold as over HTTP. Other origins than the provider's do not exist.
    """

    def __init__(self, world: World, provider: str, latency: float = 0.05) -> None:
        if provider not in FACES:
            raise ValueError(f"no provider is called {provider!r}; there are {', '.join(FACES)}")
        self._world = world
        self._provider = provider
        self._latency = latency
        self._closed = False

    def __repr__(self) -> str:
        return f"<LocalTransport {self._provider} of {self._world!r}>"

    async def send(self, request: HttpRequest) -> HttpResponse:
        """Carry a request there and its answer back.

        Raises:
            NotSent: the transport is closed, the origin is another, or a scripted fault refused the connection.
            NoAnswer: a scripted fault cut the connection, the time ran out, or the answer is over its limit.

        """
        origin = FACES[self._provider].ORIGIN
        target = urlsplit(request.url)
        if self._closed or f"{target.scheme}://{target.netloc}" != origin:
            raise NotSent("this transport is closed" if self._closed else "no such host")
        try:
            async with asyncio.timeout(request.timeout):
                await asyncio.sleep(self._latency / 2)
                reply = exchange(self._world, self._provider, request)
                await asyncio.sleep(self._latency / 2)
        except TimeoutError:
            raise NoAnswer(f"no answer within {request.timeout:g} s") from None
        if len(reply.body) > request.body_limit:
            raise NoAnswer(f"the answer is over {request.body_limit} bytes")
        return reply

    async def aclose(self) -> None:
        """Refuse everything from now on."""
        self._closed = True
