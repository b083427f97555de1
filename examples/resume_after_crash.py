"""A pool that is gone in the middle, and a second one on its journal that brings what was paid. Needs MJASYNC_TTAPI_KEY."""

import asyncio
import os

import mjasync as mj


def pool():
    return mj.Pool(mj.TTAPI(key=os.environ["MJASYNC_TTAPI_KEY"]), journal="jobs.db")


async def crashes():
    async with pool() as first:
        job = first.imagine("a bridge in fog").upscale(1)
        print("accepted as", await job.parent.accepted())
        raise RuntimeError("the power went out")


async def goes_on():
    async with pool() as second:
        found = await second.recover()
        print(len(found.reattached), "taken up again,", len(found.held), "queued")
        for job in second.jobs:
            print(job.action or "imagine", (await job).image)


try:
    asyncio.run(crashes())
except RuntimeError as crash:
    print("crashed:", crash)
asyncio.run(goes_on())
