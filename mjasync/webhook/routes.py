"""The receiver as routes of aiohttp.web, and as a small server of its own."""

import ipaddress
import logging
import re
from collections.abc import AsyncIterator
from typing import Self
from urllib.parse import quote, unquote

from aiohttp import web

from mjasync.webhook.door import Door
from mjasync.webhook.receiving import HEARD, Head

_log = logging.getLogger("mjasync.hooks")
_CHUNK = 64 * 1024
#: Seconds for which what was refused unread may go on coming, and for which a quiet connection is kept.
_LINGER, _KEEP_ALIVE = 1.0, 15.0


def routes(door: Door, path: str = "") -> list[web.RouteDef]:
    """`app.add_routes(pool.hooks.routes)`: everything directly below `path`, of every method."""

    async def answer(request: web.Request) -> web.Response:
        return await _answered(door, request)

    return [web.route("*", f"{_literal(path.rstrip('/'))}/{{token}}", answer)]


def _literal(path: str) -> str:
    """The path as a route. aiohttp looks at requests unquoted and at routes quoted, so what needs quotes is a pattern."""
    plain = unquote(path)
    if quote(plain) == plain:
        return path
    pattern = re.escape(plain.removeprefix("/")).replace("\\{", r"\x7b").replace("\\}", r"\x7d")
    return f"/{{path:{pattern}}}"


async def _answered(door: Door, request: web.Request) -> web.Response:
    answer = await door.answer(_head(request), _chunks(request))
    response = web.Response(status=answer.status, body=answer.body, content_type="text/plain", charset="utf-8")
    response.headers.extend(answer.headers)
    if answer is not HEARD:  # what was not read is not drained either
        response.force_close()
    return response


def _head(request: web.Request) -> Head:
    return Head(
        method=request.method,
        path=request.path,
        address=request.remote or "",
        content_type=request.headers.get("Content-Type", ""),
        content_encoding=request.headers.get("Content-Encoding", ""),
        length=request.content_length,
    )


async def _chunks(request: web.Request) -> AsyncIterator[bytes]:
    async for chunk in request.content.iter_chunked(_CHUNK):
        yield chunk


class Listening:
    """A receiver that listens. `async with` it, or call `aclose()`; a pool closes its own."""

    def __init__(self, runner: web.AppRunner) -> None:
        self._runner = runner
        self._address = runner.addresses[0]

    def __repr__(self) -> str:
        return f"<Listening {self.url}>"

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self._address[1])

    @property
    def url(self) -> str:
        """Where it listens, on this machine."""
        host = str(self._address[0])
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    async def aclose(self) -> None:
        """Stop listening. May be called twice."""
        await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


async def listen(door: Door, host: str, port: int) -> Listening:
    """A server with nothing but the receiver, whatever path the token comes under. Raises `OSError`."""
    app = web.Application()

    async def answer(request: web.Request) -> web.Response:
        return await _answered(door, request)

    app.router.add_route("*", "/{path:.*}", answer)
    # No access log: it would print tokens. No decompression: bombs. No signal handlers: the loop is the user's.
    runner = web.AppRunner(
        app,
        access_log=None,
        handle_signals=False,
        shutdown_timeout=1.0,
        auto_decompress=False,
        lingering_time=_LINGER,
        keepalive_timeout=_KEEP_ALIVE,
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except BaseException:  # it cannot listen, or whoever asked was cancelled
        await runner.cleanup()
        raise
    listening = Listening(runner)
    if not _is_loopback(str(listening.url)):
        _log.warning("callbacks are received at %s, without TLS and open to whoever reaches it", listening.url)
    return listening


def _is_loopback(url: str) -> bool:
    host = url.removeprefix("http://").rpartition(":")[0].strip("[]")
    return ipaddress.ip_address(host).is_loopback
