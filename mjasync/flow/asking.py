"""From what a user writes to a `Spec`: everything that can be refused without a provider is refused here.

Nothing was sent when these raise `ConfigError`.
"""

import difflib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from attrs import evolve, fields

from mjasync.core.model import Extras, Imagine, Mode, Press, Record, Spec
from mjasync.errors import ConfigError
from mjasync.flow.session import Session

#: Bytes of UTF-8 that a prompt may have.
PROMPT_LIMIT = 100_000
#: Seconds; a thousand years.
LONGEST_DEADLINE = 3.2e10
#: Characters of a user's own request id.
KEY_LIMIT = 255
_COMMON = ("deadline", "account", "priority", "key", "mode")


def imagine(prompt: object, options: Mapping[str, Any], sessions: Mapping[str, Session]) -> Spec:
    """A new picture."""
    operation = Imagine(prompt=prompt_text(prompt))
    spec = _spec(operation, options, mode=speed_mode(options.get("mode", Mode.FAST)))
    return evolve(spec, accounts=_able(spec, options.get("account"), sessions))


def press(action: str, options: Mapping[str, Any], parent: Record, sessions: Mapping[str, Session]) -> Spec:
    """A step after `parent`, on its account: a job belongs to the key that bought it."""
    for name in ("mode", "account"):
        if name in options:
            raise ConfigError(
                f"A chained step takes no {name}=.",
                why="it runs in its parent's mode on its parent's account",
                hint=f"leave {name}= out, or ask for a new picture with pool.imagine(..., {name}=...)",
            )
    inherited = {"priority": parent.spec.priority, **options}
    spec = evolve(_spec(Press(action=action), inherited, mode=parent.spec.mode), parent=parent.id)
    accounts = (parent.account,) if parent.account else parent.spec.accounts
    return evolve(spec, accounts=_able(evolve(spec, accounts=accounts), None, {n: sessions[n] for n in accounts}))


def _spec(operation: Imagine | Press, options: Mapping[str, Any], *, mode: Mode) -> Spec:
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
        extras=Extras(**extras),
        priority=_priority(options.get("priority", 0)),
        key=_key(options.get("key")),
        deadline=_seconds(options.get("deadline")),
    )


def prompt_text(value: object) -> str:
    """A prompt that can be sent, without blanks around it."""
    if not isinstance(value, str):
        raise ConfigError(f"The prompt is {type(value).__name__}, not text.", hint="write the prompt as text")
    text = value.strip()
    if all(c.isspace() or unicodedata.category(c) == "Cf" for c in text):  # zero-width characters show nothing either
        raise ConfigError("The prompt is empty.", hint="say what the picture shows, for example 'a black cat --ar 1:1'")
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > PROMPT_LIMIT:
        raise ConfigError(
            "The prompt is too long.", why=f"it has {size} bytes; {PROMPT_LIMIT} is the limit", hint="shorten it"
        )
    strange = next((c for c in text if unicodedata.category(c) in ("Cc", "Cs") and c not in "\t\n\r"), None)
    if strange is not None:
        raise ConfigError(
            "The prompt has a control character.",
            why=f"U+{ord(strange):04X} at character {text.index(strange) + 1}",
            hint="remove it; line breaks and tabs are fine",
        )
    return text


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
            _hook(name, value)
            continue
        kind, words = _TYPES[name]
        right = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
        if value is not None and not right:
            raise ConfigError(f"{name}={value!r:.60} cannot be sent.", hint=f"give {words}")


def _check_json(value: object) -> None:
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as exc:
        raise ConfigError(
            "account_filter= cannot be sent.", why=f"it is not JSON: {exc}"[:200], hint="use texts, numbers and lists"
        ) from None


def _hook(name: str, value: object) -> None:
    if value is None:
        return
    try:
        parts = urlsplit(value) if isinstance(value, str) else None
        good = parts is not None and parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        good = False
    if not good:
        raise ConfigError(f"{name}={value!r:.80} is not an http(s) address.", hint="give an absolute URL")


def _able(spec: Spec, wanted: object, sessions: Mapping[str, Session]) -> tuple[str, ...]:
    """The accounts that can do it, or the reasons why none can."""
    if wanted is not None and (not isinstance(wanted, str) or wanted not in sessions):
        near = difflib.get_close_matches(str(wanted), list(sessions), 1)
        raise ConfigError(
            f"account={wanted!r:.80} is not in this pool.",
            why=f"it has {', '.join(sessions)}",
            hint=f"did you mean {near[0]!r}?" if near else "name one of them",
        )
    candidates = [wanted] if isinstance(wanted, str) else list(sessions)
    reasons = {name: sessions[name].lacks(spec) for name in candidates}
    able = tuple(name for name, reason in reasons.items() if reason is None)
    if not able:
        raise ConfigError(
            "No account of this pool can do that.",
            why="; ".join(dict.fromkeys(reason for reason in reasons.values() if reason)),
            hint="change the request, or add an account that can",
        )
    return able


def items(prompts: Iterable[object], common: Mapping[str, Any]) -> list[tuple[object, dict[str, Any]]]:
    """Prompts or mappings of `imagine`'s arguments as pairs of prompt and options."""
    if isinstance(prompts, str | bytes | Mapping) or not isinstance(prompts, Iterable):
        raise ConfigError(
            f"batch() takes several prompts, not {type(prompts).__name__}.",
            hint="give a list: pool.batch(['a cat', …])",
        )
    pairs = []
    for item in prompts:
        own = dict(item) if isinstance(item, Mapping) else {"prompt": item}
        prompt = own.pop("prompt", None)
        if not all(isinstance(name, str) for name in own):
            raise ConfigError("An item of the batch has an option whose name is not text.", hint="use imagine's names")
        pairs.append((prompt, {**common, **own}))
    return pairs
