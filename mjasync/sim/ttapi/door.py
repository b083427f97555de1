"""The door of TTAPI: which address leads where, and whose key it is (seed 000).

Rule 1: the seed decides; where it is silent, `contracts_ttapi.md` does, and the place says so.
"""

from collections.abc import Callable, Mapping

from mjasync.core.wire import HttpRequest, HttpResponse
from mjasync.sim.replies import Call, Refusal, header, path_of
from mjasync.sim.ttapi import lookups, orders
from mjasync.sim.ttapi.refusals import NAME, queue_full, refuse, rejected, without_id
from mjasync.sim.world import World

__all__ = ["FREE", "LOOKS", "ORIGIN", "answer", "endpoint", "queue_full", "refuse", "rejected", "without_id"]

ORIGIN = "https://ttapi.sim.invalid"
#: Endpoints that a fault on="fetch" strikes: they tell where jobs stand.
LOOKS = frozenset({"fetch", "fetch-list"})
#: Endpoints that neither cost nor tell about jobs: a fault on="free".
FREE = frozenset({"promptCheck", "info"})
_PREFIX = "/midjourney/v1/"

_ROUTES: Mapping[str, Callable[[Call], HttpResponse]] = {
    "imagine": orders.imagine,
    "action": orders.action,
    "seed": orders.seed,
    "blend": orders.blend,
    "describe": orders.describe,
    "inpaint": orders.inpaint,
    "fetch": lookups.fetch,
    "promptCheck": lookups.prompt_check,
    "info": lookups.info,
    "fetch-list": lookups.fetch_list,
}


def endpoint(request: HttpRequest, base: str = ORIGIN) -> str:
    """Name what a request is after, as the ledger counts it ("imagine", "fetch-list", …), or "unrouted"."""
    path = path_of(request, base)
    name = path.removeprefix(_PREFIX)
    return name if path.startswith(_PREFIX) and name in _ROUTES else "unrouted"


def answer(world: World, request: HttpRequest, *, base: str = ORIGIN) -> HttpResponse:
    """Answer one request; `base` is the address that picture URLs begin with."""
    name = endpoint(request, base)
    world.ledger.requests[f"{NAME}.{name}"] += 1
    try:
        if name == "unrouted":
            raise Refusal("no_route", "route not found", status=404)
        _check_method(world, name, request.method)
        account = world.find_account(NAME, header(request, "TT-API-KEY"))
        if account is None:
            raise Refusal("bad_key", "Wrong TT-API-KEY", status=401)
        return _ROUTES[name](Call(world=world, account=account, request=request, base=base))
    except Refusal as refusal:
        return refuse(world, name, refusal)


def _check_method(world: World, name: str, method: str) -> None:
    ways = world.profile.ttapi
    account, doubtful = name in {"info", "fetch-list"}, name in {"info", "fetch-list", "fetch"}
    methods = ways.fetch_methods if name == "fetch" else ways.account_methods if account else ("POST",)
    if method in methods:
        return
    # The documents disagree about these three: asking the other way is no fault.
    wrong = "" if doubtful and method in {"GET", "POST"} else f"{method} instead of {' or '.join(methods)}"
    if ways.wrong_method_is_page:
        raise Refusal("no_route", "404 Not Found", status=404, violation=wrong, shown="page")
    raise Refusal("no_route", "method not allowed", status=405, violation=wrong)
