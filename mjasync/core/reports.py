"""What an account's free questions bring: a checked prompt, a balance, a list of jobs."""

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from mjasync.core.model import ImageURL, Mode, Status, Ticket


@frozen(kw_only=True)
class PromptCheck:
    """What the provider thinks of a prompt, before it costs anything.

    A pass is no promise: later filters exist, and the check understands English only (seed 000 line 626).
    """

    #: True if it would be taken.
    ok: bool
    #: Why not, in the provider's words; "" if it is fine.
    reason: str = ""

    def __bool__(self) -> bool:
        return self.ok


@frozen(kw_only=True)
class AccountInfo:
    """What an account says of itself. None where it says nothing."""

    #: The account's name in the pool.
    account: str
    #: What is left, in the provider's own unit (TTAPI: 100 of it are 1 USD).
    balance: float | None = None
    #: What is set aside for jobs that run.
    frozen: float | None = None
    #: How many jobs it may have at once.
    max_queue: int | None = None
    #: The provider's answer, untouched; it may hold an e-mail address.
    raw: Mapping[str, Any] = field(factory=dict, repr=False, eq=False)


@frozen(kw_only=True)
class ListedJob:
    """One row of an account's own list of jobs (TTAPI's `fetch-list`)."""

    #: Where it lives.
    ticket: Ticket
    #: In our words; None where the list's number means nothing known.
    status: Status | None
    #: In the provider's words, such as `imagine`.
    action: str
    #: None where the list does not tell, as below.
    mode: Mode | None = None
    #: As the provider has it.
    prompt: str | None = None
    #: What it cost, in the provider's own unit.
    quota: float | None = None
    #: 0 to 100.
    progress: int | None = None
    #: Addresses of the picture, best first.
    images: tuple[ImageURL, ...] = ()
    #: The row, untouched.
    raw: Mapping[str, Any] = field(factory=dict, repr=False, eq=False)
