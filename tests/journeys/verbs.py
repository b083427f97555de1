"""Every verb there is, each as one call; and what it takes to make them: pictures, a mask, somebody to listen."""

from attrs import frozen

import mjasync as mj
from mjasync.core.pictures import base64_of, data_uri
from mjasync.sim.png import encode
from tests.flow.stories import MASK

RED, BLUE = (encode(2, 2, bytes(colour * 4)) for colour in ((200, 0, 0), (0, 0, 200)))
LINK = "https://pictures.example/a.png"
RED_URI, BLUE_URI = data_uri(RED), data_uri(BLUE)
MASK_URI, MASK_64 = data_uri(MASK), base64_of(MASK)


@frozen
class Stage:
    """What a verb is called on."""

    pool: object
    grid: object
    single: object
    described: object
    shortened: object


async def stage(pool, *, shorten):
    """A grid, a single picture, and two jobs that brought texts; by a square prompt, so that MASK fits."""
    grid, described = pool.imagine("a cat --ar 1:1"), pool.describe(RED)
    shortened = await pool.shorten("a very big and old black cat") if shorten else None
    return Stage(pool, await grid, await grid.upscale(1), await described, shortened)


#: What both providers have.
COMMON = {
    "imagine": lambda s: s.pool.imagine("a dog", mode="turbo"),
    "imagine link": lambda s: s.pool.imagine("a dog", images=[LINK]),
    "blend": lambda s: s.pool.blend([RED, BLUE], dimensions="portrait"),
    "describe": lambda s: s.pool.describe(BLUE, mode="relax"),
    "describe.imagine": lambda s: s.described.imagine(2),
    "upscale1": lambda s: s.grid.upscale(1),
    "upscale4": lambda s: s.grid.upscale(4),
    "upscale subtle": lambda s: s.single.upscale("subtle"),
    "upscale creative": lambda s: s.single.upscale("creative"),
    "vary3": lambda s: s.grid.vary(3),
    "vary subtle": lambda s: s.single.vary("subtle"),
    "vary strong": lambda s: s.single.vary("strong"),
    "reroll": lambda s: s.grid.reroll(),
    "zoom 2": lambda s: s.single.zoom(),
    "zoom 1.5": lambda s: s.single.zoom(1.5),
    **{f"pan {side}": lambda s, side=side: s.single.pan(side) for side in ("left", "right", "up", "down")},
    "square": lambda s: s.single.square(),
    "vary region": lambda s: s.single.vary_region(MASK, "a hat"),
    "vary region plain": lambda s: s.single.vary_region(MASK),
    "press": lambda s: s.grid.press("U2"),
}
TTAPI_ONLY = {
    "imagine all": lambda s: s.pool.imagine(
        "a dog", mode="relax", timeout=900, translation=False, get_u_images=True, hook_url="https://me.example/hook"
    ),
    "describe link": lambda s: s.pool.describe(LINK),
    "get_seed": lambda s: s.single.get_seed(),
    "upscale all": lambda s: s.grid.upscale(2, timeout=600, get_u_images=True, hook_url="https://me.example/hook"),
}
MJPROXY_ONLY = {
    "imagine all": lambda s: s.pool.imagine(
        "a dog",
        images=[LINK, RED],
        mode="relax",
        bot_type="NIJI_JOURNEY",
        state="mine",
        notify_hook="https://me.example/hook",
        account_filter={"modes": ["FAST"]},
    ),
    "shorten": lambda s: s.pool.shorten("a big cat"),
    "shorten.imagine": lambda s: s.shortened.imagine(5),
    "upscale all": lambda s: s.grid.upscale(2, state="mine", hook_url="https://me.example/hook"),
    "zoom custom": lambda s: s.single.zoom(1.8),
    "zoom prompt": lambda s: s.single.zoom(2, "a hat"),
    "vary prompt": lambda s: s.grid.vary(1, "a hat"),
}
#: Behind relays that have it.
OPTIONAL = {
    "swap_face": lambda s: s.pool.swap_face(RED, BLUE),
    "upload": lambda s: s.pool.upload([RED, BLUE]),
    "get_seed": lambda s: s.single.get_seed(),
}


async def outcome(job):
    """What a user gets: the word "ok", or the name of the error."""
    try:
        result = await job
    except mj.MJError as exc:
        return type(exc).__name__
    return "ok" if result.images or result.texts or result.seed else "empty"
