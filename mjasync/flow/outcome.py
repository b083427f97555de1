"""From a failure as a value to the exception that a caller catches."""

from typing import Any

from attrs import frozen

from mjasync import errors
from mjasync.core.model import Failure, Record, Ticket


@frozen
class Withdrawn:
    """`job.cancel()` came in time: the job was never sent, and is free."""


@frozen
class Cancelled:
    """The provider confirmed the cancel."""

    ticket: Ticket | None = None


@frozen
class Abandoned:
    """There is no cancel call: the job runs on, may be charged, and keeps its slot until it ends."""

    ticket: Ticket | None = None


Cancellation = Withdrawn | Cancelled | Abandoned


def exception_of(failure: Failure, job: errors.JobLike, record: Record, parent: Any = None) -> errors.MJError:
    """The exception that tells this failure of this job."""
    common: dict[str, Any] = {
        "why": failure.why,
        "hint": failure.hint,
        "charged": failure.charged,
        "retryable": failure.retryable,
        "job": job,
    }
    return _build(failure, common, record, parent)


def _build(failure: Failure, common: dict[str, Any], record: Record, parent: Any) -> errors.MJError:
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
        errors.DeadlineExceeded: {"ticket": record.ticket},
        errors.JobCancelled: {"outcome": Withdrawn() if failure.outcome == "withdrawn" else Abandoned(record.ticket)},
        errors.ParentFailed: {"parent": parent},
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
    )
