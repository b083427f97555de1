"""The same world over real HTTP, on this machine only.

Rule 1: loopback and nothing else: neither the address it listens on, nor the Host it answers to, nor a callback's.
Rule 2: it decides nothing; it turns HTTP into values for `exchange` and back.
"""

import ipaddress
from collections.abc import Generator
from typing import Any, Self
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from mjasync.core.wire import HttpRequest, HttpResponse, NoAnswer, NotSent, TransportFault
from mjasync.sim.callbacks import Callbacks
from mjasync.sim.exchange import FACES, exchange
from mjasync.sim.world import World

#: The most bytes of a request: five pictures as base64 and some more.
BODY_LIMIT = 64 * 1024 * 1024
#: Seconds for a callback.
CALLBACK_PATIENCE = 10.0


def serve(world: World, *, host: str = "127.0.0.1", port: int = 0, key: str = "sim-key") -> "Served":
    """Put a world on this machine's network: use it in `async with`, or `await` it and call `aclose()` at the end.

    Port 0 is a free one. `key` is made known at both providers.

    Raises:
        ValueError: `host` is not a loopback address.
        OSError: the port cannot be had.

    """
    if not _is_loopback(host):
        raise ValueError(f"the simulator listens on this machine only, not on {host!r}")
    return Served(world, host, port, key)


class Served:
    """A world that listens, or will: where it is, the key it knows, and the way to end it."""

    def __init__(self, world: World, host: str, port: int, key: str) -> None:
        self.world = world
        self.key = key
        self._host = host
        self._port = port
        self._runner: web.AppRunner | None = None
        self._http: ClientSession | None = None
        self._callbacks: Callbacks | None = None

    def __repr__(self) -> str:
        return f"<Served {self.url if self._runner else 'nowhere'}>"

    def __await__(self) -> Generator[Any, None, "Served"]:
        return self._start().__await__()

    async def __aenter__(self) -> Self:
        if self._runner is None:
            await self._start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    @property
    def url(self) -> str:
        """Where it listens; `GET /ledger` below it shows the books."""
        if self._runner is None:
            raise RuntimeError("the simulator does not listen: use `async with serve(world) as served`")
        host, port = self._runner.addresses[0][:2]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    @property
    def ttapi_url(self) -> str:
        """The base URL of TTAPI."""
        return f"{self.url}/ttapi"

    @property
    def mjproxy_url(self) -> str:
        """The base URL of midjourney-proxy."""
        return f"{self.url}/mjproxy"

    async def aclose(self) -> None:
        """Stop listening. The world and its books stay."""
        callbacks, self._callbacks, http, self._http = self._callbacks, None, self._http, None
        if callbacks is not None:
            await callbacks.aclose()
        if http is not None:
            await http.close()
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    async def _start(self) -> "Served":
        for provider in FACES:
            self.world.account(provider, self.key)
        app = web.Application(client_max_size=BODY_LIMIT, middlewares=[_only_this_machine])
        app.router.add_get("/ledger", self._ledger)
        app.router.add_route("*", "/{provider:ttapi|mjproxy}/{path:.*}", self._answer)
        # No access log: it would print ids and prompts. No signal handlers: the loop is the user's.
        runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1.0)
        await runner.setup()
        try:
            await web.TCPSite(runner, self._host, self._port).start()
        except OSError:
            await runner.cleanup()
            raise
        self._runner = runner
        self._http = ClientSession(timeout=ClientTimeout(total=CALLBACK_PATIENCE), trust_env=False)
        self._callbacks = Callbacks(self.world, self._call_back, base=lambda provider: f"{self.url}/{provider}")
        return self

    async def _call_back(self, url: str, body: bytes) -> int:
        """To this machine only, wherever an order wants to be called."""
        if self._http is None or not _is_loopback(urlsplit(url).hostname or ""):
            raise NotSent("callbacks go to this machine only")
        try:
            async with self._http.post(
                url, data=body, headers={"content-type": "application/json"}, allow_redirects=False
            ) as reply:
                return reply.status
        except (ClientError, OSError, ValueError) as exc:  # TimeoutError is an OSError
            raise NoAnswer(str(exc) or type(exc).__name__) from exc

    async def _ledger(self, request: web.Request) -> web.Response:
        return web.json_response(self.world.ledger.as_json())

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        provider = request.match_info["provider"]
        base = f"{self.url}/{provider}"
        wanted = HttpRequest(
            method=request.method,
            url=f"{self.url}{request.raw_path}",
            headers=dict(request.headers),
            body=await request.read() if request.can_read_body else None,
        )
        try:
            reply = exchange(self.world, provider, wanted, base=base)
        except TransportFault:
            if request.transport is not None:
                request.transport.abort()
            # Nobody reads it; aiohttp wants an answer to close the exchange with.
            return web.Response(status=500)
        return _written(reply)


@web.middleware
async def _only_this_machine(request: web.Request, handler: Any) -> web.StreamResponse:
    # A page in a browser may reach a loopback port under a name of its own (DNS rebinding).
    if not _is_loopback(urlsplit(f"//{request.host}").hostname or ""):
        return web.Response(status=421, text="this simulator answers to loopback names only")
    reply: web.StreamResponse = await handler(request)
    return reply


def _written(reply: HttpResponse) -> web.Response:
    return web.Response(status=reply.status, body=reply.body, headers=reply.headers)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
