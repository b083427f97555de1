"""A new sky for a picture: a mask of its upper third, painted again. Needs MJASYNC_TTAPI_KEY."""

import asyncio
import os

from PIL import Image

import mjasync as mj


async def main():
    async with mj.Pool(mj.TTAPI(key=os.environ["MJASYNC_TTAPI_KEY"])) as pool:
        house = await pool.imagine("a house by the sea --ar 3:2").upscale(1)
        with Image.open(await house.save("house")) as image:
            width, height = image.size
        sky = mj.draw_mask((width, height), rectangles=[(0, 0, width, height // 3)])
        grid = await house.vary_region(sky, "a sky full of kites")
        print(grid.prompt, await grid.save("kites"))


asyncio.run(main())
