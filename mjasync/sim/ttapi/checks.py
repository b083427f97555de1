"""What TTAPI checks before it does anything (seed 000, the parameter tables).

Rule 1: what a table does not allow is refused and recorded; a field that no table has is recorded and ignored.
"""

from collections.abc import Mapping
from typing import Any

from mjasync.sim import imagery
from mjasync.sim.replies import Call, Refusal, note_unknown, read_json
from mjasync.sim.ttapi.refusals import NAME, invalid

_COMMON = {"timeout", "hookUrl"}
# `model` stands in the samples only (seed 000 line 103) and is ignored: the job silently runs as fast.
_FIELDS = {
    "imagine": {"prompt", "mode", "getUImages", "translation"} | _COMMON,
    "action": {"jobId", "action", "getUImages"} | _COMMON,
    "seed": {"jobId"} | _COMMON,
    "blend": {"imgBase64Array", "dimensions", "mode"} | _COMMON,
    "describe": {"base64", "url", "mode"} | _COMMON,
    "inpaint": {"jobId", "mask", "prompt"} | _COMMON,
    "fetch": {"jobId"},
    "promptCheck": {"prompt"},
    "info": set(),
    "fetch-list": {"page", "limit", "status", "order"},
}
_TYPES: Mapping[str, type] = {
    "hookUrl": str,
    "getUImages": bool,
    "translation": bool,
    "mode": str,
    "timeout": int,
    "dimensions": str,
    "base64": str,
    "url": str,
}
#: Seed 000, `timeout` of imagine: mode -> the least seconds.
_LEAST = {"relax": 600, "fast": 300, "turbo": 300}
_MOST = 1200


def body(call: Call, name: str) -> dict[str, Any]:
    """Read the JSON body and check the types of its optional fields."""
    return fields(call, name, read_json(call.request))


def fields(call: Call, name: str, data: dict[str, Any]) -> dict[str, Any]:
    """Record fields that no table has, and check the types of the optional ones."""
    note_unknown(call.world.ledger, NAME, name, data.keys() - _FIELDS[name])
    for key in sorted(_FIELDS[name] & _TYPES.keys() & data.keys()):
        # A bool is an int to Python, but not to JSON.
        if type(data[key]) is not _TYPES[key]:
            raise invalid(key, f"{key} is {_short(data[key])} instead of a {_TYPES[key].__name__}")
    return data


def text(data: Mapping[str, Any], key: str) -> str:
    """Return a field that must hold text."""
    value = data.get(key)
    if not isinstance(value, str) or not value.strip():
        raise invalid(f"{key} is required", f"{key} is {_short(value)}")
    return value


def mode(data: Mapping[str, Any]) -> str:
    """Return the mode, fast where none is given."""
    wanted: str = data.get("mode", "fast")
    if wanted not in _LEAST:
        raise invalid("mode", f"mode {wanted!r}")
    return wanted


def timeout(data: Mapping[str, Any], asked: str, *, ranged: bool) -> None:
    """Check the seconds; the seed has a range in the table of imagine only."""
    least, most = (_LEAST[asked], _MOST) if ranged else (1, 10**9)
    seconds = data.get("timeout", least)
    if not least <= seconds <= most:
        wanted = f"{least}-{most}" if ranged else "1 or more"
        raise invalid("timeout", f"timeout {seconds} in mode {asked} instead of {wanted}")


def picture(value: object, key: str) -> bytes:
    """Return the picture in a data URI (seed 000 line 412)."""
    data = imagery.from_data_uri(value) if isinstance(value, str) else None
    if data is None:
        raise Refusal("invalid", "[Invalid image]", violation=f"{key} holds {_short(value)}, no picture as a data URI")
    return data


def mask(value: str, wanted: tuple[int, int]) -> bytes:
    """Return the mask: base64 without a prefix, of the size of the picture that it lies on (seed 000 line 503)."""
    if value.startswith("data:"):
        raise invalid("mask", "mask has a data-URI prefix")
    data = imagery.decode(value)
    if data is None or imagery.kind(data) not in {"png", "webp", "jpeg"}:
        raise invalid("mask", f"mask is {_short(value)}, no PNG, WebP or JPEG in base64")
    if imagery.size(data) != wanted:
        raise invalid("mask", f"mask has the size {imagery.size(data)} instead of {wanted}")
    return data


def prompt_allowed(call: Call, prompt: str) -> None:
    """Refuse a prompt with a banned word."""
    word = call.world.banned_word(prompt)
    if word:
        raise Refusal("banned", f"[Banned prompt detected] {word}")


def notes(data: Mapping[str, Any]) -> dict[str, object]:
    """What is only needed to show the job again."""
    return {"hookUrl": data.get("hookUrl", ""), "getUImages": data.get("getUImages", False)}


def _short(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:50]}… ({len(shown)} characters)"
