"""One picture, saved. Needs MJASYNC_TTAPI_KEY."""

import asyncio
import os

import mjasync as mj


async def main():
    async with mj.Pool(mj.TTAPI(key=os.environ["MJASYNC_TTAPI_KEY"])) as pool:
        picture = await pool.imagine("a lighthouse at dusk --ar 3:2").upscale(2)
        print(await picture.save("lighthouse"))


asyncio.run(main())
