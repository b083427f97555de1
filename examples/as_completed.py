"""Many prompts, their outcomes as they end, with the progress of one of them. Needs MJASYNC_TTAPI_KEY."""

import asyncio
import os

import mjasync as mj

PROMPTS = ["tea house in rain", "harbour at night", "paper boat", "fox in snow"]


async def main():
    async with mj.Pool(mj.TTAPI(key=os.environ["MJASYNC_TTAPI_KEY"])) as pool:
        batch = pool.batch(PROMPTS, mode="turbo")
        async for event in batch.jobs[0].watch():
            shown = "" if event.progress is None else f"{event.progress:.0%}"
            print(PROMPTS[0], event.phase, shown)
        async for outcome in batch:
            print(outcome.prompt, "->", outcome.value.image if outcome.ok else outcome.error)


asyncio.run(main())
