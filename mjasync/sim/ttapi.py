"""TTAPI from the server's side: what it accepts, and how it answers (seed 000).

Rule 1: the seed decides; where it is silent, `contracts_ttapi.md` does, and the place says so.
Rule 2: one envelope for everything: `{status, message, data}`.
"""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from mjasync.core.wire import HttpRequest, HttpResponse
from mjasync.sim.gestures import REROLL, Gesture
from mjasync.sim.jobs import Job, Order, Phase
from mjasync.sim.pictures import CORNERS
from mjasync.sim.replies import Call, Refusal, header, json_reply, note_unknown, path_of, read_json
from mjasync.sim.world import QueueFull, World

NAME = "ttapi"
ORIGIN = "https://ttapi.sim.invalid"
_PREFIX = "/midjourney/v1/"

# Seed 000, the parameter tables. `model` stands in the samples only and is ignored: the job silently runs as fast.
_FIELDS = {
    "imagine": {"prompt", "hookUrl", "mode", "timeout", "getUImages", "translation"},
    "action": {"jobId", "action", "timeout", "hookUrl", "getUImages"},
    "fetch": {"jobId"},
}
_TYPES: Mapping[str, type] = {"hookUrl": str, "getUImages": bool, "translation": bool, "mode": str, "timeout": int}
_MODES = {"relax": 600, "fast": 300, "turbo": 300}

#: TTAPI's word -> gesture. Seed 000 defines upsampleN and variationN; the rest is what `components` of newer answers show.
ACTIONS: Mapping[str, Gesture] = {
    **{f"upsample{tile}": Gesture("upscale", tile) for tile in (1, 2, 3, 4)},
    **{f"variation{tile}": Gesture("variation", tile) for tile in (1, 2, 3, 4)},
    "reroll": REROLL,
    "upscale_subtle": Gesture("upscale", flavour="subtle"),
    "upscale_creative": Gesture("upscale", flavour="creative"),
    "low_variation": Gesture("variation", flavour="subtle"),
    "high_variation": Gesture("variation", flavour="strong"),
    "vary_region": Gesture("variation", flavour="region"),
    "zoom_out_2": Gesture("zoom", flavour="2"),
    "zoom_out_1_5": Gesture("zoom", flavour="1.5"),
    "make_square": Gesture("zoom", flavour="square"),
    **{f"pan_{side}": Gesture("pan", flavour=side) for side in ("left", "right", "up", "down")},
}
_STATES = {Phase.QUEUED: "PENDING_QUEUE", Phase.RUNNING: "ON_QUEUE", Phase.DONE: "SUCCESS", Phase.FAILED: "FAILED"}


def endpoint(request: HttpRequest, base: str = ORIGIN) -> str:
    """Name what a request is after, as the ledger counts it: "imagine", "action", "fetch" or "unrouted"."""
    path = path_of(request, base)
    name = path.removeprefix(_PREFIX)
    return name if path.startswith(_PREFIX) and name in _ROUTES else "unrouted"


def answer(world: World, request: HttpRequest, *, base: str = ORIGIN) -> HttpResponse:
    """Answer one request; `base` is the address that picture URLs begin with."""
    name = endpoint(request, base)
    world.ledger.requests[f"{NAME}.{name}"] += 1
    try:
        methods = _ROUTES.get(name)
        if methods is None:
            raise Refusal("no_route", "route not found", status=404)
        if request.method not in methods:
            raise Refusal("no_route", "method not allowed", status=405)
        account = world.find_account(NAME, header(request, "TT-API-KEY"))
        if account is None:
            raise Refusal("bad_key", "Wrong TT-API-KEY", status=401)
        return methods[request.method](Call(world=world, account=account, request=request, base=base))
    except Refusal as refusal:
        return refuse(world, name, refusal)


def refuse(world: World, name: str, refusal: Refusal) -> HttpResponse:
    """Write a refusal in TTAPI's shape and enter it in the books."""
    world.ledger.refusals[refusal.reason] += 1
    if refusal.violation:
        world.ledger.violation(NAME, name, refusal.violation)
    envelope: dict[str, object] = {"status": "FAILED", "message": refusal.text}
    # docs.ttapi.io: the body of a 401 has no `data`.
    if refusal.status != 401:
        envelope["data"] = None
    return json_reply(envelope, status=refusal.status)


def queue_full() -> Refusal:
    """Too many jobs wait or run (seed 000: ten); docs.ttapi.io gives it HTTP 499."""
    return Refusal("queue_full", "queue is full, please wait for running jobs to end", status=499)


def rejected(*, reason: str = "[Banned prompt detected]", status: int = 400, **_: object) -> Refusal:
    """The provider does not like the request: a scripted "no"."""
    return Refusal("banned" if "banned" in reason.casefold() else "rejected", reason, status=status)


def without_id(envelope: dict[str, Any]) -> dict[str, Any]:
    """Take the id out of a success."""
    return {**envelope, "data": {}}


def _imagine(call: Call) -> HttpResponse:
    data = _checked(call.world, "imagine", call.request)
    prompt = _text(data, "prompt")
    mode = data.get("mode", "fast")
    if mode not in _MODES:
        raise Refusal("invalid", "[Invalid parameter] mode", violation=f"mode {mode!r}")
    seconds = data.get("timeout", _MODES[mode])
    if not _MODES[mode] <= seconds <= 1200:
        wrong = f"timeout {seconds} in mode {mode} instead of {_MODES[mode]}-1200"
        raise Refusal("invalid", "[Invalid parameter] timeout", violation=wrong)
    word = call.world.banned_word(prompt)
    if word:
        raise Refusal("banned", f"[Banned prompt detected] {word}")
    return _accept(call, Order(kind="imagine", prompt=prompt, mode=mode, notes=_notes(data)))


def _action(call: Call) -> HttpResponse:
    data = _checked(call.world, "action", call.request)
    remote_id, token = _text(data, "jobId"), _text(data, "action")
    parent = call.world.find_job(call.account, remote_id)
    if parent is None:
        raise Refusal("unknown_job", f"job [{remote_id}] does not exist")
    if parent.phase(call.world.now()) is not Phase.DONE:
        raise Refusal("parent", f"job [{parent.id}] is not finished", violation=f"{token} on an unfinished job")
    gesture = ACTIONS.get(token)
    if gesture is None or gesture not in parent.offers(call.world.now()):
        raise Refusal("invalid", "[Invalid parameter] action", violation=f"{token!r} is not offered by the job")
    if gesture.needs_window:
        raise Refusal("invalid", "[Invalid parameter] action: use /inpaint", violation=f"{token} needs /inpaint")
    return _accept(
        call,
        Order(
            kind=gesture.kind,
            prompt=parent.order.prompt,
            # The table of /action has no mode: the parent's goes on.
            mode=parent.order.mode,
            token=token,
            gesture=gesture,
            parent=parent,
            notes=_notes(data),
        ),
    )


def _fetch(call: Call) -> HttpResponse:
    if call.request.method == "GET":
        query = parse_qs(urlsplit(call.request.url).query)
        remote_id = _text({name: values[0] for name, values in query.items()}, "jobId")
    else:
        remote_id = _text(_checked(call.world, "fetch", call.request), "jobId")
    call.world.ledger.looks[remote_id] += 1
    job = call.world.find_job(call.account, remote_id)
    if job is None:
        raise Refusal("unknown_job", f"job [{remote_id}] does not exist", status=404)
    return json_reply(_shown(job, call.world.now(), call.base))


def _accept(call: Call, order: Order) -> HttpResponse:
    try:
        job = call.world.accept(call.account, order)
    except QueueFull:
        raise queue_full() from None
    return json_reply({"status": "SUCCESS", "message": "", "data": {"jobId": job.id}})


def _shown(job: Job, now: float, base: str) -> dict[str, object]:
    """Show the job as the seed's callback does; what is not known yet is null, as in the FAQ's failure sample."""
    phase = job.phase(now)
    done = phase is Phase.DONE
    picture = f"{base}/pictures/{job.hash}.png" if done else None
    tiled = done and job.order.notes["getUImages"] and len(job.scenes) > 1
    data: dict[str, object] = {
        "actions": job.order.token or "imagine",
        "jobId": job.id,
        "progress": None if phase is Phase.FAILED else str(job.progress(now)),
        "prompt": job.order.prompt,
        "discordImage": picture,
        "cdnImage": picture,
    }
    if done:
        data |= {"width": job.size[0], "height": job.size[1]}
    offered = job.offers(now)
    data |= {
        "hookUrl": job.order.notes["hookUrl"],
        "components": [token for token, gesture in ACTIONS.items() if gesture in offered] if done else None,
        "seed": "" if done else None,
        "images": [f"{base}/pictures/{job.hash}_{corner}.png" for corner in CORNERS if tiled] if done else None,
    }
    if done:
        data["quota"] = job.quota
    message = {Phase.DONE: "success", Phase.FAILED: job.failure}.get(phase, "")
    return {"status": _STATES[phase], "jobId": job.id, "message": message, "data": data}


def _checked(world: World, name: str, request: HttpRequest) -> dict[str, Any]:
    """Read the body and check the types of the optional fields."""
    data = read_json(request)
    note_unknown(world.ledger, NAME, name, data.keys() - _FIELDS[name])
    for key in _FIELDS[name] & _TYPES.keys() & data.keys():
        # A bool is an int to Python, but not to JSON.
        if type(data[key]) is not _TYPES[key]:
            wrong = f"{key} is {data[key]!r} instead of a {_TYPES[key].__name__}"
            raise Refusal("invalid", f"[Invalid parameter] {key}", violation=wrong)
    return data


def _text(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    if not isinstance(value, str) or not value.strip():
        raise Refusal("invalid", f"[Invalid parameter] {key} is required", violation=f"{key} is {value!r}")
    return value


def _notes(data: Mapping[str, Any]) -> dict[str, object]:
    return {"hookUrl": data.get("hookUrl", ""), "getUImages": data.get("getUImages", False)}


_Handler = Callable[[Call], HttpResponse]
#: Endpoint -> method -> handler. A new endpoint gets a row here and its fields above.
_ROUTES: Mapping[str, Mapping[str, _Handler]] = {
    "imagine": {"POST": _imagine},
    "action": {"POST": _action},
    # The seed's page says POST; docs.ttapi.io of 2026 says GET ?jobId=.
    "fetch": {"POST": _fetch, "GET": _fetch},
}
