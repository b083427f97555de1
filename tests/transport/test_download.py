"""Pictures from an address that nobody trusts."""

import asyncio
import contextlib
import json
import socket
from pathlib import Path

import pytest
from aiohttp import web

from mjasync.core.wire import HttpResponse, NoAnswer, NotSent, TransportFault
from mjasync.transport import download
from mjasync.transport.download import PICTURE_LIMIT, PICTURE_TIMEOUT, Downloader, Refused, is_public, kind_of

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
BASE = "https://relay.example/v1"
SEED = json.loads((Path(__file__).parents[1] / "samples" / "ttapi" / "callback.json").read_text(encoding="utf-8"))


class Own:
    """The account's own transport, by a script of answers."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.requests = []

    async def send(self, request):
        self.requests.append(request)
        return self.answers.pop(0)

    async def aclose(self):
        raise AssertionError("it belongs to the account")


def get(url, *answers, base=BASE):
    """What a download brings, or its fault; and the requests that the account's own transport saw."""
    own = Own(*answers)

    async def story():
        downloader = Downloader(own, base)
        try:
            return await downloader.get(url)
        except TransportFault as fault:
            return fault
        finally:
            await downloader.aclose()
            await downloader.aclose()

    return asyncio.run(story()), own.requests


@contextlib.asynccontextmanager
async def serving(handler):
    """A real server on the loopback; its URL."""
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", handler)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def guarded(handler, path="/a.png", monkeypatch=None):
    """A download through the guarded session, with the loopback declared public for once."""
    monkeypatch.setattr(download, "is_public", lambda host: host == "127.0.0.1")

    async def story():
        downloader = Downloader(Own(), BASE)
        async with serving(handler) as url:
            try:
                return await downloader.get(url + path)
            except TransportFault as fault:
                return fault
            finally:
                await downloader.aclose()

    return asyncio.run(story())


@pytest.mark.parametrize(
    ("host", "public"),
    [
        *[
            (host, True)
            for host in (
                "8.8.8.8",
                "1.1.1.1",
                "2606:4700::1111",
                "::ffff:8.8.8.8",
                "2002:808:808::1",
                "64:ff9b::8.8.8.8",
                "64:ff9b::808:808",
                "2001:0:4136:e378:8000:63bf:f7f7:f7f7",
            )
        ],
        *[
            (host, False)
            for host in (
                "127.0.0.1",
                "127.255.255.254",
                "0.0.0.0",
                "10.0.0.1",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "192.0.2.1",
                "198.18.0.1",
                "198.51.100.1",
                "203.0.113.1",
                "224.0.0.1",
                "239.255.255.250",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::127.0.0.1",
                "::8.8.8.8",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "::ffff:169.254.169.254",
                "fc00::1",
                "fd00:ec2::254",
                "fe80::1",
                "fe80::1%eth0",
                "::1%lo",
                "fec0::1",
                "ff02::1",
                "ff0e::1",
                "2001:db8::1",
                "100::1",
                "64:ff9b::127.0.0.1",
                "64:ff9b::10.0.0.1",
                "64:ff9b::224.0.0.1",
                "64:ff9b:1::1",
                "2002:7f00:1::1",
                "2002:a00:1::1",
                "2001:0:4136:e378:8000:63bf:80ff:fffe",
                "2001:0:4136:e378:8000:63bf:3f57:fefe",
                "0177.0.0.1",
                "0x7f.0.0.1",
                "0x7f000001",
                "2130706433",
                "127.1",
                "localhost",
                "example.com",
                "",
                "[::1]",
                "８.8.8.8",
            )
        ],
    ],
)
def test_is_public(host, public):
    assert public is is_public(host)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (PNG, "png"),
        (b"\xff\xd8\xff\xe0", "jpg"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "webp"),
        (b"RIFF\x00\x00\x00\x00WAVE", None),
        (b"GIF87a", "gif"),
        (b"GIF89a", "gif"),
        (b"", None),
        (b"<html>", None),
        (b"<svg xmlns=", None),
        (b"%PDF-1.7", None),
        (b"\x89PNG", None),
    ],
)
def test_kind_of(body, kind):
    assert kind == kind_of(body)


def test_the_seeds_own_loopback_picture_is_refused():
    url = SEED["data"]["cdnImage"]
    fault, requests = get(url, base="https://api.ttapi.io")

    assert url.startswith("http://127.0.0.1/"), "seed 000 line 677"
    assert "127.0.0.1 does not lead to a public address" == str(fault)
    assert (Refused, []) == (type(fault), requests)


def test_unless_it_is_the_accounts_own_origin():
    url = SEED["data"]["cdnImage"]
    body, requests = get(url, HttpResponse(status=200, body=PNG), base="http://127.0.0.1")

    assert PNG == body
    assert [("GET", url, True, PICTURE_TIMEOUT, PICTURE_LIMIT, {}, None)] == [
        (r.method, r.url, r.repeatable, r.timeout, r.body_limit, r.headers, r.body) for r in requests
    ]


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("/mj/image/12", "https://relay.example/mj/image/12"),
        ("image/12", "https://relay.example/v1/image/12"),
        ("//RELAY.example/x", "https://RELAY.example/x"),
        ("https://relay.example/x?ex=1&", "https://relay.example/x?ex=1&"),
    ],
)
def test_a_path_belongs_to_the_account(url, address):
    body, requests = get(url, HttpResponse(status=200, body=PNG))

    assert (PNG, [address]) == (body, [request.url for request in requests])


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/x.png",
        "http://127.0.0.1:1/x.png",
        "http://0x7f000001/x.png",
        "http://0177.0.0.1/x.png",
        "http://2130706433/x.png",
        "http://127.1/x.png",
        "http://localhost/x.png",
        "http://[::1]/x.png",
        "http://[::ffff:127.0.0.1]/x.png",
        "http://[64:ff9b::7f00:1]/x.png",
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/x.png",
        "http://0.0.0.0/x.png",
        "http://relay.example@127.0.0.1/x.png",
        "http://[::1",
        "http:///x.png",
        "http://127.0.0.1:99999/x.png",
        "http://a..b/x.png",
        "file:///etc/passwd",
        "ftp://8.8.8.8/x",
        "data:image/png;base64,AAAA",
        "javascript:alert(1)",
    ],
)
def test_addresses_that_are_never_opened(url):
    fault, requests = get(url)

    assert (Refused, []) == (type(fault), requests)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (HttpResponse(status=404), "its host answered 404"),
        (HttpResponse(status=500, body=PNG), "its host answered 500"),
        (HttpResponse(status=200, body=b"<html>"), "what it holds is not a PNG, JPEG, WebP or GIF picture"),
        (HttpResponse(status=200), "what it holds is not a PNG, JPEG, WebP or GIF picture"),
    ],
)
def test_what_is_no_picture_is_refused(answer, why):
    fault, _ = get("/x.png", answer)

    assert (Refused, why) == (type(fault), str(fault))


def moved(location, status=302):
    return HttpResponse(status=status, headers={"location": location})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_within_the_origin_is_followed(status):
    body, requests = get("/a", moved("b", status), HttpResponse(status=200, body=PNG))

    assert (PNG, ["https://relay.example/a", "https://relay.example/b"]) == (body, [r.url for r in requests])


@pytest.mark.parametrize(
    ("location", "why"),
    [
        ("https://127.0.0.1/x", "127.0.0.1 does not lead to a public address"),
        ("https://localhost/x", "localhost does not lead to a public address"),
        ("http://8.8.8.8/x", "a redirect leads nowhere, or from https to http"),
        ("file:///etc/passwd", "a redirect leads nowhere, or from https to http"),
        ("https://[::1", "its address is malformed"),
        ("", "a redirect leads nowhere, or from https to http"),
    ],
)
def test_a_redirect_elsewhere_is_judged_anew(location, why):
    fault, requests = get("/a", moved(location))

    assert (Refused, why, 1) == (type(fault), str(fault), len(requests))


def test_redirects_have_an_end():
    fault, requests = get("/a", *[moved("/a")] * 9)

    assert (Refused, "more than 3 redirects", 4) == (type(fault), str(fault), len(requests))


def test_a_foreign_picture_carries_nothing_of_ours(monkeypatch):
    seen = []

    async def handler(request):
        seen.append(dict(request.headers))
        return web.Response(body=PNG, headers={"Set-Cookie": "a=b"})

    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    assert PNG == guarded(handler, monkeypatch=monkeypatch)
    assert not {"authorization", "tt-api-key", "mj-api-secret", "cookie"} & {name.lower() for name in seen[0]}


def test_a_foreign_redirect_to_the_loopback_is_refused(monkeypatch):
    async def handler(request):
        raise web.HTTPFound("http://127.0.0.2/x")

    fault = guarded(handler, monkeypatch=monkeypatch)

    assert (Refused, "127.0.0.2 does not lead to a public address") == (type(fault), str(fault))


def test_a_foreign_redirect_to_a_picture_is_followed(monkeypatch):
    async def handler(request):
        if request.path == "/a.png":
            raise web.HTTPMovedPermanently("/b.png")
        return web.Response(body=PNG)

    assert PNG == guarded(handler, monkeypatch=monkeypatch)


def test_too_much_is_refused(monkeypatch):
    async def handler(request):
        return web.Response(body=PNG + b"x" * 2_000_000)

    monkeypatch.setattr(download, "PICTURE_LIMIT", 1 << 20)
    fault = guarded(handler, monkeypatch=monkeypatch)

    assert (Refused, "it is larger than 1 MiB") == (type(fault), str(fault))


def test_half_a_picture_is_no_answer(monkeypatch):
    async def handler(request):
        response = web.StreamResponse(headers={"Content-Length": "999"})
        await response.prepare(request)
        await response.write(PNG)
        request.transport.close()
        return response

    fault = guarded(handler, monkeypatch=monkeypatch)

    assert NoAnswer is type(fault)
    assert "127.0.0.1" not in str(fault), "a signed address stays out of texts"


def test_a_refused_port_is_not_sent(monkeypatch):
    monkeypatch.setattr(download, "is_public", lambda host: True)
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        fault, _ = get(f"http://127.0.0.1:{holder.getsockname()[1]}/x?secret")

    assert (NotSent, "cannot connect to 127.0.0.1") == (type(fault), str(fault))


def test_two_downloads_share_a_session(monkeypatch):
    monkeypatch.setattr(download, "is_public", lambda host: True)

    async def handler(request):
        return web.Response(body=PNG)

    async def story():
        downloader = Downloader(Own(), BASE)
        async with serving(handler) as url:
            assert [PNG, PNG] == [await downloader.get(url + "/a"), await downloader.get(url + "/b")]
            await downloader.aclose()

    asyncio.run(story())


@pytest.mark.parametrize("target", [("127.0.0.1", 80), ("::1", 80, 0, 0), ("/tmp/socket",)])
def test_the_socket_itself_is_guarded(target):
    with pytest.raises(PermissionError, match="is not a public address"):
        download._guarded_socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", target))


def test_a_public_socket_is_opened():
    with download._guarded_socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 443))) as opened:
        assert (socket.AF_INET, socket.SOCK_STREAM) == (opened.family, opened.type)
