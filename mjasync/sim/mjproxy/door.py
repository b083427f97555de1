"""The door of midjourney-proxy and its relay: which address leads where, and whose key it is (seed 001)."""

import re
from collections.abc import Callable, Mapping

from mjasync.core.wire import HttpRequest, HttpResponse
from mjasync.sim.jobs import Account
from mjasync.sim.mjproxy import lookups, orders, windows
from mjasync.sim.mjproxy.refusals import NAME, queue_full, refuse, rejected, without_id
from mjasync.sim.replies import Call, Refusal, header, html_reply, path_of
from mjasync.sim.ways import Prefixes
from mjasync.sim.world import World

__all__ = ["FREE", "LOOKS", "ORIGIN", "answer", "endpoint", "queue_full", "refuse", "rejected", "without_id"]

ORIGIN = "https://mjproxy.sim.invalid"
#: Endpoints that a fault on="fetch" strikes: they tell where tasks stand.
LOOKS = frozenset({"fetch", "list-by-condition"})
#: Endpoints that neither cost nor tell about tasks: a fault on="free".
FREE = frozenset({"image-seed"})

# Seed 001, "模式接入点" says /mj-fast and /mj-relax, its curl samples say /fast. No prefix is fast.
_PATH = re.compile(
    r"(?:/(?P<mark>mj-)?(?P<mode>turbo|fast|relax))?/mj/"
    r"(?:submit/(?P<submit>[a-z-]+)|task/(?P<list>list-by-condition)|task/[^/]+/(?P<look>[a-z-]+)|insight-face/(?P<face>swap))"
)
_Handler = Callable[[Call], HttpResponse]
_SUBMITS: Mapping[str, _Handler] = {
    "imagine": orders.imagine,
    "blend": orders.blend,
    "describe": orders.describe,
    "shorten": orders.shorten,
    "action": windows.action,
    "modal": windows.modal,
    "upload-discord-images": orders.upload,
}
_LOOKED: Mapping[str, _Handler] = {"fetch": lookups.fetch, "image-seed": lookups.image_seed}
_HANDLERS = {**_SUBMITS, **_LOOKED, "list-by-condition": lookups.list_by_condition, "swap": orders.swap}


def endpoint(request: HttpRequest, base: str = ORIGIN) -> str:
    """Name what a request is after, as the ledger counts it ("imagine", "list-by-condition", …), or "unrouted"."""
    name = _name(_PATH.fullmatch(path_of(request, base)))
    # A relay does not know methods: the wrong one is an unknown page.
    return name if name and request.method == _method(name) else "unrouted"


def answer(world: World, request: HttpRequest, *, base: str = ORIGIN) -> HttpResponse:
    """Answer one request; `base` is the address that picture URLs begin with."""
    match, name = _PATH.fullmatch(path_of(request, base)), endpoint(request, base)
    ways = world.profile.mjproxy
    if match is None or name not in ways.endpoints or not _prefixed(match, ways.prefixes):
        return _unrouted(world, request, match)
    world.ledger.requests[f"{NAME}.{name}"] += 1
    try:
        account, mode = _account(world, request), match["mode"] or "fast"
        reply = _HANDLERS[name](Call(world=world, account=account, request=request, base=base, mode=mode))
    except Refusal as refusal:
        reply = refuse(world, name, refusal)
    if not ways.spring or not reply.body:
        return reply
    # Only a relay calls the answer to a submit plain text.
    return HttpResponse(status=reply.status, body=reply.body, headers={"content-type": "application/json"})


def _name(match: re.Match[str] | None) -> str:
    """Return the endpoint of a path, whatever the method."""
    if match is None:
        return ""
    if match["submit"]:
        return match["submit"] if match["submit"] in _SUBMITS else ""
    if match["look"]:
        return match["look"] if match["look"] in _LOOKED else ""
    return match["list"] or match["face"]


def _method(name: str) -> str:
    return "GET" if name in _LOOKED else "POST"


def _prefixed(match: re.Match[str], prefixes: Prefixes) -> bool:
    if prefixes is Prefixes.SLASH:
        return bool(match["mode"]) and not match["mark"]
    return prefixes is Prefixes.ALL or not match["mode"]


def _unrouted(world: World, request: HttpRequest, match: re.Match[str] | None) -> HttpResponse:
    """Answer a path that nobody knows; a known one with the wrong method is recorded too."""
    world.ledger.requests[f"{NAME}.unrouted"] += 1
    name, violation = _name(match), ""
    if name and request.method != _method(name):
        violation = f"{request.method} instead of {_method(name)}"
    refusal = Refusal("no_route", "Not Found", status=404, violation=violation)
    if world.profile.mjproxy.spring:
        return refuse(world, name, refusal)
    refuse(world, name, refusal)
    # new-api serves its console for every path it does not know, with status 200.
    return html_reply("New API")


def _account(world: World, request: HttpRequest) -> Account:
    """Whose key this is: `Authorization: Bearer key`, or `mj-api-secret: key` (new-api's door)."""
    told = header(request, "authorization")
    if world.profile.mjproxy.secret_only or told in {"", "midjourney-proxy"}:
        told = header(request, "mj-api-secret")
    account = world.find_account(NAME, told.removeprefix("Bearer "))
    if account is None:
        raise Refusal("bad_key", "无效的令牌", status=401)
    return account
