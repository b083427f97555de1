"""midjourney-proxy behind a relay, from the server's side (seed 001).

Rule 1: business answers ride on HTTP 200 with a `code`; the relay's own refusals are 4xx.
Rule 2: what the seed shows is shown: the id of a submit is an integer, the id of a task is text.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

from mjasync.core.wire import HttpRequest, HttpResponse
from mjasync.sim.buttons import pressed
from mjasync.sim.jobs import Account, Order, Phase
from mjasync.sim.replies import Call, Refusal, header, html_reply, note_unknown, path_of, read_json
from mjasync.sim.tasks import task
from mjasync.sim.world import QueueFull, World

NAME = "mjproxy"
ORIGIN = "https://mjproxy.sim.invalid"

# Seed 001, "模式接入点" says /mj-fast and /mj-relax, its curl samples say /fast. No prefix is fast.
_PATH = re.compile(r"(?:/(?:mj-)?(turbo|fast|relax))?/mj/(?:submit/(?!fetch)([a-z]+)|task/[^/]+/(fetch))")

# Seed 001, the parameter tables, and the fields that its sister page and the open servers add to every submit.
_COMMON = {"state", "notifyHook", "botType", "accountFilter", "noStorage"}
_FIELDS = {
    "imagine": {"prompt", "base64Array"} | _COMMON,
    "action": {"customId", "taskId", "enableRemix", "chooseSameChannel"} | _COMMON,
}
_TEXTS = ("state", "notifyHook", "botType")


def endpoint(request: HttpRequest, base: str = ORIGIN) -> str:
    """Name what a request is after, as the ledger counts it: "imagine", "action", "fetch" or "unrouted"."""
    match = _PATH.fullmatch(path_of(request, base))
    name = (match[2] or match[3]) if match else ""
    # A relay does not know methods: the wrong one is an unknown page.
    return name if _ROUTES.get(name, (None,))[0] == request.method else "unrouted"


def answer(world: World, request: HttpRequest, *, base: str = ORIGIN) -> HttpResponse:
    """Answer one request; `base` is the address that picture URLs begin with."""
    name = endpoint(request, base)
    world.ledger.requests[f"{NAME}.{name}"] += 1
    match = _PATH.fullmatch(path_of(request, base))
    if name == "unrouted" or match is None:
        world.ledger.refusals["no_route"] += 1
        # new-api serves its console for every path it does not know, with status 200.
        return html_reply("New API")
    try:
        account, mode = _account(world, request), match[1] or "fast"
        return _ROUTES[name][1](Call(world=world, account=account, request=request, base=base, mode=mode))
    except Refusal as refusal:
        return refuse(world, name, refusal)


def refuse(world: World, name: str, refusal: Refusal) -> HttpResponse:
    """Write a refusal in the shape of the server (200), of the relay (4xx), or of the relay's door (401, 402, 403)."""
    world.ledger.refusals[refusal.reason] += 1
    if refusal.violation:
        world.ledger.violation(NAME, name, refusal.violation)
    if refusal.status in {401, 402, 403}:
        number = f"{sum(world.ledger.requests.values()):032d}"
        text = f"{refusal.text} (request id: {number})"
        reply = _reply({"error": {"message": text, "type": "new_api_error"}}, status=refusal.status)
        return HttpResponse(
            status=reply.status, body=reply.body, headers={**reply.headers, "x-oneapi-request-id": number}
        )
    if refusal.status != 200:
        # The relay builds "description result" and leaves the blank of an empty result behind.
        body = {"code": refusal.code, "description": f"{refusal.text} ", "type": "upstream_error"}
        return _reply(body, status=refusal.status)
    return _reply(
        {"code": refusal.code, "description": refusal.text, "properties": refusal.shown or {}, "result": None}
    )


def queue_full() -> Refusal:
    """Too many jobs wait or run: code 23, nothing accepted."""
    return Refusal("queue_full", "队列已满，请稍后尝试", status=200, code=23)


def rejected(
    *, reason: str = "可能包含敏感词", status: int = 200, code: int = 24, word: str = "", **_: object
) -> Refusal:
    """The provider does not like the request: a scripted "no"."""
    shown = {"promptEn": "", "bannedWord": word or reason} if code == 24 else {}
    return Refusal("banned" if code == 24 else "rejected", reason, status=status, code=code, shown=shown)


def without_id(envelope: dict[str, Any]) -> dict[str, Any]:
    """Take the id out of a success."""
    return {key: value for key, value in envelope.items() if key != "result"}


def _account(world: World, request: HttpRequest) -> Account:
    """Whose key this is: `Authorization: Bearer key`, or `mj-api-secret: key` (new-api's door)."""
    told = header(request, "authorization")
    if told in {"", "midjourney-proxy"}:
        told = header(request, "mj-api-secret")
    account = world.find_account(NAME, told.removeprefix("Bearer "))
    if account is None:
        raise Refusal("bad_key", "无效的令牌", status=401)
    return account


def _imagine(call: Call) -> HttpResponse:
    data = _checked(call.world, "imagine", call.request)
    prompt, images = data.get("prompt"), data.get("base64Array", [])
    if not isinstance(prompt, str) or not prompt.strip():
        raise Refusal("invalid", "prompt不能为空", status=200, violation=f"prompt is {prompt!r}")
    if not isinstance(images, list) or not all(isinstance(image, str) for image in images):
        raise Refusal("invalid", "base64格式错误", status=200, violation="base64Array is not a list of strings")
    if not all(image.startswith("data:") for image in images):
        raise Refusal(
            "invalid", "base64格式错误", status=200, violation="base64Array holds something else than data URLs"
        )
    word = call.world.banned_word(prompt)
    if word:
        shown = {"promptEn": prompt, "bannedWord": word}
        raise Refusal("banned", "可能包含敏感词", status=200, code=24, shown=shown)
    return _accept(call, Order(kind="imagine", prompt=prompt, mode=call.mode, notes=_notes(data)))


def _action(call: Call) -> HttpResponse:
    data = _checked(call.world, "action", call.request)
    for key in ("taskId", "customId"):
        if not isinstance(data.get(key), str) or not data[key]:
            raise Refusal("invalid", "bind_request_body_failed", violation=f"{key} is {data.get(key)!r}, not a text")
    wanted, now = data["customId"], call.world.now()
    parent = call.world.find_job(call.account, data["taskId"])
    if parent is None:
        raise Refusal("unknown_job", "task_not_found")
    if parent.phase(now) is not Phase.DONE:
        raise Refusal("parent", "task_status_not_success", violation=f"{wanted} on an unfinished task")
    gesture = pressed(parent, wanted, now)
    if gesture is None:
        raise Refusal("invalid", "customId错误", status=200, violation=f"{wanted} is no button of the task")
    if gesture.needs_window:
        # Windows end in /mj/submit/modal, which is not routed here: better no task than one that waits for ever.
        raise Refusal("window", "窗口操作暂不支持", status=200, code=9)
    order = Order(
        kind=gesture.kind,
        prompt=parent.order.prompt,
        mode=call.mode,
        token=wanted,
        gesture=gesture,
        parent=parent,
        notes=_notes(data),
    )
    return _accept(call, order)


def _fetch(call: Call) -> HttpResponse:
    remote_id = unquote(call.request.url.rpartition("/mj/task/")[2].partition("/")[0])
    call.world.ledger.looks[remote_id] += 1
    job = call.world.find_job(call.account, remote_id)
    if job is None:
        raise Refusal("unknown_job", "task_no_found")
    return _reply(task(job, call.world.now(), call.world.epoch, call.base), kind="application/json")


def _accept(call: Call, order: Order) -> HttpResponse:
    waiting = call.world.waiting(call.account)
    try:
        job = call.world.accept(call.account, order)
    except QueueFull:
        raise queue_full() from None
    if waiting:
        said: dict[str, object] = {"code": 22, "description": f"排队中，前面还有{waiting}个任务"}
        return _reply({**said, "properties": {"numberOfQueues": waiting}, "result": int(job.id)})
    return _reply({"code": 1, "description": "提交成功", "properties": {}, "result": int(job.id)})


def _checked(world: World, name: str, request: HttpRequest) -> dict[str, Any]:
    data = read_json(request)
    note_unknown(world.ledger, NAME, name, data.keys() - _FIELDS[name])
    for key in _TEXTS:
        if not isinstance(data.get(key, ""), str):
            raise Refusal("invalid", "bind_request_body_failed", violation=f"{key} is {data[key]!r}, not a text")
    return data


def _notes(data: Mapping[str, Any]) -> dict[str, object]:
    return {
        "state": data.get("state", ""),
        "notifyHook": data.get("notifyHook", ""),
        "botType": data.get("botType") or "MID_JOURNEY",
    }


def _reply(data: object, *, status: int = 200, kind: str = "text/plain; charset=utf-8") -> HttpResponse:
    """JSON as a Go relay writes it: three characters escaped, and a submit's answer labelled as plain text."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for mark in "&<>":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return HttpResponse(status=status, body=text.encode("utf-8", "surrogatepass"), headers={"content-type": kind})


_Handler = Callable[[Call], HttpResponse]
#: Endpoint -> method and handler. A new endpoint gets a row here and its fields above.
_ROUTES: Mapping[str, tuple[str, _Handler]] = {
    "imagine": ("POST", _imagine),
    "action": ("POST", _action),
    "fetch": ("GET", _fetch),
}
