"""Money in sight: what one event does to an account's books.

Rule 1: a line is the sum of the changes of its account and day; nothing is counted anywhere else.
Rule 2: what is unknown is never counted as nothing: a job without a price is counted as such.
"""

from attrs import evolve, frozen

from mjasync.core.machine import FINAL
from mjasync.core.model import Phase, Record


@frozen(kw_only=True)
class Line:
    """One account on one day (UTC): what was spent there, as far as the provider told."""

    account: str
    #: ISO date, UTC; "" for a change that has no day yet.
    day: str = ""
    #: The provider's own unit (seed 000 line 736, `quota`).
    spent: float = 0.0
    #: Jobs that ended well.
    done: int = 0
    #: Jobs of `done` whose price the provider did not tell.
    unpriced: int = 0
    #: Prompts or pictures that the provider's moderation refused.
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


def change(before: Record | None, after: Record) -> Line | None:
    """What the step from `before` (None: the job was only now asked for) to `after` adds; None for nothing."""
    if before is None or after.account is None:
        return None
    if after.attempts == 1 and before.attempts == 0 and after.spec.resubmit_of is not None:
        return Line(account=after.account, resubmits=1)
    if before.phase in FINAL or after.phase not in FINAL or after.sent_at is None:
        return None
    quota = after.snapshot.quota if after.snapshot else None
    if after.phase is Phase.DONE:
        return Line(account=after.account, done=1, spent=quota or 0.0, unpriced=int(quota is None))
    kept = after.failure is not None and after.failure.charged == "yes"
    struck = after.failure is not None and after.failure.kind == "PromptRejected"
    if not kept and not struck:
        return None
    return Line(account=after.account, strikes=int(struck), spent=(quota or 0.0) if kept else 0.0)
