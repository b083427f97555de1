"""midjourney-proxy's endpoints (seed 001), and what goes into them. The same rows make `docs/providers.md`."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from mjasync.core.model import Action, Record, Spec
from mjasync.core.operations import Blend, Describe, GetSeed, Imagine, Operation, Pick, Press, Shorten, SwapFace, Upload
from mjasync.core.pictures import data_uri
from mjasync.dialects._endpoints import Endpoint
from mjasync.dialects._offer import picked

# `hook_url` is the common name for what this provider calls `notifyHook`.
_HOOK = {"state": "state", "notify_hook": "notifyHook", "hook_url": "notifyHook"}
_NEW = {**_HOOK, "bot_type": "botType", "account_filter": "accountFilter"}
_SISTER = "relays' sister pages"


def _submit(name: str, **row: Any) -> Endpoint:
    return Endpoint(name=name, method="POST", path=f"/mj/submit/{name}", **row)


def _task(name: str, *, method: str = "GET", **row: Any) -> Endpoint:
    return Endpoint(name=name, method=method, paid=False, **row)


ENDPOINTS: Mapping[str, Endpoint] = MappingProxyType(
    {
        endpoint.name: endpoint
        for endpoint in (
            _submit(
                "imagine",
                verbs=("pool.imagine", "job.imagine"),
                fields=("base64Array", "prompt"),
                extras=_NEW,
                source="seed 001 line 233",
            ),
            _submit(
                "blend",
                verbs=("pool.blend",),
                fields=("base64Array", "dimensions"),
                extras=_NEW,
                source="seed 001 line 279",
            ),
            _submit("describe", verbs=("pool.describe",), fields=("base64",), extras=_NEW, source="seed 001 line 312"),
            _submit("shorten", verbs=("pool.shorten",), fields=("prompt",), extras=_NEW, source="seed 001 line 340"),
            _submit(
                "action",
                verbs=(
                    "job.upscale",
                    "job.vary",
                    "job.reroll",
                    "job.zoom",
                    "job.pan",
                    "job.square",
                    "job.vary_region",
                    "job.press",
                ),
                fields=("customId", "taskId", "enableRemix"),
                extras=_HOOK,
                source="seed 001 line 368",
            ),
            _submit(
                "modal",
                verbs=("job.vary_region", "job.zoom", "job.vary", "job.reroll", "job.pan", "job.press"),
                fields=("maskBase64", "prompt", "taskId"),
                extras=_HOOK,
                source="seed 001 line 398",
            ),
            _task("fetch", path="/mj/task/{id}/fetch", verbs=("every look",), source="seed 001 line 435"),
            _task(
                "list-by-condition",
                method="POST",
                path="/mj/task/list-by-condition",
                verbs=("pool.look",),
                fields=("ids",),
                optional=True,
                source=_SISTER,
            ),
            _task(
                "image-seed",
                path="/mj/task/{id}/image-seed",
                verbs=("job.get_seed",),
                optional=True,
                source=_SISTER,
            ),
            Endpoint(
                name="swap",
                method="POST",
                path="/mj/insight-face/swap",
                verbs=("pool.swap_face",),
                fields=("sourceBase64", "targetBase64"),
                extras=_NEW,
                optional=True,
                source=_SISTER,
            ),
            _submit(
                "upload-discord-images",
                verbs=("pool.upload",),
                fields=("base64Array",),
                extras=_NEW,
                optional=True,
                source=_SISTER,
            ),
        )
    }
)


_NAMES: Mapping[type[Operation], str] = {
    Imagine: "imagine",
    Pick: "imagine",
    Blend: "blend",
    Describe: "describe",
    Shorten: "shorten",
    GetSeed: "image-seed",
    SwapFace: "swap",
    Upload: "upload-discord-images",
    Press: "action",
}


def endpoint_of(spec: Spec) -> Endpoint:
    """Where a request goes."""
    return ENDPOINTS[_NAMES[type(spec.operation)]]


def body_of(spec: Spec, parent: Record | None, action: Action | None) -> dict[str, Any]:
    """What the verb fills. `taskId` has to be text: relays refuse a number."""
    match spec.operation:
        case Imagine(prompt=prompt, images=images):
            links = [image.url for image in images if image.url]
            inline = [data_uri(image.data) for image in images if not image.url]
            return {"base64Array": inline, "prompt": " ".join((*links, prompt))}
        case Pick(number=number) if parent and parent.snapshot:
            return {"base64Array": [], "prompt": picked(parent.snapshot, number)}
        case Blend(images=images, dimensions=dimensions):
            return {"base64Array": [data_uri(image.data) for image in images], "dimensions": str(dimensions)}
        case Describe(image=image):
            return {"base64": data_uri(image.data)}
        case Shorten(prompt=prompt):
            return {"prompt": prompt}
        case SwapFace(source=source, target=target):
            return {"sourceBase64": data_uri(source.data), "targetBase64": data_uri(target.data)}
        case Upload(images=images):
            return {"base64Array": [data_uri(image.data) for image in images]}
        case Press(prompt=prompt) if action and parent:
            # A prompt of one's own for a variation, reroll or pan is what Midjourney calls remix.
            remix = {"enableRemix": True} if prompt and action.name not in ("vary_region", "zoom_custom") else {}
            return {"customId": action.token, "taskId": parent.remote_id or "", **remix}
    return {}


def modal_of(spec: Spec, remote_id: str, prompt: str) -> dict[str, Any]:
    """The answer to a window; its task is the one that the action made, not the parent."""
    mask = spec.operation.mask if isinstance(spec.operation, Press) else None
    return {
        **({"maskBase64": data_uri(mask.data)} if mask is not None else {}),
        "prompt": prompt,
        "taskId": remote_id,
    }
