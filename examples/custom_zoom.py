"""Step back from a picture, further and further, into another scene. Needs MJASYNC_MJPROXY_KEY and MJASYNC_MJPROXY_URL."""

import asyncio
import os

import mjasync as mj

SCENES = (None, "a model railway on a kitchen table", "a kitchen in a doll's house")


async def main():
    account = mj.MJProxy(key=os.environ["MJASYNC_MJPROXY_KEY"], base_url=os.environ["MJASYNC_MJPROXY_URL"])
    async with mj.Pool(account) as pool:
        picture = pool.imagine("a tiny station at night").upscale(1)
        for scene in SCENES:
            picture = picture.zoom(1.8, prompt=scene).upscale(1)
        for step in (await picture).lineage:
            print(step.action, step.ticket)
        print((await picture).prompt)


asyncio.run(main())
