"""The service under load: a request waits for its picture, a ticket is looked up, callbacks come in at the same port.

Rule 1: as the pages for aiohttp.web and FastAPI have it; nothing here helps the library.
Rule 2: whoever hangs up cancels his handler (aiohttp.web), which is the harder case for the job he awaited.
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from typing import Any

from aiohttp import web

import mjasync as mj

#: Connections that may wait to be accepted: all callers come at once.
BACKLOG = 2048


@contextlib.asynccontextmanager
async def by_aiohttp(pool: mj.Pool, listening: socket.socket) -> AsyncIterator[None]:
    """aiohttp.web, with the routes of the receiver."""

    async def draw(request: web.Request) -> web.Response:
        order = await request.json()
        return web.json_response(pool.imagine(order["prompt"], mode="turbo", key=order["id"]).snapshot(), status=202)

    async def look(request: web.Request) -> web.Response:
        return web.json_response(pool.job(request.match_info["job"]).snapshot())

    async def picture(request: web.Request) -> web.Response:
        job = pool.job(request.match_info["job"])
        await job.ended()
        return web.json_response(job.snapshot())

    app = web.Application()
    app.cleanup_ctx.append(pool.cleanup_ctx)
    app.add_routes([web.post("/draw", draw), web.get("/draw/{job}", look), web.get("/draw/{job}/picture", picture)])
    app.add_routes(pool.hooks.routes)
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=1.0)
    await runner.setup()
    await web.SockSite(runner, listening, backlog=BACKLOG).start()
    try:
        yield
    finally:
        await runner.cleanup()


@contextlib.asynccontextmanager
async def by_fastapi(pool: mj.Pool, listening: socket.socket) -> AsyncIterator[None]:
    """FastAPI under uvicorn, with the receiver mounted."""
    import uvicorn  # both take a second to load
    from fastapi import FastAPI

    app = FastAPI(lifespan=pool.lifespan)
    app.mount("/mj", pool.hooks.asgi)

    @app.post("/draw", status_code=202)
    async def draw(order: dict[str, str]) -> dict[str, Any]:
        return pool.imagine(order["prompt"], mode="turbo", key=order["id"]).snapshot()

    @app.get("/draw/{job_id}")
    async def look(job_id: str) -> dict[str, Any]:
        return pool.job(job_id).snapshot()

    @app.get("/draw/{job_id}/picture")
    async def picture(job_id: str) -> dict[str, Any]:
        job = pool.job(job_id)
        await job.ended()
        return job.snapshot()

    config = uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1, backlog=BACKLOG)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:  # noqa: ASYNC110  # uvicorn tells nobody
        await asyncio.sleep(1)
    try:
        yield
    finally:
        server.should_exit = True
        await serving


FACES = {"aiohttp": by_aiohttp, "fastapi": by_fastapi}
