"""Calling our own receiver: what is heard, who else may answer, what stands in the way."""

import asyncio
import socket
from random import Random

import pytest
from aiohttp import web

import mjasync as mj
from mjasync.flow.selfcall import call_ourselves


def free():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def called(url, port):
    return asyncio.run(asyncio.wait_for(call_ourselves(url, port, Random(1)), 30))


def test_an_address_that_leads_to_it():
    port = free()
    seen = called(f"http://127.0.0.1:{port}/mj", port)

    assert (True, 200, "", f"127.0.0.1:{port}") == (seen.heard, seen.status, seen.fault, seen.at)
    assert 0 < seen.seconds < 15


def test_one_that_leads_nowhere():
    seen = called(f"http://127.0.0.1:{free()}/mj", free())

    assert (False, None) == (seen.heard, seen.status)
    assert seen.fault


@pytest.mark.parametrize("status", [200, 404, 502])
def test_one_where_somebody_else_answers(status):
    async def story():
        async def answer(_):
            return web.Response(status=status)

        app = web.Application()
        app.router.add_route("*", "/{path:.*}", answer)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            return await call_ourselves(f"http://127.0.0.1:{runner.addresses[0][1]}", 0, Random(1))
        finally:
            await runner.cleanup()

    seen = asyncio.run(story())

    assert (False, status) == (seen.heard, seen.status)


def test_a_port_that_is_taken_and_an_address_that_is_none():
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(mj.ConfigError, match="cannot listen"):
        called("http://127.0.0.1:1/mj", server.getsockname()[1])
    with pytest.raises(mj.ConfigError, match="public_url"):
        called("http://127.0.0.1:1/mj?a=b", 0)
