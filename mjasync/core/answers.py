"""What a provider's answer means, as values: the only thing a dialect hands back."""

from attrs import evolve, frozen

from mjasync.core.model import Failure, FailureKind, Snapshot, Status
from mjasync.core.operations import Brings

#: What a look says of a job that goes on no more.
OVER = (Status.DONE, Status.FAILED)


@frozen(kw_only=True)
class Taken:
    """The submit was accepted under this id; "" where the answer is all there will ever be (`snapshot`)."""

    remote_id: str
    #: A window waits for a prompt or a mask: the prompt that it shows, "" where it shows none. None: no window.
    window: str | None = None
    #: The whole outcome, where the answer brought it at once.
    snapshot: Snapshot | None = None


@frozen(kw_only=True)
class Refused:
    """Certainly not accepted, and another try would not help."""

    failure: Failure
    #: True if the refusal is about the account (key, quota, route) and not about this job.
    account: bool = False
    #: True if it is about this kind of work at this account: another account may take the job.
    route: bool = False


@frozen(kw_only=True)
class Busy:
    """Certainly not accepted now; worth another try."""

    failure: Failure
    #: The provider's own wish, in seconds, a floor.
    retry_after: float | None = None
    #: False if only this job has to wait (its parent is not ready), True if the whole account has.
    account: bool = True


@frozen(kw_only=True)
class Unclear:
    """It may have been accepted. Never a reason to send again."""

    failure: Failure


Submitted = Taken | Refused | Busy | Unclear

#: "No such route", of a server that has others.
_NO_ROUTE = (404, 405)


def scoped(answer: Submitted, kind: str) -> Submitted:
    """The same answer, about no more than it can be about: an account that makes pictures may lack everything else."""
    if isinstance(answer, Refused) and answer.account and answer.failure.status in _NO_ROUTE and kind != "imagine":
        return evolve(answer, account=False, route=True)
    return answer


def of_free(answer: Submitted) -> Submitted:
    """The answer to a question that costs nothing: never a doubt about money, never a reason to leave the account."""
    match answer:
        case Unclear(failure=failure):
            kind: FailureKind = "Unreachable" if (failure.status or 500) >= 500 else "ProtocolError"
            what = "The provider gave no usable answer to a free question."
            return Busy(
                failure=evolve(failure, kind=kind, what=what, charged="no", retryable=True, hint="ask again later"),
                account=False,
            )
        case Refused() | Busy():
            return evolve(answer, account=False)
    return answer


@frozen(kw_only=True)
class Missing:
    """A look found no such job. Providers say so for a moment after accepting, so it takes several to believe it."""

    failure: Failure


@frozen(kw_only=True)
class Trouble:
    """A look brought nothing readable; it says nothing about the job."""

    failure: Failure
    retry_after: float | None = None


@frozen(kw_only=True)
class Doubt:
    """A look says that the job failed, but does not name it: perhaps only the look was refused.

    It takes several such looks in a row to believe it.
    """

    snapshot: Snapshot
    #: True if the reason can only be a job's: then the second look is believed.
    telling: bool = False


@frozen(kw_only=True)
class WrongVerb:
    """The look's route does not answer to this method: use the other one from now on (TTAPI: POST or GET)."""


Looked = Snapshot | Missing | Doubt | Trouble | WrongVerb


@frozen(kw_only=True)
class Absent:
    """The route does not exist at this account: an optional capability that it lacks."""

    #: How it said so.
    why: str


@frozen(kw_only=True)
class Lack:
    """Why a provider cannot do what is asked."""

    why: str
    #: True if it has no such action at all; False if only an option does not fit.
    action: bool = False


def is_end(brings: Brings, seen: Snapshot) -> bool:
    """Whether nothing more will come of a job that is seen like this."""
    return seen.status is Status.FAILED or (seen.status is Status.DONE and is_whole(brings, seen))


def is_whole(brings: Brings, seen: Snapshot) -> bool:
    """Whether a finished job holds what its kind of work brings; links and seeds can lag behind the status."""
    match brings:
        case Brings.PICTURES:
            return bool(seen.images or seen.tiles)
        case Brings.TEXTS:
            return bool(seen.texts)
        case Brings.SEED:
            return bool(seen.seed)
    return True
