"""`pool.hooks`: where the providers' callbacks come in."""

from importlib import import_module
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from attrs import frozen

from mjasync.errors import ConfigError, PoolClosed
from mjasync.flow.doorbells import Doorbells
from mjasync.webhook import Asgi, Door, Receiver

if TYPE_CHECKING:
    from aiohttp.web import RouteDef

    from mjasync.webhook.routes import Listening


@frozen(kw_only=True)
class HookCounts:
    """What came in at a pool's receiver since it was made."""

    #: Callbacks with a token of ours.
    heard: int = 0
    #: Of those: too large, too slow, of another form than JSON, or more at once than can be read.
    refused: int = 0
    #: Requests with a wrong token or none.
    unknown: int = 0
    #: Of those: answered "too many".
    banned: int = 0
    #: Requests by another method than POST.
    methods: int = 0


class Hooks:
    """A pool's receiver. Mount it, or let it listen by itself; the pool may be opened later.

        app.mount("/mj", pool.hooks.asgi)          # FastAPI, Starlette, Litestar, any ASGI app
        app.add_routes(pool.hooks.routes)          # aiohttp.web
        await pool.hooks.serve("127.0.0.1", 8787)  # its own small server

    It only knows tokens of its own pool: whatever else comes is answered 404. Before the pool is open it answers 503.
    """

    def __init__(self, public_url: str | None) -> None:
        self._public_url = public_url
        self._bells: Doorbells | None = None
        self._closed = False
        self._receiver = Receiver(self._knows, ready=self._is_ready)
        self._door = Door(self._receiver, self._ring)
        self._asgi = Asgi(self._door)
        self._listening: list[Listening] = []
        self._mounted = False

    def __repr__(self) -> str:
        return f"<Hooks of {self._public_url or 'a pool without public_url='}>"

    @property
    def asgi(self) -> Asgi:
        """An ASGI app, for any path that `public_url` ends up at. Raises `ConfigError` without `public_url=`."""
        self._check()
        self._mounted = True
        return self._asgi

    @property
    def routes(self) -> "list[RouteDef]":
        """Routes for `aiohttp.web`, below the path of `public_url`. Raises `ConfigError` without `public_url=`."""
        self._check()
        self._mounted = True
        found: list[RouteDef] = _web().routes(self._door, urlsplit(self._public_url or "").path)
        return found

    async def serve(self, host: str = "127.0.0.1", port: int = 8787) -> "Listening":
        """Listen until the pool is closed; whatever stands before the token in a path does not matter.

        Port 0 takes a free one; what is returned knows which. It speaks plain HTTP: put a proxy with TLS before it.
        Raises `ConfigError` without `public_url=`, and where it cannot listen; the pool goes on without callbacks then.
        And `PoolClosed` once the pool is. A pool that is served before it is opened, and then cannot be, listens no more.
        """
        self._check()
        self._check_open()
        try:
            listening: Listening = await _web().listen(self._door, host, port)
        except (OSError, OverflowError) as exc:
            raise ConfigError(
                f"The receiver of callbacks cannot listen on {host}:{port}.",
                why=getattr(exc, "strerror", None) or str(exc),
                hint="another port, or 0 for a free one; jobs go on without it, they are looked at as usual",
            ) from None
        self._listening.append(listening)
        if self._closed:  # meanwhile
            await self.aclose()
        self._check_open()
        return listening

    @property
    def counts(self) -> HookCounts:
        """What came in so far."""
        seen = self._receiver.counts
        return HookCounts(
            heard=seen.heard, refused=seen.refused, unknown=seen.unknown, banned=seen.banned, methods=seen.methods
        )

    def connect(self, bells: Doorbells) -> None:
        """The pool is open: these are its tokens."""
        self._bells = bells
        bells.connect(self.aclose, receives=lambda: self._mounted or bool(self._listening))

    async def aclose(self) -> None:
        """Stop listening, and answer 503 wherever it is mounted. May be called twice."""
        self._closed = True
        await self.silence()

    async def silence(self) -> None:
        """Stop listening; wherever it is mounted it goes on."""
        while self._listening:
            await self._listening.pop().aclose()

    def _check_open(self) -> None:
        if self._closed:
            raise PoolClosed("This pool is closed: nobody hears its callbacks.", hint="open a new one: mj.Pool(...)")

    def _check(self) -> None:
        if self._public_url is None:
            raise ConfigError(
                "This pool has no public_url=, so none of its requests asks for a callback.",
                hint="mj.Pool(..., public_url='https://example.org/mj'): where the providers reach this receiver",
            )

    def _is_ready(self) -> bool:
        return self._bells is not None and not self._closed

    def _knows(self, digest: str) -> str | None:
        return self._bells.knows(digest) if self._bells is not None else None

    async def _ring(self, digest: str, body: bytes) -> bool:
        return self._bells is not None and not self._closed and await self._bells.ring(digest, body)


def _web() -> Any:
    """Loaded when first wanted: aiohttp's server takes 40 ms, and most pools have none."""
    return import_module("mjasync.webhook.routes")
