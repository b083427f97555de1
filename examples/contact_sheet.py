"""A contact sheet of a batch, its cards read back, and the facts of a picture. Needs MJASYNC_TTAPI_KEY."""

import asyncio
import os

import mjasync as mj

PROMPTS = ["a {red, blue} door --ar 3:2", "a lighthouse at dusk"]


async def main():
    async with mj.Pool(mj.TTAPI(key=os.environ["MJASYNC_TTAPI_KEY"])) as pool:
        outcomes = await pool.batch(PROMPTS, then=lambda job: job.upscale(1).zoom(2))
        page = await mj.save_sheet("doors", outcomes, title="Doors")
    print("open", page)
    for card in mj.read_sheet(page).cards:
        print(card.number, card.prompt, [picture.step for picture in card.pictures] or card.trouble)
    last = mj.read_sheet(page).pictures[-1]
    facts = mj.read_metadata(page.parent / last.file)
    if facts:  # a PNG
        print(last.file, "came of", " > ".join(step["step"] for step in facts.lineage))


asyncio.run(main())
