"""The way to a world without a network: a transport that answers in process, on the loop's clock."""

import asyncio
from urllib.parse import urlsplit

from mjasync.core.wire import HttpRequest, HttpResponse, NoAnswer, NotSent
from mjasync.sim.exchange import FACES, exchange
from mjasync.sim.world import World


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
