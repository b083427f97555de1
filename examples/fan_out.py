"""One grid, all four pictures, and two variations of the smallest file. Needs MJASYNC_TTAPI_KEY."""

import asyncio
import os
from pathlib import Path

import mjasync as mj


async def main():
    async with mj.Pool(mj.TTAPI(key=os.environ["MJASYNC_TTAPI_KEY"])) as pool:
        grid = pool.imagine("chess knight, marble", mode="fast")
        tiles = await asyncio.gather(*(grid.upscale(n) for n in (1, 2, 3, 4)))
        paths = [await tile.save(Path(f"knight-{n}")) for n, tile in enumerate(tiles, 1)]
        smallest = min(range(4), key=lambda n: paths[n].stat().st_size)
        for result in await asyncio.gather(tiles[smallest].vary("subtle"), tiles[smallest].vary("strong")):
            print(result.lineage[-1].action, result.image)


asyncio.run(main())
