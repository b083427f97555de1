"""The options of every request, checked one by one: what a user can get wrong in a keyword argument.

Nothing was sent when these raise `ConfigError`.
"""

import difflib
import json
import math
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from attrs import fields

from mjasync.core.model import Extras, Mode, Spec
from mjasync.core.operations import Operation
from mjasync.errors import ConfigError

#: Seconds; a thousand years.
LONGEST_DEADLINE = 3.2e10
#: Characters of a user's own request id.
KEY_LIMIT = 255
_NO_EXTRAS = Extras()
_COMMON = ("deadline", "account", "priority", "key", "mode", "strict")


def spec_of(operation: Operation, options: Mapping[str, Any], *, mode: Mode) -> Spec:
    """The request with its options; refuses what is none, or has the wrong type."""
    extras = {name: value for name, value in options.items() if name not in _COMMON}
    known = {attribute.name for attribute in fields(Extras)}
    unknown = sorted(extras.keys() - known)
    if unknown:
        near = difflib.get_close_matches(unknown[0], (*_COMMON, *known), 1)
        more = " (TTAPI's samples send it, but nothing reads it)" if unknown[0] == "model" else ""
        raise ConfigError(
            f"{unknown[0]}= is not an option{more}.",
            hint=f"did you mean {'mode' if unknown[0] == 'model' else near[0]}=?"
            if near
            else "see help(mj.Pool.imagine)",
        )
    _check_types(extras)
    return Spec(
        operation=operation,
        mode=mode,
        extras=Extras(**extras) if extras else _NO_EXTRAS,
        priority=_priority(options.get("priority", 0)),
        key=_key(options.get("key")),
        deadline=_seconds(options.get("deadline")),
    )


def speed_mode(value: object) -> Mode:
    """The speed mode that a word names."""
    try:
        return Mode(value)  # type: ignore[arg-type]  # that is what is being found out
    except ValueError:
        near = difflib.get_close_matches(str(value).lower(), list(Mode), 1)
        raise ConfigError(
            f"There is no mode {str(value)[:40]!r}.",
            why=f"did you mean {str(near[0])!r}?" if near else "the providers have relax, fast and turbo",
            hint="use relax, fast or turbo",
        ) from None


def _seconds(value: object) -> float | None:
    if value is None:
        return None
    seconds = value.total_seconds() if isinstance(value, timedelta) else value
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds < LONGEST_DEADLINE:
        raise ConfigError(f"deadline={value!r:.40} is not a duration.", hint="give seconds above 0, or a timedelta")
    return float(seconds)


def checked_drain(value: object) -> float:
    """`drain=` in seconds; infinity waits for all that runs. Raises `ConfigError`."""
    seconds = value.total_seconds() if isinstance(value, timedelta) else value
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not seconds >= 0:
        raise ConfigError(
            f"drain={value!r:.40} is not a duration; the pool stays open.",
            hint="give seconds from 0 on, or a timedelta; math.inf waits for all that runs",
        )
    return math.inf if seconds > LONGEST_DEADLINE else float(seconds)


def _priority(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ConfigError(f"priority={value!r} is not a whole number.", hint="0 is normal, higher is sooner")
    return value


def _key(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip() or len(value) > KEY_LIMIT:
        raise ConfigError(f"key={value!r:.60} cannot name a request.", hint=f"give text of 1 to {KEY_LIMIT} characters")
    return value


#: Servers take any other word for the first (midjourney-proxy-plus): a typo would be the wrong model, paid.
_BOTS = ("MID_JOURNEY", "NIJI_JOURNEY")
_TYPES: Mapping[str, tuple[type, str]] = {
    "timeout": (int, "a whole number of seconds"),
    "translation": (bool, "True or False"),
    "get_u_images": (bool, "True or False"),
    "bot_type": (str, "'MID_JOURNEY' or 'NIJI_JOURNEY'"),
    "state": (str, "text"),
    "account_filter": (Mapping, "a mapping, as the provider describes it"),
}


def _check_types(extras: Mapping[str, Any]) -> None:
    if extras.get("hook_url") is not None and extras.get("notify_hook") is not None:
        raise ConfigError(
            "hook_url= and notify_hook= are two names of one thing.",
            hint="give one of them: hook_url= works everywhere",
        )
    _check_json(extras.get("account_filter"))
    for name, value in extras.items():
        if name in ("hook_url", "notify_hook"):
            checked_address(name, value)
            continue
        kind, words = _TYPES[name]
        right = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
        if value is not None and not (right and (name != "bot_type" or value in _BOTS)):
            raise ConfigError(f"{name}={value!r:.60} cannot be sent.", hint=f"give {words}")


def _check_json(value: object) -> None:
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as exc:
        raise ConfigError(
            "account_filter= cannot be sent.", why=f"it is not JSON: {exc}"[:200], hint="use texts, numbers and lists"
        ) from None


def checked_address(name: str, value: object) -> None:
    """Raise `ConfigError` unless it is None or an absolute http(s) address."""
    if value is None:
        return
    try:
        parts = urlsplit(value) if isinstance(value, str) else None
        blank = isinstance(value, str) and any(map(str.isspace, value))
        good = parts is not None and parts.scheme in ("http", "https") and bool(parts.hostname) and not blank
        good = good and parts is not None and parts.port != 0  # asking raises for one above 65535
    except ValueError:
        good = False
    if not good:
        raise ConfigError(f"{name}={value!r:.80} is not an http(s) address.", hint="give an absolute URL")
