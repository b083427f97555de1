"""What is told of the pool itself, of an account, of money, and of hooks."""

from attrs import frozen

from mjasync.core.model import FailureKind, Mode, Phase
from mjasync.events.base import AboutAccount, AboutJob, Event


@frozen(kw_only=True)
class Opened(Event):
    """The pool is open."""

    #: By account: its slots, its provider (`ttapi`, `mjproxy`), the host of its address.
    slots: dict[str, int]
    providers: dict[str, str]
    hosts: dict[str, str]
    #: By phase: jobs of earlier processes that the journal holds and that are not over; 0 where there are none.
    jobs: dict[Phase, int]


@frozen(kw_only=True)
class Closed(Event):
    """The pool is closed; the last event."""

    #: Jobs that ended while it closed, that run on at a provider, that were never sent.
    finished: int
    running: int
    held: int


@frozen(kw_only=True)
class JournalBroke(Event):
    """The disk keeps nothing more: nothing more is sent."""

    #: What the disk said.
    why: str


@frozen(kw_only=True)
class RouteProved(AboutAccount):
    """A free look at an id that cannot exist showed that the account answers."""

    mode: Mode


@frozen(kw_only=True)
class RouteBad(AboutAccount):
    """The account cannot be used for now: key, quota, address."""

    mode: Mode
    error: FailureKind
    what: str


@frozen(kw_only=True)
class Paused(AboutAccount):
    """The account said "not now": it is lent no slot until then."""

    error: FailureKind
    #: Seconds on the loop's clock.
    until: float


@frozen(kw_only=True)
class CapChanged(AboutAccount):
    """The account takes more or fewer jobs at once than before."""

    #: Slots that it has, that are lent at most for now, and that are taken.
    cap: int
    limit: int
    held: int
    #: "told" (the account's own word), "often" (asked too often), "full" (its queue was), "grown" (after a while).
    why: str


@frozen(kw_only=True)
class Crowded(AboutAccount):
    """Its queue was full with fewer of our jobs than it has slots: somebody else seems to use it."""

    jobs: int
    cap: int


@frozen(kw_only=True)
class LooksPaused(AboutAccount):
    """The account asked not to be looked at so often."""

    #: Seconds on the loop's clock.
    until: float


@frozen(kw_only=True)
class BudgetStopped(AboutJob):
    """It was not sent, for the sake of the money; it ends with the error."""

    #: "QuotaExhausted" for the budget, "PromptRejected" for the brake on refused prompts.
    error: FailureKind


@frozen(kw_only=True)
class MoneyWarned(AboutAccount):
    """Something about money that a person should know; said once."""

    what: str


@frozen(kw_only=True)
class MoneyMoved(AboutAccount):
    """The account's ledger changed. All in the provider's own unit, as `pool.ledger()` has it."""

    spent: float
    #: What runs may come to, and what is of unknown fate; None where no price is known.
    reserved: float | None
    possible: float | None
    #: Jobs of both kinds.
    reserved_jobs: int
    possible_jobs: int


@frozen(kw_only=True)
class HookRang(Event):
    """Somebody called one of our hooks: a doorbell, whose words are not believed."""

    #: Our id of the job whose token it was, or None.
    job: str | None
    account: str | None
    #: What came of it: "look" (now, or as soon as one may be), "runs" (it says so: no look), "named" and "unnamed" (an id,
    #: of a job whose id nobody knew), "too soon", "over" (nothing to do), "too late", "refused" (an alarm), "nobody's".
    verdict: str
