"""The providers' side of the world: accounts, jobs, caps, fates. No HTTP in it.

Rule 1: the same seed and the same sequence of calls give the same ids, durations and pictures. Each account has its
own row of dice, one throw per accepted job, so that two accounts do not disturb each other.
Rule 2: time comes from `now`, chance from the seed; a job's fate is thrown when it is accepted.
"""

import heapq
import uuid
from collections.abc import Callable, Iterable, Mapping
from math import inf
from random import Random
from typing import Any

from attrs import define, field

from mjasync.sim import laws, scenes
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

# Seed 000's sample: 3 for an imagine. Only the order of the rest is meant to be real.
_QUOTA = {"upscale": 1}
_PRICE = {"relax": 1, "fast": 1, "turbo": 2}


class QueueFull(Exception):
    """The account already has as many jobs as its cap allows."""


@define
class _Desk:
    """What the provider remembers of one account: how many jobs it gave, and when they leave the queue and end."""

    given: int = 0
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
    used where a provider shows times of day.
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
    ) -> None:
        if not 0 < speed < inf:
            raise ValueError(f"speed must be a positive number, not {speed}")
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
        self._caps = dict(caps or {})
        self._desks: dict[str, _Desk] = {}
        self._faults = FaultBook()

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

    def accept(self, account: Account, order: Order) -> Job:
        """Take a paid job in, decide its fate, and enter it in the books.

        Raises:
            QueueFull: the account has `cap` jobs that wait or run; nothing was taken.

        """
        running = self.running(account)
        if running >= account.cap:
            raise QueueFull
        job = self._throw(account, order, self.strike(account.provider, "job", order.prompt))
        self.jobs[job.id] = job
        self.gallery.hang(job)
        self._desks[account.name].take(job)
        self.ledger.book(job, running=running + 1)
        return job

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

        `on` is "submit" (default), "fetch", "image" or "job"; `match` is text in the URL or body of the request, or
        in the prompt of the job. Requests, not processed: `drop`, `refuse_connection`, `html`,
        `status(status=503, retry_after=None, body=None)`, `redirect(location=None, status=302)`, `queue_full`,
        `reject(reason=…, status=400, code=24, word=…)`. Requests, processed and charged first: `lose_answer`,
        `garbage`, `empty`, `lost_status` (details as `status`), `no_id`. Jobs: `fail(reason=…, at=1.0)` where `at` is
        the share of the run, `stuck`, `slow(factor=3)`, `vanish(after=0)` in seconds; a vanished job runs and costs on.
        """
        return self._faults.inject(kind, provider=provider, on=on, times=times, match=match, details=details)

    def strike(self, provider: str, on: str, text: str) -> Fault | None:
        """Return the scripted fault that this request or job meets, counted in the ledger, or None."""
        fault = self._faults.strike(provider, on, text)
        if fault:
            self.ledger.faults[fault.kind] += 1
        return fault

    def _throw(self, account: Account, order: Order, fault: Fault | None) -> Job:
        ordinal = self._desks[account.name].given + 1
        dice = Random(f"{self.seed}/{account.name}/{ordinal}")
        token = str(uuid.UUID(int=dice.getrandbits(128)))
        remote_id = str(uuid.UUID(int=dice.getrandbits(128)))
        # Seed 001's sample id has 16 digits and travels as a JSON integer: below 2**53, as the relay needs it.
        number = str(dice.randrange(10**15, 9 * 10**15))
        queue, run = (seconds / self.speed for seconds in laws.durations(order.mode, order.kind, dice))
        fate = _fate(fault, self.now(), queue, run)
        parent = order.parent
        shown = (
            scenes.derive(parent.scenes, order.gesture, order.prompt, dice)
            if parent and order.gesture
            else scenes.first(order.prompt, dice)
        )
        square = order.gesture is not None and order.gesture.flavour == "square"
        return Job(
            account=account,
            ordinal=ordinal,
            id=remote_id if account.provider == "ttapi" else number,
            hash=token,
            order=order,
            accepted_at=self.now(),
            quota=_QUOTA.get(order.kind, 3) * _PRICE[order.mode],
            scenes=shown,
            size=(512, 512) if square else parent.size if parent else scenes.size(order.prompt),
            **fate,
        )

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


def _fate(fault: Fault | None, now: float, queue: float, run: float) -> dict[str, Any]:
    """Return when a job starts, ends, fails and vanishes."""
    kind, details = (fault.kind, fault.details) if fault else ("", {})
    factor = details.get("factor", 3.0) if kind == "slow" else 1.0
    started = now + queue * factor
    finished = started + run * factor
    fate: dict[str, Any] = {"started_at": started, "finished_at": finished}
    if kind == "fail":
        fate["failure"] = details.get("reason", "[Internal error] the picture could not be made")
        fate["finished_at"] = started + run * details.get("at", 1.0)
    if kind == "stuck":
        fate["finished_at"] = inf
    if kind == "vanish":
        fate["vanished_at"] = now + details.get("after", 0.0)
    return fate
