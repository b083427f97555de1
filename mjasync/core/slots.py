"""Who may send next, and on which account.

Rule 1: a slot is one of an account's `max_jobs`; it is lent before a submit leaves and comes back when the
provider's job is over, whatever became of whoever awaits it.
Rule 2: choosing and debiting happen in one breath, so that a slot can never be promised twice.
Rule 3: one queue for all accounts. A chained child has one possible account, a root may have many.
Rule 4: an account may be held below its `max_jobs` for a while (`core/health.py`): nothing is lent at or above its
limit, and what is lent stays lent.
Rule 5: an account that was refused itself is lent by rations: one job finds out whether it takes any again.

Rule 6: what waits is an entry of a heap. Nothing here goes through all that waits, but for a tidying that the entries
withdrawn before have paid for.

Order: higher `priority` first; at equal priority children before roots, because a half-done chain blocks more than
it costs; then first come, first served. So that roots never starve, after `CHILDREN_IN_A_ROW` children that went
before a waiting root the root is next. Once no more than `TAIL` jobs wait for each slot, those that will take longest
go first among equals, so that no long one begins when all others end; none is overtaken by a job that was asked for
more than `TAIL` places for each slot after it.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import count

from attrs import define, field, frozen

#: How many children may go before a waiting root on one account.
CHILDREN_IN_A_ROW = 4
#: Waiting jobs for each slot from which on the longest go first.
TAIL = 3
#: Withdrawn entries that are left where they are, however few jobs wait.
_UNTIDY = 1000


@frozen(kw_only=True)
class Wish:
    """A job that wants a slot on any one of `accounts`."""

    job: str
    accounts: tuple[str, ...]
    priority: int = 0
    child: bool = False
    #: Place in the queue; a job that was refused keeps its place.
    place: int | None = None


@frozen
class Loan:
    """A slot lent: this job may send on this account now."""

    job: str
    account: str


#: Tells the seconds that each of these jobs will take, all at one moment.
Expected = Callable[[Sequence[str]], Sequence[float]]

#: Priority (negative), place, job: all that a waiting job costs here, beside its line in a dict.
_Entry = tuple[int, int, str]


@define(eq=False)
class _Line:
    """The wishes with one and the same set of possible accounts, children and roots apart."""

    children: "list[_Entry]" = field(factory=list)
    roots: "list[_Entry]" = field(factory=list)

    def side(self, *, child: bool) -> "list[_Entry]":
        return self.children if child else self.roots


class Slots:
    """The slots of all accounts and the one queue before them. Synchronous throughout: nothing can interleave."""

    def __init__(self, caps: Mapping[str, int], expected: Expected | None = None) -> None:
        """Without `expected` the tail is first come, first served too."""
        self._caps = dict(caps)
        self._limits = dict(caps)
        self._held = dict.fromkeys(caps, 0)
        self._rations: dict[str, int] = {}
        self._closed: set[str] = set(caps)
        #: Job → account, and its place in the queue where it had one.
        self._lent: dict[str, tuple[str, int | None]] = {}
        self._waiting: dict[str, _Entry] = {}
        self._lines: dict[tuple[str, ...], _Line] = {}
        #: Entries in all lines, withdrawn ones too.
        self._entries = 0
        self._row: dict[str, int] = dict.fromkeys(caps, 0)
        self._places = count()
        self._expected = expected
        self._tail = TAIL * sum(caps.values())

    def __repr__(self) -> str:
        held = ", ".join(f"{name} {self.held(name)}/{cap}" for name, cap in self._caps.items())
        return f"Slots({held}, waiting={len(self._waiting)})"

    @property
    def waiting(self) -> int:
        """Jobs that wait for a slot."""
        return len(self._waiting)

    def cap(self, account: str) -> int:
        """Slots that the account has."""
        return self._caps[account]

    def limit(self, account: str) -> int:
        """Slots of the account that may be lent at once just now: from 1 to its cap."""
        return self._limits[account]

    def limit_to(self, account: str, limit: int) -> None:
        """Lend at most so many of the account's slots at once from now on, within 1 and its cap."""
        self._limits[account] = min(max(limit, 1), self._caps[account])

    def resize(self, account: str, cap: int) -> None:
        """The account has so many slots from now on, at least 1; what is lent stays lent."""
        whole = self._limits[account] == self._caps[account]
        self._caps[account] = max(cap, 1)
        self._tail = TAIL * sum(self._caps.values())
        self.limit_to(account, self._caps[account] if whole else self._limits[account])

    def ration(self, account: str, loans: int | None) -> None:
        """Lend so many more of the account's slots and then none, within its limit; None: as many as there are."""
        if loans is None:
            self._rations.pop(account, None)
        else:
            self._rations[account] = loans

    def held(self, account: str) -> int:
        """Slots of the account that are lent now."""
        return self._held[account]

    def holds(self, job: str) -> bool:
        """True while a slot is lent to this job."""
        return job in self._lent

    def lender(self, job: str) -> str | None:
        """The account whose slot this job holds, if any."""
        return self._lent.get(job, (None, None))[0]

    def place(self, job: str) -> int | None:
        """The place in the queue of a job that waits, or that waited for the slot it holds."""
        entry = self._waiting.get(job)
        return entry[1] if entry is not None else self._lent.get(job, (None, None))[1]

    def lent(self) -> Iterator[Loan]:
        """All slots that are lent now."""
        return (Loan(job, account) for job, (account, _) in self._lent.items())

    def waits(self) -> Iterator[str]:
        """The jobs that wait, in the order of their asking."""
        return iter(self._waiting)

    def wishes(self) -> Iterator[Wish]:
        """All that wait, in no order."""
        sides = [
            (names, child, line.side(child=child)) for names, line in self._lines.items() for child in (True, False)
        ]
        for names, child, queue in sides:
            for priority, place, job in [entry for entry in queue if self._is_waiting(entry)]:
                yield Wish(job=job, accounts=names, priority=-priority, child=child, place=place)

    def ask(self, wish: Wish) -> int:
        """Queue a wish, in the place of an earlier one of the same job; returns its place.

        A job that holds a slot is not queued again: it would be lent a second one.
        """
        if wish.job in self._lent:
            return -1 if wish.place is None else wish.place
        place = next(self._places) if wish.place is None else wish.place
        line = self._lines.setdefault(wish.accounts, _Line())
        entry = (-wish.priority, place, wish.job)
        heapq.heappush(line.side(child=wish.child), entry)
        self._entries += 1
        self._waiting[wish.job] = entry
        if self._entries > 2 * len(self._waiting) + _UNTIDY:
            self._tidy(queue for each in self._lines.values() for queue in (each.children, each.roots))
        return place

    def withdraw(self, job: str) -> bool:
        """Take a wish out of the queue; False if it does not wait (any more). Its entry stays behind, for later."""
        return self._waiting.pop(job, None) is not None

    def open(self, account: str) -> None:
        """Lend this account's slots from now on. Accounts start closed."""
        self._closed.discard(account)

    def close(self, account: str) -> None:
        """Lend none of this account's slots until it is opened; what is lent stays lent."""
        self._closed.add(account)

    def is_open(self, account: str) -> bool:
        """Whether this account's slots are being lent."""
        return account not in self._closed

    def adopt(self, job: str, account: str) -> None:
        """Count a job that is known to run already (after a restart), even beyond the cap; twice changes nothing."""
        if job in self._lent:
            return
        self._held[account] += 1
        self._lent[job] = account, None

    def give_back(self, job: str) -> None:
        """The provider's job is over, or certainly never began. Giving back twice changes nothing."""
        account, _ = self._lent.pop(job, (None, None))
        if account is not None:
            self._held[account] -= 1

    def lend(self) -> list[Loan]:
        """Pair waiting jobs with free slots until nothing fits; every pair is debited already."""
        loans = []
        while (loan := self._lend_one()) is not None:
            loans.append(loan)
        return loans

    def _lend_one(self) -> Loan | None:
        """Lend the emptiest account's next slot; accounts that nobody wants are passed over."""
        room = {name: self._limits[name] - self._held[name] for name in self._caps if self._may_lend(name)}
        for account in sorted((name for name in room if room[name] > 0), key=lambda name: -room[name]):
            entry = self._next_for(account)
            if entry is not None:
                _, place, job = entry
                self.withdraw(job)
                self._held[account] += 1
                self._lent[job] = account, place
                if account in self._rations:
                    self._rations[account] -= 1
                return Loan(job, account)
        return None

    def _may_lend(self, account: str) -> bool:
        return account not in self._closed and self._rations.get(account, 1) > 0

    def _next_for(self, account: str) -> _Entry | None:
        """The entry that goes next on this account, its row of children counted."""
        child, root = self._best(account, child=True), self._best(account, child=False)
        first = child or root
        if first is None:
            return None
        if child and root:
            overtaken = self._row[account] >= CHILDREN_IN_A_ROW
            first = root if root[0] < child[0] or (overtaken and root[0] == child[0]) else child
        self._row[account] = self._row[account] + 1 if first is child and root else 0
        return first

    def _best(self, account: str, *, child: bool) -> _Entry | None:
        """The first of all queues that this account can serve."""
        queues = [line.side(child=child) for names, line in self._lines.items() if account in names]
        if self._expected is not None and len(self._waiting) <= self._tail:
            return self._longest(queues, self._expected)
        return min((head for head in map(self._head, queues) if head is not None), default=None)

    def _head(self, queue: list[_Entry]) -> _Entry | None:
        """The first entry of a heap that still waits; withdrawn ones are dropped on the way."""
        while queue and not self._is_waiting(queue[0]):
            heapq.heappop(queue)
            self._entries -= 1
        return queue[0] if queue else None

    def _longest(self, queues: list[list[_Entry]], expected: Expected) -> _Entry | None:
        """Of the last few, the one that will take longest, among those as urgent and about as early as the first."""
        self._tidy(queues)
        last = [entry for queue in queues for entry in queue]
        if not last:
            return None
        urgency, place, _ = min(last)
        equals = sorted(entry for entry in last if entry[0] == urgency and entry[1] - place < self._tail)
        if len(equals) == 1:
            return equals[0]
        seconds = expected([job for _, _, job in equals])
        return equals[seconds.index(max(seconds))]

    def _tidy(self, queues: Iterable[list[_Entry]]) -> None:
        """Drop the entries that wait no more."""
        for queue in queues:
            before = len(queue)
            queue[:] = [entry for entry in queue if self._is_waiting(entry)]
            self._entries -= before - len(queue)
            heapq.heapify(queue)

    def _is_waiting(self, entry: _Entry) -> bool:
        """Whether this is its job's entry still; a job that asked again has another one."""
        return self._waiting.get(entry[2]) is entry
