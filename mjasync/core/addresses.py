"""Where a picture really is: relays name some of theirs without a host, or under one that only they can reach.

A stock relay writes its own setting `ServerAddress` in front of `/mj/image/ID`, and that setting begins as
`http://localhost:3000` (contracts_mjproxy §12).
"""

from urllib.parse import urljoin, urlsplit

from attrs import evolve

from mjasync.core.model import ImageURL, Snapshot

_RELAYED = "/mj/image/"
_AT_HOME = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0"})  # noqa: S104  # read, never bound


def placed(seen: Snapshot, base: str) -> Snapshot:
    """The same with whole addresses: what an account's server names as its own is at the origin of `base`."""
    if not any(map(_is_homeless, (*seen.images, *seen.tiles, seen.preview))):
        return seen
    return evolve(
        seen,
        images=tuple(_at(url, base) for url in seen.images),
        tiles=tuple(_at(url, base) for url in seen.tiles),
        preview=_at(seen.preview, base) if seen.preview else None,
    )


def _is_homeless(url: ImageURL | None) -> bool:
    if not url:
        return False
    if url[0] == "/":
        return url[1:2] != "/"
    return _RELAYED in url and url.host in _AT_HOME and url.path.startswith(_RELAYED)


def _at(url: ImageURL, base: str) -> ImageURL:
    if not _is_homeless(url):
        return url
    return ImageURL(urljoin(base, urlsplit(url)._replace(scheme="", netloc="").geturl()))
