"""How midjourney-proxy and its relay answer and say no.

Rule 1: business answers ride on HTTP 200 with a `code`; the relay's own refusals are 4xx.
"""

import json
from typing import Any

from mjasync.core.wire import HttpResponse
from mjasync.sim.replies import Refusal
from mjasync.sim.world import World

NAME = "mjproxy"
_TEXT, _JSON = "text/plain; charset=utf-8", "application/json"
_REASONS = {400: "Bad Request", 404: "Not Found"}


def reply(data: object, *, status: int = 200, kind: str = _TEXT) -> HttpResponse:
    """JSON as a Go relay writes it: three characters escaped, and a submit's answer labelled as plain text."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for mark in "&<>":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return HttpResponse(status=status, body=text.encode("utf-8", "surrogatepass"), headers={"content-type": kind})


def told(data: object) -> HttpResponse:
    """The answer to a look: the relay labels it as JSON."""
    return reply(data, kind=_JSON)


def refuse(world: World, name: str, refusal: Refusal) -> HttpResponse:
    """Write a refusal in the shape of the server (200), of the relay (4xx), or of the relay's door (401-403, 500)."""
    world.ledger.refusals[refusal.reason] += 1
    if refusal.violation:
        world.ledger.violation(NAME, name, refusal.violation)
    if refusal.status == 200:
        shown = refusal.shown or {}
        return reply({"code": refusal.code, "description": refusal.text, "properties": shown, "result": None})
    if world.profile.mjproxy.spring:
        return _spring(refusal)
    if refusal.status in {401, 402, 403, 500}:
        number = f"{sum(world.ledger.requests.values()):032d}"
        text = f"{refusal.text} (request id: {number})"
        written = reply({"error": {"message": text, "type": "new_api_error"}}, status=refusal.status)
        headers = {**written.headers, "x-oneapi-request-id": number}
        return HttpResponse(status=written.status, body=written.body, headers=headers)
    # The relay builds "description result" and leaves the blank of an empty result behind.
    body = {"code": refusal.code, "description": f"{refusal.text} ", "type": "upstream_error"}
    return reply(body, status=refusal.status)


def queue_full() -> Refusal:
    """Too many jobs wait or run: code 23, nothing accepted."""
    return Refusal("queue_full", "队列已满，请稍后尝试", status=200, code=23)


def rejected(
    *, reason: str = "可能包含敏感词", status: int = 200, code: int = 24, word: str = "", **_: object
) -> Refusal:
    """The provider does not like the request: a scripted "no"."""
    shown = {"promptEn": "", "bannedWord": word or reason} if code == 24 else {}
    return Refusal("banned" if code == 24 else "rejected", reason, status=status, code=code, shown=shown)


def invalid(text: str, violation: str) -> Refusal:
    """A request that the server finds wrong: code 4."""
    return Refusal("invalid", text, status=200, violation=violation)


def unreadable(violation: str, text: str = "bind_request_body_failed") -> Refusal:
    """A request that the relay cannot read: it never reaches the server."""
    return Refusal("invalid", text, violation=violation)


def without_id(envelope: dict[str, Any]) -> dict[str, Any]:
    """Take the id out of a success."""
    return {key: value for key, value in envelope.items() if key != "result"}


def _spring(refusal: Refusal) -> HttpResponse:
    """The Java server's door: an empty 401 (contracts_mjproxy.md 2), and the framework's page for the rest."""
    if refusal.status == 401:
        return HttpResponse(status=401)
    if refusal.reason == "unknown_job":
        # The controller returns null, which Spring writes as nothing.
        return HttpResponse(status=200)
    error = _REASONS.get(refusal.status, "Internal Server Error")
    body = {"timestamp": "2025-03-09T14:46:18.038+00:00", "status": refusal.status, "error": error, "path": "/mj"}
    return reply(body, status=refusal.status, kind=_JSON)
