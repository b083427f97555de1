"""Our own hook in every paid request, where the pool has a public address: the token in it proves whose job it is."""

import base64
from random import Random

from mjasync.core.model import Spec
from mjasync.core.tokens import digest, tagged, takes_tag
from mjasync.errors import ConfigError
from mjasync.flow.options import checked_address


class Tags:
    """Makes tokens; 256 bits of the pool's own chance each."""

    def __init__(self, public_url: str | None, rng: Random) -> None:
        self._base = public_url
        self._rng = rng

    def put_on(self, spec: Spec, provider: str) -> tuple[Spec, str]:
        """The request with a fresh token in its hook, and the SHA-256 of that; as it is, and "", without an address."""
        if self._base is None or not takes_tag(spec):
            return spec, ""
        token = base64.urlsafe_b64encode(self._rng.randbytes(32)).rstrip(b"=").decode()
        return tagged(spec, provider, self._base, token), digest(token)


def checked_public_url(value: object) -> str | None:
    """`public_url=` as it may be used; raises `ConfigError`."""
    if value is None:
        return None
    checked_address("public_url", value)
    if "?" in str(value) or "#" in str(value):
        raise ConfigError(
            f"public_url={value!r:.80} has a query or a fragment.",
            why="the token of each job is put behind it, as the last part of the path",
            hint="give the address of a path, such as https://me.example/mj",
        )
    return str(value).rstrip("/")
