"""What an endpoint is called, where it is, and what goes in: one row for each, from which requests and docs are made."""

import json
from collections.abc import Iterable, Mapping
from itertools import zip_longest
from typing import Any
from urllib.parse import quote

from attrs import frozen

from mjasync.core.model import Extras, Spec
from mjasync.core.pictures import Base64
from mjasync.core.wire import HttpRequest

#: Stands for a picture while the rest is written; no prompt may hold such characters.
_PICTURE = "\x00picture\x00"
#: Made once: `json.dumps` with options makes one for every call.
_JSON = json.JSONEncoder(ensure_ascii=False)
#: Bytes per second that the slowest line in use still sends: 2 Mbit/s.
_SLOW_LINE = 250_000


@frozen(kw_only=True)
class Endpoint:
    """One endpoint of a provider."""

    name: str
    method: str
    #: Below the account's base URL (with the mode's prefix); `{id}` is a job's id.
    path: str
    #: What a user of ours calls to get here.
    verbs: tuple[str, ...]
    #: The provider's fields that the verb fills.
    fields: tuple[str, ...] = ()
    #: Our option → the provider's field.
    extras: Mapping[str, str] = {}
    #: False where it costs nothing by the provider's page, or by its nature.
    paid: bool = True
    #: True where the seed does not have it: its first use tells, and its absence is remembered.
    optional: bool = False
    #: Where it is written.
    source: str = ""

    def write(self, base: str, body: Mapping[str, Any] | None, *, remote_id: str = "", query: str = "") -> HttpRequest:
        """The request. A paid one is never repeated, and waits as long as a relay waits for its own upstream."""
        content = encoded(body) if body is not None else None
        return HttpRequest(
            method=self.method,
            url=base + self.path.replace("{id}", quote(remote_id, safe="")) + query,
            headers={"Content-Type": "application/json"} if body is not None else {},
            body=content,
            repeatable=not self.paid,
            timeout=self._patience(len(content or b"")),
        )

    def _patience(self, size: int) -> float:
        """Seconds for the whole exchange, with time for pictures to go up a slow line."""
        if not self.paid:
            return 60.0 if self.optional else 30.0
        # A gateway may wait for a minute before it answers a submit; giving up sooner would only make it unclear.
        return 100.0 + size // _SLOW_LINE

    def given(self, extras: Extras) -> dict[str, Any]:
        """The options that were given, in the provider's spelling."""
        return {self.extras[name]: getattr(extras, name) for name in extras.given() if name in self.extras}


def encoded(body: Mapping[str, Any]) -> bytes:
    """JSON in UTF-8. Pictures are laid in as they are: escaping what needs none would hold up everybody for long."""
    pictures: list[bytes] = []

    def short(value: Any) -> Any:
        if isinstance(value, list):
            return [short(each) for each in value]
        if not isinstance(value, Base64):
            return value
        pictures.append(value.encode())
        return _PICTURE

    text = _JSON.encode({name: short(value) for name, value in body.items()})
    if not pictures:
        return text.encode("utf-8", "replace")
    pieces = text.encode("utf-8", "replace").split(json.dumps(_PICTURE)[1:-1].encode())
    if len(pieces) != len(pictures) + 1:  # somebody's own text looks like the mark
        return _JSON.encode(body).encode("utf-8", "replace")
    return b"".join(part for pair in zip_longest(pieces, pictures, fillvalue=b"") for part in pair)


def unknown_extra(spec: Spec, endpoints: Iterable[Endpoint]) -> str | None:
    """The first option that none of the endpoints takes, if any."""
    known = {name for endpoint in endpoints for name in endpoint.extras}
    return next((name for name in spec.extras.given() if name not in known), None)
