"""Four pictures of one grid, scored by a function of yours; only the best one is varied. Needs MJASYNC_TTAPI_KEY."""

import asyncio
import os
from pathlib import Path

from PIL import Image, ImageStat

import mjasync as mj


def contrast(path: Path) -> float:
    with Image.open(path) as picture:
        return ImageStat.Stat(picture.convert("L")).stddev[0]


async def main():
    async with mj.Pool(mj.TTAPI(key=os.environ["MJASYNC_TTAPI_KEY"])) as pool:
        grid = pool.imagine("chess knight, marble")
        tiles = await asyncio.gather(*(grid.upscale(n) for n in (1, 2, 3, 4)))
        scores = [contrast(await tile.save(f"knight-{n}")) for n, tile in enumerate(tiles, 1)]
        best = max(range(4), key=scores.__getitem__)
        print([round(score, 1) for score in scores], "best:", best + 1)
        varied = await tiles[best].vary("subtle")
        print(varied.image)


asyncio.run(main())
