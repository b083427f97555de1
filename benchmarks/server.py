"""A server that answers every look with one running job: prints its address, serves until it is terminated."""

import asyncio

from aiohttp import web

from benchmarks import bodies


async def _serve() -> None:
    async def answer(request: web.BaseRequest) -> web.Response:
        provider = "mjproxy" if request.path.startswith("/mj/") else "ttapi"
        return web.Response(body=bodies.RUNNING[provider], content_type="application/json")

    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(f"http://127.0.0.1:{site.port}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve())
