"""What can go wrong, named after what the reader should do.

* MJError
    * ConfigError (ValueError)      fix your code or settings; nothing was sent
        * KeyReused                     the same key= with another request
        * AccountBusy                   another pool on this computer uses the account's key
        * ActionUnavailable             see .available: what the result does offer
    * ProviderError                 the provider said no, or the job ended badly
        * AuthError                     fix the key
        * QuotaExhausted                top up
        * PromptRejected                change the prompt (.word where told)
        * InvalidRequest                change the request
        * JobFailed                     it ran and failed
        * JobLost                       the provider no longer knows a job that it had accepted
    * SubmitOutcomeUnknown          it may have been accepted and charged; it was not sent again
    * Unreachable                   the network; certainly nothing was accepted
    * ProtocolError                 an answer nobody can read
    * DeadlineExceeded (TimeoutError)  you stopped waiting; the job may still finish (.ticket)
    * NeedsInput                    a window waits for a prompt or mask that was not given
    * JobCancelled                  see .outcome: Withdrawn, Cancelled or Abandoned
    * ParentFailed                  a chain step that was never sent, because its parent ended badly
    * PoolClosed                    with how to pick the job up again
    * JournalError                  the journal could not be opened or written
        * JournalBusy                   another process holds it
        * JournalCorrupt                it cannot be read; nothing was overwritten
        * JournalWriteError             see .result: what the disk refused to keep
* BatchError (ExceptionGroup)       raised by ``await pool.batch(..., errors="raise")``

Rule 1: this file imports nothing of ours, so that every layer may raise from it.
Rule 2: a text says what happened, why, and what to do; never a key, at most 200 characters of a body.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, Self

if TYPE_CHECKING:  # for readers and type checkers: at run time rule 1 holds
    from mjasync.core.model import Ticket
    from mjasync.flow.job import Job
    from mjasync.flow.outcome import Cancellation
    from mjasync.flow.result import Result

Charged = Literal["no", "yes", "unknown"]


class MJError(Exception):
    """Base of everything mjasync raises on purpose.

    `what` happened, `why` as far as it is known, and `hint`: what to do about it.
    `charged` says whether this request cost money, `retryable` whether asking again can help.
    """

    job: "Job | None"
    charged: Charged
    retryable: bool
    hint: str

    def __init__(
        self,
        what: str,
        *,
        why: str = "",
        hint: str = "",
        job: "Job | None" = None,
        charged: Charged = "no",
        retryable: bool = False,
    ) -> None:
        super().__init__(what)
        self.what = what
        self.why = why
        self.hint = hint
        self.job = job
        self.charged = charged
        self.retryable = retryable

    def __str__(self) -> str:
        lines = [self.what]
        lines += [f"  why   {self.why}"] if self.why else []
        lines += [f"  do    {self.hint}"] if self.hint else []
        return "\n".join(lines)


class ConfigError(MJError, ValueError):
    """Your code or settings are at fault; nothing was sent."""


class KeyReused(ConfigError):
    """A `key=` names one request; it was used again for a different one."""


class AccountBusy(ConfigError):
    """Another pool on this computer uses the account's key, and at least one of the two does not share it."""


class ActionUnavailable(ConfigError):
    """The finished job does not offer this action; `available` lists the names that it does offer."""

    def __init__(self, what: str, *, available: Sequence[str] = (), **more: Any) -> None:
        super().__init__(what, **more)
        self.available = tuple(available)


class ProviderError(MJError):
    """The provider said no, or the job ended badly.

    `status` is the HTTP status where there was one, `code` the provider's own code, `reason` its own words,
    `request_id` the id to quote to its support.
    """

    def __init__(
        self,
        what: str,
        *,
        status: int | None = None,
        code: str | None = None,
        reason: str = "",
        request_id: str | None = None,
        **more: Any,
    ) -> None:
        super().__init__(what, **more)
        self.status = status
        self.code = code
        self.reason = reason
        self.request_id = request_id


class AuthError(ProviderError):
    """The key was refused: fix the key."""


class QuotaExhausted(ProviderError):
    """The account has no quota left: top up."""


class PromptRejected(ProviderError):
    """Moderation refused the prompt or an image, at submit or later; `word` is the culprit where told."""

    def __init__(self, what: str, *, word: str | None = None, **more: Any) -> None:
        super().__init__(what, **more)
        self.word = word


class InvalidRequest(ProviderError):
    """The provider does not accept the request as it is: change it."""


class JobFailed(ProviderError):
    """The job ran and failed."""


class JobLost(ProviderError):
    """The provider no longer knows a job that it had accepted, or never ended it."""


class SubmitOutcomeUnknown(MJError):
    """A submit left and no usable answer came back. It was not sent again, and its slot stays reserved for a while."""


class Unreachable(MJError):
    """The network: nothing can have been accepted."""


class ProtocolError(MJError):
    """An answer that nobody can read; the text has the JSON path and the first characters."""


class DeadlineExceeded(MJError, TimeoutError):
    """You stopped waiting. The job may still finish: `ticket` names it at the provider (None when never sent)."""

    def __init__(self, what: str, *, ticket: "Ticket | None" = None, **more: Any) -> None:
        super().__init__(what, **more)
        self.ticket = ticket


class NeedsInput(MJError):
    """A provider window waits for a prompt or a mask that was not given."""


class JobCancelled(MJError):
    """The job was cancelled with `job.cancel()`; `outcome` says what became of the money."""

    def __init__(self, what: str, *, outcome: "Cancellation | None" = None, **more: Any) -> None:
        super().__init__(what, **more)
        self.outcome = outcome


class ParentFailed(MJError):
    """A chain step was never sent, because its parent ended badly; the parent's error is the cause."""

    def __init__(self, what: str, *, parent: "Job | None" = None, **more: Any) -> None:
        super().__init__(what, **more)
        self.parent = parent


class PoolClosed(MJError):
    """The pool is closed; the hint says how to pick the job up again."""


class JournalError(MJError):
    """The journal could not be opened, read or written."""


class JournalBusy(JournalError):
    """Another process holds this journal."""


class JournalCorrupt(JournalError):
    """The journal cannot be read; nothing was overwritten."""


class JournalWriteError(JournalError):
    """The disk refused to keep an outcome; `result` is what would have been written."""

    def __init__(self, what: str, *, result: "Result | None" = None, **more: Any) -> None:
        super().__init__(what, **more)
        self.result = result


class BatchError(ExceptionGroup[Exception]):
    """Some jobs of a batch failed, after all of them ended. `ok` and `failed` hold the outcomes, in order."""

    ok: tuple[Any, ...] = ()
    failed: tuple[Any, ...] = ()

    @classmethod
    def of(cls, message: str, *, ok: Sequence[Any], failed: Sequence[Any]) -> Self:
        """Build from outcomes; every failed one has an `error`."""
        group = cls(message, [outcome.error for outcome in failed])
        group.ok, group.failed = tuple(ok), tuple(failed)
        return group

    def derive(self, excs: Sequence[Exception], /) -> "BatchError":  # type: ignore[override]  # one kind of member
        """Keep the type and the outcomes under `except*`."""
        part = BatchError(self.message, excs)
        part.ok, part.failed = self.ok, self.failed
        return part
