"""Where a picture may come from: nowhere near this machine, whatever the address looks like or resolves to.

Every address is tried as the provider's own word, and as where a public host redirects to. The guard is the socket:
what it was asked to connect to is written down, so that an attempt counts even where nobody listens.
"""

import asyncio
import contextlib
import json
import socket
from asyncio.selector_events import BaseSelectorEventLoop
from pathlib import Path

import pytest

from mjasync.core.wire import HttpResponse, NoAnswer, TransportFault
from mjasync.testing import run
from mjasync.transport import download
from mjasync.transport.download import Downloader, Refused
from tests.security.addresses import LITERAL, NAMES
from tests.transport.pictures import PNG, Own

#: Plays a host on the public internet.
PUBLIC = "127.0.0.3"
VECTORS = (*LITERAL, *NAMES)
SEED = json.loads((Path(__file__).parents[1] / "samples" / "ttapi" / "callback.json").read_text(encoding="utf-8"))


class Net:
    """A listener on the loopback, a public host that redirects, a resolver that lies, and what was connected to."""

    def __init__(self, monkeypatch, answers=("127.0.0.1", "::1", "10.0.0.1", "0.0.0.0")):
        self.visits, self.reached, self.location, self.asked = 0, [], "", []
        self._answers, self._real = answers, socket.getaddrinfo
        real_public, real_connect = download.is_public, BaseSelectorEventLoop.sock_connect
        monkeypatch.setattr(download, "is_public", lambda host: host == PUBLIC or real_public(host))
        monkeypatch.setattr(download, "PORTS", range(65536))
        monkeypatch.setattr(socket, "getaddrinfo", self._resolve)

        async def noted(loop, sock, address):
            self.reached.append(address[0])
            return await real_connect(loop, sock, address)

        monkeypatch.setattr(BaseSelectorEventLoop, "sock_connect", noted)

    def _resolve(self, host, port, *more, **named):
        name = host.decode() if isinstance(host, bytes) else str(host)
        with contextlib.suppress(OSError):
            return self._real(name, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
        self.asked.append(name)
        found = [(socket.AF_INET6 if ":" in each else socket.AF_INET, each) for each in self._answers]
        return [
            (family, socket.SOCK_STREAM, 6, "", (each, port, 0, 0) if ":" in each else (each, port))
            for family, each in found
        ]

    async def __aenter__(self):
        self.listener = await asyncio.start_server(self._met, "127.0.0.1", 0)
        self.port = self.listener.sockets[0].getsockname()[1]
        with contextlib.suppress(OSError):  # no IPv6 here
            self.sixth = await asyncio.start_server(self._met, "::1", self.port)
        self.public = await asyncio.start_server(self._redirect, PUBLIC, 0)
        self.door = f"http://{PUBLIC}:{self.public.sockets[0].getsockname()[1]}/"
        return self

    async def _met(self, _reader, writer):
        self.visits += 1
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(PNG) + PNG)
        writer.close()

    async def _redirect(self, reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        line = f"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: {self.location}\r\n\r\n"
        writer.write(line.encode("utf-8", "surrogatepass"))
        writer.close()

    async def __aexit__(self, *_):
        for each in (self.listener, self.public, getattr(self, "sixth", None)):
            if each is not None:
                each.close()
                await each.wait_closed()


def fetched(net, url, *, redirected=False, base="https://relay.example/v1"):
    """The bytes or the fault; what the guard let through is in `net`."""

    async def story():
        async with net:
            downloader = Downloader(Own(HttpResponse(status=404), HttpResponse(status=404)), base)
            net.location = url.format(port=net.port).replace("\r", "").replace("\n", "")
            try:
                return await downloader.get(net.door if redirected else url.format(port=net.port))
            except TransportFault as fault:
                return fault
            finally:
                await downloader.aclose()

    return run(story())


def test_there_are_enough_of_them():
    assert len(VECTORS) == len(set(VECTORS))
    assert 80 <= len(VECTORS)


@pytest.mark.fault("P14")
@pytest.mark.parametrize("redirected", [False, True], ids=["named", "redirected"])
@pytest.mark.parametrize("url", VECTORS, ids=ascii)
def test_no_address_leads_to_this_machine(monkeypatch, url, redirected):
    net = Net(monkeypatch)
    found = fetched(net, url, redirected=redirected)

    assert isinstance(found, TransportFault), found
    assert 0 == net.visits
    assert set(net.reached) <= ({PUBLIC} if redirected else set())
    assert not redirected or [PUBLIC] == net.reached[:1], "the redirect was really met"


@pytest.mark.fault("P14")
def test_a_name_that_is_public_at_first_is_judged_each_time(monkeypatch):
    """DNS rebinding: the name leads to a public host, which redirects to a name that leads home by then."""
    net = Net(monkeypatch, answers=(PUBLIC,))

    async def story():
        async with net:
            net.location = f"http://rebound.example:{net.port}/x.png"
            downloader = Downloader(Own(), "https://relay.example")
            resolve = net._resolve

            def turning(host, port, *more, **named):
                net._answers = (PUBLIC,) if str(host) == "first.example" else ("127.0.0.1",)
                return resolve(host, port, *more, **named)

            monkeypatch.setattr(socket, "getaddrinfo", turning)
            try:
                return await downloader.get(net.door.replace(PUBLIC, "first.example"))
            except TransportFault as fault:
                return fault
            finally:
                await downloader.aclose()

    fault = run(story())
    assert (Refused, "rebound.example does not lead to a public address") == (type(fault), str(fault))
    assert (0, [PUBLIC], ["first.example", "rebound.example"]) == (net.visits, net.reached, net.asked)


def test_one_public_address_among_private_ones_is_the_one_that_is_used(monkeypatch):
    net = Net(monkeypatch, answers=("127.0.0.1", "10.0.0.1", "::1", PUBLIC))

    async def story():
        async with net:
            net.location = ""
            downloader = Downloader(Own(), "https://relay.example")
            with contextlib.suppress(Refused):
                await downloader.get(net.door.replace(PUBLIC, "mixed.example"))
            await downloader.aclose()

    run(story())
    assert (0, {PUBLIC}) == (net.visits, set(net.reached))


OURS = [SEED["data"]["cdnImage"], "http://localhost:3000/mj/image/12?x=1"]


@pytest.mark.fault("P14")
@pytest.mark.parametrize("url", OURS)
@pytest.mark.parametrize(
    "base", ["https://api.ttapi.io", "http://127.0.0.1:9", "http://localhost", "https://localhost"]
)
def test_the_documents_own_loopback_links_are_refused(monkeypatch, url, base):
    net = Net(monkeypatch)
    found = fetched(net, url.replace("{", "{{"), base=base)

    assert isinstance(found, Refused)
    assert (0, []) == (net.visits, net.reached)


@pytest.mark.parametrize("url", OURS)
def test_unless_they_are_the_accounts_own_origin(url):
    own = Own(HttpResponse(status=200, body=PNG))
    base = url.split("/8080")[0].split("/mj/")[0]

    assert PNG == run(Downloader(own, f"{base}/v1").get(url))
    assert [(url, {})] == [(request.url, request.headers) for request in own.requests], "without the key"


@pytest.mark.parametrize("base", ["https://h.example", "https://H.example:443", "https://h.example/v1"])
def test_a_usual_port_may_be_said_or_not(base):
    own = Own(*[HttpResponse(status=200, body=PNG)] * 2)
    downloader = Downloader(own, base)

    for url in ("https://h.example/x.png", "https://h.example:443/x.png"):
        assert PNG == run(downloader.get(url))
    assert 2 == len(own.requests)


def test_what_once_led_away_does_not_come_home(monkeypatch):
    """A picture's host must not choose what is asked of the account's own server in a private network."""
    net = Net(monkeypatch)

    async def story():
        async with net:
            base = f"http://127.0.0.1:{net.port}"
            own = Own(HttpResponse(status=302, headers={"location": net.door}))
            net.location = f"{base}/admin"
            downloader = Downloader(own, base)
            try:
                return await downloader.get("/x.png"), own
            except TransportFault as fault:
                return fault, own
            finally:
                await downloader.aclose()

    fault, own = run(story())
    assert (Refused, 1, 0) == (type(fault), len(own.requests), net.visits)


@pytest.mark.parametrize("port", [1, 22, 25, 81, 3306, 6379, 8080, 8443, 65535])
def test_foreign_ports_where_no_pictures_are(port):
    with pytest.raises(Refused, match="port is neither 80 nor 443"):
        run(Downloader(Own(), "https://relay.example").get(f"https://cdn.example:{port}/x.png"))


def test_all_redirects_share_one_time_limit():
    class Slow(Own):
        async def send(self, request):
            await asyncio.sleep(80)
            return await super().send(request)

    async def story():
        own = Slow(*[HttpResponse(status=302, headers={"location": "/x.png"})] * 9)
        with pytest.raises(NoAnswer, match="timed out") as caught:
            await Downloader(own, "https://relay.example").get("/x.png")
        return asyncio.get_running_loop().time(), len(own.requests), caught.value

    time, requests, fault = run(story())
    assert (download.PICTURE_TIMEOUT, 3, None) == (time, requests, fault.__context__)


@pytest.mark.fault("N16")
def test_nothing_of_ours_goes_to_a_foreign_host(monkeypatch, tmp_path):
    (tmp_path / "netrc").write_text(f"machine {PUBLIC} login me password secret\ndefault login me password secret\n")
    (tmp_path / "netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    heads = []

    async def handler(reader, writer):
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        where = b"HTTP/1.1 302 Found\r\nLocation: /b\r\nSet-Cookie: a=b; Path=/\r\nContent-Length: 0\r\n\r\n"
        found = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(PNG) + PNG
        writer.write(where if len(heads) == 1 else found)
        writer.close()

    Net(monkeypatch)

    async def story():
        async with await asyncio.start_server(handler, PUBLIC, 0) as server:
            downloader = Downloader(Own(), "https://relay.example")
            url = f"http://{PUBLIC}:{server.sockets[0].getsockname()[1]}/a"
            try:
                return await downloader.get(url)
            finally:
                await downloader.aclose()

    assert PNG == run(story())
    sent = [{line.partition(b":")[0].lower() for line in head.split(b"\r\n")[1:-2]} for head in heads]
    assert [{b"host", b"accept", b"accept-encoding", b"user-agent"}] * 2 == sent
    assert all(b"Accept-Encoding: identity" in head for head in heads)
