"""The providers' side of the world: accounts, jobs, caps, fates. No HTTP in it.

Rule 1: the same seed and the same sequence of calls give the same ids, durations and pictures. Each account has its
own row of dice, one throw per accepted job, so that two accounts do not disturb each other.
Rule 2: time comes from `now`, chance from the seed; a job's fate is thrown when it is accepted.
"""

import heapq
from collections.abc import Callable, Iterable, Mapping
from math import inf
from random import Random
from typing import Any

from attrs import define, evolve, field

from mjasync.sim import fates, profiles
from mjasync.sim.clock import LoopClock
from mjasync.sim.faults import Fault, FaultBook
from mjasync.sim.jobs import Account, Job, Order
from mjasync.sim.ledger import Ledger
from mjasync.sim.pictures import Gallery

#: Seed 000: at most ten queues at once, waiting ones included. Seed 001 tells no number; the same is used.
DEFAULT_CAP = 10
#: Unix time of the world's second 0: the submitTime of seed 001's sample, so that no wall clock is needed.
EPOCH = 1_741_531_578.038
PROVIDERS = ("ttapi", "mjproxy")


class QueueFull(Exception):
    """The account already has as many jobs as its cap allows."""


@define
class _Desk:
    """What the provider remembers of one account: jobs and windows that it gave, when jobs leave the queue and end."""

    given: int = 0
    windows: int = 0
    starts: list[float] = field(factory=list)
    ends: list[float] = field(factory=list)

    def take(self, job: Job) -> None:
        self.given += 1
        heapq.heappush(self.starts, job.started_at)
        heapq.heappush(self.ends, job.finished_at)


class World:
    """Both providers in one place, with a ledger of their own.

    `speed` divides every duration (60: an hour in a minute). `now` tells the seconds (default: the running loop's
    clock). `caps` sets caps by account name or provider, for accounts that do not bring their own (default 10).
    `banned` are words that both providers refuse in a prompt. `epoch` is the Unix time of second 0 of `now`, only
    used where a provider shows times of day. `profile` names the way that the providers are (`sim.profiles`).
    """

    def __init__(
        self,
        *,
        seed: int = 0,
        speed: float = 1.0,
        now: Callable[[], float] | None = None,
        caps: Mapping[str, int] | None = None,
        banned: Iterable[str] = ("gore", "nsfw", "nude"),
        epoch: float = EPOCH,
        profile: str = "seed",
    ) -> None:
        if not 0 < speed < inf:
            raise ValueError(f"speed must be a positive number, not {speed}")
        self.profile = profiles.find(profile)
        self.seed = seed
        self.speed = speed
        self.now = now or LoopClock()
        self.banned = tuple(word.casefold() for word in banned)
        self.epoch = epoch
        self.ledger = Ledger(self.now)
        self.gallery = Gallery()
        # The whole mutable state besides the ledger: who may come in, what was accepted, what will go wrong.
        self.accounts: dict[tuple[str, str], Account] = {}
        self.jobs: dict[str, Job] = {}
        self.windows: dict[str, Job] = {}
        self._beside: dict[str, Job] = {}
        self._caps = dict(caps or {})
        self._desks: dict[str, _Desk] = {}
        self._faults = FaultBook()
        #: Told of each job that is accepted: who calls back (see `callbacks`).
        self.took: Callable[[Job], None] | None = None

    def __repr__(self) -> str:
        return f"<World seed={self.seed} speed={self.speed:g} accounts={len(self.accounts)} jobs={len(self.jobs)}>"

    def account(
        self, provider: str, key: str | None = None, name: str | None = None, cap: int | None = None
    ) -> Account:
        """Make a key known and return its account; the same key twice is the same account.

        Default key: `sim-<name>`. Default name: the provider's, then `ttapi-2`, …
        """
        if provider not in PROVIDERS:
            raise ValueError(f"no provider is called {provider!r}; there are {', '.join(PROVIDERS)}")
        if key is not None and (provider, key) in self.accounts:
            return self.accounts[provider, key]
        name = name or self._free_name(provider)
        if name in self._desks:
            raise ValueError(f"another account is called {name!r}")
        key = key or f"sim-{name}"
        cap = cap if cap is not None else self._caps.get(name, self._caps.get(provider, DEFAULT_CAP))
        made = Account(provider=provider, name=name, key=key, cap=cap)
        self.accounts[provider, key] = made
        self._desks[name] = _Desk()
        return made

    def find_account(self, provider: str, key: str) -> Account | None:
        """Return whose key this is, or None."""
        return self.accounts.get((provider, key))

    def find_job(self, account: Account, remote_id: str) -> Job | None:
        """Return an account's own job that has not vanished, or None."""
        job = self.jobs.get(remote_id)
        own = job is not None and job.account == account and job.visible(self.now())
        return job if own else None

    def running(self, account: Account) -> int:
        """Count the jobs of an account that wait or run now."""
        return _after(self._desks[account.name].ends, self.now())

    def waiting(self, account: Account) -> int:
        """Count the jobs of an account that wait in the provider's queue now."""
        return _after(self._desks[account.name].starts, self.now())

    def banned_word(self, prompt: str) -> str | None:
        """Return the first banned word of a prompt, or None."""
        text = prompt.casefold()
        return next((word for word in self.banned if word in text), None)

    def accept(self, account: Account, order: Order, *, window: Job | None = None, beside: Job | None = None) -> Job:
        """Take a paid job in, decide its fate, and enter it in the books.

        A job that a `window` led to goes on under the window's id. A job `beside` another shares that one's id
        without taking its place (`found_beside` has it).

        Raises:
            QueueFull: the account has `cap` jobs that wait or run; nothing was taken.

        """
        running, desk = self.running(account), self._desks[account.name]
        if running >= account.cap:
            raise QueueFull
        fault = self.strike(account.provider, "job", order.prompt)
        ordinal = desk.given + 1
        dice = self._dice(f"{account.name}/{ordinal}")
        job = fates.throw(account, order, ordinal=ordinal, dice=dice, now=self.now(), speed=self.speed, fault=fault)
        if window:
            job = evolve(job, id=window.id, hash=window.hash, windowed=True)
        if beside:
            job = evolve(job, id=beside.id)
            self._beside[beside.id] = job
        else:
            self.jobs[job.id] = job
        self.gallery.hang(job)
        desk.take(job)
        self.ledger.book(job, running=running + 1)
        if self.took is not None:
            self.took(job)
        return job

    def open_window(self, account: Account, order: Order) -> Job:
        """Open a window: it neither runs nor counts nor costs, and a second row of dice names it."""
        desk = self._desks[account.name]
        desk.windows += 1
        ordinal = desk.windows
        dice = self._dice(f"{account.name}/window/{ordinal}")
        window = fates.open_window(account, order, ordinal=ordinal, dice=dice, now=self.now())
        self.windows[window.id] = self.jobs[window.id] = window
        self.ledger.windows[window.id] = 0
        return window

    def find_window(self, account: Account, remote_id: str) -> Job | None:
        """Return an account's own window, answered or not, or None."""
        window = self.windows.get(remote_id)
        return window if window is not None and window.account == account else None

    def found_beside(self, job: Job) -> Job | None:
        """Return the newest job that shares this one's id, or None."""
        return self._beside.get(job.id)

    def earlier(self, parent: Job, token: str) -> Job | None:
        """Return the first job that this button led to under this parent, or None."""
        same = (job for job in self.jobs.values() if job.order.parent is parent and job.order.token == token)
        return next(same, None)

    def jobs_of(self, account: Account) -> list[Job]:
        """Return an account's jobs that have not vanished, windows left out, in the order of their acceptance."""
        now = self.now()
        mine = [job for job in self.jobs.values() if job.account == account and job.visible(now) and not job.window]
        return sorted(mine, key=lambda job: (job.accepted_at, job.ordinal))

    def inject(
        self,
        kind: str,
        *,
        provider: str | None = None,
        on: str | None = None,
        times: int = 1,
        match: str | None = None,
        **details: Any,
    ) -> Fault:
        """Script a fault for the next request or job that fits, `times` times.

        `on` is "submit" (default: all that may cost), "fetch", "free", "image" or "job"; `match` is text in the URL or body of the request, or
        in the prompt of the job. Requests, not processed: `drop`, `refuse_connection`, `html`,
        `status(status=503, retry_after=None, body=None)`, `redirect(location=None, status=302)`, `queue_full`,
        `reject(reason=…, status=400, code=24, word=…)`. Requests, processed and charged first: `lose_answer`,
        `garbage`, `empty`, `lost_status` (details as `status`), `no_id`. Jobs: `fail(reason=…, at=1.0)` where `at` is
        the share of the run, `stuck`, `slow(factor=3)`, `vanish(after=0)` in seconds; a vanished job runs and costs on.
        Callbacks, one each: `hook_lost`, `hook_late(after=30)` in seconds, `hook_twice(copies=2)`; and for each job
        `hook_early`, one more before the submit's answer.
        """
        return self._faults.inject(kind, provider=provider, on=on, times=times, match=match, details=details)

    def strike(self, provider: str, on: str, text: str) -> Fault | None:
        """Return the scripted fault that this request or job meets, counted in the ledger, or None."""
        fault = self._faults.strike(provider, on, text)
        if fault:
            self.ledger.faults[fault.kind] += 1
        return fault

    def _dice(self, name: str) -> Random:
        return Random(f"{self.seed}/{name}")

    def _free_name(self, provider: str) -> str:
        number = 1
        while (name := provider if number == 1 else f"{provider}-{number}") in self._desks:
            number += 1
        return name


def _after(heap: list[float], now: float) -> int:
    """Count the times that are still to come; the past is thrown away."""
    while heap and heap[0] <= now:
        heapq.heappop(heap)
    return len(heap)
