"""Bytes there and back. What they mean is none of this layer's business."""

from typing import Protocol

from mjasync.core.wire import HttpRequest, HttpResponse


class Transport(Protocol):
    """Anything that can carry a request: aiohttp, the simulator in process, or your own in a test."""

    async def send(self, request: HttpRequest) -> HttpResponse:
        """Carry one request once.

        Raises `NotSent` if certainly nothing arrived, `NoAnswer` if it may have and no whole answer came back.
        Redirects are answers like any other.
        """
        ...

    async def aclose(self) -> None:
        """Let go of connections. May be called twice."""
        ...
