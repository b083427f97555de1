"""The grammar of each provider, both ways: our words to requests, their answers to our words.

Rule 1: a dialect neither sends nor waits; it writes `HttpRequest`s and reads `HttpResponse`s.
Rule 2: a dialect never sees a key.
Rule 3: what an answer means is a row of a table, not an `if`; what no row knows about a paid request is unclear.
"""

from collections.abc import Mapping
from typing import Protocol

from mjasync.core.answers import Absent, Lack, Looked, Submitted, Trouble
from mjasync.core.model import Action, Failure, Record, Snapshot, Spec
from mjasync.core.operations import Operation
from mjasync.core.reports import AccountInfo, ListedJob, PromptCheck
from mjasync.core.wire import HttpRequest, HttpResponse
from mjasync.dialects import mjproxy, ttapi
from mjasync.dialects._endpoints import Endpoint
from mjasync.dialects._proof import absence, not_routed

__all__ = ["DIALECTS", "NOBODY", "Calls", "Dialect", "Endpoint", "ManyLooks", "absence", "not_routed"]


class Calls(Protocol):
    """Free questions about an account. A question may have several forms: the first that is routed is used."""

    @property
    def states(self) -> tuple[str, ...]:
        """The states that jobs are listed by, in the provider's words."""
        ...

    def write_check(self, base: str, prompt: str) -> tuple[HttpRequest, ...]:
        """Whether a prompt is allowed."""
        ...

    def read_check(self, response: HttpResponse) -> PromptCheck | Absent | Trouble:
        """See `write_check`. Never raises."""
        ...

    def write_info(self, base: str) -> tuple[HttpRequest, ...]:
        """What the account says of itself."""
        ...

    def read_info(self, response: HttpResponse, account: str) -> AccountInfo | Absent | Trouble:
        """See `write_info`. Never raises."""
        ...

    def write_list(self, base: str, *, page: int, limit: int, status: str, order: str) -> tuple[HttpRequest, ...]:
        """The account's own list of jobs."""
        ...

    def read_list(self, response: HttpResponse, account: str) -> tuple[ListedJob, ...] | Absent | Trouble:
        """See `write_list`. Never raises."""
        ...


class ManyLooks(Protocol):
    """One free look at several jobs."""

    @property
    def most(self) -> int:
        """The most ids of one request."""
        ...

    def write(self, base: str, remote_ids: tuple[str, ...]) -> HttpRequest:
        """The question."""
        ...

    def read(self, response: HttpResponse, kinds: Mapping[str, str]) -> Mapping[str, Snapshot] | Absent | Trouble:
        """What it brought, by id; `kinds` are the jobs' kinds by id. Never raises."""
        ...


class Dialect(Protocol):
    """What a provider's grammar can do. Every method is pure."""

    @property
    def endpoints(self) -> Mapping[str, Endpoint]:
        """What it knows, by name; the documents are made from it."""
        ...

    @property
    def two_verbs(self) -> bool:
        """Whether servers disagree about the method of a look."""
        ...

    @property
    def calls(self) -> Calls | None:
        """Free questions, where the provider has any."""
        ...

    @property
    def many(self) -> ManyLooks | None:
        """A look at several jobs, where a server of this provider may have it."""
        ...

    def lacks(self, spec: Spec) -> Lack | None:
        """Why this provider cannot do what is asked, or None if it can."""
        ...

    def by_link(self, operation: Operation) -> bool:
        """Whether its pictures may stay addresses; else the bytes have to be there."""
        ...

    def resolve(self, spec: Spec, parent: Record | None) -> Action | None:
        """The action that is pressed, if the operation presses one, taken from what the finished parent offers.

        Raises `ActionUnavailable` for what the parent does not offer, `NeedsInput` for what its window would ask for.
        """
        ...

    def write_submit(self, base: str, spec: Spec, parent: Record | None) -> HttpRequest:
        """The paid request. `base` is the account's base URL with the mode's prefix; the pictures are loaded.

        Raises what `resolve` raises.
        """
        ...

    def write_modal(self, base: str, spec: Spec, remote_id: str, prompt: str) -> HttpRequest:
        """The paid answer to a window."""
        ...

    def optional(self, operation: Operation) -> bool:
        """Whether its route is one that a server of this provider may not have."""
        ...

    def read_submit(self, response: HttpResponse, operation: Operation) -> Submitted:
        """What became of the paid request. Never raises."""
        ...

    def write_look(self, base: str, remote_id: str, *, other_verb: bool) -> HttpRequest:
        """The free question how a job is doing."""
        ...

    def read_look(self, response: HttpResponse, kind: str) -> Looked:
        """How the job of this kind is doing. Never raises."""
        ...

    def read_proof(self, response: HttpResponse) -> Failure | None:
        """Whether a look at an id that cannot exist shows that the route works; None if it does. Never raises."""
        ...

    def prefix(self, template: str, mode: str) -> str:
        """What stands between the base URL and the provider's own path in this mode."""
        ...


DIALECTS: Mapping[str, Dialect] = {"ttapi": ttapi.TTAPIDialect(), "mjproxy": mjproxy.MJProxyDialect()}

#: An id in each provider's form that cannot exist: TTAPI's are UUIDs, midjourney-proxy's start with a time.
NOBODY: Mapping[str, str] = {"ttapi": "00000000-0000-0000-0000-000000000000", "mjproxy": "0000000000000000"}
