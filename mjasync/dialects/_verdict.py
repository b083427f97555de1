"""Answers become decisions by a table: the first row that fits speaks.

A row says what it needs (HTTP status, provider code, words, a body in the provider's own shape) and what it means.
A canary at the real provider changes a row, never logic. What no row knows is unclear: for a paid request that is
the only safe reading.
"""

import re
from collections.abc import Collection, Iterable
from enum import StrEnum
from urllib.parse import urlsplit

from attrs import evolve, field, frozen

from mjasync.core.answers import Busy, Refused, Submitted, Unclear
from mjasync.core.model import Failure, FailureKind
from mjasync.core.wire import HttpResponse, retry_after
from mjasync.dialects._reading import plain, start
from mjasync.errors import Charged


class Verdict(StrEnum):
    """What an answer to a submit says about the job."""

    REFUSED = "refused"
    BUSY = "busy"
    UNCLEAR = "unclear"


#: A relay's token that may not be used for some models; each kind of work is one, and a look has none.
MODEL_BARRED = (
    r"无权(使用|访问)(任何)?模型|model.{0,80}(not allowed|no (access|permission))"
    r"|(not allowed|no (access|permission)|may not).{0,80}model"
)
#: The most characters of an answer's words that a row's pattern sees.
_SEARCHED = 1000


def _brief(words: str) -> str:
    """A table's patterns must not search megabytes."""
    return words.strip()[:_SEARCHED]


@frozen(kw_only=True, slots=False)  # every look at a finished job makes one
class Said:
    """What an answer says, whichever dialect it came in."""

    status: int
    #: The provider's own code, as text; "" where there is none.
    code: str = ""
    #: Its words, for a person.
    words: str = field(default="", converter=_brief)
    #: True if the body has the provider's (or its relay's) own shape.
    shaped: bool = False
    #: True if it is a relay's own error: an `error` object, which says that nothing went on to the provider.
    relayed: bool = False
    #: The culprit of a moderated prompt, where told.
    culprit: str | None = None
    request_id: str | None = None


def _pattern(words: str | None) -> "re.Pattern[str] | None":
    return re.compile(words, re.IGNORECASE) if words else None


@frozen(kw_only=True)
class Row:
    """One line of a table of answers. A condition that is None always holds."""

    verdict: Verdict
    kind: FailureKind = "ProviderError"
    status: Collection[int] | None = None
    code: Collection[str] | None = None
    says: "re.Pattern[str] | None" = field(default=None, converter=_pattern)
    shaped: bool | None = None
    relayed: bool | None = None
    hint: str = ""
    #: True if it is about the account and not about this job.
    account: bool = False
    #: True if it is about this kind of work at this account.
    route: bool = False
    retryable: bool = False

    def fits(self, said: Said) -> bool:
        """Whether every condition holds."""
        return (
            (self.status is None or said.status in self.status)
            and (self.code is None or said.code in self.code)
            and (self.shaped is None or said.shaped is self.shaped)
            and (self.relayed is None or said.relayed is self.relayed)
            and (self.says is None or self.says.search(said.words) is not None)
        )


#: The row for what no row knows.
UNKNOWN = Row(verdict=Verdict.UNCLEAR, kind="SubmitOutcomeUnknown")


def judge(table: Iterable[Row], said: Said) -> Row:
    """The first row that fits, else `UNKNOWN`."""
    return next((row for row in table if row.fits(said)), UNKNOWN)


def decided(row: Row, said: Said, response: HttpResponse, provider: str, wait: float | None = None) -> Submitted:
    """A row and an answer as what became of the submit."""
    if row.verdict is Verdict.UNCLEAR:
        return Unclear(failure=failure_of(row, said, response, provider, charged="unknown"))
    failure = failure_of(row, said, response, provider, charged="no")
    if row.verdict is Verdict.BUSY:
        return Busy(failure=failure, retry_after=wait, account=row.account)
    return Refused(failure=failure, account=row.account, route=row.route)


def refusal(table: Iterable[Row], said: Said, response: HttpResponse, provider: str) -> Submitted:
    """What the table says about an answer that did not bring an id."""
    if 300 <= response.status < 400:
        said = evolve(said, words=f"a redirect to {_host(response.headers.get('location', ''))}")
    return decided(judge(table, said), said, response, provider, retry_after(response))


def _host(location: str) -> str:
    """Where a redirect leads; the rest of the address may hold what is nobody's business."""
    try:
        return plain(urlsplit(location).hostname or "another path", 80)
    except ValueError:
        return "nowhere"


_WHAT: dict[FailureKind, str] = {
    "AuthError": "{provider} refused the key",
    "ConfigError": "{provider} has no such route at this address",
    "InvalidRequest": "{provider} does not accept the request",
    "JobFailed": "The job failed at {provider}",
    "JobLost": "{provider} does not know the job",
    "PromptRejected": "{provider} rejected the prompt",
    "ProtocolError": "{provider} answered something that cannot be read",
    "QuotaExhausted": "{provider} says that the quota is used up",
    "Unreachable": "{provider} cannot answer now",
    "SubmitOutcomeUnknown": "{provider} gave no usable answer to a submit",
}


def failure_of(row: Row, said: Said, response: HttpResponse, provider: str, *, charged: Charged) -> Failure:
    """What to tell whoever awaits the job."""
    reason = plain(said.words, 500)
    # TTAPI has no codes: its envelope's status stands there, and says nothing that the words do not.
    code = said.code if said.code.lstrip("-").isdecimal() else None
    what = _WHAT.get(row.kind, "{provider} refused the request").format(provider=provider)
    return Failure(
        kind=row.kind,
        what=f"{what} (HTTP {said.status}{f', code {code}' if code else ''}).",
        why=f"it said: {reason[:200]}" if reason else f"the answer starts: {start(response)}",
        hint=row.hint or ("ask again in a while" if row.verdict is Verdict.BUSY else ""),
        charged=charged,
        retryable=row.retryable or row.verdict is Verdict.BUSY,
        status=said.status,
        code=code,
        reason=reason,
        request_id=said.request_id,
        word=plain(said.culprit or "", 100) or None,
    )
