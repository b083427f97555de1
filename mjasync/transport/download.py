"""Pictures from an address to bytes, without trusting the address.

A provider's answer names the URL, and one provider's own sample names a loopback address (seed 000, `cdnImage`).
So an address is refused unless the socket that it really leads to is on the public internet; only the account's own
origin may be anywhere. No key, cookie or proxy goes along, and what comes back must be a picture by its first bytes.
"""

import ipaddress
import socket
from typing import Any
from urllib.parse import urljoin, urlsplit

import aiohttp

from mjasync.core.pictures import kind_of
from mjasync.core.wire import HttpRequest, NoAnswer, NotSent, TransportFault
from mjasync.transport import Transport

#: The most bytes of one picture: 50 MiB.
PICTURE_LIMIT = 50 * 1024 * 1024
#: Seconds for one picture.
PICTURE_TIMEOUT = 300.0
_REDIRECTS = 3
_REDIRECT_STATUS = frozenset({301, 302, 303, 307, 308})
_ADDRESS_WITHOUT_PORT = 2
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class Refused(TransportFault):
    """The address must not be opened, or what it holds is not a picture."""


def is_public(host: str) -> bool:
    """True if this literal address is on the public internet, also when wrapped in an IPv6 form."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        if address.is_site_local:  # Python 3.11 calls fec0::/10 global
            return False
        address = _within(address) or address
    return address.is_global and not address.is_multicast and not address.is_reserved


def _within(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for: mapped, 6to4, Teredo's client, NAT64 (RFC 6052)."""
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]


class Downloader:
    """Fetches pictures for one account: its own origin by the account's transport, the rest by a guarded session."""

    def __init__(self, own: Transport, base_url: str) -> None:
        self._own = own
        self._base_url = base_url
        self._session: aiohttp.ClientSession | None = None

    async def get(self, url: str) -> bytes:
        """The picture's bytes. Raises `Refused` for an address or content that cannot be used, else a fault."""
        address = _joined(self._base_url + "/", url)
        for _ in range(_REDIRECTS + 1):
            status, body, location = await self._once(address)
            if status not in _REDIRECT_STATUS:
                return _checked(status, body)
            address = _next_hop(address, location)
        raise Refused(f"more than {_REDIRECTS} redirects")

    async def aclose(self) -> None:
        """Close the guarded session."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _once(self, url: str) -> tuple[int, bytes, str]:
        if _origin(url) == _origin(self._base_url):
            request = HttpRequest(
                method="GET", url=url, repeatable=True, timeout=PICTURE_TIMEOUT, body_limit=PICTURE_LIMIT
            )
            answer = await self._own.send(request)
            return answer.status, answer.body, answer.headers.get("location", "")
        if urlsplit(url).scheme not in ("http", "https"):
            raise Refused("its address is neither http nor https")
        return await self._guarded(url)

    async def _guarded(self, url: str) -> tuple[int, bytes, str]:
        if self._session is None:
            connector = aiohttp.TCPConnector(socket_factory=_guarded_socket)
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
                timeout=aiohttp.ClientTimeout(total=PICTURE_TIMEOUT, sock_connect=20),
            )
        try:
            async with self._session.get(url, allow_redirects=False) as reply:
                return reply.status, await _capped(reply), reply.headers.get("Location", "")
        except aiohttp.ClientConnectorError as exc:
            raise _unwrapped(exc) from None
        except (aiohttp.InvalidURL, UnicodeError):
            raise Refused("its address is malformed") from None
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as exc:
            raise NoAnswer(type(exc).__name__) from None


async def _capped(reply: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in reply.content.iter_chunked(1 << 16):
        body += chunk
        if len(body) > PICTURE_LIMIT:
            reply.close()
            raise Refused(f"it is larger than {PICTURE_LIMIT >> 20} MiB")
    return bytes(body)


def _guarded_socket(address: Any) -> socket.socket:
    """Open a socket only towards the public internet: this sees the address that will really be used."""
    family, kind, protocol, _, target = address
    if len(target) < _ADDRESS_WITHOUT_PORT or not is_public(str(target[0])):
        raise PermissionError(f"{target[0]} is not a public address")
    return socket.socket(family=family, type=kind, proto=protocol)


def _unwrapped(exc: aiohttp.ClientConnectorError) -> TransportFault:
    if isinstance(exc.os_error, PermissionError):
        return Refused(f"{exc.host} does not lead to a public address")
    return NotSent(f"cannot connect to {exc.host}")


def _checked(status: int, body: bytes) -> bytes:
    if status != 200:
        raise Refused(f"its host answered {status}")
    if kind_of(body) is None:
        raise Refused("what it holds is not a PNG, JPEG, WebP or GIF picture")
    return body


def _joined(base: str, url: str) -> str:
    try:
        return urljoin(base, url)
    except ValueError:
        raise Refused("its address is malformed") from None


def _next_hop(here: str, location: str) -> str:
    there = _joined(here, location)
    if not location or (urlsplit(here).scheme == "https" and urlsplit(there).scheme != "https"):
        raise Refused("a redirect leads nowhere, or from https to http")
    return there


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()
