"""Looks that brought no job: the route, the account, or only a bad moment."""

from typing import Any

from mjasync.core.answers import Looked, Trouble
from mjasync.core.model import Failure
from mjasync.core.wire import HttpResponse, retry_after
from mjasync.dialects._reading import Garbled, decode, start
from mjasync.dialects._verdict import Row, Said, Verdict, failure_of, judge

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
    Row(
        verdict=Verdict.REFUSED,
        kind="AuthError",
        status={401, 403, 407},
        account=True,
        hint="check the key and the base_url",
    ),
    Row(verdict=Verdict.BUSY, kind="Unreachable", status={408, 425, 429, *range(500, 600)}),
    Row(verdict=Verdict.REFUSED, kind="ProtocolError"),
)


def look_trouble(said: Said, response: HttpResponse, provider: str) -> Looked:
    """A readable answer that is not about the job."""
    row = judge(_LOOK, said)
    return Trouble(failure=failure_of(row, said, response, provider, charged="no"), retry_after=retry_after(response))


def unreadable(response: HttpResponse, provider: str, why: str) -> Looked:
    """An answer that is not JSON: by its HTTP status where that says something, else as it is."""
    return look_trouble(Said(status=response.status, words=why), response, provider)


def proof(response: HttpResponse, provider: str, addresses: str) -> Failure | None:
    """Whether the answer to a look at an id that cannot exist shows that the route works; None if it does.

    The provider has to speak JSON; what it says about the id does not matter. An empty answer is how some
    midjourney-proxy servers say "unknown".
    """
    said = Said(status=response.status, words=start(response) if response.body else "")
    if 300 <= response.status < 400:
        return _wrong_route(said, "it answers with a redirect, and redirects are never followed", addresses)
    row = judge(_LOOK, said)
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
