"""Two providers, one queue: whoever has a free slot takes the next prompt. Needs both keys and MJASYNC_MJPROXY_URL."""

import asyncio
import os
from collections import Counter

import mjasync as mj


async def main():
    accounts = (
        mj.TTAPI(key=os.environ["MJASYNC_TTAPI_KEY"]),
        mj.MJProxy(key=os.environ["MJASYNC_MJPROXY_KEY"], base_url=os.environ["MJASYNC_MJPROXY_URL"]),
    )
    async with mj.Pool(*accounts) as pool:
        outcomes = await pool.batch([f"postcard from planet {n}" for n in range(1, 25)], mode="relax")
        print(Counter(outcome.value.ticket.account for outcome in outcomes if outcome.ok))
        print(f"{pool.stats().looks_per_job:.1f} looks per job")


asyncio.run(main())
