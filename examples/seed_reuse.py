"""The same seed under another prompt: two pictures that are relatives. Needs MJASYNC_TTAPI_KEY."""

import asyncio
import os

import mjasync as mj


async def main():
    async with mj.Pool(mj.TTAPI(key=os.environ["MJASYNC_TTAPI_KEY"])) as pool:
        cat = pool.imagine("a cat in a cardboard box")
        seed = int((await cat.get_seed()).seed)
        dog = await pool.imagine(mj.Prompt("a dog in a cardboard box", seed=seed))
        print((await cat).image)
        print(dog.prompt, dog.image)


asyncio.run(main())
