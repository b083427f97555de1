"""TTAPI's endpoints (seed 000), and what goes into them. The same rows make `docs/providers.md`."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from mjasync.core.model import Action, Mode, Record, Spec
from mjasync.core.operations import Blend, Describe, GetSeed, Imagine, Operation, Pick, Press
from mjasync.core.pictures import base64_of, data_uri
from mjasync.core.windows import without_zoom
from mjasync.dialects._endpoints import Endpoint, unknown_extra
from mjasync.dialects._offer import picked

_PATH = "/midjourney/v1/"
_WAIT = {"timeout": "timeout", "hook_url": "hookUrl"}
_TILES = {"get_u_images": "getUImages"}
TIMEOUT = range(300, 1201)
RELAX_TIMEOUT = 600


def _endpoint(name: str, **row: Any) -> Endpoint:
    return Endpoint(name=name, method="POST", path=_PATH + name, **row)


ENDPOINTS: Mapping[str, Endpoint] = MappingProxyType(
    {
        endpoint.name: endpoint
        for endpoint in (
            _endpoint(
                "imagine",
                verbs=("pool.imagine", "job.imagine"),
                fields=("prompt", "mode"),
                extras={**_WAIT, **_TILES, "translation": "translation"},
                source="seed 000 line 31",
            ),
            _endpoint(
                "action",
                verbs=("job.upscale", "job.vary", "job.reroll", "job.zoom", "job.pan", "job.square", "job.press"),
                fields=("jobId", "action"),
                extras={**_WAIT, **_TILES},
                source="seed 000 line 125",
            ),
            _endpoint("seed", verbs=("job.get_seed",), fields=("jobId",), extras=_WAIT, source="seed 000 line 216"),
            _endpoint(
                "blend",
                verbs=("pool.blend",),
                fields=("imgBase64Array", "dimensions", "mode"),
                extras=_WAIT,
                source="seed 000 line 286",
            ),
            _endpoint(
                "describe",
                verbs=("pool.describe",),
                fields=("base64", "url", "mode"),
                extras=_WAIT,
                source="seed 000 line 386",
            ),
            _endpoint(
                "inpaint",
                verbs=("job.vary_region",),
                fields=("jobId", "mask", "prompt"),
                extras=_WAIT,
                source="seed 000 line 473",
            ),
            _endpoint("fetch", verbs=("every look",), fields=("jobId",), paid=False, source="seed 000 line 557"),
            _endpoint(
                "promptCheck",
                verbs=("pool.check_prompt",),
                fields=("prompt",),
                paid=False,
                source="seed 000 line 608",
            ),
            _endpoint("info", verbs=("pool.account_info",), paid=False, optional=True, source="mjapiapp.com, account"),
            _endpoint(
                "fetch-list",
                verbs=("pool.listed",),
                fields=("page", "limit", "status", "order"),
                paid=False,
                optional=True,
                source="mjapiapp.com, account",
            ),
        )
    }
)


#: What has no row here, TTAPI does not have.
_NAMES: Mapping[type[Operation], str] = {
    Imagine: "imagine",
    Pick: "imagine",
    Blend: "blend",
    Describe: "describe",
    GetSeed: "seed",
    Press: "action",
}


def endpoint_of(spec: Spec) -> Endpoint | None:
    """Where a request goes; None if TTAPI has no such thing."""
    if isinstance(spec.operation, Press) and spec.operation.mask is not None:
        return ENDPOINTS["inpaint"]
    name = _NAMES.get(type(spec.operation))
    return ENDPOINTS[name] if name else None


def body_of(spec: Spec, parent: Record | None, action: Action | None) -> dict[str, Any]:
    """What the verb fills. Always `mode`, never `model`, which the samples send and nothing reads (seed 000 line 103)."""
    mode = {"mode": str(spec.mode)}
    job = {"jobId": parent.remote_id if parent else ""}
    match spec.operation:
        case Imagine(prompt=prompt, images=images):
            # There is no field for pictures: Midjourney takes their addresses in front of the prompt.
            return {"prompt": " ".join((*(image.url for image in images), prompt)), **mode}
        case Pick(number=number) if parent and parent.snapshot:
            return {"prompt": picked(parent.snapshot, number), **mode}
        case Blend(images=images, dimensions=dimensions):
            return {"imgBase64Array": [data_uri(image.data) for image in images], "dimensions": str(dimensions), **mode}
        case Describe(image=image):
            # "base64" wins if both are there (seed 000 line 419).
            return ({"url": image.url} if image.url else {"base64": data_uri(image.data)}) | mode
        case Press(mask=mask, prompt=prompt) if mask is not None:
            # "该base64值无需前缀": no data-URI prefix here (seed 000 line 503).
            return {**job, "mask": base64_of(mask.data), "prompt": prompt or _prompt_of(parent)}
        case Press():
            return {**job, "action": action.token if action else ""}
    return job


def _prompt_of(parent: Record | None) -> str:
    return without_zoom((parent.snapshot.prompt if parent and parent.snapshot else None) or "")


def option_lack(spec: Spec, endpoint: Endpoint) -> str | None:
    """Which option does not fit: one that the endpoint has no field for, or a time-out out of its range."""
    name = unknown_extra(spec, (endpoint,))
    if name:
        return f"TTAPI's {endpoint.name} has no {name}="
    # seed 000 line 75; a step runs in its parent's mode.
    least = RELAX_TIMEOUT if spec.mode is Mode.RELAX else TIMEOUT.start
    timeout = spec.extras.timeout
    if timeout is not None and (timeout not in TIMEOUT or timeout < least):
        return f"TTAPI takes timeout= from {least} to {TIMEOUT.stop - 1} seconds in {spec.mode} mode, not {timeout}"
    return None
