"""Money in sight: what one event does to an account's books, and the books as a person reads them.

Rule 1: a line is the sum of the changes of its account and day; nothing is counted anywhere else.
Rule 2: what is unknown is never counted as nothing: a job without a price is counted as such.
Rule 3: a job that failed cost nothing, unless its provider said that it kept the quota: TTAPI sets it aside at the
submit and gives it back (its FAQ; seed 000 line 736 has `quota` in a finished job only).
"""

from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any

from attrs import evolve, field, frozen

from mjasync.core.machine import FINAL
from mjasync.core.model import Phase, Record


@frozen(kw_only=True)
class Line:
    """One account on one day (UTC): what was spent there, as far as the provider told."""

    account: str
    #: ISO date, UTC; "" for a change that has no day yet.
    day: str = ""
    #: The provider's own unit (seed 000 line 736, `quota`; of TTAPI 100 are 1 USD).
    spent: float = 0.0
    #: Jobs that ended well.
    done: int = 0
    #: Jobs that were charged, and whose price the provider did not tell.
    unpriced: int = 0
    #: Prompts or pictures that the provider's moderation refused, at the submit or later.
    strikes: int = 0
    #: Jobs that a person had sent a second time.
    resubmits: int = 0

    def plus(self, other: "Line") -> "Line":
        """Both together, under this one's account and day."""
        return evolve(
            self,
            spent=self.spent + other.spent,
            done=self.done + other.done,
            unpriced=self.unpriced + other.unpriced,
            strikes=self.strikes + other.strikes,
            resubmits=self.resubmits + other.resubmits,
        )


#: Refusals that are not about the request: an account, an address or a server that may be mended.
_MAY_PASS = frozenset(
    {"ActionUnavailable", "AuthError", "ConfigError", "ProviderError", "QuotaExhausted", "Unreachable"}
)


def frees_key(record: Record) -> bool:
    """Whether the job's `key` may be used again: it failed, cost nothing, and the same request may do better later."""
    if record.phase is not Phase.FAILED or record.sent_at is None:
        return record.phase is Phase.FAILED
    why = record.failure
    return record.accepted_at is None and why is not None and why.charged == "no" and why.kind in _MAY_PASS


def told(record: Record) -> float | None:
    """The price that the provider told for this job; None where it told none, or none that makes sense."""
    quota = record.snapshot.quota if record.snapshot else None
    return quota if quota is not None and isfinite(quota) and quota >= 0 else None


def change(before: Record | None, after: Record) -> Line | None:
    """What the step from `before` (None: the job was only now asked for) to `after` adds; None for nothing.

    The lines of all steps of a job, in any process, add up to what it cost: each is told by one step only.
    """
    if before is None or after.account is None:
        return None
    if after.attempts == 1 and before.attempts == 0 and after.spec.resubmit_of is not None:
        return Line(account=after.account, resubmits=1)
    if before.phase in FINAL or after.phase not in FINAL or after.sent_at is None:
        return None
    quota = told(after)
    if after.phase is Phase.DONE:
        return Line(account=after.account, done=1, spent=quota or 0.0, unpriced=int(quota is None))
    kept = after.failure is not None and after.failure.charged == "yes"
    struck = after.failure is not None and after.failure.kind == "PromptRejected"
    if not kept and not struck:
        return None
    spent = (quota or 0.0) if kept else 0.0
    return Line(account=after.account, strikes=int(struck), spent=spent, unpriced=int(kept and quota is None))


@frozen(kw_only=True)
class Estimate:
    """Jobs whose price is not settled, and what they may come to."""

    #: How many.
    jobs: int = 0
    #: At the highest price that their kinds of work ever had; None if there are jobs and no such price is known.
    quota: float | None = 0.0
    #: Jobs among them that no price is known for; `quota` is without them.
    unknown: int = 0

    def plus(self, other: "Estimate") -> "Estimate":
        """Both together."""
        jobs, unknown = self.jobs + other.jobs, self.unknown + other.unknown
        known = (self.quota or 0.0) + (other.quota or 0.0)
        return Estimate(jobs=jobs, unknown=unknown, quota=known if unknown < jobs or not jobs else None)

    def __str__(self) -> str:
        jobs = f"{self.jobs} job{'' if self.jobs == 1 else 's'}"
        return f"{jobs}, {amount(self.quota, self.unknown)}" if self.jobs else "-"

    def as_json(self) -> dict[str, Any]:
        """In plain JSON types."""
        return {"jobs": self.jobs, "quota": self.quota, "unknown": self.unknown}


def estimate(price: float | None) -> Estimate:
    """One job at this price; None where it is unknown."""
    return Estimate(jobs=1, quota=price, unknown=int(price is None))


def amount(quota: float | None, unknown: int) -> str:
    """Quota for people: `27`, or `27 + ?` where something of unknown price comes to it, or `?` alone."""
    if unknown:
        return f"{_plain(quota)} + ?" if quota else "?"
    return _plain(quota or 0.0)


def _plain(quota: float) -> str:
    return f"{quota:.2f}".rstrip("0").rstrip(".")


@frozen(kw_only=True)
class AccountLedger:
    """What one account has cost, as far as its provider told, and what it may yet cost. Quota: its provider's unit."""

    #: Quota that the provider told, of all time that the journal holds.
    spent: float = 0.0
    #: Jobs that ended well.
    done: int = 0
    #: Jobs that were charged, and whose price the provider did not tell: they are not in `spent`.
    unpriced: int = 0
    #: Jobs that were accepted and have not ended.
    reserved: Estimate = Estimate()
    #: Jobs of unknown fate, their slot free again or not, and those whose request is on its way at this moment.
    possible: Estimate = Estimate()
    #: Jobs that a person had sent a second time, at the risk of a second charge.
    resubmits: int = 0
    #: Prompts and pictures that moderation refused today (UTC).
    strikes: int = 0

    def plus(self, other: "AccountLedger") -> "AccountLedger":
        """Both together."""
        return AccountLedger(
            spent=self.spent + other.spent,
            done=self.done + other.done,
            unpriced=self.unpriced + other.unpriced,
            reserved=self.reserved.plus(other.reserved),
            possible=self.possible.plus(other.possible),
            resubmits=self.resubmits + other.resubmits,
            strikes=self.strikes + other.strikes,
        )

    @property
    def unknown(self) -> int:
        """Jobs whose price nobody knows, of all kinds."""
        return self.unpriced + self.reserved.unknown + self.possible.unknown

    def as_json(self) -> dict[str, Any]:
        """In plain JSON types."""
        return {
            "spent": self.spent,
            "done": self.done,
            "unpriced": self.unpriced,
            "reserved": self.reserved.as_json(),
            "possible": self.possible.as_json(),
            "resubmits": self.resubmits,
            "strikes": self.strikes,
        }


@frozen(kw_only=True)
class Ledger:
    """The books of a pool at one moment: `str()` is a table to hold against the provider's bill."""

    #: ISO date, UTC, that `strikes` are of.
    day: str = ""
    #: By the account's name; one of an earlier run that this pool does not have goes by its fingerprint.
    accounts: Mapping[str, AccountLedger] = field(factory=dict)
    #: All accounts together.
    total: AccountLedger = AccountLedger()
    #: What the pool may spend in all; None for no limit.
    budget: float | None = None

    @property
    def spent(self) -> float:
        """Quota told by all providers together."""
        return self.total.spent

    @property
    def reserved(self) -> Estimate:
        """Jobs of all accounts that were accepted and have not ended."""
        return self.total.reserved

    @property
    def possible(self) -> Estimate:
        """Jobs of all accounts that may have been charged: nobody knows."""
        return self.total.possible

    @property
    def resubmits(self) -> int:
        """Jobs that a person had sent a second time."""
        return self.total.resubmits

    @property
    def left(self) -> float | None:
        """What new jobs may still cost: the budget less `spent`, `reserved` and `possible`, 0 at least.

        Jobs of unknown price (`total.unknown`) are not in it: with any of them it is the most that can be left.
        """
        if self.budget is None:
            return None
        taken = self.total.spent + (self.total.reserved.quota or 0.0) + (self.total.possible.quota or 0.0)
        return max(self.budget - taken, 0.0)

    def __str__(self) -> str:
        rows = [_HEAD, *(_row(name, one) for name, one in self.accounts.items()), _row("total", self.total)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ["  ".join(_cells(row, widths)).rstrip() for row in rows]
        if self.budget is not None:
            most = "at most " if self.total.unknown else ""
            lines.append(f"budget {_plain(self.budget)}, {most}{_plain(self.left or 0.0)} left")
        return "\n".join(lines)

    def as_json(self) -> dict[str, Any]:
        """In plain JSON types."""
        return {
            "day": self.day,
            "accounts": {name: one.as_json() for name, one in self.accounts.items()},
            "total": self.total.as_json(),
            "budget": self.budget,
            "left": self.left,
        }


def ledger_of(accounts: Mapping[str, AccountLedger], *, day: str, budget: float | None) -> Ledger:
    """The books of these accounts, added up."""
    return Ledger(day=day, accounts=accounts, total=_sum(accounts.values()), budget=budget)


def _sum(accounts: Iterable[AccountLedger]) -> AccountLedger:
    total = AccountLedger()
    for one in accounts:
        total = total.plus(one)
    return total


_HEAD = ("account", "spent", "done", "unpriced", "reserved", "possible", "resubmits", "strikes today")


def _row(name: str, one: AccountLedger) -> tuple[str, ...]:
    spent = amount(one.spent, one.unpriced)
    counts = (str(one.done), str(one.unpriced)), (str(one.resubmits), str(one.strikes))
    return (name, spent, *counts[0], str(one.reserved), str(one.possible), *counts[1])


def _cells(row: tuple[str, ...], widths: list[int]) -> list[str]:
    """Names to the left, figures to the right."""
    return [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
