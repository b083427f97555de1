"""A chat bot's core, whatever the chat: `/draw a cat` answers with a picture. Tried on a chat of two lines.

For aiogram: `@router.message(Command("draw"))`, then `await answer(pool, message.text, f"{message.chat.id}:"
f"{message.message_id}", say=message.answer, show=message.answer_photo)`; the pool lives as long as the polling.
Needs MJASYNC_TTAPI_KEY.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable

import mjasync as mj

Say = Callable[[str], Awaitable[object]]


async def answer(pool: mj.Pool, text: str, message_id: str, *, say: Say, show: Say):
    """`message_id` is the job's key: a chat that delivers a message twice pays for one picture."""
    _, _, prompt = text.partition(" ")
    try:
        job = pool.imagine(prompt, key=message_id)
        await say("Drawing …")
        await show(str((await job).image))
    except mj.MJError as error:
        await say(f"{error.what} {error.hint}")


async def main():
    async def say(text: str) -> None:
        print("bot:", text)

    async with mj.Pool(mj.TTAPI(key=os.environ["MJASYNC_TTAPI_KEY"])) as pool:
        await answer(pool, "/draw a cat", "chat:1", say=say, show=say)
        await answer(pool, "/draw gore", "chat:2", say=say, show=say)


asyncio.run(main())
