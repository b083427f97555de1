"""Whoever waits for a callback's body, and rings: the same for both faces."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

from mjasync.webhook.receiving import (
    BODY_LIMIT,
    BODY_PATIENCE,
    HEARD,
    NOT_NOW,
    TOO_LARGE,
    TOO_SLOW,
    Answer,
    Head,
    Receiver,
)

#: Rings for the SHA-256 of a token, with the body. True once whatever has to survive is written down.
Ring = Callable[[str, bytes], Awaitable[bool]]


class Door:
    """Answers requests, whatever server they came by."""

    def __init__(self, receiver: Receiver, ring: Ring) -> None:
        self._receiver = receiver
        self._ring = ring

    async def answer(self, head: Head, chunks: AsyncIterator[bytes]) -> Answer:
        """The answer to one request. Its body is read only where the token is one of ours."""
        judged = self._receiver.judged(head, asyncio.get_running_loop().time())
        if isinstance(judged, Answer):
            return judged
        if not self._receiver.begin():
            return NOT_NOW
        body: bytes | Answer = TOO_SLOW
        try:
            body = await _read(chunks)
        finally:
            self._receiver.end(ok=isinstance(body, bytes))
        if isinstance(body, Answer):
            return body
        return HEARD if await self._ring(judged, body) else NOT_NOW


async def _read(chunks: AsyncIterator[bytes]) -> bytes | Answer:
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_PATIENCE):
            async for chunk in chunks:
                body += chunk
                if len(body) > BODY_LIMIT:
                    return TOO_LARGE
    except TimeoutError:
        return TOO_SLOW
    return bytes(body)
