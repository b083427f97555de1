"""What midjourney-proxy checks before it does anything (seed 001, the parameter tables).

Rule 1: what a table does not allow is refused and recorded; a field that no table has is recorded and ignored.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from mjasync.sim import imagery
from mjasync.sim.mjproxy.refusals import NAME, invalid, unreadable
from mjasync.sim.replies import Call, Refusal, note_unknown, read_json

# The fields that the seed's sister page and the open servers add to every submit.
_COMMON = {"state", "notifyHook", "botType", "accountFilter", "noStorage"}
_FIELDS = {
    "imagine": {"prompt", "base64Array"} | _COMMON,
    "blend": {"base64Array", "dimensions"} | _COMMON,
    "describe": {"base64"} | _COMMON,
    "shorten": {"prompt"} | _COMMON,
    "action": {"customId", "taskId", "enableRemix", "chooseSameChannel"} | _COMMON,
    "modal": {"taskId", "prompt", "maskBase64"} | _COMMON,
    "swap": {"sourceBase64", "targetBase64"} | _COMMON,
    "upload-discord-images": {"base64Array"} | _COMMON,
    "list-by-condition": {"ids"},
}
_TYPES: Mapping[str, tuple[type, str]] = {
    "state": (str, "a text"),
    "notifyHook": (str, "a text"),
    "botType": (str, "a text"),
    "dimensions": (str, "a text"),
    "maskBase64": (str, "a text"),
    "accountFilter": (dict, "an object"),
    "noStorage": (bool, "a bool"),
    "enableRemix": (bool, "a bool"),
}


def body(call: Call, name: str) -> dict[str, Any]:
    """Read the JSON body and check the types of its optional fields."""
    data = read_json(call.request)
    note_unknown(call.world.ledger, NAME, name, data.keys() - _FIELDS[name])
    for key in sorted(_FIELDS[name] & _TYPES.keys() & data.keys()):
        wanted, said = _TYPES[key]
        if not isinstance(data[key], wanted):
            raise unreadable(f"{key} is {data[key]!r}, not {said}")
    return data


def ident(data: Mapping[str, Any], key: str) -> str:
    """Return an id: a relay reads text and nothing else (contracts_mjproxy.md 4)."""
    value = data.get(key)
    if not isinstance(value, str) or not value:
        raise unreadable(f"{key} is {value!r}, not a text")
    return value


def prompt(data: Mapping[str, Any]) -> str:
    """Return a prompt that must say something."""
    value = data.get("prompt")
    if not isinstance(value, str) or not value.strip():
        raise invalid("prompt不能为空", f"prompt is {value!r}")
    return value


def pictures(data: Mapping[str, Any], allowed: range | None = None) -> list[bytes]:
    """Return the pictures of `base64Array`, so many as are allowed."""
    images = data.get("base64Array", [])
    if not isinstance(images, list) or not all(isinstance(image, str) for image in images):
        raise invalid("base64格式错误", "base64Array is not a list of strings")
    if allowed is not None and len(images) not in allowed:
        raise invalid("base64List参数错误", f"base64Array has {len(images)} pictures instead of {_span(allowed)}")
    return [picture(image, "base64Array") for image in images]


def picture(value: str, key: str) -> bytes:
    """Return the picture in a data URL."""
    if not value.startswith("data:"):
        raise invalid("base64格式错误", f"{key} holds something else than data URLs")
    data = imagery.from_data_uri(value)
    if data is None:
        raise invalid("base64格式错误", f"{key} holds no picture")
    return data


def prompt_allowed(call: Call, text: str) -> None:
    """Refuse a prompt with a banned word: code 24."""
    word = call.world.banned_word(text)
    if word:
        shown = {"promptEn": text, "bannedWord": word}
        raise Refusal("banned", "可能包含敏感词", status=200, code=24, shown=shown)


def notes(call: Call, data: Mapping[str, Any]) -> dict[str, object]:
    """What is only needed to show the task again."""
    stripped = call.world.profile.mjproxy.hook_stripped
    return {
        "state": data.get("state", ""),
        "notifyHook": "" if stripped else data.get("notifyHook", ""),
        "botType": data.get("botType") or "MID_JOURNEY",
    }


def digest(*images: bytes) -> str:
    """A name for pictures: the same bytes, the same name."""
    return hashlib.sha256(b"".join(images)).hexdigest()


def _span(allowed: range) -> str:
    return f"{allowed[0]}-{allowed[-1]}"
