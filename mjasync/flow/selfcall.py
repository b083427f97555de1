"""Calling our own receiver by its public address: does a provider's callback arrive? For `mjasync doctor --hook`."""

import asyncio
import base64
from importlib import import_module
from random import Random
from typing import Any

from attrs import frozen

from mjasync.core.tokens import digest
from mjasync.core.wire import HttpRequest, TransportFault
from mjasync.errors import ConfigError
from mjasync.flow.tags import checked_public_url
from mjasync.transport.http import Http
from mjasync.webhook import Door, Receiver

#: Seconds for the whole way there and back.
_PATIENCE = 15.0


@frozen(kw_only=True)
class Called:
    """What became of a call to our own public address."""

    #: Whether the receiver heard it.
    heard: bool
    #: HTTP status of the answer, or None where there was none.
    status: int | None
    #: Why there was none.
    fault: str
    seconds: float
    #: Where the receiver listened.
    at: str


async def call_ourselves(public_url: str, port: int, rng: Random) -> Called:
    """Start a receiver on this machine, call it by its public address with a token made for it, and end it.

    Raises `ConfigError` for an address that no pool would take, and where the receiver cannot listen.
    """
    base = checked_public_url(public_url)
    token = base64.urlsafe_b64encode(rng.randbytes(32)).rstrip(b"=").decode()
    wanted, heard = digest(token), asyncio.Event()

    async def ring(_token: str, _body: bytes) -> bool:
        heard.set()
        return True

    door = Door(Receiver(lambda asked: wanted if asked == wanted else None), ring)
    loop, web = asyncio.get_running_loop(), import_module("mjasync.webhook.routes")
    try:
        listening: Any = await web.listen(door, "127.0.0.1", port)
    except (OSError, OverflowError) as exc:
        raise ConfigError(
            f"The receiver cannot listen on 127.0.0.1:{port}.",
            why=getattr(exc, "strerror", None) or str(exc),
            hint="end what listens there while you ask, or name the port that your proxy leads to: --port",
        ) from None
    begun = loop.time()
    async with listening:
        status, fault = await _posted(f"{base}/{token}")
    took = loop.time() - begun
    return Called(heard=heard.is_set(), status=status, fault=fault, seconds=took, at=f"127.0.0.1:{listening.port}")


async def _posted(url: str) -> tuple[int | None, str]:
    http = Http()
    request = HttpRequest(
        method="POST", url=url, headers={"Content-Type": "application/json"}, body=b"{}", timeout=_PATIENCE
    )
    try:
        return (await http.send(request)).status, ""
    except TransportFault as exc:
        return None, str(exc)
    finally:
        await http.aclose()
