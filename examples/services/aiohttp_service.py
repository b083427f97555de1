"""The same with aiohttp.web, and a page that follows a job as it runs. Run it with `python aiohttp_service.py`."""

import contextlib
import json

from aiohttp import web

import mjasync as mj

POOL = web.AppKey("pool", mj.Pool)


async def draw(request: web.Request) -> web.Response:
    """Queue a picture, and answer at once."""
    try:
        order = await request.json()
        job = request.app[POOL].imagine(order["prompt"], key=order.get("request_id"))
    except mj.KeyReused as error:
        raise web.HTTPConflict(text=error.what) from None
    except mj.ConfigError as error:
        raise web.HTTPUnprocessableEntity(text=error.what) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise web.HTTPBadRequest(text='send {"prompt": "..."} as JSON') from None
    return web.json_response(job.snapshot(), status=202)


async def look(request: web.Request) -> web.Response:
    """How a job is now."""
    return web.json_response(found(request).snapshot())


async def follow(request: web.Request) -> web.StreamResponse:
    """Server-sent events until the job ends; whoever hangs up ends this answer, not the paid job."""
    job = found(request)
    answer = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await answer.prepare(request)
    with contextlib.suppress(ConnectionResetError):
        async for _ in job.watch():
            await answer.write(f"data: {json.dumps(job.snapshot())}\n\n".encode())
    return answer


def found(request: web.Request) -> mj.Job:
    """The job of this id; of an earlier process too."""
    try:
        return request.app[POOL].job(request.match_info["job"])
    except mj.ConfigError as error:
        raise web.HTTPNotFound(text=error.what) from None


def service() -> web.Application:
    """The application: its pool opens and closes with it."""
    app = web.Application()
    app[POOL] = mj.Pool.from_env(journal="jobs.db")
    app.cleanup_ctx.append(app[POOL].cleanup_ctx)
    app.add_routes([web.post("/draw", draw), web.get("/draw/{job}", look), web.get("/draw/{job}/events", follow)])
    return app


if __name__ == "__main__":
    web.run_app(service(), host="127.0.0.1", port=8080, shutdown_timeout=5)  # seconds for open requests
