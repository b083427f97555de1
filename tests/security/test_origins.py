"""A key goes to the account's own origin: what we call its own is what aiohttp would connect to, for any text."""

from itertools import product

import pytest
from aiohttp.client import URL

import mjasync as mj
from mjasync.core.wire import HttpRequest
from mjasync.dialects import DIALECTS
from tests.security.test_names import hostile

BASES = ("https://api.ttapi.io", "https://relay.example:8443/v1", "http://127.0.0.1:8080", "http://[::1]:8080/x")
BEFORE = ("", " ", "\t", "https:", "HTTPS://", "https:/", "https:///", "//", "\\\\", "http:\\\\", "javascript:", "\x00")
BETWEEN = (
    "",
    "@",
    ":@",
    "\\@",
    "%40",
    "#@",
    "?@",
    "/@",
    ".",
    "..",
    "%2e",
    "\n",
    "\t",
    "\u3002",
    ":443",
    ":0",
    "[",
    "]",
)
AFTER = (
    "",
    "/",
    "\\",
    "evil.example",
    "@evil.example",
    ".evil.example",
    "#.evil.example",
    ":80@evil.example",
    "\\.evil.example/",
)


def target(url):
    """Scheme, host and port that aiohttp would use, or None where it would refuse."""
    try:
        found = URL(url)
        return (found.scheme, found.host, found.port) if found.host else None
    except ValueError:
        return None


@pytest.mark.parametrize("base", BASES)
def test_what_is_called_our_own_is_where_the_request_would_go(base):
    account = mj.TTAPI("canary-key", base_url=base)
    scheme, rest = base.split("://")
    host = rest.split("/")[0]
    urls = [f"{b}{host}{m}{a}/x" for b, m, a in product((*BEFORE, f"{scheme}://"), BETWEEN, AFTER)]
    urls += [f"{base}{m}{a}/x" for m, a in product(BETWEEN, AFTER)]
    owned = []
    for url in urls:
        try:
            owned += [url] if account.owns(url) else []
        except ValueError:
            continue  # not signed either
    assert f"{base}/x" in owned
    assert {target(base)} == {target(url) for url in owned} - {None}


@pytest.mark.parametrize("base", BASES)
def test_another_origin_gets_no_key(base):
    account = mj.MJProxy("canary-key", base_url=base)
    for other in {*BASES} - {base} | {base.replace("http", "ws", 1), f"https://x@{base.split('://')[1]}"}:
        with pytest.raises(mj.ConfigError, match="must not carry the key"):
            account.signed(HttpRequest(method="GET", url=f"{other}/x"))


@pytest.mark.fault("P09")
@pytest.mark.parametrize("provider", ["ttapi", "mjproxy"])
def test_no_id_changes_where_a_look_goes(provider):
    base, texts = "https://relay.example/v1", hostile(3)
    for remote_id in {next(texts) for _ in range(1000)}:
        if any("\ud800" <= c <= "\udfff" for c in remote_id):
            continue  # the reading of ids refuses them, as all the others here
        url = DIALECTS[provider].write_look(base, remote_id, other_verb=False).url
        assert url.startswith(f"{base}/")
        assert ("https", "relay.example", 443) == target(url)
        assert "/../" not in str(URL(url, encoded=True))
