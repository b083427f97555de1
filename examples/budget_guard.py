"""A batch that stops paying at a limit: what goes beyond it is refused before it is sent. Needs MJASYNC_TTAPI_KEY."""

import asyncio
import os

import mjasync as mj


async def main():
    async with mj.Pool(mj.TTAPI(key=os.environ["MJASYNC_TTAPI_KEY"]), budget=12) as pool:
        async for outcome in pool.batch([f"a stamp with bird {n}" for n in range(8)]):
            print(outcome.index, "done" if outcome.ok else outcome.error.what)
        print(pool.ledger())


asyncio.run(main())
