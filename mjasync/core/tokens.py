"""The token in a job's hook: the proof that an answer is about one submission of ours.

Rule 1: a token is in one request and in the provider's echo of it, and nowhere else: we keep its SHA-256.
Rule 2: what a provider echoes is searched where it echoes it, and masked before it is kept.
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import evolve

from mjasync.core.model import Spec

#: Where providers echo a hook: TTAPI `data.hookUrl` (seed 000 line 691), midjourney-proxy `properties.notifyHook` and
#: `state` (seed 001 lines 602 and 620).
_ECHOES = ("hookUrl", "hook_url", "notifyHook", "state")
_INSIDE = ("data", "properties")
#: Characters of 32 bytes as base64url.
LENGTH = 43


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def tagged(spec: Spec, provider: str, base: str, token: str) -> Spec:
    """The request with `base/token` as its hook, and the token as its `state` where the provider has one."""
    hook = f"{base.rstrip('/')}/{token}"
    extras = evolve(spec.extras, hook_url=hook)
    if provider == "mjproxy" and extras.state is None:
        extras = evolve(extras, state=token)
    return evolve(spec, extras=extras)


def takes_tag(spec: Spec) -> bool:
    """False where the user's own hook stands: it is sent as it is."""
    return spec.extras.hook_url is None and spec.extras.notify_hook is None


def is_echoed(raw: Mapping[str, Any], wanted: str) -> bool:
    """Whether an answer carries the token whose SHA-256 is `wanted`."""
    return bool(wanted) and any(digest(text.rstrip("/").rpartition("/")[2]) == wanted for text in _echoes(raw))


def has_hook(raw: Mapping[str, Any]) -> bool:
    """Whether an answer tells of any hook: then it is whole enough to tell whose job it is."""
    return any(_echoes(raw))


def masked(raw: Mapping[str, Any], wanted: str) -> Mapping[str, Any]:
    """The answer without the token whose SHA-256 is `wanted`; without one, as it is."""
    return {name: _without(value, wanted, name) for name, value in raw.items()} if wanted else raw


def _without(value: Any, wanted: str, name: str) -> Any:
    if isinstance(value, Mapping) and name in _INSIDE:
        return {inner: _without(each, wanted, inner) for inner, each in value.items()}
    if name in _ECHOES and isinstance(value, str):
        head, slash, token = value.rstrip("/").rpartition("/")
        return f"{head}{slash}***" if digest(token) == wanted else value
    return value


def _echoes(raw: Mapping[str, Any]) -> Iterator[str]:
    places = (raw, *(inner for name in _INSIDE if isinstance(inner := raw.get(name), Mapping)))
    deeper = (inner for place in places[1:] for name in _INSIDE if isinstance(inner := place.get(name), Mapping))
    for place in (*places, *deeper):
        for name in _ECHOES:
            value = place.get(name)
            if isinstance(value, str):
                yield value
