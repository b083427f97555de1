"""A free visit to an account: how far the road goes, whether each of its routes works, what time it is there.

Nothing is paid, no slot and no lock is taken: what is sent is the look that goes before the first paid request.
"""

import asyncio
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from random import Random

from attrs import evolve, field, frozen

from mjasync.accounts import Account
from mjasync.core.model import Failure, Mode
from mjasync.core.wire import HttpRequest, HttpResponse
from mjasync.errors import AccountBusy
from mjasync.flow.claims import Claim
from mjasync.flow.session import Session
from mjasync.journal import Opening
from mjasync.settings import lock_folders
from mjasync.transport import Transport
from mjasync.transport.http import Http
from mjasync.transport.road import Road, walk

#: Seconds for all looks at one account.
PATIENCE = 40.0


@frozen(kw_only=True)
class Tried:
    """One route, the modes that take it, and why it cannot be used, if so."""

    route: str
    modes: tuple[Mode, ...]
    failure: Failure | None = None


@frozen(kw_only=True)
class Visit:
    """What was found at one account."""

    #: None for an account that answers in this process.
    road: Road | None = None
    #: Empty where the road ends before.
    tried: tuple[Tried, ...] = ()
    #: Seconds of the quickest answer; None without one.
    seconds: float | None = None
    #: Seconds by which this computer's clock is ahead of the server's; 0 within what can be told, None for no date.
    ahead: float | None = None

    @property
    def failure(self) -> Failure | None:
        """Why no mode can be used, if so."""
        failures = [each.failure for each in self.tried]
        return failures[0] if failures and all(failures) else None


async def visit(name: str, account: Account, *, rng: Random, wall: Callable[[], float]) -> Visit:
    """Ask for free. Never raises for what it finds; `wall`: seconds since 1970."""
    road = None if account.transport is not None else await walk(account.base_url)
    if road is not None and not road.open:
        return Visit(road=road)
    watch = _Watch(account.transport or Http(), wall=wall)
    session = Session(name, evolve(account, transport=watch), rng)
    routes: dict[str, list[Mode]] = {}
    for mode in account.modes:
        routes.setdefault(session.route(mode), []).append(mode)
    try:
        tried = await asyncio.gather(*(_tried(session, route, modes) for route, modes in routes.items()))
    finally:
        await session.aclose()
        if account.transport is None:
            await watch.aclose()
    return Visit(road=road, tried=tuple(tried), seconds=watch.seconds, ahead=watch.ahead)


async def _tried(session: Session, route: str, modes: list[Mode]) -> Tried:
    try:
        async with asyncio.timeout(PATIENCE):
            trouble = await session.prove(modes[0])
    except TimeoutError:
        failure = Failure(
            kind="Unreachable",
            what=f"Account {session.name!r} did not answer within {PATIENCE:.0f} s.",
            why="a connection was made, and then nothing came",
            hint="try again; if it stays so, the server or something before it hangs",
        )
        return Tried(route=route, modes=tuple(modes), failure=failure)
    return Tried(route=route, modes=tuple(modes), failure=trouble.failure if trouble else None)


def holder(name: str, account: Account) -> AccountBusy | None:
    """Who uses the account on this computer so that a pool would be refused. BLOCKS; nothing is made or changed."""
    opening = Opening(now=lambda: 0.0, wall=lambda: 0.0, accounts={})
    try:
        for folder in lock_folders() if account.transport is None else ():
            Claim(folder, name, account, opening).check()
    except AccountBusy as exc:
        return exc
    return None


@frozen
class _Exchange:
    before: float
    after: float
    headers: Mapping[str, str]

    @property
    def ahead(self) -> float | None:
        """By how much this computer's clock is ahead at least; an answer out of a cache tells nothing."""
        if self.headers.get("age", "0").strip() != "0":
            return None
        try:
            date = parsedate_to_datetime(self.headers["date"]).timestamp()
        except (KeyError, ValueError, TypeError, OverflowError):
            return None
        # It is written in whole seconds, somewhen between our asking and the answer.
        low, high = self.before - (date + 1.0), self.after - date
        return low if low > 0 else min(high, 0.0)


@frozen
class _Watch:
    """A transport that notes when answers came, and what time it was at the server."""

    _transport: Transport
    _wall: Callable[[], float] = field(kw_only=True)
    _seen: list[_Exchange] = field(factory=list, init=False)

    async def send(self, request: HttpRequest) -> HttpResponse:
        """See `Transport`."""
        before = self._wall()
        response = await self._transport.send(request)
        self._seen.append(_Exchange(before, self._wall(), response.headers))
        return response

    async def aclose(self) -> None:
        """See `Transport`."""
        await self._transport.aclose()

    @property
    def seconds(self) -> float | None:
        """Of the quickest exchange."""
        return min((max(each.after - each.before, 0.0) for each in self._seen), default=None)

    @property
    def ahead(self) -> float | None:
        """What the exchange says that comes nearest."""
        found = [each.ahead for each in self._seen if each.ahead is not None]
        return min(found, key=abs, default=None)
