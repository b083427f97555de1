"""Buttons and the windows that some of them open (seed 001, 类型2; contracts_mjproxy.md 8).

Rule 1: a window neither runs nor counts nor costs; the modal that answers it does, once.
Rule 2: a second modal for the same window is accepted and charged again, as real servers do, and recorded.
"""

import re
from collections.abc import Mapping
from typing import Any

from attrs import evolve

from mjasync.core.wire import HttpResponse
from mjasync.sim import imagery
from mjasync.sim.gestures import CUSTOM_ZOOM, REGION, Gesture
from mjasync.sim.jobs import Job, Order, Phase
from mjasync.sim.mjproxy import checks
from mjasync.sim.mjproxy.buttons import let_through, pressed
from mjasync.sim.mjproxy.orders import accepted, granted, submitted
from mjasync.sim.mjproxy.refusals import NAME, invalid
from mjasync.sim.mjproxy.tasks import settled
from mjasync.sim.replies import Call, Refusal
from mjasync.sim.ways import Windows

_ZOOM = re.compile(r"\s*--zoom\s+(\d+(?:\.\d+)?)")
_REMIXED = frozenset({"variation", "reroll", "pan"})
_SAID = "Waiting for window confirm"


def action(call: Call) -> HttpResponse:
    """POST /mj/submit/action: a button under a finished task."""
    data = checks.body(call, "action")
    task_id, wanted = checks.ident(data, "taskId"), checks.ident(data, "customId")
    let_through(wanted, call.world.profile.mjproxy.buttons)
    parent = _finished(call, task_id, wanted)
    gesture = pressed(parent, wanted, call.world.now())
    if gesture is None:
        raise invalid("customId错误", f"{wanted} is no button of the task")
    if gesture.kind == "upscale" and call.world.profile.mjproxy.upscale_exists:
        earlier = call.world.earlier(parent, wanted)
        if earlier:
            return _exists(call, earlier)
    order = Order(
        kind="imagine" if gesture.kind == "text" else gesture.kind,
        prompt=_prefilled(parent, gesture),
        mode=granted(call),
        token=wanted,
        gesture=None if gesture.kind == "text" else gesture,
        parent=parent,
        notes=checks.notes(call, data),
    )
    remixed = call.world.profile.mjproxy.remix and gesture.kind in _REMIXED
    return _opened(call, order) if gesture.needs_window or remixed else accepted(call, order)


def modal(call: Call) -> HttpResponse:
    """POST /mj/submit/modal: the prompt or the mask that a window waits for."""
    data = checks.body(call, "modal")
    task_id = checks.ident(data, "taskId")
    window = call.world.find_window(call.account, task_id)
    if window is None:
        if call.world.find_job(call.account, task_id):
            raise invalid("关联任务状态错误", "modal for a task that is no window")
        raise Refusal("unknown_job", "task_not_found")
    order = _filled(window, data)
    checks.prompt_allowed(call, order.prompt)
    order = evolve(order, mode=granted(call), notes={**order.notes, **_told(call, data)})
    new_id = call.world.profile.mjproxy.modal_new_id
    reply = accepted(call, order, window=None if new_id else window)
    call.world.ledger.windows[window.id] += 1
    if call.world.ledger.windows[window.id] > 1:
        call.world.ledger.violation(NAME, "modal", f"modal number {call.world.ledger.windows[window.id]} for a window")
    return reply


def _finished(call: Call, task_id: str, wanted: str) -> Job:
    parent = call.world.find_job(call.account, task_id)
    if parent is None:
        raise Refusal("unknown_job", "task_not_found")
    if parent.phase(call.world.now()) is not Phase.DONE:
        raise Refusal("parent", "task_status_not_success", violation=f"{wanted} on an unfinished task")
    if not settled(call.world, parent):
        # The relay looks into its own table, which does not know yet: no fault of the caller's.
        raise Refusal("parent", "task_status_not_success")
    return parent


def _exists(call: Call, earlier: Job) -> HttpResponse:
    """The old servers' answer to the same upscale again: nothing is made, nothing charged."""
    done = earlier.phase(call.world.now()) is Phase.DONE
    url = f"{call.base}/pictures/{earlier.hash}.png" if done else ""
    shown: dict[str, object] = {"status": "SUCCESS" if done else "IN_PROGRESS", "imageUrl": url}
    return submitted(call, earlier, code=21, description="任务已存在", properties=shown)


def _opened(call: Call, order: Order) -> HttpResponse:
    ways = call.world.profile.mjproxy
    window = call.world.open_window(call.account, order)
    if ways.windows is Windows.NOTHING:
        return submitted(call, window)
    # The relay lets 21 stand for two buttons only (contracts_mjproxy.md 5).
    hidden = ways.codes_rewritten and order.gesture not in {REGION, CUSTOM_ZOOM}
    code = 1 if hidden or ways.windows is Windows.TEXT else 21
    return submitted(
        call, window, code=code, description=_SAID, properties={"finalPrompt": order.prompt, "remix": True}
    )


def _prefilled(parent: Job, gesture: Gesture) -> str:
    """What stands in the window, as Discord fills it in."""
    if gesture.kind == "text":
        return parent.texts[gesture.tile - 1]
    return f"{_ZOOM.sub('', parent.order.prompt)} --zoom 2" if gesture == CUSTOM_ZOOM else parent.order.prompt


def _filled(window: Job, data: Mapping[str, Any]) -> Order:
    """Return the order of a window, with what the modal says."""
    prompt = data.get("prompt", "")
    if not isinstance(prompt, str):
        raise invalid("prompt参数错误", f"prompt is {prompt!r}")
    order = evolve(window.order, prompt=prompt.strip() or window.order.prompt)
    if order.gesture == REGION:
        return evolve(order, material=_mask(data, window))
    if order.gesture == CUSTOM_ZOOM:
        match = _ZOOM.search(prompt)
        if not match or not 1 < float(match[1]) <= 2:
            raise invalid("prompt参数错误", "prompt of a custom zoom without --zoom over 1 and up to 2")
        return evolve(order, gesture=evolve(CUSTOM_ZOOM, flavour=f"{float(match[1]):g}"))
    return order


def _mask(data: Mapping[str, Any], window: Job) -> str:
    """Check the mask of a Vary (Region): a data URL, of the size of the picture that it lies on."""
    wanted = window.order.parent.size if window.order.parent else None
    text = data.get("maskBase64", "")
    if not text:
        raise invalid("maskBase64不能为空", "modal of a Vary (Region) without maskBase64")
    mask = checks.picture(text, "maskBase64")
    if imagery.size(mask) != wanted:
        raise invalid("maskBase64参数错误", f"maskBase64 has the size {imagery.size(mask)} instead of {wanted}")
    return checks.digest(mask)


def _told(call: Call, data: Mapping[str, Any]) -> dict[str, object]:
    """What the modal says anew; the rest stays as the action said it."""
    return {key: value for key, value in checks.notes(call, data).items() if key in data}
