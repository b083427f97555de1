"""The road to a server, step by step: its name, a connection, TLS. Nothing is asked there, and no key is near.

For whoever wants to know why there was no answer: a failed step is told in words.
"""

import asyncio
import os
import socket
import ssl
from typing import NamedTuple
from urllib.parse import urlsplit

#: Seconds for each step.
PATIENCE = 10.0


class Road(NamedTuple):
    """How far one gets. The step that failed has a `why` and a `do`; with "" for both all went well."""

    host: str
    port: int
    #: Addresses that the name has.
    addresses: tuple[str, ...] = ()
    #: Such as "TLSv1.3"; "" for plain HTTP, and where one does not get so far.
    tls: str = ""
    #: The step that failed, for people: what, why, what to do.
    what: str = ""
    why: str = ""
    do: str = ""

    @property
    def open(self) -> bool:
        """Whether one gets there."""
        return not self.what


async def walk(url: str, *, patience: float = PATIENCE) -> Road:
    """Go there, as far as it goes, and come back. Never raises for what it finds; `patience`: seconds for a step."""
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    road = Road(parts.hostname or "", parts.port or (443 if secure else 80))
    try:
        addresses = await asyncio.wait_for(_addresses(road.host, road.port), patience)
    except (OSError, UnicodeError) as exc:
        return road._replace(
            what=f"The name {road.host} leads nowhere.",
            why=f"DNS: {_said(exc)}",
            do="check the address for a typing error, then this machine's network and DNS",
        )
    road = road._replace(addresses=addresses)
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(road.host, road.port), patience)
    except OSError as exc:
        return road._replace(
            what=f"Nobody answers at {road.host}, port {road.port}.",
            why=f"connecting to {', '.join(addresses[:3])}: {_said(exc)}",
            do="check the port and whether the server runs; a firewall, or a proxy that is the only way out, does this too",
        )
    try:
        return await _secured(road, writer, patience) if secure else road
    finally:
        writer.transport.abort()  # nothing was said, so there is nothing to say good-bye to
        await asyncio.sleep(0)


async def _secured(road: Road, writer: asyncio.StreamWriter, patience: float) -> Road:
    """The same certificates count as for requests."""
    try:
        await asyncio.wait_for(writer.start_tls(ssl.create_default_context(), server_hostname=road.host), patience)
    except ssl.SSLCertVerificationError as exc:
        return road._replace(
            what=f"The certificate of {road.host} is not accepted.",
            why=f"TLS: {exc.verify_message}",
            do="check the address and this machine's clock and certificates (SSL_CERT_FILE); a proxy that reads along "
            "needs its own certificate there",
        )
    except (OSError, ValueError) as exc:
        return road._replace(
            what=f"{road.host}, port {road.port}, does not speak TLS with us.",
            why=f"TLS: {_said(exc)}",
            do="check the port; a server of your own network without TLS is http://",
        )
    found = writer.get_extra_info("ssl_object")
    return road._replace(tls=found.version() or "TLS")


async def _addresses(host: str, port: int) -> tuple[str, ...]:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(each[4][0]) for each in found))


def _said(exc: Exception) -> str:
    """A system's error in a few words."""
    if isinstance(exc, TimeoutError) and not exc.args:
        return "no answer in time"
    if isinstance(exc, ssl.SSLError):
        return exc.reason or type(exc).__name__
    if isinstance(exc, OSError) and exc.errno is not None and exc.errno > 0:
        return os.strerror(exc.errno)  # its own text may repeat the address
    return (exc.strerror if isinstance(exc, OSError) else "") or str(exc)[:100] or type(exc).__name__
