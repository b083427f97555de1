"""A FastAPI service: draw, look a ticket up, stop within seconds.

Run it with `uvicorn fastapi_service:app --timeout-graceful-shutdown 5`: an open `/picture` would hold its end up.
"""

from typing import Any

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

import mjasync as mj

pool = mj.Pool.from_env(journal="jobs.db")
app = FastAPI(lifespan=pool.lifespan)


class Draw(BaseModel):
    """What a request asks for. The same `request_id` is the same job, however often it is sent."""

    prompt: str
    request_id: str


@app.post("/draw", status_code=202)
async def draw(order: Draw) -> dict[str, Any]:
    """Queue a picture, and answer at once."""
    try:
        return pool.imagine(order.prompt, key=order.request_id).snapshot()
    except mj.KeyReused as error:
        raise HTTPException(409, error.what) from None
    except mj.ConfigError as error:
        raise HTTPException(422, error.what) from None


@app.get("/draw/{job_id}")
async def look(job_id: str) -> dict[str, Any]:
    """How a job is now."""
    return found(job_id).snapshot()


@app.get("/draw/{job_id}/picture")
async def picture(job_id: str) -> dict[str, Any]:
    """Wait for the picture. Whoever hangs up does not end the paid job."""
    job = found(job_id)
    await job.ended()
    return job.snapshot()


def found(job_id: str) -> mj.Job:
    """The job of this id; of an earlier process too."""
    try:
        return pool.job(job_id)
    except mj.ConfigError as error:
        raise HTTPException(404, error.what) from None
