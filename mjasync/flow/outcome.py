"""From a failure as a value to the exception that a caller catches."""

from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from mjasync import errors
from mjasync.core.model import Failure, Record, Ticket

if TYPE_CHECKING:
    from mjasync.flow.job import Job


@frozen
class Withdrawn:
    """`job.cancel()` came in time: the job was never sent, and is free."""


@frozen
class Cancelled:
    """The provider confirmed the cancel. Neither provider has such a call today."""

    #: Where it was.
    ticket: Ticket | None = None


@frozen
class Abandoned:
    """There is no cancel call: the job runs on, may be charged, and keeps its slot until it ends."""

    #: Where it runs.
    ticket: Ticket | None = None


Cancellation = Withdrawn | Cancelled | Abandoned


def exception_of(failure: Failure, job: "Job", record: Record, parent: Any = None) -> errors.MJError:
    """The exception that tells this failure of this job."""
    outcome = Withdrawn() if failure.outcome == "withdrawn" else Abandoned(record.ticket)
    own: dict[str, dict[str, Any]] = {
        "DeadlineExceeded": {"ticket": record.ticket},
        "JobCancelled": {"outcome": outcome},
        "ParentFailed": {"parent": parent},
    }
    return _build(failure, job=job, **own.get(failure.kind, {}))


def error_of(failure: Failure) -> errors.MJError:
    """The exception of a failure that belongs to no job: of a free question, which can always be asked again."""
    return _build(evolve(failure, hint=failure.hint or "nothing was paid: ask again in a moment"))


def _build(failure: Failure, **more: Any) -> errors.MJError:
    common: dict[str, Any] = {
        "why": failure.why,
        "hint": failure.hint,
        "charged": failure.charged,
        "retryable": failure.retryable,
        **more,
    }
    kind = getattr(errors, failure.kind)
    if issubclass(kind, errors.ProviderError):
        common |= {
            "status": failure.status,
            "code": failure.code,
            "reason": failure.reason,
            "request_id": failure.request_id,
        }
    own: dict[type[errors.MJError], dict[str, Any]] = {
        errors.PromptRejected: {"word": failure.word},
        errors.ActionUnavailable: {"available": failure.available},
    }
    error: errors.MJError = kind(failure.what, **common, **own.get(kind, {}))
    return error


def failure_from(error: errors.MJError) -> Failure:
    """An error of ours that was raised before anything was sent, as a value."""
    return Failure(
        kind=type(error).__name__,  # type: ignore[arg-type]  # every class of ours is a kind
        what=error.what,
        why=error.why,
        hint=error.hint,
        charged=error.charged,
        retryable=error.retryable,
        available=getattr(error, "available", ()),
        status=getattr(error, "status", None),
        code=getattr(error, "code", None),
        reason=getattr(error, "reason", None) or "",
        request_id=getattr(error, "request_id", None),
    )
