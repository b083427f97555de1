"""The receiver as a plain ASGI app, to be mounted anywhere, under any `root_path`; nothing but the standard library."""

from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from typing import Any

from mjasync.webhook.door import Door
from mjasync.webhook.receiving import Answer, Head

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Asgi:
    """`app.mount("/mj", pool.hooks.asgi)`."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """One connection's scope, as ASGI 3 has it."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] == "http":
            answer = await self._door.answer(_head(scope), _chunks(receive))
            await _say(answer, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    """There is nothing to start or to stop: the pool's own block does."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


def _head(scope: Message) -> Head:
    headers = {bytes(name).lower(): bytes(value).decode("latin-1") for name, value in scope["headers"]}
    length = headers.get(b"content-length", "")
    client = scope.get("client")
    return Head(
        method=scope["method"],
        path=scope["path"],
        address=str(client[0]) if client else "",
        content_type=headers.get(b"content-type", ""),
        content_encoding=headers.get(b"content-encoding", ""),
        length=int(length) if length.isascii() and length.isdigit() else None,
    )


async def _chunks(receive: Receive) -> AsyncIterator[bytes]:
    while True:
        message = await receive()
        if message["type"] != "http.request":  # the client is gone
            return
        yield message.get("body", b"")
        if not message.get("more_body", False):
            return


async def _say(answer: Answer, send: Send) -> None:
    headers = [("content-type", "text/plain; charset=utf-8"), ("content-length", str(len(answer.body)))]
    # What was not read is not drained either: the connection ends.
    more = [("connection", "close")] if answer.status != 200 else []
    told = [(n.lower().encode(), v.encode()) for n, v in (*headers, *answer.headers, *more)]
    await send({"type": "http.response.start", "status": answer.status, "headers": told})
    await send({"type": "http.response.body", "body": answer.body})
