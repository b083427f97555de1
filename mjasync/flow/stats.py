"""Figures of a pool, for people and dashboards."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from attrs import define, evolve, field, frozen

from mjasync.core.model import Phase
from mjasync.core.slots import Slots
from mjasync.flow.rounds import Round


@frozen(kw_only=True)
class AccountStats:
    """How one account of a pool stands at one moment."""

    #: Slots that it has: `max_jobs`, or fewer where the account says that it takes fewer.
    cap: int
    #: Slots that are lent at most just now: fewer after the account said "too often" or "queue full".
    limit: int
    #: True while somebody else seems to use the account: it called its queue full with fewer jobs of ours than `cap`.
    crowded: bool = False
    #: Slots that are taken now.
    held: int
    #: Of these: slots that are kept for jobs of unknown fate, which may be running.
    unknown: int = 0
    #: Most slots that were ever taken at once.
    peak: int
    #: Jobs that ended well on it.
    done: int
    #: Mean seconds from a job's end to the first answer that could show it, by the provider's own times; None where it
    #: tells none, where too few jobs were seen, and for an account that answers at once. No look can be sooner.
    lag: float | None = None
    #: Seconds between two changes of what its answers show, as far as that is proved (stock relays: 15); 0 for none.
    refresh: float = 0.0
    #: Median seconds from a job's end to our seeing it, by the provider's own times; None where it tells none.
    seen: float | None = None
    #: Seconds until the next look at one of its jobs; None while none is planned.
    next_look: float | None = None
    #: Whether its callbacks prove alive, so that looks are sparse; see docs/webhooks.md.
    callbacks: bool = False


@frozen(kw_only=True)
class Stats:
    """A pool at one moment."""

    #: Seconds since the pool was opened, on the loop's clock.
    seconds: float
    #: All jobs that the pool knows.
    jobs: int
    #: Those that wait for a slot or a parent.
    waiting: int
    #: Those that ended well.
    done: int
    #: Those that ended in an error.
    failed: int
    #: Those of unknown fate.
    lost: int
    #: Free requests that asked how a job is doing.
    looks: int
    #: Each account, by its name.
    accounts: Mapping[str, AccountStats]
    #: Share of all slots that was taken, from the first slot lent to the last one given back; 0 to 1.
    slot_use: float
    #: What was known at that moment about how long jobs take, as JSON, for `Looking(learned=…)` of another pool.
    #: Accounts go by their fingerprints; no prompt, no id, no key is in it.
    learned: dict[str, Any] = field(factory=dict, repr=False, eq=False)

    @property
    def looks_per_job(self) -> float:
        """Looks for each job that ended well."""
        return self.looks / self.done if self.done else 0.0


@define(eq=False)
class Meter:
    """Adds up how many slots were taken for how long. Fed on every change."""

    slots: int
    peaks: dict[str, int]
    taken: int = 0
    area: float = 0.0
    #: Slot-seconds that there were until `changed_at`.
    whole: float = 0.0
    begun_at: float | None = None
    changed_at: float = 0.0
    ended_at: float = 0.0
    #: Slot-seconds that there were until `ended_at`.
    whole_then: float = 0.0

    def change(self, account: str, held: int, taken: int, now: float) -> None:
        """`account` holds `held` slots from now on, and all accounts together `taken`."""
        self._pass(now)
        self.begun_at = now if self.begun_at is None else self.begun_at
        self.peaks[account] = max(self.peaks[account], held)
        self.taken, self.ended_at, self.whole_then = taken, now, self.whole

    def resize(self, slots: int, now: float) -> None:
        """All accounts together have so many slots from now on."""
        self._pass(now)
        self.slots = slots

    def _pass(self, now: float) -> None:
        if self.begun_at is not None:
            self.area += self.taken * (now - self.changed_at)
            self.whole += self.slots * (now - self.changed_at)
        self.changed_at = now

    def use(self, now: float) -> float:
        """Share of slot-seconds that was taken."""
        if self.begun_at is None:
            return 0.0
        self._pass(now)
        whole = self.whole if self.taken else self.whole_then
        return self.area / whole if whole > 0 else 0.0


def stats_of(
    jobs: Counter[tuple[Phase, str]],
    slots: Slots,
    meter: Meter,
    *,
    looks: int,
    crowded: Callable[[str], bool],
    lost: Callable[[str], bool],
    begun: float,
    now: float,
) -> Stats:
    """Figures at the moment `now`; `jobs` counts all that there ever were, by phase and account.

    `lost` tells whether a job's fate is unknown.
    """
    unknown = Counter(loan.account for loan in slots.lent() if lost(loan.job))
    phases = _by_phase(jobs)
    accounts = {
        name: AccountStats(
            cap=slots.cap(name),
            limit=slots.limit(name),
            crowded=crowded(name),
            held=slots.held(name),
            unknown=unknown[name],
            peak=peak,
            done=jobs[Phase.DONE, name],
        )
        for name, peak in meter.peaks.items()
    }
    return Stats(
        seconds=now - begun,
        jobs=jobs.total(),
        waiting=phases[Phase.HELD],
        done=phases[Phase.DONE],
        failed=phases[Phase.FAILED],
        lost=phases[Phase.LOST],
        looks=looks,
        accounts=accounts,
        slot_use=meter.use(now),
    )


def _by_phase(jobs: Counter[tuple[Phase, str]]) -> Counter[Phase]:
    phases: Counter[Phase] = Counter()
    for (phase, _), number in jobs.items():
        phases[phase] += number
    return phases


def with_looking(
    stats: Stats, rounds: Mapping[str, Round], learned: dict[str, Any], hears: Callable[[str], bool]
) -> Stats:
    """With what looks have taught, and the next one."""
    accounts = dict(stats.accounts)
    for name, each in rounds.items():
        relay = each.relay
        accounts[name] = evolve(
            accounts[name],
            lag=relay.lag,
            refresh=relay.refresh,
            seen=relay.seen,
            next_look=each.next_look,
            callbacks=hears(name),
        )
    return evolve(stats, accounts=accounts, learned=learned)
