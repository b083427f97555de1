"""The provider's own books: what a test compares with what the client believes.

Rule 1: nothing here is told by the client; every number follows from accepted jobs, answers and the world's clock.
Rule 2: reading is free of side effects, at any time, also after the loop has ended.
"""

from collections import Counter
from collections.abc import Callable

from attrs import asdict, define, field, frozen

from mjasync.sim.jobs import Job, Phase


@frozen(kw_only=True)
class Entry:
    """One accepted job as the books show it now. `finished_at` and `outcome` are None while it waits or runs."""

    account: str
    id: str
    kind: str
    prompt: str
    action: str
    mode: str
    parent: str | None
    accepted_at: float
    finished_at: float | None
    outcome: str | None
    quota: int


@frozen(kw_only=True)
class Violation:
    """A request that no seed allows, and what was wrong with it."""

    provider: str
    endpoint: str
    what: str
    at: float


@define
class Ledger:
    """Accepted, charged, running and refused, per world; names of accounts as in `World.account`."""

    now: Callable[[], float] = field(repr=False)
    #: "provider.endpoint" -> requests that arrived, refused ones included (e.g. "ttapi.imagine", "mjproxy.fetch").
    requests: Counter[str] = field(factory=Counter)
    #: Reason -> requests that were answered with a refusal.
    refusals: Counter[str] = field(factory=Counter)
    #: Remote id -> how often it was looked at.
    looks: Counter[str] = field(factory=Counter)
    #: Kind of fault -> how often it fired.
    faults: Counter[str] = field(factory=Counter)
    #: "provider.status" -> callbacks that were sent, by what they were answered ("ttapi.200", "mjproxy.unreachable").
    hooks: Counter[str] = field(factory=Counter)
    #: Account -> the most jobs that ever waited or ran at once.
    peak_running: dict[str, int] = field(factory=dict)
    #: Id of a window -> jobs that it led to: 0 while it waits, 2 where a modal was sent and charged twice.
    windows: dict[str, int] = field(factory=dict)
    violations: list[Violation] = field(factory=list)
    _booked: list[Job] = field(factory=list, repr=False)

    def book(self, job: Job, *, running: int) -> None:
        """Enter an accepted job; `running` counts the jobs of its account at this moment, itself included."""
        self._booked.append(job)
        name = job.account.name
        self.peak_running[name] = max(self.peak_running.get(name, 0), running)

    def booked(self, account: str) -> list[Job]:
        """Return the accepted jobs of an account, a second run of the same window included."""
        return [job for job in self._booked if job.account.name == account]

    def violation(self, provider: str, endpoint: str, what: str) -> None:
        """Enter a request that a seed does not allow."""
        self.violations.append(Violation(provider=provider, endpoint=endpoint, what=what, at=self.now()))

    @property
    def accepted(self) -> int:
        """Jobs that were ever accepted, all accounts."""
        return len(self._booked)

    @property
    def refunded(self) -> int:
        """Accepted jobs that have failed by now and were given back."""
        now = self.now()
        return sum(job.phase(now) is Phase.FAILED for job in self._booked)

    @property
    def charged(self) -> int:
        """Jobs that the customer pays for as things stand: accepted minus refunded."""
        return self.accepted - self.refunded

    @property
    def running(self) -> dict[str, int]:
        """Account -> jobs that wait or run now; every account that was ever used has a number."""
        now = self.now()
        counts = dict.fromkeys(self.peak_running, 0)
        for job in self._booked:
            counts[job.account.name] += now < job.finished_at
        return counts

    @property
    def jobs(self) -> list[Entry]:
        """All accepted jobs in the order of their acceptance."""
        now = self.now()
        return [_entry(job, now) for job in self._booked]

    def as_json(self) -> dict[str, object]:
        """Everything, in plain JSON types: what `GET /ledger` answers."""
        return {
            "accepted": self.accepted,
            "charged": self.charged,
            "refunded": self.refunded,
            "running": self.running,
            "peak_running": dict(self.peak_running),
            "requests": dict(self.requests),
            "refusals": dict(self.refusals),
            "looks": dict(self.looks),
            "faults": dict(self.faults),
            "hooks": dict(self.hooks),
            "windows": dict(self.windows),
            "violations": [asdict(violation) for violation in self.violations],
            "jobs": [asdict(entry) for entry in self.jobs],
        }


def _entry(job: Job, now: float) -> Entry:
    ended = now >= job.finished_at
    return Entry(
        account=job.account.name,
        id=job.id,
        kind=job.order.kind,
        prompt=job.order.prompt,
        action=job.order.token,
        mode=job.order.mode,
        parent=job.order.parent.id if job.order.parent else None,
        accepted_at=job.accepted_at,
        finished_at=job.finished_at if ended else None,
        outcome=job.phase(now).value if ended else None,
        quota=job.quota,
    )
