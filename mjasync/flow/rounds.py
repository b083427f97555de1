"""The looks at one account's jobs: each when it is due, together where the account can, within the account's budget.

Rule 1: whoever asks looks itself, in its own task; here it only waits for its turn, or hears what another one's look
at several jobs has brought.
Rule 2: where looks have to wait for the budget, the job goes first that is most likely over.
Rule 3: what a look at several jobs did not bring is asked for one by one; an account that has no such look, or shows
nothing by it, is never asked so again.
"""

import asyncio
from collections.abc import Callable, Mapping

from attrs import define, field, frozen

from mjasync.core import patience
from mjasync.core.answers import Missing, Trouble
from mjasync.core.looking import Pace, Relay
from mjasync.core.model import Failure, Snapshot, Spec, Status
from mjasync.core.operations import Brings
from mjasync.flow.looks import Seen
from mjasync.flow.session import Session

_TOO_OFTEN = 429
#: So many looks at several jobs in a row may bring nothing of what single looks show, then there are no more.
_IN_VAIN = 3


@frozen
class Heard:
    """What a look brought, and when it was sent (seconds on the loop's clock)."""

    seen: Seen
    sent: float


@define(eq=False)
class Ask:
    """One job that waits for its next look."""

    spec: Spec
    remote_id: str
    #: Other ids under which the answer may name it.
    known: tuple[str | None, ...]
    #: When it is to be looked at, and when it was last.
    due: float
    looked: float
    #: Seconds that its look may wait for others to go with.
    slack: float
    #: Whether it may be looked at sooner, when others are.
    joins: bool
    #: The chance that it is over at a moment.
    odds: Callable[[float], float]
    turn: asyncio.Future[Heard | None] = field(factory=lambda: asyncio.get_running_loop().create_future())


class Round:
    """All that wait for a look at one account."""

    def __init__(self, session: Session, pace: Pace) -> None:
        self._session = session
        self._pace = pace
        self._loop = asyncio.get_running_loop()
        self._asks: list[Ask] = []
        self._timer: asyncio.TimerHandle | None = None
        self._vain = 0
        #: Whether one request has shown several jobs.
        self.together = False
        #: Requests that asked how jobs are doing.
        self.requests = 0
        #: How far its answers are behind.
        self.relay = Relay()

    async def turn(self, ask: Ask) -> Heard | None:
        """Wait until it is this job's turn to be looked at; or what another one's look has brought for it."""
        self._asks.append(ask)
        self._arm()
        try:
            return await ask.turn
        finally:
            if ask in self._asks:  # cancelled
                self._asks.remove(ask)
                self._arm()

    async def look(self, ask: Ask) -> Heard:
        """What a look at the job brings, whose turn it is; others that can go with it do. Never raises."""
        partners = self._partners(ask)
        heard = await self._together(ask, partners) if partners else None
        return heard or await self._alone(ask)

    def _arm(self) -> None:
        """One timer for the account: the earliest due, or the budget's next look."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._asks:
            now = self._loop.time()
            at = max(self._next(), self._pace.ready(now))
            self._timer = self._loop.call_at(at, self._serve)

    def _next(self) -> float:
        """When the first look is due; where looks go together, it waits a little for others that are due soon."""
        first = min(self._asks, key=lambda ask: ask.due)
        return max(ask.due for ask in self._asks if ask.due <= first.due + first.slack)

    def _serve(self) -> None:
        """Whoever is due, as far as the budget goes: the likeliest first."""
        self._timer = None
        now = self._loop.time()
        due = sorted((ask for ask in self._asks if ask.due <= now), key=lambda ask: -ask.odds(now))
        for ask in due:
            if self._pace.ready(now) > now:
                break
            self._pace.take(now)
            self._asks.remove(ask)
            ask.turn.set_result(None)
            if self._session.looks.can_many:  # the others may go with it
                break
        self._arm()

    def _partners(self, ask: Ask) -> list[Ask]:
        """Those that may be looked at in the same request."""
        if not self._session.looks.can_many or not ask.joins:
            return []
        now = self._loop.time()
        partners = [
            other
            for other in self._asks
            if other.joins
            and other.spec.mode is ask.spec.mode
            and other.remote_id != ask.remote_id
            and now - other.looked >= patience.LEAST_GAP
        ]
        return sorted(partners, key=lambda other: other.due)[: self._session.looks.most - 1]

    async def _together(self, ask: Ask, partners: list[Ask]) -> Heard | None:
        """One request for all of them; what the asker's own job heard by it, if anything."""
        for other in partners:
            self._asks.remove(other)
        self._arm()
        sent = self._loop.time()
        found: Mapping[str, Seen] = {}
        try:
            found = await self._shown(ask, partners)
        finally:
            for other in partners:
                seen = found.get(other.remote_id)
                if other.turn.done():
                    continue
                if seen is None:
                    self._asks.append(other)
                else:
                    other.turn.set_result(Heard(seen, sent))
            self._arm()
        seen = found.get(ask.remote_id)
        return Heard(seen, sent) if seen is not None else None

    async def _shown(self, ask: Ask, partners: list[Ask]) -> Mapping[str, Seen]:
        asks = {each.remote_id: each for each in (ask, *partners)}
        self.requests += 1
        kinds = {remote_id: each.spec.operation.kind for remote_id, each in asks.items()}
        found = await self._session.looks.many(ask.spec.mode, kinds)
        if isinstance(found, Trouble):
            self._mind(found)
            if _is_too_often(found):  # who was due has had its look; the others go on waiting for theirs
                return {ask.remote_id: found}
            self._vain += 1
            return {}
        self._pace.answered()
        self._vain = 0 if found else self._vain + 1
        self.together = self.together or len(found) > 1
        # A list may be lean: what ended without its picture or its buttons is worth a look of its own.
        return {each: seen for each, seen in found.items() if each in asks and _is_told(asks[each], seen)}

    async def _alone(self, ask: Ask) -> Heard:
        sent = self._loop.time()
        self.requests += 1
        seen = await self._session.look(ask.spec, ask.remote_id, known=ask.known)
        if isinstance(seen, Trouble):
            self._mind(seen)
        else:
            self._pace.answered()
            if self._vain >= _IN_VAIN and not isinstance(seen, Missing):
                self._session.looks.only_single()
        return Heard(seen, sent)

    def _mind(self, trouble: Trouble) -> None:
        """A provider that was asked too often is asked less, about every job."""
        if _is_too_often(trouble):
            wait = min(trouble.retry_after or 1.0, patience.RETRY_AFTER_LIMIT)
            self._pace.refused(self._loop.time(), wait)
            self._arm()


def _is_too_often(trouble: Trouble) -> bool:
    failure: Failure = trouble.failure
    return failure.status == _TOO_OFTEN


def _is_told(ask: Ask, seen: Seen) -> bool:
    """Whether a list's row says all that a look of its own would."""
    if not isinstance(seen, Snapshot) or seen.status is not Status.DONE:
        return True
    return ask.spec.operation.brings is not Brings.PICTURES or bool(seen.images and seen.actions)
