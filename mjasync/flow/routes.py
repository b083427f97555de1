"""First use: before an account's first paid request on a route, a free look proves that somebody is there.

Nothing is paid and no slot is held while a route is unproved. A route is a base URL with its mode prefix, so a wrong
prefix is found for each mode before it can cost anything.
"""

from collections.abc import Callable, Coroutine, Iterable, Mapping
from typing import Any

from mjasync.core.model import Failure, Mode
from mjasync.flow.session import Session

Route = tuple[str, str]


class Routes:
    """Which routes are proved, which are bad and why, and who waits to hear about them."""

    def __init__(
        self,
        sessions: Mapping[str, Session],
        spawn: Callable[[Callable[[Route, Mode], Coroutine[Any, Any, None]], Route, Mode], None],
        heard: Callable[[Iterable[str]], None],
    ) -> None:
        self._sessions = sessions
        self._spawn = spawn
        #: Called with the jobs that wait for a route, in the order of their asking, when something is known about it.
        self._heard = heard
        self._good: set[Route] = set()
        self._bad: dict[Route, Failure] = {}
        self._asking: dict[Route, dict[str, None]] = {}

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
        return (), next(self._bad[route] for route in routes.values())

    def forget(self, accounts: Iterable[str], mode: Mode) -> None:
        """Ask again about routes that were bad: a key may have been mended, a network may be back."""
        for name in accounts:
            self._bad.pop(self._route(name, mode), None)

    def _route(self, name: str, mode: Mode) -> Route:
        return name, self._sessions[name].route(mode)

    async def _prove(self, route: Route, mode: Mode) -> None:
        failure = await self._sessions[route[0]].prove(mode)
        if failure is None:
            self._good.add(route)
        else:
            self._bad[route] = failure
        self._heard(self._asking.pop(route))
