"""`Sim`: both providers in process, on the loop's clock, for your own tests."""

from collections.abc import Iterable, Mapping
from random import Random
from typing import Any

from mjasync.accounts import TTAPI, MJProxy
from mjasync.sim import Callbacks, LocalTransport, World, to_asgi
from mjasync.sim.ledger import Ledger
from mjasync.sim.local import Asgi

_TTAPI = "https://ttapi.sim.invalid"
_MJPROXY = "https://mjproxy.sim.invalid"
_ORIGINS = {"ttapi": _TTAPI, "mjproxy": _MJPROXY}


class Sim:
    """A world with both providers, and accounts that live in it.

        sim = Sim(seed=7)
        async with mj.Pool(sim.ttapi(), sim.mjproxy()) as pool:
            await pool.imagine("a cat", mode="relax").upscale(1)
        assert sim.ledger.charged == 2

    The same seed and the same calls give the same ids, times and pictures; a pool with these accounts draws its own
    chance from the seed too. `speed` divides all durations; `latency` is the seconds of one exchange; `caps` sets
    what an account really allows, by its name (default 10). `profile` names the way that the providers are
    (`mjasync.sim.PROFILES`; "seed", the default, is what their documents show).
    """

    def __init__(
        self,
        seed: int = 0,
        *,
        speed: float = 1.0,
        latency: float = 0.05,
        caps: Mapping[str, int] | None = None,
        banned: Iterable[str] = ("gore", "nsfw", "nude"),
        profile: str = "seed",
    ) -> None:
        self.world = World(seed=seed, speed=speed, caps=caps, banned=banned, profile=profile)
        self._seed = seed
        self._latency = latency

    def __repr__(self) -> str:
        return f"<Sim {self.world!r}>"

    @property
    def ledger(self) -> Ledger:
        """The providers' own books: what they accepted, charged and refused, and how much ran at once."""
        return self.world.ledger

    def ttapi(self, **options: Any) -> TTAPI:
        """An account at the simulated TTAPI; `options` as for `mj.TTAPI`. Each call is another account."""
        account = self.world.account("ttapi", name=options.get("name"))
        transport = LocalTransport(self.world, "ttapi", latency=self._latency)
        return TTAPI(account.key, base_url=_TTAPI, transport=transport, rng=self._rng(account.name), **options)

    def mjproxy(self, **options: Any) -> MJProxy:
        """An account behind the simulated relay; `options` as for `mj.MJProxy`. Each call is another account."""
        account = self.world.account("mjproxy", name=options.get("name"))
        transport = LocalTransport(self.world, "mjproxy", latency=self._latency)
        return MJProxy(account.key, base_url=_MJPROXY, transport=transport, rng=self._rng(account.name), **options)

    def call_back(self, app: Asgi, *, delay: float = 0.5) -> None:
        """Let both providers call back from now on: to this ASGI app (`pool.hooks.asgi`), `delay` seconds after a change."""
        Callbacks(self.world, to_asgi(app), base=_ORIGINS.__getitem__, delay=delay)

    def inject(self, kind: str, **details: Any) -> None:
        """Script a fault; see `mjasync.sim.faults` for the kinds."""
        self.world.inject(kind, **details)

    def _rng(self, name: str) -> Random:
        return Random(f"{self._seed}/{name}")
