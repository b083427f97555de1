"""Three pictures at once, with asyncio's own gather; each is upscaled as soon as it is there. Needs MJASYNC_TTAPI_KEY."""

import asyncio
import os

import mjasync as mj

PROMPTS = ("a fox in snow", "a hare in clover", "an owl at dusk")


async def main():
    async with mj.Pool(mj.TTAPI(key=os.environ["MJASYNC_TTAPI_KEY"])) as pool:
        pictures = await asyncio.gather(*(pool.imagine(prompt).upscale(1) for prompt in PROMPTS))
        for prompt, picture in zip(PROMPTS, pictures, strict=True):
            print(prompt, "->", picture.image)


asyncio.run(main())
