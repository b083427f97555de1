"""The grammar of each provider, both ways: our words to requests, their answers to our words.

Rule 1: a dialect neither sends nor waits; it writes `HttpRequest`s and reads `HttpResponse`s.
Rule 2: a dialect never sees a key.
Rule 3: what an answer means is a row of a table, not an `if`; what no row knows about a paid request is unclear.
"""

from collections.abc import Mapping
from typing import Protocol

from mjasync.core.answers import Looked, Submitted
from mjasync.core.model import Action, Failure, Snapshot, Spec
from mjasync.core.wire import HttpRequest, HttpResponse
from mjasync.dialects import mjproxy, ttapi


class Dialect(Protocol):
    """What a provider's grammar can do. Every method is pure."""

    def lacks(self, spec: Spec) -> str | None:
        """Why this provider cannot do what is asked, or None if it can."""
        ...

    def offered(self, parent: Snapshot, wanted: str) -> Action:
        """The action that the finished parent offers under this name; raises `ActionUnavailable`."""
        ...

    def write_submit(self, base: str, spec: Spec, parent_id: str | None, action: Action | None) -> HttpRequest:
        """The paid request. `base` is the account's base URL with the mode's prefix."""
        ...

    def read_submit(self, response: HttpResponse) -> Submitted:
        """What became of the paid request. Never raises."""
        ...

    def write_look(self, base: str, remote_id: str, *, other_verb: bool) -> HttpRequest:
        """The free question how a job is doing."""
        ...

    def read_look(self, response: HttpResponse) -> Looked:
        """How the job is doing. Never raises."""
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
