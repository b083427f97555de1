"""When work will probably be over: a range, from what was learned about how long jobs take.

A few worlds are played through: each job takes one of the lengths that its law gives, slots are lent as `core/slots`
does, steps wait for their parents, and the range is where the middle three fifths of the worlds end.

Rule 1: a range, never a second; and the fewer jobs were seen end, the wider it is.
Rule 2: the same work and the same dice give the same range.
"""

import heapq
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import count
from math import exp, sqrt
from statistics import NormalDist, fmean

from attrs import field, frozen

#: The range is from this share of what may happen to that one.
LOW, HIGH = 0.2, 0.8
#: A law is told as the lengths within which these shares of its jobs are over.
SHARES = tuple((2 * k + 1) / 20 for k in range(10))
#: Worlds that are played.
WORLDS = 20
#: The spread of the logarithm of a law's median before anything was seen of it; it falls with the root of the jobs.
DOUBT = 0.45
#: How far off all durations are together in each world, in units of that spread.
_TILTS = tuple(NormalDist().inv_cdf((2 * k + 1) / (2 * WORLDS)) for k in range(WORLDS))


@frozen(kw_only=True)
class Eta:
    """Seconds that are probably left, from the moment it was asked for."""

    #: One in five is over sooner.
    low: float
    #: Half are over by then.
    likely: float
    #: Four in five are over by then.
    high: float
    #: Ended jobs that such a job's law rests on, in the mean; below 1 it is little more than a guess from a page.
    known: float

    def plus(self, other: "Eta") -> "Eta":
        """One after the other; wider than it need be, never narrower."""
        return Eta(
            low=self.low + other.low,
            likely=self.likely + other.likely,
            high=self.high + other.high,
            known=min(self.known, other.known),
        )


@frozen(kw_only=True)
class Work:
    """A job that runs or waits, and the steps that wait for it."""

    #: Seconds that it still takes, for each of `SHARES`.
    lengths: Sequence[float]
    #: Accounts that may do it, or that it runs on.
    accounts: tuple[str, ...]
    #: How many ended jobs its law knows about.
    known: float = 0.0
    steps: tuple["Work", ...] = ()

    @property
    def seconds(self) -> float:
        """What it takes with its steps, in the mean, on one slot."""
        return fmean(self.lengths) + sum(step.seconds for step in self.steps)


def forecast(
    running: Sequence[Work],
    waiting: Sequence[Work],
    slots: Mapping[str, int],
    *,
    dice: Callable[[], float],
    more: int = 0,
) -> Eta | None:
    """When all of it is over; None where there is nothing to do.

    `waiting` in the order of the queue. `slots`: how many each account has. `more`: jobs that wait and are like those
    in `waiting`, too many to be named one by one. `dice` gives numbers in [0, 1).
    """
    if not running and not waiting:
        return None
    known = fmean(work.known for work in (*running, *waiting))
    ahead = more * fmean([work.seconds for work in waiting] or [0.0]) / max(sum(slots.values()), 1)
    ends = sorted(_World(slots, tilt, dice).end(running, waiting) + ahead * _tilted(known, tilt) for tilt in _TILTS)
    return Eta(low=ends[int(LOW * WORLDS)], likely=ends[WORLDS // 2], high=ends[int(HIGH * WORLDS)], known=known)


def _tilted(known: float, tilt: float) -> float:
    return exp(tilt * DOUBT / sqrt(1 + known))


@frozen
class _World:
    """One way in which it may go."""

    slots: Mapping[str, int]
    tilt: float
    dice: Callable[[], float]
    _numbers: Iterator[int] = field(factory=count, init=False)
    #: What goes on: end, number, account, work.
    _going: list[tuple[float, int, str, Work]] = field(factory=list, init=False)
    _steps: dict[str, deque[Work]] = field(factory=dict, init=False)
    _roots: dict[tuple[str, ...], deque[tuple[int, Work]]] = field(factory=dict, init=False)

    def end(self, running: Iterable[Work], waiting: Iterable[Work]) -> float:
        """When the last one is over."""
        room = dict(self.slots)
        for work in running:
            room[work.accounts[0]] = room.get(work.accounts[0], 0) - 1
            self._begin(0.0, work.accounts[0], work)
        for place, work in enumerate(waiting):
            self._roots.setdefault(work.accounts, deque()).append((place, work))
        now = 0.0
        freed: Iterable[str] = tuple(room)
        while True:
            for account in freed:
                while room[account] > 0 and (after := self._next(account)) is not None:
                    room[account] -= 1
                    self._begin(now, account, after)
            if not self._going:
                return now
            now, _, account, over = heapq.heappop(self._going)
            room[account] += 1
            self._steps.setdefault(account, deque()).extend(over.steps)
            freed = (account,)

    def _begin(self, now: float, account: str, work: Work) -> None:
        length = work.lengths[int(self.dice() * len(work.lengths))] * _tilted(work.known, self.tilt)
        heapq.heappush(self._going, (now + length, next(self._numbers), account, work))

    def _next(self, account: str) -> Work | None:
        """A step before a root, as the queue has it."""
        if self._steps.get(account):
            return self._steps[account].popleft()
        queues = [queue for names, queue in self._roots.items() if queue and account in names]
        return min(queues, key=lambda queue: queue[0][0]).popleft()[1] if queues else None
