"""TTAPI's commands that cost: each reads a request, checks it, and gives the world an order (seed 000)."""

import hashlib
from collections.abc import Iterable

from mjasync.core.wire import HttpResponse
from mjasync.sim.gestures import REGION
from mjasync.sim.jobs import Job, Order, Phase
from mjasync.sim.replies import Call, Refusal, json_reply
from mjasync.sim.ttapi import checks
from mjasync.sim.ttapi.actions import ACTIONS
from mjasync.sim.ttapi.refusals import invalid, queue_full, unknown_job
from mjasync.sim.world import QueueFull

#: Seed 000 lines 328-332.
_SHAPES = {"PORTRAIT": "2:3", "SQUARE": "1:1", "LANDSCAPE": "3:2"}
_BLENDED = range(2, 6)
_INPAINT = "inpaint"


def imagine(call: Call) -> HttpResponse:
    """POST /imagine: four pictures for a prompt."""
    data = checks.body(call, "imagine")
    prompt, mode = checks.text(data, "prompt"), checks.mode(data)
    checks.timeout(data, mode, ranged=True)
    checks.prompt_allowed(call, prompt)
    return _accept(call, Order(kind="imagine", prompt=prompt, mode=mode, notes=checks.notes(data)))


def blend(call: Call) -> HttpResponse:
    """POST /blend: four pictures from two to five."""
    data = checks.body(call, "blend")
    mode, images = checks.mode(data), data.get("imgBase64Array")
    checks.timeout(data, mode, ranged=call.world.profile.ttapi.timeouts_everywhere)
    if not isinstance(images, list) or len(images) not in _BLENDED:
        count = len(images) if isinstance(images, list) else repr(images)
        raise invalid("imgBase64Array", f"imgBase64Array has {count} pictures instead of 2-5")
    shape = data.get("dimensions", "SQUARE")
    if shape not in _SHAPES:
        raise invalid("dimensions", f"dimensions {shape!r}")
    names = [_digest([checks.picture(image, "imgBase64Array")]) for image in images]
    # Midjourney shows a blend's prompt as the links of its pictures.
    prompt = " ".join([*(f"https://s.mj.run/{name[:11]}" for name in names), f"--ar {_SHAPES[shape]}"])
    return _accept(call, Order(kind="blend", prompt=prompt, mode=mode, notes=checks.notes(data)))


def describe(call: Call) -> HttpResponse:
    """POST /describe: four prompts for a picture; `base64` wins over `url` (seed 000 line 420)."""
    data = checks.body(call, "describe")
    mode = checks.mode(data)
    checks.timeout(data, mode, ranged=call.world.profile.ttapi.timeouts_everywhere)
    image, url = data.get("base64", ""), data.get("url", "")
    if not image and not url:
        raise invalid("base64 or url is required", "neither base64 nor url")
    if image:
        url = _digest([checks.picture(image, "base64")])
    elif not url.startswith(("http://", "https://")):
        raise Refusal("invalid", "[Invalid link]", violation=f"url is {url[:60]!r}")
    return _accept(call, Order(kind="describe", prompt="", mode=mode, notes=checks.notes(data), material=url))


def action(call: Call) -> HttpResponse:
    """POST /action: a button under a finished job."""
    data = checks.body(call, "action")
    remote_id, token = checks.text(data, "jobId"), checks.text(data, "action")
    parent = _finished(call, remote_id, token)
    checks.timeout(data, parent.order.mode, ranged=call.world.profile.ttapi.timeouts_everywhere)
    gesture = ACTIONS.get(token)
    if gesture is None or gesture not in parent.offers(call.world.now()):
        raise invalid("action", f"{token!r} is not offered by the job")
    if gesture.needs_window:
        raise invalid("action: use /inpaint", f"{token} needs /inpaint")
    _once(call, parent, token)
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
            notes=checks.notes(data),
        ),
    )


def inpaint(call: Call) -> HttpResponse:
    """POST /inpaint: the button Vary (Region), with a mask and a prompt."""
    data = checks.body(call, "inpaint")
    remote_id, prompt = checks.text(data, "jobId"), checks.text(data, "prompt")
    mask = checks.text(data, "mask")
    parent = _finished(call, remote_id, _INPAINT)
    checks.timeout(data, parent.order.mode, ranged=call.world.profile.ttapi.timeouts_everywhere)
    if REGION not in parent.offers(call.world.now()):
        raise invalid("jobId", "inpaint is not offered by the job")
    material = _digest([checks.mask(mask, parent.size)])
    checks.prompt_allowed(call, prompt)
    return _accept(
        call,
        Order(
            kind=REGION.kind,
            prompt=prompt,
            mode=parent.order.mode,
            token=_INPAINT,
            gesture=REGION,
            parent=parent,
            notes=checks.notes(data),
            material=material,
        ),
    )


def seed(call: Call) -> HttpResponse:
    """POST /seed: a job of its own that ends in a number."""
    data = checks.body(call, "seed")
    parent = _finished(call, checks.text(data, "jobId"), "seed")
    checks.timeout(data, parent.order.mode, ranged=call.world.profile.ttapi.timeouts_everywhere)
    if not parent.scenes:
        raise invalid("jobId", "seed of a job without pictures")
    order = Order(
        kind="seed", prompt=parent.order.prompt, mode=parent.order.mode, parent=parent, notes=checks.notes(data)
    )
    return _accept(call, order, beside=parent if call.world.profile.ttapi.seed_under_parent else None)


def _finished(call: Call, remote_id: str, wanted: str) -> Job:
    parent = call.world.find_job(call.account, remote_id)
    if parent is None:
        raise unknown_job(remote_id)
    if parent.phase(call.world.now()) is not Phase.DONE:
        raise Refusal("parent", f"job [{parent.id}] is not finished", violation=f"{wanted} on an unfinished job")
    return parent


def _once(call: Call, parent: Job, token: str) -> None:
    """Refuse what was pressed before, where the profile says so (contracts_ttapi.md 8.3)."""
    again = call.world.earlier(parent, token) if call.world.profile.ttapi.repeats_refused else None
    if again:
        raise Refusal("duplicate", f"Job [{again.id}] already exists")


def _accept(call: Call, order: Order, *, beside: Job | None = None) -> HttpResponse:
    ways = call.world.profile.ttapi
    try:
        job = call.world.accept(call.account, order, beside=beside)
    except QueueFull:
        raise queue_full() from None
    return json_reply({"status": "SUCCESS", "message": ways.submit_message, "data": {ways.id_key: job.id}})


def _digest(pictures: Iterable[bytes]) -> str:
    return hashlib.sha256(b"".join(pictures)).hexdigest()
