"""HTTP as values: what a dialect writes and what a transport brings back.

Rule 1: nothing here opens a connection; a request is a value that can be compared, printed and tested.
Rule 2: whether a request may leave twice is written on it by the dialect, and obeyed by the transport.
"""

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from attrs import field, frozen

#: The most bytes of an API answer that are read into memory: 2 MiB.
API_BODY_LIMIT = 2 * 1024 * 1024
#: `Retry-After` in seconds: whole ones, and decimals.
_SECONDS = re.compile(r"([0-9]+)(\.[0-9]{1,9})?")


@frozen(kw_only=True)
class HttpRequest:
    """One HTTP request, complete: an absolute URL, headers with the key in place, the encoded body.

    Headers and body stay out of the repr: the first hold the key, the second the prompt or megabytes of base64.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)
    #: True where a second copy costs nothing (a look, a download); False for everything that may be charged.
    repeatable: bool = False
    #: Seconds for the whole exchange, connecting included.
    timeout: float = 30.0
    #: The most bytes of the answer that are read; more is `NoAnswer`.
    body_limit: int = API_BODY_LIMIT


def nowhere(url: str) -> str:
    """An address beside this one that certainly does not exist: what it answers is what any wrong path gets."""
    return f"{url.rpartition('/')[0]}/no-such-route"


@frozen(kw_only=True, slots=False)  # quicker to fill than slots, which hide a request's key
class HttpResponse:
    """One HTTP answer, complete: header names are lower case, the body is whole."""

    status: int
    body: bytes = field(default=b"", repr=False)
    headers: Mapping[str, str] = field(factory=dict, repr=False)


def retry_after(response: HttpResponse) -> float | None:
    """Seconds that the server asks us to wait, from 0, or None where it says nothing that makes sense.

    Seconds may have decimals: no standard knows them, and servers send them. A date is measured against the answer's own
    `Date`, so that a wrong clock on either side does no harm.
    """
    text = response.headers.get("retry-after", "").strip()
    if seconds := _SECONDS.fullmatch(text):
        return float(seconds[1][:12] + (seconds[2] or ""))
    try:
        until = parsedate_to_datetime(text)
        now = parsedate_to_datetime(response.headers["date"])
        return max((until - now).total_seconds(), 0.0)
    except (KeyError, ValueError, TypeError, OverflowError):
        return None


class TransportFault(Exception):
    """Base of the two ways an exchange can end without an answer. Never carries a URL's secrets or a header."""


class NotSent(TransportFault):
    """Not one byte of the request can have reached the server (DNS, refused, TLS, connect time-out)."""


class NoAnswer(TransportFault):
    """The request may have arrived, and no whole answer came back (reset, time-out, cut or oversized body)."""
