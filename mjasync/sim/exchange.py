"""One exchange with a provider: the dialect or the picture wall answers, and scripted faults have their way with it.

Rule 1: both roads to the world, in process and over HTTP, pass here and nowhere else.
Rule 2: a fault spoils the answer before or after the processing, never in the middle: the books always know which.
"""

import json
from types import MappingProxyType
from typing import Any, Protocol

from mjasync.core.wire import HttpRequest, HttpResponse, NoAnswer, NotSent
from mjasync.sim import faults, imagery
from mjasync.sim.faults import Fault
from mjasync.sim.mjproxy import door as mjproxy
from mjasync.sim.replies import Refusal, html_reply, path_of
from mjasync.sim.ttapi import door as ttapi
from mjasync.sim.world import World

_PICTURES = "/pictures/"


class Face(Protocol):
    """What a dialect's module offers, as seen from here."""

    ORIGIN: str
    LOOKS: frozenset[str]
    FREE: frozenset[str]

    def endpoint(self, request: HttpRequest, base: str = ...) -> str:
        """Name what a request is after."""

    def answer(self, world: World, request: HttpRequest, *, base: str = ...) -> HttpResponse:
        """Process a request."""

    def refuse(self, world: World, name: str, refusal: Refusal) -> HttpResponse:
        """Write a refusal and enter it in the books."""

    def queue_full(self) -> Refusal:
        """The refusal of a job over the cap."""

    def rejected(self, **details: Any) -> Refusal:
        """A scripted refusal."""

    def without_id(self, envelope: dict[str, Any]) -> dict[str, Any]:
        """A success without its id."""


FACES: MappingProxyType[str, Face] = MappingProxyType({"ttapi": ttapi, "mjproxy": mjproxy})


def exchange(world: World, provider: str, request: HttpRequest, *, base: str | None = None) -> HttpResponse:
    """Answer a request to a provider whose addresses begin with `base` (default: its in-process origin).

    Raises:
        NotSent: a scripted fault refused the connection.
        NoAnswer: a scripted fault cut it, before or after the request was processed.

    """
    face = FACES[provider]
    base = face.ORIGIN if base is None else base
    picture = path_of(request, base).startswith(_PICTURES)
    name = "image" if picture else face.endpoint(request, base)
    fault = world.strike(provider, _place(face, name), faults.searchable(request))
    if fault and fault.kind == "refuse_connection":
        raise NotSent("connection refused (a scripted fault)")
    if fault and fault.kind in faults.BEFORE:
        world.ledger.requests[f"{provider}.{name}"] += 1
        return _instead(world, face, name, fault, base)
    reply = _picture(world, provider, request, base) if picture else face.answer(world, request, base=base)
    return _spoiled(face, reply, fault) if fault else reply


def _place(face: Face, name: str) -> str:
    """Where a fault has to lie in wait for this request: what is neither looked at nor free may cost."""
    if name == "image":
        return "image"
    return "fetch" if name in face.LOOKS else "free" if name in face.FREE else "submit"


def _picture(world: World, provider: str, request: HttpRequest, base: str) -> HttpResponse:
    """A download needs no key."""
    world.ledger.requests[f"{provider}.image"] += 1
    found = world.gallery.png(path_of(request, base).removeprefix(_PICTURES), world.now())
    if request.method != "GET" or found is None:
        world.ledger.refusals["no_picture"] += 1
        return html_reply("404 Not Found", status=404)
    return HttpResponse(status=200, body=found, headers={"content-type": f"image/{imagery.kind(found)}"})


def _instead(world: World, face: Face, name: str, fault: Fault, base: str) -> HttpResponse:
    """What comes back when the request was never processed."""
    match fault.kind:
        case "drop":
            raise NoAnswer("connection reset (a scripted fault)")
        case "html":
            return html_reply("New API")
        case "redirect":
            target = fault.details.get("location") or f"{base}/elsewhere"
            return HttpResponse(status=fault.details.get("status", 302), headers={"location": target})
        case "queue_full":
            return face.refuse(world, name, face.queue_full())
        case "reject":
            return face.refuse(world, name, face.rejected(**fault.details))
    return _status(fault)


def _spoiled(face: Face, reply: HttpResponse, fault: Fault) -> HttpResponse:
    """What comes back of an answer that was meant well."""
    match fault.kind:
        case "lose_answer":
            raise NoAnswer("connection reset after the request (a scripted fault)")
        case "garbage":
            return HttpResponse(status=200, body=reply.body[: len(reply.body) // 2], headers=reply.headers)
        case "empty":
            return HttpResponse(status=200, headers=reply.headers)
        case "no_id":
            return _without_id(face, reply)
    return _status(fault)


def _without_id(face: Face, reply: HttpResponse) -> HttpResponse:
    """A success that does not say what it made; a refusal or a page stays as it is."""
    if reply.status != 200 or "html" in reply.headers.get("content-type", ""):
        return reply
    body = json.dumps(face.without_id(json.loads(reply.body))).encode()
    return HttpResponse(status=reply.status, body=body, headers=reply.headers)


def _status(fault: Fault) -> HttpResponse:
    """A bare HTTP status, as gateways answer: HTML unless the script brings a body (text, bytes or JSON)."""
    status, body = fault.details.get("status", 503), fault.details.get("body")
    headers = {"content-type": "application/json"}
    if fault.details.get("retry_after") is not None:
        headers["retry-after"] = str(fault.details["retry_after"])
    if body is None:
        page = html_reply(f"{status} the gateway says", status=status)
        return HttpResponse(status=status, body=page.body, headers={**headers, **page.headers})
    if not isinstance(body, str | bytes):
        body = json.dumps(body)
    return HttpResponse(status=status, body=body.encode() if isinstance(body, str) else body, headers=headers)
