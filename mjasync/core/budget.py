"""May another paid request leave: what the budget still holds, and what moderation has refused today.

Rule 1: money that may be gone is gone; money that may come back is waited for; only what is certain refuses a job.
Rule 2: a price is what the provider told; nobody computes one here. The highest ever told for a class of work counts.
Rule 3: while a class has no price, one job of it at a time finds out.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from enum import StrEnum
from math import isfinite

from attrs import define, field

from mjasync.core.model import Record
from mjasync.core.operations import GetSeed, Operation, Press
from mjasync.errors import ConfigError

#: (account, mode that was asked for, kind of work): what a price is told for.
Class = tuple[str, str, str]

#: Sums of told prices are compared with this tolerance: 0.1 and 0.2 must fit into 0.3.
_HAIR = 1e-6

#: Moderated prompts a day at which TTAPI begins to keep the quota (contracts_ttapi.md 7, its FAQ).
KEPT_FROM = 30
#: Say so from so many on.
WARN_AT = 15
#: Stop from so many on; what is under way then may be refused too.
STOP_AT = 25

#: Providers whose pages tell no price of any job (seed 001).
TELLS_NO_PRICE = frozenset({"mjproxy"})


class Admission(StrEnum):
    """What becomes of a job that wants to be sent."""

    GO = "go"
    #: What is under way may free what it needs, or tell its price.
    WAIT = "wait"
    STOP = "stop"


def class_of(record: Record, account: str) -> Class:
    """What the job's price is told for, at this account."""
    return account, record.spec.mode.value, record.spec.operation.kind


def price(prices: Mapping[Class, float], account: str, mode: str, kind: str) -> float | None:
    """The highest price that was ever told for the class, else None. Never 0: what cost nothing may yet cost."""
    return prices.get((account, mode, kind)) or None


def admit(budget: float, *, gone: float, reserved: float, price: float, probing: bool) -> Admission:
    """Whether a job fits into the budget.

    `gone`: spent, or possibly so, for good. `reserved`: what may come back. `price`: what the job counts as; 0 where
    nobody has any idea, and then something has to be left. `probing`: a job that will tell this one's price is under
    way.
    """
    if not _fits(budget, gone, price):
        return Admission.STOP
    if not _fits(budget, gone + reserved, price) or probing:
        return Admission.WAIT
    return Admission.GO


def _fits(budget: float, taken: float, price: float) -> bool:
    return taken + price <= budget + _HAIR and taken < budget - _HAIR


def may_offend(operation: Operation) -> bool:
    """Whether the job brings words or pictures of its own for moderation to refuse; a plain button does not."""
    if isinstance(operation, Press):
        return operation.prompt is not None or operation.mask is not None
    return not isinstance(operation, GetSeed)


def breaker(strikes: int, under_way: int) -> Admission:
    """Whether a prompt may go to an account that refused so many today, with so many jobs under way there.

    Each of those may be refused too: once there is reason to fear it, so few run at once that the limit is not passed.
    """
    if strikes >= STOP_AT:
        return Admission.STOP
    too_many = strikes >= WARN_AT and strikes + under_way >= KEPT_FROM
    return Admission.WAIT if too_many else Admission.GO


def checked_budget(value: object, *, accounts: Mapping[str, str] = {}) -> float | None:
    """A budget that can be held, or None for none. `accounts`: the pool's accounts and their providers.

    Where none of the providers tells a price it is refused here, before anything is paid: it would hold nothing.
    Beside an account that tells prices, one that tells none is let go on, with a warning at its first job: the budget
    is about the prices that are told, and until those have used it up.
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value) or value <= 0:
        raise ConfigError(
            f"budget={value!r:.40} is not an amount.", hint="give quota units above 0; of TTAPI 100 are 1 USD"
        )
    if accounts and set(accounts.values()) <= TELLS_NO_PRICE:
        raise ConfigError(
            f"budget={value:g} cannot be held by this pool: {', '.join(accounts)}.",
            why="midjourney-proxy tells no price of any job, so nobody can say what was spent",
            hint="leave budget= out, and limit the key at the relay",
        )
    return float(value)


@define(eq=False)
class Tally:
    """Jobs by class, and what they come to: a running sum, added up anew when a price changes."""

    #: What a job of the class counts as.
    value: Callable[[Class], float] = field(repr=False)
    counts: Counter[Class] = field(factory=Counter)
    amount: float = 0.0

    def add(self, kind: Class) -> None:
        """One more."""
        self.counts[kind] += 1
        self.amount += self.value(kind)

    def drop(self, kind: Class) -> None:
        """One less."""
        self.counts[kind] -= 1
        self.amount -= self.value(kind)
        if not self.counts[kind]:
            del self.counts[kind]
        if not self.counts:  # what is left of rounding
            self.amount = 0.0

    def reprice(self) -> None:
        """Prices have changed."""
        self.amount = sum(self.value(kind) * jobs for kind, jobs in self.counts.items())
