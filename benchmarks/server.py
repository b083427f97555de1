"""A server that answers every GET with one running task: prints its address, serves until it is terminated."""

import asyncio
import json

from aiohttp import web

_TASK = {
    "id": "1320098173412546",
    "action": "IMAGINE",
    "prompt": "cat --v 6.1",
    "promptEn": "cat --v 6.1",
    "description": "Submit success",
    "state": "",
    "submitTime": 1741531578038,
    "startTime": 1741531580190,
    "finishTime": 0,
    "imageUrl": "https://img.example/preview.webp",
    "status": "IN_PROGRESS",
    "progress": "31%",
    "failReason": "",
    "properties": {"botType": "MID_JOURNEY", "finalPrompt": "cat --v 6.1", "messageContent": "**cat** (fast)"},
    "buttons": [],
}


async def _serve() -> None:
    body = json.dumps(_TASK).encode()

    async def answer(_request: web.BaseRequest) -> web.Response:
        return web.Response(body=body, content_type="application/json")

    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(f"http://127.0.0.1:{site.port}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve())
