"""A picture of a picture of a picture: describe it, imagine the answer, and again. Needs MJASYNC_TTAPI_KEY."""

import asyncio
import os

from PIL import Image

import mjasync as mj


async def main():
    async with mj.Pool(mj.TTAPI(key=os.environ["MJASYNC_TTAPI_KEY"])) as pool:
        picture = Image.radial_gradient("L").resize((512, 512))
        for _ in range(3):
            described = pool.describe(picture)
            result = await described.imagine(1).upscale(1)
            print(result.prompt)
            picture = result.image


asyncio.run(main())
