"""Five plain colours, blended into a landscape, cut into its four pictures. Needs MJASYNC_TTAPI_KEY."""

import asyncio
import os

from PIL import Image

import mjasync as mj

COLOURS = ("midnightblue", "teal", "gold", "coral", "ivory")


async def main():
    async with mj.Pool(mj.TTAPI(key=os.environ["MJASYNC_TTAPI_KEY"])) as pool:
        pictures = [Image.new("RGB", (512, 512), colour) for colour in COLOURS]
        grid = await pool.blend(pictures, dimensions="landscape")
        for path in await grid.save_tiles("."):
            print(path)


asyncio.run(main())
