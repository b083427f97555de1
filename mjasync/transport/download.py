"""Pictures from an address to bytes, without trusting the address.

A provider's answer names the URL, and one provider's own sample names a loopback address (seed 000, `cdnImage`).

Rule 1: an address is refused unless the socket that it really leads to is on the public internet; only the account's
own origin may be anywhere, and only until a redirect has led elsewhere.
Rule 2: no key, cookie, proxy or `.netrc` goes along; redirects are followed by hand, and each is judged anew.
Rule 3: what comes back is bounded in bytes, time and pace, and must be a picture by its first bytes.
"""

import asyncio
import ipaddress
import socket
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

import aiohttp

from mjasync.core.pictures import kind_of
from mjasync.core.wire import HttpRequest, NoAnswer, NotSent, TransportFault
from mjasync.transport import Transport, bodies

#: The most bytes of one picture: 50 MiB.
PICTURE_LIMIT = 50 * 1024 * 1024
#: Seconds for one picture, all its redirects included.
PICTURE_TIMEOUT = 300.0
#: Where foreign hosts serve pictures: any other port belongs to something that is none.
PORTS = frozenset({80, 443})
_USUAL = {"http": 80, "https": 443}
_REDIRECTS = 3
_REDIRECT_STATUS = frozenset({301, 302, 303, 307, 308})
_ADDRESS_WITHOUT_PORT = 2
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
#: All of IPv6 that is handed out; the rest holds loopbacks, translations and what was never meant to be reached.
_HANDED_OUT = ipaddress.IPv6Network("2000::/3")
#: What some versions of Python call global and is not: protocol assignments (a cloud's metadata among them), the
#: retired 6to4 relays, ORCHIDs, documentation; and Azure's own server within every machine of theirs.
_NEVER = tuple(
    ipaddress.ip_network(network)
    for network in ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16", "2001:20::/28", "3fff::/20")
)
_CHUNK = 1 << 16


class Refused(TransportFault):
    """The address must not be opened, or what it holds is not a picture."""


def is_public(host: str) -> bool:
    """True if this literal address is on the public internet, also when wrapped in an IPv6 form."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        inner = _within(address)
        if inner is None and address not in _HANDED_OUT:
            return False
        address = inner or address
    if any(address in network for network in _NEVER):
        return False
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
        try:
            async with asyncio.timeout(PICTURE_TIMEOUT):
                return await self._followed(_joined(self._base_url + "/", url))
        except TimeoutError:
            late = NoAnswer("timed out")
        # Raised out here, so that nothing foreign, which knows the whole address, hangs on it as its context.
        raise late

    async def aclose(self) -> None:
        """Close the guarded session."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _followed(self, address: str) -> bytes:
        at_home = True
        for _ in range(_REDIRECTS + 1):
            at_home = at_home and _origin(address) == _origin(self._base_url)
            status, body, location = await (self._at_home(address) if at_home else self._abroad(address))
            if status not in _REDIRECT_STATUS:
                return _checked(status, body)
            address = _next_hop(address, location)
        raise Refused(f"more than {_REDIRECTS} redirects")

    async def _at_home(self, url: str) -> tuple[int, bytes, str]:
        """By the account's own transport, and without its key."""
        request = HttpRequest(method="GET", url=url, repeatable=True, timeout=PICTURE_TIMEOUT, body_limit=PICTURE_LIMIT)
        answer = await self._own.send(request)
        return answer.status, answer.body, answer.headers.get("location", "")

    async def _abroad(self, url: str) -> tuple[int, bytes, str]:
        _check(url)
        if self._session is None:
            self._session = _guarded_session()
        try:
            async with self._session.get(url, allow_redirects=False) as reply:
                location = reply.headers.get("Location", "")
                return reply.status, b"" if reply.status != 200 else await _body(reply), location
        except TransportFault as exc:
            fault = exc.with_traceback(None)  # the frames behind it hold the body
        except aiohttp.ClientConnectorError as exc:
            fault = _unwrapped(exc)
        except (aiohttp.InvalidURL, UnicodeError):
            fault = Refused("its address is malformed")
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as exc:
            fault = NoAnswer(type(exc).__name__)
        raise fault


def _guarded_session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(socket_factory=_guarded_socket),
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        auto_decompress=False,
        headers={"Accept": "image/*", "Accept-Encoding": "identity"},
        timeout=aiohttp.ClientTimeout(total=PICTURE_TIMEOUT, sock_connect=20),
    )


def _guarded_socket(address: Any) -> socket.socket:
    """Open a socket only towards the public internet: this sees the address that will really be used."""
    family, kind, protocol, _, target = address
    if len(target) < _ADDRESS_WITHOUT_PORT or not is_public(str(target[0])):
        raise PermissionError(f"{target[0]} is not a public address")
    return socket.socket(family=family, type=kind, proto=protocol)


async def _body(reply: aiohttp.ClientResponse) -> bytes:
    """The picture; what goes over a bound is dropped with its connection."""
    packing, declared = reply.headers.get("Content-Encoding", ""), reply.content_length or 0
    try:
        if declared > PICTURE_LIMIT:
            raise bodies.TooLong("it says so itself")
        return await bodies.read(reply.content.iter_chunked(_CHUNK), limit=PICTURE_LIMIT, packing=packing)
    except bodies.TooLong:
        reply.close()
        raise Refused(f"it is larger than {PICTURE_LIMIT >> 20} MiB") from None
    except NoAnswer:
        reply.close()
        raise


def _check(url: str) -> None:
    """What can be said of a foreign address before anything is asked of the network."""
    parts = _parts(url)
    if parts.scheme not in _USUAL:
        raise Refused("its address is neither http nor https")
    if parts.username is not None or parts.password is not None:
        raise Refused("its address names a user")
    if (parts.port or _USUAL[parts.scheme]) not in PORTS:
        raise Refused("its port is neither 80 nor 443, where pictures are served")


def _unwrapped(exc: aiohttp.ClientConnectorError) -> TransportFault:
    host = "".join(c if c.isprintable() else "?" for c in exc.host)
    if isinstance(exc.os_error, PermissionError):
        return Refused(f"{host} does not lead to a public address")
    return NotSent(f"cannot connect to {host}")


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
        pass
    raise Refused("its address is malformed")


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        sane = parts.port != 0 and (parts.hostname or "").isprintable()
    except ValueError:
        sane = False
    if not sane:  # a resolver is not asked for controls, and logs do not show them
        raise Refused("its address is malformed")
    return parts


def _next_hop(here: str, location: str) -> str:
    there = _joined(here, location)
    if not location or (urlsplit(here).scheme == "https" and urlsplit(there).scheme != "https"):
        raise Refused("a redirect leads nowhere, or from https to http")
    return there


def _origin(url: str) -> tuple[str, str | None, int | None, str | None]:
    """Scheme, host and port; a user before the host makes it another one."""
    parts = _parts(url)
    return parts.scheme, parts.hostname, parts.port or _USUAL.get(parts.scheme), parts.username
