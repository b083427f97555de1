"""The ASGI face: by hand, and mounted in FastAPI before a real server."""

import asyncio
import contextlib

import aiohttp
import pytest

from mjasync.core.tokens import digest
from mjasync.testing import run
from mjasync.webhook import Asgi
from tests.webhook.calling import JSON, TOKEN, Bell


def scope(**more):
    headers = [(b"Content-Type", b"application/json")]
    return {
        "type": "http",
        "method": "POST",
        "path": f"/mj/{TOKEN}",
        "headers": headers,
        "client": ("1.2.3.4", 5),
    } | more


def served(app, asked, *messages):
    """What the app sends for one connection."""
    sent, waiting = [], list(messages)

    async def receive():
        return waiting.pop(0)

    async def send(message):
        sent.append(message)

    run(app(asked, receive, send))
    return sent


def body(text=b"{}", *, more=False):
    return {"type": "http.request", "body": text, "more_body": more}


def test_a_callback_rings_and_is_told_so():
    bell = Bell()

    start, end = served(Asgi(bell.door), scope(), body(b'{"a"', more=True), body(b": 1}"))

    assert [(digest(TOKEN), b'{"a": 1}')] == bell.rang
    assert (200, b"heard\n") == (start["status"], end["body"])
    assert [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"6")] == start["headers"]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (scope(path="/"), 404),
        (scope(path="/", client=None), 404),
        (scope(method="GET"), 405),
        (scope(headers=[]), 415),
        (scope(headers=[(b"content-type", b"application/json"), (b"content-length", b"999999")]), 413),
        (scope(headers=[(b"content-type", b"application/json"), (b"content-length", b"many")]), 200),
    ],
)
def test_what_is_refused_ends_its_connection_unread(asked, status):
    start, end = served(Asgi(Bell().door), asked, body())

    assert status == start["status"]
    assert ((b"connection", b"close") in start["headers"]) is (status != 200)
    assert end["body"]


def test_405_says_what_is_allowed():
    start, _ = served(Asgi(Bell().door), scope(method="GET"), body())

    assert (b"allow", b"POST") in start["headers"]


def test_a_client_that_goes_away_has_said_what_it_said():
    bell = Bell()

    served(Asgi(bell.door), scope(), body(b"{", more=True), {"type": "http.disconnect"})

    assert [(digest(TOKEN), b"{")] == bell.rang


def test_a_server_may_ask_it_to_start_and_to_stop():
    sent = served(Asgi(Bell().door), {"type": "lifespan"}, {"type": "lifespan.startup"}, {"type": "lifespan.shutdown"})

    assert ["lifespan.startup.complete", "lifespan.shutdown.complete"] == [message["type"] for message in sent]


def test_a_websocket_is_closed_and_anything_else_ignored():
    sent = served(Asgi(Bell().door), {"type": "websocket"}, {"type": "websocket.connect"})

    assert [{"type": "websocket.close", "code": 1008}] == sent
    assert [] == served(Asgi(Bell().door), {"type": "something new"})


@contextlib.asynccontextmanager
async def uvicorn_serving(app, root_path):
    """The app behind a real uvicorn on a free port; its address."""
    uvicorn = pytest.importorskip("uvicorn")
    config = uvicorn.Config(app, port=0, log_level="error", access_log=False, lifespan="off", root_path=root_path)
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None
    task = asyncio.create_task(server._serve())
    try:
        async with asyncio.timeout(10):
            while not server.started:  # noqa: ASYNC110  # it tells nobody
                await asyncio.sleep(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


@pytest.mark.parametrize("root_path", ["", "/api/v1"])
def test_mounted_in_fastapi_before_a_real_server(root_path):
    fastapi = pytest.importorskip("fastapi")
    bell = Bell()

    async def story():
        app = fastapi.FastAPI()
        app.mount("/mj", Asgi(bell.door))
        async with uvicorn_serving(app, root_path) as url, aiohttp.ClientSession() as http:
            answers = []
            for path, more in (
                (f"/mj/{TOKEN}", {"data": b'{"a": 1}', "headers": JSON}),
                ("/mj/nobody", {"data": b"{}", "headers": JSON}),
                (f"/mj/{TOKEN}", {"data": {"a": "1"}}),
                (f"/mj/{TOKEN}", {"data": b"x" * 300_000, "headers": JSON}),
            ):
                async with http.post(url + path, **more) as answer:
                    answers.append(answer.status)
            async with http.get(f"{url}/mj/{TOKEN}") as answer:
                answers.append(answer.status)
            return answers

    assert [200, 404, 415, 413, 405] == asyncio.run(story())
    assert [(digest(TOKEN), b'{"a": 1}')] == bell.rang
