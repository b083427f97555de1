"""What is told of a job, in the order in which it meets it."""

from attrs import field, frozen

from mjasync.core.model import FailureKind, Phase, Ticket
from mjasync.errors import Charged
from mjasync.events.base import AboutJob, Hidden


@frozen(kw_only=True)
class JobQueued(AboutJob):
    """It was asked for, and is written down."""

    #: The prompt that came with it, if any.
    prompt: Hidden | None = field(default=None, repr=False)
    #: Higher is sooner.
    priority: int = 0


@frozen(kw_only=True)
class TakenUp(AboutJob):
    """A job of an earlier process goes on here."""

    phase: Phase


@frozen(kw_only=True)
class Moved(AboutJob):
    """Its phase changed; comes before whatever else the same decision tells."""

    #: The phase before; None for a new job.
    was: Phase | None
    phase: Phase
    #: Jobs of this pool that are in the new phase now, and in the one before.
    now_there: int
    now_before: int


@frozen(kw_only=True)
class SlotLent(AboutJob):
    """It got a slot of the account."""

    #: Seconds since it was asked for, or since its parent was done.
    waited: float
    #: 1 for the first time.
    attempt: int
    #: Slots of the account that are taken now, that it has, and that are lent at most for now.
    held: int
    cap: int
    limit: int


@frozen(kw_only=True)
class SubmitSent(AboutJob):
    """Its paid request is about to leave: from here on it may cost something."""

    #: 1 for the first time.
    attempt: int


@frozen(kw_only=True)
class Accepted(AboutJob):
    """The provider took it."""

    #: Where it lives.
    ticket: Ticket
    #: Seconds since its request left.
    seconds: float
    #: What told so, where the submit's own answer did not: "list", "hook" or "person".
    by: str = ""


@frozen(kw_only=True)
class Refused(AboutJob):
    """The provider certainly did not take it."""

    #: Name of the error class that it is, or would be.
    error: FailureKind
    #: The HTTP status and the provider's own code, where there were any.
    status: int | None = None
    code: str | None = None
    #: True if it queues again by itself.
    again: bool = False


@frozen(kw_only=True)
class OutcomeUnknown(AboutJob):
    """It was sent, and nobody can say what became of it: it may have been charged, and is not sent again."""

    error: FailureKind
    #: Its slot stays taken until then, in seconds on the loop's clock.
    held_until: float
    #: True if something may still settle it.
    hope: bool


@frozen(kw_only=True)
class WindowAnswered(AboutJob):
    """The window that its button opened was answered."""

    #: None where nobody can say whether the answer was taken.
    taken: bool | None


@frozen(kw_only=True)
class Looked(AboutJob):
    """The provider was asked how it is doing; free."""

    #: "one", or "list" for a look at several jobs.
    verb: str
    #: Jobs that the same request asked about.
    batch: int
    #: Requests that this look took: 0 where it went with another job's, 2 where the list did not tell of it.
    requests: int
    #: Seconds from its sending to its answer.
    seconds: float
    #: What it brought: a status, "missing", "doubt", or the name of the error.
    saw: str
    #: 0 to 100 as the provider tells it, if it does.
    progress: int | None = None


@frozen(kw_only=True)
class Progressed(AboutJob):
    """The provider shows more of it than before."""

    phase: Phase
    #: 0 to 100, or None where the provider says nothing.
    progress: int | None


@frozen(kw_only=True)
class ResultWarned(AboutJob):
    """It ended well, and whoever reads the result should know something about it."""

    what: str


@frozen(kw_only=True)
class LetGo(AboutJob):
    """Whoever awaited it was told something final (a deadline, a cancel); it runs on, and may be charged."""

    error: FailureKind


@frozen(kw_only=True)
class Withdrawn(AboutJob):
    """It was cancelled before it was sent; it cost nothing."""


@frozen(kw_only=True)
class QuarantineEnded(AboutJob):
    """The provider cannot be running the lost job any more: its slot is free, its fate is unknown."""

    #: "person" where one said so.
    by: str = ""


@frozen(kw_only=True)
class Ended(AboutJob):
    """The job is over: there is a result or an error. Told once for each job, and nothing changes after it."""

    ok: bool
    #: Name of the error class; None where all is well.
    error: FailureKind | None
    charged: Charged
    #: What it cost in the provider's own unit, where told.
    quota: float | None
    #: Seconds from its acceptance to its end as we saw it; None if it was never accepted.
    seconds: float | None
    #: Seconds since it was asked for.
    total: float
    #: Seconds from its end by the provider's own clock to the look that showed it, where that can be told.
    lag: float | None = None
    #: How often the provider was asked about it.
    looks: int = 0
    #: True if whoever awaited it had been told something else before.
    late: bool = False

    @property
    def outcome(self) -> str:
        """`ok`, or the name of the error class."""
        return self.error or "ok"


@frozen(kw_only=True)
class SlotReturned(AboutJob):
    """Its slot is free again."""

    #: Slots of the account that are taken now, that it has, and that are lent at most for now.
    held: int
    cap: int
    limit: int
