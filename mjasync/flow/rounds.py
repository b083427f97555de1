"""The looks at one account's jobs: each when it is due, together where the account can, within the account's budget.

Rule 1: whoever asks looks itself, in its own task; here it only waits for its turn, or hears what another one's look
at several jobs has brought.
Rule 2: where looks have to wait for the budget, the job goes first that is most likely over; but before it any that
has waited longer than its cap.
Rule 3: what a look at several jobs did not bring is asked for one by one; an account that has no such look, or shows
nothing by it, is never asked so again. A job that should be over by now is asked for alone, so that a list that is
stuck hides no end for long.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import TypeGuard

from attrs import evolve

from mjasync.core import patience
from mjasync.core.answers import OVER, Missing, Trouble
from mjasync.core.health import TOO_MANY_REQUESTS
from mjasync.core.looking import Pace, Relay
from mjasync.core.model import Mode, Snapshot, Status
from mjasync.core.operations import Brings
from mjasync.events import LooksPaused
from mjasync.flow.asks import Ask, Heard
from mjasync.flow.looks import Seen
from mjasync.flow.news import News
from mjasync.flow.session import Session
from mjasync.transport.retry import PASSING

#: Answers that a look is repeated after: "too often" is about all of the account's looks, so the pace takes it.
_PASSING = PASSING - {TOO_MANY_REQUESTS}
#: So many looks at several jobs in a row may bring nothing of what single looks show, then there are no more.
_IN_VAIN = 3


class Round:
    """All that wait for a look at one account."""

    def __init__(self, session: Session, pace: Pace, news: News | None = None) -> None:
        self._session = session
        self._news = news or News()
        self._pace = pace
        self._loop = asyncio.get_running_loop()
        self._asks: list[Ask] = []
        self._timer: asyncio.TimerHandle | None = None
        self._vain = 0
        self._blind = 0
        #: Looks in a row that brought nothing.
        self._dark = 0
        #: Late jobs whose ends single looks have shown (mode, kind, when): the next list is asked whether it knows.
        self._ends: dict[str, tuple[Mode, str, float]] = {}
        #: The last list was refused as "too often": perhaps only lists are.
        self._shy = False
        #: Whether one request has shown several jobs.
        self.together = False
        #: How far its answers are behind.
        self.relay = Relay()

    @property
    def resting(self) -> bool:
        """Whether the account has asked not to be looked at now."""
        return self._pace.rests(self._loop.time())

    @property
    def next_look(self) -> float | None:
        """Seconds until the next look; None while nobody waits for one."""
        return max(self._timer.when() - self._loop.time(), 0.0) if self._timer is not None else None

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

    def hasten(self, ask: Ask) -> None:
        """A callback rang for the job: it is looked at now, a second after its last look at the earliest."""
        ask.due = min(ask.due, max(self._loop.time(), ask.looked + patience.BELL_GAP))
        if ask in self._asks:
            self._arm()

    def distrust(self) -> None:
        """No callback is expected any more: each job is looked at when it would have been without."""
        self._bring_forward(lambda ask: ask.dense)

    async def look(self, ask: Ask) -> Heard:
        """What a look at the job brings, whose turn it is; others that can go with it do. Never raises."""
        partners = self._partners(ask)
        if partners:
            heard = await self._together(ask, partners)
            if heard is not None:
                return heard
            # One more request, so one more turn.
            await self.turn(evolve(ask, due=self._loop.time(), joins=False, turn=self._loop.create_future()))
            return evolve(await self._alone(ask), requests=2)
        return await self._alone(ask)

    def _bring_forward(self, soonest: Callable[[Ask], float]) -> None:
        """Nobody waits any longer than until then."""
        now = self._loop.time()
        for ask in self._asks:
            ask.due = min(ask.due, max(now, soonest(ask)))
        self._arm()

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
        """When the first look is due; where looks go together, it waits a little for others that are due soon.

        Nobody waits longer than its own slack, whoever else would.
        """
        many = self._session.looks.can_many
        latest = min(ask.due + (ask.slack if many and ask.joins else 0.0) for ask in self._asks)
        return max(ask.due for ask in self._asks if ask.due <= latest)

    def _serve(self) -> None:
        """Whoever is due, as far as the budget goes."""
        self._timer = None
        now = self._loop.time()
        # One that was cancelled in this very moment has not yet left.
        waiting = (ask for ask in self._asks if ask.due <= now and not ask.turn.done())
        for ask in sorted(waiting, key=lambda ask: ask.urgency(now)):
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
        if not self._session.looks.can_many or not ask.joins or self._shy:
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
                self._tell(other, found.get(other.remote_id), sent, len(partners) + 1)
            self._arm()
        seen = found.get(ask.remote_id)
        return Heard(seen, sent, batch=len(partners) + 1) if _is_told(seen, ask) else None

    def _tell(self, other: Ask, seen: Seen | None, sent: float, batch: int) -> None:
        """A job hears what another one's look has shown of it, or goes on waiting for a look of its own."""
        if other.turn.done():  # cancelled
            return
        if _is_told(seen, other):
            other.turn.set_result(Heard(seen, sent, requests=0, batch=batch))
            return
        if seen is not None:
            other.due, other.joins = self._loop.time(), False
        elif other.unlisted:
            other.joins = False
        other.looked = sent  # it was asked about, whatever came of it
        self._asks.append(other)

    async def _shown(self, ask: Ask, partners: list[Ask]) -> Mapping[str, Seen]:
        asks = {each.remote_id: each for each in (ask, *partners)}
        kinds = {remote_id: each.spec.operation.kind for remote_id, each in asks.items()}
        ends = self._ends_of(ask.spec.mode, self._session.looks.most - len(asks))
        found = await self._session.looks.many(ask.spec.mode, {**ends, **kinds}, tries=1, passing=_PASSING)
        if isinstance(found, Trouble):
            self._mind(found)
            self._vain, self._dark = self._vain + 1, self._dark + 1
            self._shy = _is_too_often(found)
            # Who was due has had its look; the others go on waiting for theirs.
            return {ask.remote_id: found} if self._shy else {}
        self._answered()
        mine = {each: seen for each, seen in found.items() if each in asks}
        self._vain = 0 if mine else self._vain + 1
        self.together = self.together or len(mine) > 1
        self._compare(ends, found)
        for each in asks.values():
            each.unlisted = bool(mine) and each.remote_id not in mine
        return mine

    async def _alone(self, ask: Ask) -> Heard:
        sent = self._loop.time()
        mode, kind = ask.spec.mode, ask.spec.operation.kind
        seen = await self._session.looks.one(mode, kind, ask.remote_id, known=ask.known, passing=_PASSING)
        if isinstance(seen, Trouble):
            self._mind(seen)
            self._dark += 1
        else:
            self._answered()
            self._shy = False
            self._doubt_lists(ask, seen)
        return Heard(seen, sent)

    def _answered(self) -> None:
        """After an outage, in which each job failed alone, one answer speaks for all: nobody sleeps on because of it."""
        self._pace.answered()
        if self._dark > len(self._asks):
            self._bring_forward(lambda ask: ask.again)
        self._dark = 0

    def _doubt_lists(self, ask: Ask, seen: Seen) -> None:
        """A list that shows nothing of what single looks show is no use; of an end it is to be asked."""
        if ask.late and isinstance(seen, Snapshot) and seen.status in OVER and len(self._ends) < _IN_VAIN:
            self._ends[ask.remote_id] = ask.spec.mode, ask.spec.operation.kind, self._loop.time()
        if self._vain >= _IN_VAIN and not isinstance(seen, Missing):
            self._session.looks.only_single()

    def _ends_of(self, mode: Mode, most: int) -> dict[str, str]:
        """Kinds of ended jobs that a list of this mode is asked about too: each once, as any look not too soon."""
        asked = self._loop.time() - patience.LEAST_GAP
        ends = [each for each, (its, _, at) in self._ends.items() if its is mode and at <= asked][:most]
        return {each: self._ends.pop(each)[1] for each in ends}

    def _compare(self, ends: Mapping[str, str], found: Mapping[str, Snapshot]) -> None:
        """A list that goes on showing what is over as running is no use. One that leaves it out says nothing."""
        if any(seen.status in OVER for seen in found.values()):
            self._blind = 0
            return
        self._blind += len(ends.keys() & found.keys())
        if self._blind >= _IN_VAIN:
            self._session.looks.only_single()

    def _mind(self, trouble: Trouble) -> None:
        """A provider that was asked too often is asked less, about every job."""
        if _is_too_often(trouble):
            wait = min(trouble.retry_after or 1.0, patience.RETRY_AFTER_LIMIT)
            self._pace.refused(self._loop.time(), wait)
            self._news.tell(LooksPaused, account=self._session.name, until=self._loop.time() + wait)
            self._arm()


def _is_too_often(trouble: Trouble) -> bool:
    return trouble.failure.status == TOO_MANY_REQUESTS


def _is_told(seen: Seen | None, ask: Ask) -> TypeGuard[Seen]:
    """Whether a list's row says all that a look of its own would; an end without its picture or its buttons does not."""
    if not isinstance(seen, Snapshot) or seen.status is not Status.DONE:
        return seen is not None
    return ask.spec.operation.brings is not Brings.PICTURES or bool(seen.images and seen.actions)
