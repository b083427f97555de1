"""Small pieces of HTTP that both dialects share: reading a JSON request, writing a JSON answer, saying no.

Rule 1: nothing here knows a provider's shapes; a `Refusal` becomes an answer in the dialect that caught it.
"""

import json
from typing import Any
from urllib.parse import urlsplit

from attrs import frozen

from mjasync.core.wire import HttpRequest, HttpResponse
from mjasync.sim.jobs import Account
from mjasync.sim.ledger import Ledger
from mjasync.sim.world import World


@frozen(kw_only=True)
class Call:
    """A request that found its endpoint and its account; `base` is what picture URLs begin with."""

    world: World
    account: Account
    request: HttpRequest
    base: str
    #: The mode that the path asks for, where a dialect has it there.
    mode: str = "fast"


class Refusal(Exception):
    """The provider says no. `reason` is the ledger's word; `violation` says what no seed allows in the request."""

    def __init__(
        self, reason: str, text: str, *, status: int = 400, code: int = 4, violation: str = "", shown: Any = None
    ) -> None:
        super().__init__(text)
        self.reason = reason
        self.text = text
        self.status = status
        self.code = code
        self.violation = violation
        #: What the dialect adds to its answer, if anything.
        self.shown = shown


def json_reply(data: object, *, status: int = 200, kind: str = "application/json") -> HttpResponse:
    """An answer with a JSON body in UTF-8."""
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return HttpResponse(status=status, body=body, headers={"content-type": kind})


def html_reply(text: str, *, status: int = 200) -> HttpResponse:
    """An answer with a web page, as gateways and consoles give it."""
    page = f"<!doctype html><html><head><title>{text}</title></head><body><div id=root>{text}</div></body></html>"
    return HttpResponse(status=status, body=page.encode(), headers={"content-type": "text/html; charset=utf-8"})


def header(request: HttpRequest, name: str) -> str:
    """A request header whatever its case, or ""."""
    return next((value for key, value in request.headers.items() if key.lower() == name.lower()), "")


def path_of(request: HttpRequest, base: str) -> str:
    """The path below the provider's base, without the query."""
    return urlsplit(request.url).path.removeprefix(urlsplit(base).path.rstrip("/"))


def read_json(request: HttpRequest) -> dict[str, Any]:
    """The request's JSON object.

    Raises:
        Refusal: another content type, no JSON, or no object.

    """
    kind = header(request, "content-type")
    if not kind.lower().startswith("application/json"):
        raise Refusal(
            "invalid", "the body must be JSON", violation=f"content type {kind!r} instead of application/json"
        )
    try:
        data = json.loads(request.body or b"")
    except ValueError:
        raise Refusal("invalid", "the body is not JSON", violation="the body is not JSON") from None
    if not isinstance(data, dict):
        raise Refusal("invalid", "the body must be an object", violation="the body is not a JSON object")
    return data


def note_unknown(ledger: Ledger, provider: str, endpoint: str, unknown: set[str]) -> None:
    """Enter fields that no seed knows. They are ignored, as the real servers do, which is why they are dangerous."""
    for name in sorted(unknown):
        ledger.violation(provider, endpoint, f"unknown field {name!r}")
