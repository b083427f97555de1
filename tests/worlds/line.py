"""What a client gets as its transport: one account's end of the wire, in one life.

Rule 1: to a process that died, nothing is delivered any more, and nothing leaves it.
"""

import asyncio
from typing import Protocol

from mjasync.core.wire import HttpRequest, HttpResponse, NoAnswer, NotSent
from tests.worlds.wire import AWAY, DOOR, Packet, Wire


class Mortal(Protocol):
    """The life that a line belongs to."""

    number: int
    dead: bool

    def moment(self, on: str, *, after: bool) -> None:
        """It comes to its n-th append or send; perhaps it dies of it."""


class Line:
    """A transport."""

    def __init__(self, wire: Wire, life: Mortal, account: str, provider: str) -> None:
        self._wire, self._life, self._account, self._provider = wire, life, account, provider

    async def send(self, request: HttpRequest) -> HttpResponse:
        """See `Transport`."""
        self._alive()
        paid = request.method == "POST" and not request.repeatable
        if paid:
            self._life.moment("send", after=False)
            self._alive()
        packet = self._wire.put(self._account, self._provider, request, self._life.number)
        loop = asyncio.get_running_loop()
        packet.reply = loop.create_future()
        if packet.fate in AWAY or packet.fate in DOOR:
            self._never(packet, loop)
        else:
            loop.call_later(max(packet.arrives_at - packet.sent_at, 0.0), self._wire.deliver)
        if paid:
            self._life.moment("send", after=True)
            self._alive()
        clock = loop.call_later(request.timeout, _out_of_time, packet.reply, request.timeout)
        try:
            answer = await packet.reply
        except NotSent:
            packet.proof = "no"
            raise
        except NoAnswer:
            packet.proof = "unclear"
            raise
        finally:
            clock.cancel()
        self._alive()
        packet.proof = packet.worth
        return answer

    async def aclose(self) -> None:
        """Nothing to let go of."""

    def _never(self, packet: Packet, loop: asyncio.AbstractEventLoop) -> None:
        """What comes back of a request that does not arrive."""
        reply, soon = packet.reply, packet.back
        assert reply is not None
        if packet.fate in DOOR:
            status = DOOR[packet.fate]
            headers = {"content-type": "application/json"} | ({"retry-after": "9"} if status == 429 else {})
            answer = HttpResponse(status=status, body=b'{"message": "not you, not now"}', headers=headers)
            packet.worth = "no"
            loop.call_later(soon, _resolve, reply, answer)
        elif packet.fate == "wire.not_sent" or (packet.fate == "wire.partition" and packet.number % 2):
            loop.call_later(soon, _reject, reply, NotSent("connection refused"))
        elif packet.fate == "wire.lost_before":
            loop.call_later(soon, _reject, reply, NoAnswer("connection reset by peer"))

    def _alive(self) -> None:
        if self._life.dead:
            raise asyncio.CancelledError


def _resolve(reply: "asyncio.Future[HttpResponse]", answer: HttpResponse) -> None:
    if not reply.done():
        reply.set_result(answer)


def _reject(reply: "asyncio.Future[HttpResponse]", fault: Exception) -> None:
    if not reply.done():
        reply.set_exception(fault)


def _out_of_time(reply: "asyncio.Future[HttpResponse]", seconds: float) -> None:
    _reject(reply, NoAnswer(f"no answer within {seconds:g} s"))
