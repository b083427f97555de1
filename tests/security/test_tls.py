"""Certificates are always checked, TLS is at least 1.2, and there is no switch for either."""

import asyncio
import inspect
import socket
import ssl
import warnings
from pathlib import Path

import aiohttp
import attrs
import pytest

import mjasync as mj
from mjasync.core.wire import NotSent
from mjasync.transport import download, http
from mjasync.transport.download import Downloader
from mjasync.transport.http import Http
from tests.transport.loopback import KEY, is_discreet, post
from tests.transport.pictures import PNG, Own

CERTIFICATES = Path(__file__).parent / "certificates"
REFUSED = "the TLS certificate or handshake was not accepted"


@pytest.fixture(autouse=True)
def our_own_authority(monkeypatch):
    """Trust the tests' authority, in a copy of what aiohttp checks with."""
    trusting = ssl.create_default_context(cafile=CERTIFICATES / "ca.pem")
    trusting.set_alpn_protocols(("http/1.1",))
    monkeypatch.setattr(aiohttp.connector, "_SSL_CONTEXT_VERIFIED", trusting)


def serving(name, newest=ssl.TLSVersion.TLSv1_3):
    """What a server with this certificate speaks."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / f"{name}.pem", CERTIFICATES / "server.key")
    if newest < ssl.TLSVersion.TLSv1_2:
        context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = context.maximum_version = newest
    return context


def served(listener, context, body):
    """One connection, to its end; what it said, if its handshake went well."""
    connection, _ = listener.accept()
    with connection:
        try:
            with context.wrap_socket(connection, server_side=True) as tls:
                heard = tls.recv(65536)
                tls.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body)
                return [heard]
        except OSError:
            return []


async def told(context, ask, body=b"{}"):
    """What comes of asking a server on the loopback, and what it read."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(5)
        server = asyncio.ensure_future(asyncio.to_thread(served, listener, context, body))
        return await ask(listener.getsockname()[1]), await server


async def sent(port):
    transport = Http()
    try:
        return await transport.send(post(f"https://127.0.0.1:{port}"))
    except NotSent as fault:
        return fault
    finally:
        await transport.aclose()


def test_a_good_certificate_is_accepted():
    answer, heard = asyncio.run(told(serving("good"), sent))

    assert (200, 1) == (answer.status, len(heard))
    assert KEY.encode() in heard[0]


@pytest.mark.fault("N03")
@pytest.mark.parametrize("name", ["wronghost", "expired", "selfsigned"])
def test_a_bad_certificate_is_not(name):
    fault, heard = asyncio.run(told(serving(name), sent))

    assert (NotSent, REFUSED, []) == (type(fault), str(fault), heard)
    assert is_discreet(fault)


@pytest.mark.fault("N03")
def test_nor_is_one_that_nobody_signed(monkeypatch):
    monkeypatch.setattr(aiohttp.connector, "_SSL_CONTEXT_VERIFIED", ssl.create_default_context())
    fault, heard = asyncio.run(told(serving("good"), sent))

    assert (NotSent, REFUSED, []) == (type(fault), str(fault), heard)


@pytest.mark.fault("N03")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_nor_is_an_old_protocol(version):
    fault, heard = asyncio.run(told(serving("good", version), sent))

    assert (NotSent, []) == (type(fault), heard)


@pytest.mark.parametrize("name", ["good", "wronghost", "expired", "selfsigned"])
def test_pictures_are_checked_the_same_way(name, monkeypatch):
    monkeypatch.setattr(download, "is_public", lambda host: host == "127.0.0.1")
    monkeypatch.setattr(download, "PORTS", range(65536))

    async def fetched(port):
        downloader = Downloader(Own(), "https://relay.example")
        try:
            return await downloader.get(f"https://127.0.0.1:{port}/x.png")
        except NotSent as fault:
            return str(fault)
        finally:
            await downloader.aclose()

    found, heard = asyncio.run(told(serving(name), fetched, PNG))

    assert (PNG if name == "good" else "cannot connect to 127.0.0.1") == found
    assert (1 if name == "good" else 0) == len(heard)


def test_there_is_no_switch_for_it():
    assert [] == list(inspect.signature(Http).parameters)
    assert ["own", "base_url"] == list(inspect.signature(Downloader).parameters)
    for account in (mj.TTAPI, mj.MJProxy):
        assert not {"ssl", "verify", "insecure", "verify_ssl"} & {each.name for each in attrs.fields(account)}
    for module in (http, download):
        assert "ssl=" not in inspect.getsource(module)
        assert "check_hostname" not in inspect.getsource(module)


def test_what_aiohttp_checks_with_by_itself(monkeypatch):
    monkeypatch.undo()
    context = aiohttp.connector._SSL_CONTEXT_VERIFIED

    assert (True, ssl.CERT_REQUIRED) == (context.check_hostname, context.verify_mode)
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
