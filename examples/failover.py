"""A second provider for when the first cannot be reached or paid. Needs both keys and MJASYNC_MJPROXY_URL."""

import asyncio
import os

import mjasync as mj


async def draw(pool: mj.Pool, prompt: str):
    for account in ("ttapi", "mjproxy"):
        try:
            return await pool.imagine(prompt, account=account)
        except (mj.AuthError, mj.QuotaExhausted, mj.Unreachable) as error:
            if error.charged != "no":  # it may have been paid for: a second one would be paid for too
                raise
            print(account, "did not do it:", error.what)
    return None


async def main():
    first = mj.TTAPI(key=os.environ["MJASYNC_TTAPI_KEY"])
    second = mj.MJProxy(key=os.environ["MJASYNC_MJPROXY_KEY"], base_url=os.environ["MJASYNC_MJPROXY_URL"])
    async with mj.Pool(first, second) as pool:
        for prompt in ("a red kite over the sea", "a red kite over the city"):
            result = await draw(pool, prompt)
            print(prompt, "->", f"{result.ticket.account} {result.image}" if result else "nobody")


asyncio.run(main())
