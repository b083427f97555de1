"""The same ears at real connections: what aiohttp and asyncio say in debug mode, and what a cancel passes."""

import asyncio
import contextlib
import gzip
import io
import warnings

import pytest

import mjasync as mj
from mjasync.core.wire import HttpRequest, TransportFault
from mjasync.testing import run
from mjasync.transport.http import Http
from tests.security.canaries import KEY, SIGNATURE, heard, shown, with_locals
from tests.security.scenarios import Ears
from tests.transport.loopback import Server, raw, whole

ECHO = KEY.encode()
ANSWERS = {
    "reset": raw(b""),
    "cut": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n" + ECHO),
    "no HTTP": raw(ECHO * 9),
    "a bad chunk": raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + ECHO + b"\r\n"),
    "a bad header": raw(b"HTTP/1.1 200 OK\r\n" + ECHO + b"\r\n\r\n"),
    "a long header": raw(b"HTTP/1.1 200 OK\r\nX: " + ECHO * 900 + b"\r\n\r\n"),
    "packed": whole(gzip.compress(ECHO * 400_000), "200 OK", "Content-Encoding: gzip"),
    "packed badly": whole(ECHO, "200 OK", "Content-Encoding: gzip"),
    "a cookie": whole(b"{}", "200 OK", f"Set-Cookie: {KEY}"),
    "redirect": whole(b"", "302 Found", f"Location: /x?{KEY}"),
    "silence": raw(b"", then_close=False),
}


def request(kind, url, *, timeout=20.0):
    """As an account signs it: a paid submit, or a look at a signed address."""
    headers = {"TT-API-KEY": KEY, "Authorization": f"Bearer {KEY}"}
    if kind == "look":
        url, more = f"{url}/look?hm={SIGNATURE}", {"method": "GET", "repeatable": True}
    else:
        url, more = f"{url}/submit", {"method": "POST", "body": b"{}" * 50_000}
    return HttpRequest(url=url, headers=headers, timeout=timeout, **more)


@contextlib.contextmanager
def listening():
    """Everything that is said meanwhile."""
    said = []
    with (
        Ears() as ears,
        warnings.catch_warnings(record=True) as warned,
        contextlib.redirect_stderr(io.StringIO()) as err,
    ):
        warnings.simplefilter("always")
        yield said
    said += [*ears.lines, *map(str, warned), err.getvalue()]


@pytest.mark.parametrize("kind", ["submit", "look"])
@pytest.mark.parametrize("name", ANSWERS)
def test_a_connection_tells_nothing(name, kind):
    async def story():
        transport = Http()
        async with Server(ANSWERS[name]) as server:
            try:
                return await transport.send(request(kind, server.url, timeout=0.2 if name == "silence" else 20.0))
            except TransportFault as fault:
                return fault
            finally:
                await transport.aclose()

    with listening() as said:
        found = asyncio.run(story(), debug=True)
    assert [] == heard("\n".join([*said, str(found)]), KEY, SIGNATURE)
    if isinstance(found, Exception):
        assert [] == heard(with_locals(found), KEY)


@pytest.mark.parametrize("kind", ["submit", "look"])
@pytest.mark.parametrize("moment", ["connecting", "waiting", "reading"])
def test_a_cancel_passes_no_frame_with_the_key(kind, moment):
    answer = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{" if moment == "reading" else b"", then_close=False)

    async def story():
        transport = Http()
        async with Server(answer) as server:
            task = asyncio.ensure_future(transport.send(request(kind, server.url)))
            await asyncio.sleep(0) if moment == "connecting" else await server.asked.wait()
            task.cancel("a message of ours")
            try:
                await task
            except asyncio.CancelledError as exc:
                return exc
            finally:
                await transport.aclose()

    with listening() as said:
        cancelled = asyncio.run(story(), debug=True)
    assert ("a message of ours",) == cancelled.args, "anyio knows its own by it"
    assert [] == heard("\n".join([*said, with_locals(cancelled)]), KEY)


@pytest.mark.parametrize("account", [mj.TTAPI, mj.MJProxy])
def test_a_pool_on_a_dead_port_tells_nothing(account):
    async def story():
        pool = mj.Pool(account(KEY, base_url="http://127.0.0.1:9"))
        async with pool:
            job = pool.imagine("a cat", deadline=1)
            await job.ended()
            return job.exception(), shown(pool, job)

    with listening() as said:
        error, things = asyncio.run(story(), debug=True)
    assert [] == heard("\n".join([*said, *things, str(error), with_locals(error)]), KEY)


def test_a_transport_that_tells_everything_is_not_passed_on():
    class Telling:
        async def send(self, request):
            secret = dict(request.headers)
            raise RuntimeError(f"{secret}")

        async def aclose(self):
            pass

    async def story():
        async with mj.Pool(mj.TTAPI(KEY, base_url="https://x.example", transport=Telling())) as pool:
            job = pool.imagine("a cat", deadline=60)
            await job.ended()
            return job.exception()

    with listening() as said:
        error = run(story())
    assert [] == heard("\n".join([*said, str(error), with_locals(error)]), KEY)
