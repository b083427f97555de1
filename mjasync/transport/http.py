"""aiohttp as a `Transport`: the one place that opens connections for API calls.

Rule 1: nothing is followed, repeated or decoded here.
Rule 2: foreign exceptions stop here; they know headers and keys, so ours are raised without them, and a cancel goes
on without the frames that it passed.
Rule 3: certificates are always checked, and there is no switch for it.
"""

import asyncio
import io
import ssl
from collections.abc import Mapping
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import aiohttp

from mjasync.core.wire import API_BODY_LIMIT, HttpRequest, HttpResponse, NoAnswer, NotSent, TransportFault
from mjasync.transport import bodies

# A request that may be charged gets a connection of its own: a kept-alive one may be dead already, and then nobody
# can say whether the request arrived.
_COMMON: dict[str, Any] = {"limit": 0, "ttl_dns_cache": 60}
_CHUNK = 64 * 1024


class Http:
    """One account's connections. Opens nothing before the first request."""

    def __init__(self) -> None:
        self._kept: aiohttp.ClientSession | None = None
        self._fresh: aiohttp.ClientSession | None = None

    async def send(self, request: HttpRequest) -> HttpResponse:
        """Carry one request once; see `Transport`."""
        session = self._session(fresh=not request.repeatable)
        trail = None if request.repeatable else SimpleNamespace(left=False)
        try:
            async with session.request(
                request.method,
                request.url,
                headers=request.headers,
                data=_in_chunks(request.body),
                allow_redirects=False,
                timeout=_timeout(request.timeout),
                trace_request_ctx=trail,
            ) as reply:
                headers = {name.lower(): value for name, value in reply.headers.items()}
                body = await _read(reply, headers, request.body_limit)
                return HttpResponse(status=reply.status, body=body, headers=headers)
        except asyncio.CancelledError as exc:
            # The same one, for its message tells anyio whose it is; but aiohttp's frames hold the headers.
            exc.__context__ = exc.__cause__ = None
            raise exc.with_traceback(None)  # noqa: B904
        except NoAnswer as exc:
            fault: TransportFault = exc.with_traceback(None)  # the frames behind it hold the body
        except aiohttp.ClientConnectorError as exc:
            fault = NotSent(_cause(exc))
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as exc:
            fault = (NoAnswer if trail is None or trail.left else NotSent)(_cause(exc))
        # Raised out here, so that no foreign exception, which knows headers, hangs on it as its context.
        raise fault

    async def aclose(self) -> None:
        """Close both sessions."""
        for session in (self._kept, self._fresh):
            if session is not None:
                await session.close()
        self._kept = self._fresh = None

    def _session(self, *, fresh: bool) -> aiohttp.ClientSession:
        if fresh:
            self._fresh = self._fresh or _open(aiohttp.TCPConnector(force_close=True, **_COMMON), _tracing())
            return self._fresh
        self._kept = self._kept or _open(aiohttp.TCPConnector(**_COMMON))
        return self._kept


def _tracing() -> aiohttp.TraceConfig:
    """Only a paid request has to know whether it may have left."""
    trace = aiohttp.TraceConfig()
    trace.on_request_headers_sent.append(_mark)
    return trace


def _open(connector: aiohttp.TCPConnector, *traces: aiohttp.TraceConfig) -> aiohttp.ClientSession:
    """A session without cookies, proxies and `.netrc` of the environment, or unpacking without a bound."""
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        auto_decompress=False,
        headers={"Accept": "application/json", "Accept-Encoding": "identity"},
        trace_configs=list(traces),
    )


@lru_cache(64)
def _timeout(seconds: float) -> aiohttp.ClientTimeout:
    """A few values, again and again; making one costs as much as reading a short answer."""
    return aiohttp.ClientTimeout(total=seconds, sock_connect=min(seconds, 20.0))


async def _mark(_session: object, context: Any, _params: object) -> None:
    """From here on the server may have read something."""
    context.trace_request_ctx.left = True


async def _read(reply: aiohttp.ClientResponse, headers: Mapping[str, str], limit: int) -> bytes:
    """The whole body, or `NoAnswer` once it goes beyond a bound: then the connection is closed, not emptied."""
    packing, length = headers.get("content-encoding", ""), reply.content_length
    if not packing and length is not None and length <= min(limit, API_BODY_LIMIT):
        return await reply.read()
    try:
        return await bodies.read(reply.content.iter_chunked(_CHUNK), limit=limit, packing=packing)
    except NoAnswer:
        reply.close()
        raise


def _in_chunks(body: bytes | None) -> bytes | io.BytesIO | None:
    """Pictures go out piece by piece, so that the loop can do something else in between."""
    return io.BytesIO(body) if body and len(body) > _CHUNK else body


def _cause(exc: Exception) -> str:
    """A foreign error in a few words, without the URL or headers that it may know."""
    if isinstance(exc, TimeoutError):
        return "timed out"
    if isinstance(exc, aiohttp.ClientConnectorCertificateError | ssl.SSLError):
        return "the TLS certificate or handshake was not accepted"
    if isinstance(exc, aiohttp.ClientConnectorError):
        return f"cannot connect to {exc.host}:{exc.port} ({exc.os_error.strerror or type(exc.os_error).__name__})"
    return type(exc).__name__
