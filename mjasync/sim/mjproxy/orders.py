"""midjourney-proxy's first commands: each reads a request, checks it, and gives the world an order (seed 001, 类型1)."""

from mjasync.core.wire import HttpResponse
from mjasync.sim.jobs import Job, Order
from mjasync.sim.mjproxy import checks
from mjasync.sim.mjproxy.refusals import invalid, queue_full, reply, unreadable
from mjasync.sim.replies import Call
from mjasync.sim.world import QueueFull

#: Seed 001 line 299.
_SHAPES = {"PORTRAIT": "2:3", "SQUARE": "1:1", "LANDSCAPE": "3:2"}
_BLENDED, _UPLOADED = range(2, 6), range(1, 21)


def imagine(call: Call) -> HttpResponse:
    """POST /mj/submit/imagine: four pictures for a prompt, and pictures to look at."""
    data = checks.body(call, "imagine")
    prompt, images = checks.prompt(data), checks.pictures(data)
    checks.prompt_allowed(call, prompt)
    notes, material = checks.notes(call, data), checks.digest(*images) if images else ""
    return accepted(call, Order(kind="imagine", prompt=prompt, mode=granted(call), notes=notes, material=material))


def blend(call: Call) -> HttpResponse:
    """POST /mj/submit/blend: four pictures from two to five."""
    data = checks.body(call, "blend")
    images = checks.pictures(data, _BLENDED)
    shape = data.get("dimensions", "SQUARE")
    if shape not in _SHAPES:
        raise invalid("dimensions参数错误", f"dimensions {shape!r}")
    # Midjourney shows a blend's prompt as the links of its pictures.
    links = [f"https://s.mj.run/{checks.digest(image)[:11]}" for image in images]
    prompt = " ".join([*links, f"--ar {_SHAPES[shape]}"])
    order = Order(kind="blend", prompt=prompt, mode=granted(call), notes=checks.notes(call, data))
    return accepted(call, order)


def describe(call: Call) -> HttpResponse:
    """POST /mj/submit/describe: four prompts for a picture."""
    data = checks.body(call, "describe")
    if not isinstance(data.get("base64"), str) or not data["base64"]:
        raise invalid("base64不能为空", f"base64 is {data.get('base64')!r}")
    image = checks.picture(data["base64"], "base64")
    notes, material = checks.notes(call, data), checks.digest(image)
    return accepted(call, Order(kind="describe", prompt="", mode=granted(call), notes=notes, material=material))


def shorten(call: Call) -> HttpResponse:
    """POST /mj/submit/shorten: what matters in a prompt, and shorter ones."""
    data = checks.body(call, "shorten")
    prompt = checks.prompt(data)
    checks.prompt_allowed(call, prompt)
    return accepted(call, Order(kind="shorten", prompt=prompt, mode=granted(call), notes=checks.notes(call, data)))


def swap(call: Call) -> HttpResponse:
    """POST /mj/insight-face/swap: the face of one picture in another (contracts_mjproxy.md 4)."""
    data = checks.body(call, "swap")
    if not all(isinstance(data.get(key), str) and data[key] for key in ("sourceBase64", "targetBase64")):
        raise unreadable(
            "sourceBase64 and targetBase64 are not both texts", "sour_base64_and_target_base64_is_required"
        )
    images = [checks.picture(data[key], key) for key in ("sourceBase64", "targetBase64")]
    notes, material = checks.notes(call, data), checks.digest(*images)
    return accepted(call, Order(kind="swap", prompt="", mode=granted(call), notes=notes, material=material))


def upload(call: Call) -> HttpResponse:
    """POST /mj/submit/upload-discord-images: links to pictures, at once; no task comes of it."""
    images = checks.pictures(checks.body(call, "upload-discord-images"), _UPLOADED)
    urls = [f"{call.base}/pictures/{call.world.gallery.keep(image)}" for image in images]
    return reply({"code": 1, "description": "提交成功", "properties": {}, "result": urls})


def granted(call: Call) -> str:
    """Return the mode that a job really runs in."""
    return "relax" if call.world.profile.mjproxy.downgraded else call.mode


def accepted(call: Call, order: Order, *, window: Job | None = None) -> HttpResponse:
    """Give the order to the world and tell the id, or how many wait before it."""
    waiting = call.world.waiting(call.account)
    try:
        job = call.world.accept(call.account, order, window=window)
    except QueueFull:
        raise queue_full() from None
    if waiting:
        code = 1 if call.world.profile.mjproxy.codes_rewritten else 22
        said = f"排队中，前面还有{waiting}个任务"
        return submitted(call, job, code=code, description=said, properties={"numberOfQueues": waiting})
    return submitted(call, job)


def submitted(
    call: Call, job: Job, *, code: int = 1, description: str = "提交成功", properties: dict[str, object] | None = None
) -> HttpResponse:
    """The answer to a submit: the seed's sample has an integer for the id (seed 001 line 274)."""
    result = job.id if call.world.profile.mjproxy.ids_as_text else int(job.id)
    return reply({"code": code, "description": description, "properties": properties or {}, "result": result})
