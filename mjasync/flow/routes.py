"""First use: before an account's first paid request on a route, a free look proves that somebody is there.

Nothing is paid and no slot is held while a route is unproved. A route is a base URL with its mode prefix, so a wrong
prefix is found for each mode before it can cost anything. A route also turns bad when the provider refuses the
account itself (key, quota): then jobs that can go elsewhere do, and the others end without being sent.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from random import Random
from typing import Any

from attrs import evolve

from mjasync.core import patience
from mjasync.core.model import Failure, Mode
from mjasync.events import RouteBad, RouteProved
from mjasync.flow.news import News
from mjasync.flow.session import Session

Route = tuple[str, str]

_BROKEN = Failure(
    kind="Unreachable",
    what="The free look that proves an account broke off.",
    hint="ask again; nothing was accepted",
    retryable=True,
)


class Routes:
    """Which routes are proved, which are bad and why, and who waits to hear about them."""

    def __init__(
        self,
        sessions: Mapping[str, Session],
        *,
        spawn: Callable[[Callable[[Route, Mode], Coroutine[Any, Any, None]], Route, Mode], None],
        heard: Callable[[Iterable[str]], None],
        wanted: Callable[[str, Mode], Iterable[str]],
        now: Callable[[], float],
        rng: Random,
        news: News | None = None,
    ) -> None:
        self._sessions = sessions
        self._news = news or News()
        self._spawn = spawn
        #: Called with the jobs that wait for a route, in the order of their asking, when something is known about it.
        self._heard = heard
        #: Tells the jobs that wait now and that this account could take in this mode.
        self._wanted = wanted
        self._now = now
        self._rng = rng
        self._good: set[Route] = set()
        self._bad: dict[Route, tuple[Failure, float]] = {}
        self._asking: dict[Route, dict[str, None]] = {}
        self._timers: dict[Route, asyncio.TimerHandle] = {}
        self._stopped = False
        #: Called when a route was proved, before its jobs hear of it.
        self.proved: Callable[[str, Mode], None] = lambda _account, _mode: None

    def sort(self, job_id: str, accounts: Iterable[str], mode: Mode) -> tuple[tuple[str, ...], Failure | None]:
        """The accounts that can be used now, and, if there are none and no news can come, why.

        Routes that nobody knows about yet are asked, and the job hears of it.
        """
        routes = {name: self._route(name, mode) for name in accounts}
        for route in routes.values():
            if route in self._asking:
                self._asking[route][job_id] = None
            elif route not in self._good and route not in self._bad:
                self._asking[route] = {job_id: None}
                self._spawn(self._prove, route, mode)
        good = tuple(name for name, route in routes.items() if route in self._good)
        pending = any(route in self._asking for route in routes.values())
        if good or pending:
            return good, None
        return (), self._why([self._bad[route][0] for route in routes.values()])

    def waits(self) -> Iterator[str]:
        """The jobs that wait until a route is proved; one may be named twice."""
        return (job for jobs in self._asking.values() for job in jobs)

    def forget(self, accounts: Iterable[str], mode: Mode) -> None:
        """Ask again about bad routes: a key may have been mended, a network may be back.

        At once if the job has nowhere else to go, else at most every `patience.PROOF_AGAIN` seconds.
        """
        routes = [self._route(name, mode) for name in accounts]
        lonely = all(route in self._bad for route in routes)
        for route in routes:
            if route in self._bad and (lonely or self._now() - self._bad[route][1] >= patience.PROOF_AGAIN):
                del self._bad[route]

    def turn_bad(self, account: str, mode: Mode, failure: Failure) -> None:
        """The provider refused the account itself."""
        route = self._route(account, mode)
        self._good.discard(route)
        if route not in self._bad and not self._stopped:
            self._news.tell(RouteBad, account=account, mode=mode, error=failure.kind, what=failure.what)
        self._bad[route] = (failure, self._now())
        if route not in self._timers and not self._stopped:
            loop = asyncio.get_running_loop()
            self._timers[route] = loop.call_later(patience.PROOF_AGAIN, self._again, route, mode)

    def doubt(self, account: str, mode: Mode) -> bool:
        """Looks were refused for the account's key: it has to prove itself again. False if it has to anyway."""
        route = self._route(account, mode)
        was_good = route in self._good
        self._good.discard(route)
        return was_good

    def stop(self) -> None:
        """Ask nobody again."""
        self._stopped = True
        for timer in self._timers.values():
            timer.cancel()

    def _again(self, route: Route, mode: Mode) -> None:
        """A bad account is asked again for as long as jobs wait that it could take."""
        del self._timers[route]
        jobs = self._wanted(route[0], mode)
        if route in self._bad and route not in self._asking and jobs:
            del self._bad[route]
            self._asking[route] = dict.fromkeys(jobs)
            self._spawn(self._prove, route, mode)

    def is_bad(self, account: str, mode: Mode) -> Failure | None:
        """Why the route cannot be used, or None if it can or nobody knows."""
        bad = self._bad.get(self._route(account, mode))
        return bad[0] if bad else None

    def _route(self, name: str, mode: Mode) -> Route:
        return name, self._sessions[name].route(mode)

    async def _prove(self, route: Route, mode: Mode) -> None:
        """Ask until there is an answer; a server that is only busy is asked again for a while."""
        failure: Failure | None = _BROKEN
        try:
            failure = await self._asked(self._sessions[route[0]], mode)
        finally:
            # Whatever happened: nobody may wait for this answer any longer.
            jobs = self._asking.pop(route)
            if failure is None:
                self._bad.pop(route, None)
                self._good.add(route)
                self._news.tell(RouteProved, account=route[0], mode=mode)
                self.proved(route[0], mode)
            else:
                self.turn_bad(route[0], mode, failure)
            self._heard(jobs)

    async def _asked(self, session: Session, mode: Mode) -> Failure | None:
        failure = None
        for attempt in range(1, patience.PROOF_TRIES + 1):
            trouble = await session.prove(mode)
            failure = trouble.failure if trouble else None
            if trouble is None or trouble.failure.kind != "Unreachable" or trouble.failure.status is None:
                break
            await asyncio.sleep(patience.after_refusal(attempt, trouble.retry_after, self._rng.random()))
        return failure

    def _why(self, failures: list[Failure]) -> Failure:
        """The first account's failure, with what is wrong with the others."""
        first, *others = failures
        more = "; ".join(failure.what for failure in others if failure.what != first.what)
        return evolve(first, why=f"{first.why}; and the others: {more}") if more else first
