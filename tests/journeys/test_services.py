"""The example services, started, driven over real HTTP and stopped; what they took they give back.

Rule 1: a loop whose seconds are short (`QuickLoop`): real sockets, and a provider that is as much faster.
"""

import asyncio
import contextlib
import gc
import json
import runpy
import signal
import sys
import time
from pathlib import Path

import aiohttp
import pytest
import uvicorn
from aiohttp import web
from fastapi.dependencies import models

import mjasync as mj
from mjasync.sim import World, serve
from tests.kills.quick import QuickLoop, environ
from tests.kills.telling import ROOT

SERVICES = ROOT / "examples" / "services"


@contextlib.asynccontextmanager
async def by_uvicorn():
    app = runpy.run_path(str(SERVICES / "fastapi_service.py"))["app"]
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", timeout_graceful_shutdown=1))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        assert not serving.done(), serving.exception()
        await asyncio.sleep(1)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving


@contextlib.asynccontextmanager
async def by_aiohttp():
    runner = web.AppRunner(runpy.run_path(str(SERVICES / "aiohttp_service.py"))["service"](), shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def fastapi_story(url, http, world):
    orders = [{"prompt": f"a cat {n}", "request_id": f"cat-{n % 2}"} for n in (0, 0)]
    first, again = [await (await http.post(f"{url}/draw", json=order)).json() for order in orders]
    assert first["id"] == again["id"], "the same request id is the same job"
    with pytest.raises(asyncio.TimeoutError):
        await http.get(f"{url}/draw/{first['id']}/picture", timeout=aiohttp.ClientTimeout(total=2))
    ended = await (await http.get(f"{url}/draw/{first['id']}/picture")).json()
    assert ("done", None, 1) == (ended["phase"], ended["error"], len(ended["result"]["images"]))
    assert ended == await (await http.get(f"{url}/draw/{first['id']}")).json()
    assert 404 == (await http.get(f"{url}/draw/nobody")).status
    clash = await http.post(f"{url}/draw", json={"prompt": "a dog", "request_id": "cat-0"})
    assert 409 == clash.status


async def aiohttp_story(url, http, world):
    order = {"prompt": "a black cat", "request_id": "cat"}
    first = await (await http.post(f"{url}/draw", json=order)).json()
    async with http.get(f"{url}/draw/{first['id']}/events") as hung_up:
        await hung_up.content.readline()
    async with http.get(f"{url}/draw/{first['id']}/events") as answer:
        lines = (await answer.text()).strip().split("\n\n")
    phases = [json.loads(line.removeprefix("data: "))["phase"] for line in lines]
    assert "done" == phases[-1]
    assert first["id"] == (await (await http.get(f"{url}/draw/{first['id']}")).json())["id"]
    assert 404 == (await http.get(f"{url}/draw/nobody")).status
    assert 409 == (await http.post(f"{url}/draw", json={"prompt": "a dog", "request_id": "cat"})).status
    for words in (b"{", b"[]", b"{}"):
        assert 400 == (await http.post(f"{url}/draw", data=words)).status
    assert 422 == (await http.post(f"{url}/draw", json={"prompt": ""})).status


def told(served, patch):
    """The service's environment names the simulator."""
    for name, value in (("KEY", served.key), ("URL", served.ttapi_url)):
        patch.setenv(f"MJASYNC_TTAPI_{name}", value)
    for name in ("MJASYNC_MJPROXY_KEY", "MJASYNC_MJPROXY_URL", "MJASYNC_JOURNAL"):
        patch.delenv(name, raising=False)


def descriptors():
    return len(list(Path("/proc/self/fd").iterdir()))


def apart():
    """A connection for each request: on a quick clock servers end idle ones within milliseconds."""
    return aiohttp.TCPConnector(force_close=True)


def forget_endpoints():
    """FastAPI remembers every endpoint that it ever saw, and with it the module of that example."""
    for cache in vars(models).values():
        getattr(cache, "cache_clear", bool)()


@pytest.mark.parametrize(("service", "story"), [(by_uvicorn, fastapi_story), (by_aiohttp, aiohttp_story)])
def test_a_service_gives_back_what_it_took(service, story, monkeypatch, tmp_path):
    left = []

    async def once(number):
        (tmp_path / str(number)).mkdir()
        monkeypatch.chdir(tmp_path / str(number))
        async with serve(World(seed=number)) as served:
            told(served, monkeypatch)
            async with aiohttp.ClientSession(connector=apart()) as http, service() as url:
                await story(url, http, served)
            assert 1 == served.world.ledger.charged
        await asyncio.sleep(1)
        forget_endpoints()
        gc.collect()
        pools = sum(isinstance(thing, mj.Pool | mj.Job) for thing in gc.get_objects())
        left.append((len(asyncio.all_tasks()), descriptors(), pools))

    async def all_of_it():
        for number in range(3):
            await once(number)

    with asyncio.Runner(loop_factory=lambda: QuickLoop(time.time(), 0.0)) as runner:
        runner.run(all_of_it())
    assert left[1] == left[2], "tasks, descriptors, pools and jobs after the second and third time"
    assert 0 == left[2][2]


def test_a_worker_answers_orders_and_stops_when_told(monkeypatch, tmp_path):
    for name in ("in", "out"):
        (tmp_path / name).mkdir()
    for name in ("first", "second"):
        (tmp_path / "in" / f"{name}.json").write_text(json.dumps({"prompt": f"the {name} cat"}))
    for name, words in (("bad", "{"), ("blank", '{"prompt": ""}'), ("none", "{}")):
        (tmp_path / "in" / f"{name}.json").write_text(words)

    async def story():
        async with serve(World(seed=3, speed=1000)) as served:
            told(served, monkeypatch)
            command = [sys.executable, str(SERVICES / "worker.py"), "in", "out"]
            environment = environ() | {"PYTHONPATH": str(ROOT)}
            worker = await asyncio.create_subprocess_exec(*command, cwd=tmp_path, env=environment)
            try:
                while len(list((tmp_path / "out").iterdir())) < 5:
                    assert worker.returncode is None
                    await asyncio.sleep(0.1)
                worker.send_signal(signal.SIGTERM)
                assert 0 == await asyncio.wait_for(worker.wait(), 30)
            finally:
                if worker.returncode is None:
                    worker.kill()
            assert 2 == served.world.ledger.charged

    asyncio.run(story())
    answers = [json.loads(path.read_text()) for path in sorted((tmp_path / "out").iterdir())]
    keys = ["bad", "blank", "first", "none", "second"]
    assert keys == [each["key"] for each in answers]
    assert ["first", "second"] == [each["key"] for each in answers if each.get("phase") == "done"]
    assert ["bad", "blank", "none"] == [each["key"] for each in answers if each["error"]]
    assert [] == list((tmp_path / "in").iterdir())
