"""Looks that brought no job: the route, the account, or only a bad moment."""

from typing import Any

from attrs import evolve

from mjasync.core.answers import Absent, Looked, Trouble
from mjasync.core.model import Failure
from mjasync.core.wire import HttpResponse, retry_after
from mjasync.dialects._reading import Garbled, decode, start
from mjasync.dialects._verdict import MODEL_BARRED, Row, Said, Verdict, failure_of, judge

_KEY = "check the key and the base_url"
_QUOTA = r"quota|balance|额度|余额|insufficient"
#: What a look's bad answer means; it never says anything about the job.
_LOOK = (
    Row(verdict=Verdict.REFUSED, kind="QuotaExhausted", status={402}, account=True, hint="top up the account"),
    Row(
        verdict=Verdict.REFUSED,
        kind="QuotaExhausted",
        status={401, 403},
        says=_QUOTA,
        account=True,
        hint="top up the account",
    ),
    # A look names no model, so a token that is limited to some may send work and not look at it.
    Row(
        verdict=Verdict.REFUSED,
        kind="AuthError",
        status={403},
        says=MODEL_BARRED,
        account=True,
        hint="use a token without a limit to some models: such a token may not look at its own jobs",
    ),
    Row(verdict=Verdict.REFUSED, kind="AuthError", status={401, 403, 407}, account=True, hint=_KEY),
    Row(verdict=Verdict.BUSY, kind="Unreachable", status={408, 425, 429, *range(500, 600)}),
    Row(
        verdict=Verdict.REFUSED,
        kind="ProtocolError",
        says=r"^a web page",
        hint="this looks like a wrong path or mode prefix: see base_url and mode_path",
    ),
    Row(verdict=Verdict.REFUSED, kind="ProtocolError"),
)


#: Both headers are in use at servers of the midjourney-proxy dialect.
_OTHER_HEADER = "; some midjourney-proxy servers want auth='mj-api-secret'"


def _row(said: Said, provider: str) -> Row:
    row = judge(_LOOK, said)
    other = row.hint == _KEY and provider != "TTAPI"
    return evolve(row, hint=row.hint + _OTHER_HEADER) if other else row


def look_trouble(said: Said, response: HttpResponse, provider: str) -> Looked:
    """A readable answer that is not about the job."""
    return asked_in_vain(said, response, provider)


def unreadable(response: HttpResponse, provider: str, why: str) -> Looked:
    """An answer that is not JSON: by its HTTP status where that says something, else as it is."""
    return look_trouble(Said(status=response.status, words=why), response, provider)


def asked_in_vain(said: Said, response: HttpResponse, provider: str, *, why: str = "") -> Trouble:
    """A free question that got no answer to it."""
    row = _row(said, provider)
    failure = failure_of(row, evolve(said, words=said.words or why), response, provider, charged="no")
    return Trouble(failure=failure, retry_after=retry_after(response))


def absence(response: HttpResponse, provider: str) -> Absent | Trouble | None:
    """Whether an answer shows that an optional route is not there: a console page, a redirect, 404, 405, 501."""
    return looked_for(response, provider)[1]


def looked_for(response: HttpResponse, provider: str) -> tuple[Any, Absent | Trouble | None]:
    """The answer of an optional route as JSON, and what `absence` says of it."""
    if 300 <= response.status < 400 or response.status in (405, 501):
        return None, Absent(why=f"HTTP {response.status}")
    said = Said(status=response.status)
    try:
        document = decode(response)
    except Garbled as exc:
        # A console serves its page for every path; an answer that is empty or cut was only a bad moment.
        a_page = response.status < 300 and response.body.lstrip()[:1] == b"<"
        if a_page or response.status == 404:
            return None, Absent(why=f"HTTP {response.status}, {str(exc).partition(';')[0]}")
        return None, asked_in_vain(said, response, provider, why=str(exc))
    if _is_route_missing(response.status, document):
        return document, Absent(why=f"HTTP {response.status}")
    if response.status in (401, 402, 403, 408, 425, 429) or response.status >= 500:
        # Its words, whatever shape they came in: a quota that is used up is told in 401, too.
        return document, asked_in_vain(evolve(said, words=start(response)), response, provider)
    return document, None


def proof(response: HttpResponse, provider: str, addresses: str) -> Failure | None:
    """Whether the answer to a look at an id that cannot exist shows that the route works; None if it does.

    The provider has to speak JSON; what it says about the id does not matter. An empty answer is how some
    midjourney-proxy servers say "unknown".
    """
    said = Said(status=response.status, words=start(response) if response.body else "")
    if 300 <= response.status < 400:
        return _wrong_route(said, "it answers with a redirect, and redirects are never followed", addresses)
    row = _row(said, provider)
    if row.kind in ("AuthError", "QuotaExhausted"):
        return failure_of(row, said, response, provider, charged="no")
    if not response.body.strip():
        return None if row.kind != "Unreachable" else failure_of(row, said, response, provider, charged="no")
    try:
        document = decode(response)
    except Garbled:
        if row.kind == "Unreachable":
            return failure_of(row, said, response, provider, charged="no")
        return _wrong_route(said, f"the answer starts: {start(response)}", addresses)
    if _is_route_missing(response.status, document):
        return _wrong_route(said, f"it said: {start(response)}", addresses)
    if response.status in (408, 425, 429):
        return failure_of(row, said, response, provider, charged="no")
    return None


def _is_route_missing(status: int, document: Any) -> bool:
    """The ways in which common servers say in JSON that they have no such path."""
    fields = document if isinstance(document, dict) else {}
    error = fields.get("error")
    invalid_url = isinstance(error, dict) and "invalid url" in str(error.get("message", "")).lower()
    fastapi = fields == {"detail": "Not Found"}
    spring = {"timestamp", "status", "error", "path"} <= set(fields)
    return status == 404 and (fastapi or spring or invalid_url)


def _wrong_route(said: Said, why: str, addresses: str) -> Failure:
    return Failure(
        kind="ConfigError",
        what=f"There is no such API at this address (HTTP {said.status}).",
        why=why,
        hint=addresses,
        status=said.status,
    )


def not_routed(verb: str, absent: Absent) -> Failure:
    """An optional route that the account's server does not have."""
    return Failure(
        kind="ActionUnavailable",
        what=f"This account cannot do {verb}.",
        why=f"the route is optional, and it answered {absent.why}"[:300],
        hint="use an account that has it; nothing was paid",
    )
