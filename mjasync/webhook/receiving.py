"""What a request to the receiver is answered with, and whose bell it rings. Pure: a request and the time come in.

Rule 1: only a token that we gave away is heard, and every one that we know of, however many others are wrong.
Rule 2: every answer is the same few bytes; nothing of a request comes back in one.
Rule 3: nothing here grows without limit.
"""

from collections import OrderedDict
from collections.abc import Callable
from hmac import compare_digest

from attrs import define, field, frozen

from mjasync.core.tokens import LENGTH, digest

#: Bytes of a body, seconds until it has to be there, bodies that may be read at once.
BODY_LIMIT, BODY_PATIENCE, BODIES = 256 * 1024, 10.0, 64
#: So many wrong tokens from one address within so many seconds, and it is told "too many" for as long.
WRONG, WINDOW = 20, 60.0
#: Addresses whose wrong tokens are counted; beyond them the one that was quiet for longest is forgotten.
ADDRESSES = 1024

#: Types that say JSON; `application-json` is how seed 000 spells it (line 45).
_JSON = frozenset({"application/json", "application-json", "text/json"})
_TOKEN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@frozen(kw_only=True)
class Head:
    """A request before its body. Header names do not matter here: a face has found them."""

    method: str
    #: Whatever stands before the token does not matter: a proxy may have taken it away.
    path: str
    #: Who asks, as the connection tells; the same for all behind one proxy.
    address: str = ""
    content_type: str = ""
    content_encoding: str = ""
    #: Bytes as announced, or None.
    length: int | None = None


@frozen
class Answer:
    """An answer: a status, and for some a header. Its body is the same for each status."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def body(self) -> bytes:
        """Plain text."""
        return _TEXTS[self.status]


_TEXTS = {
    200: b"heard\n",
    404: b"not found\n",
    405: b"POST only\n",
    408: b"too slow\n",
    413: b"too large\n",
    415: b"JSON only\n",
    429: b"too many\n",
    503: b"not now\n",
}
HEARD, UNKNOWN, WRONG_METHOD = Answer(200), Answer(404), Answer(405, (("Allow", "POST"),))
TOO_SLOW, TOO_LARGE, WRONG_TYPE = Answer(408), Answer(413), Answer(415)
BANNED = Answer(429, (("Retry-After", str(round(WINDOW))),))
NOT_NOW = Answer(503, (("Retry-After", "5"),))


@define
class Counts:
    """What came in since the receiver was made."""

    #: Callbacks with a token of ours.
    heard: int = 0
    #: Of those: too large, too slow, of another form, or more at once than can be read.
    refused: int = 0
    #: Requests with a wrong token or none, and those of them that were answered "too many".
    unknown: int = 0
    banned: int = 0
    #: Requests by another method than POST.
    methods: int = 0


@define(eq=False)
class _Stranger:
    since: float
    wrong: int = 0


@define(eq=False)
class Receiver:
    """Judges requests. `knows`: whether the SHA-256 of a token is one that is waited for; None if nobody can say now."""

    knows: Callable[[str], str | None]
    #: False as long as nobody can say which tokens are ours.
    ready: Callable[[], bool] = lambda: True
    counts: Counts = field(factory=Counts)
    _strangers: OrderedDict[str, _Stranger] = field(factory=OrderedDict)
    _reading: int = 0

    def judged(self, head: Head, now: float) -> Answer | str:
        """The answer; or the SHA-256 of the token whose body may be read now."""
        if head.method.upper() != "POST":
            self.counts.methods += 1
            return WRONG_METHOD
        token = _token(head.path)
        if token and not self.ready():
            return NOT_NOW
        wanted = digest(token)
        known = self.knows(wanted) if token else None
        # The digest was looked up by its own value; compared once more in constant time, it costs nothing.
        if known is None or not compare_digest(known, wanted):
            return self._unknown(head.address, now)
        refusal = self._unfit(head)
        self.counts.heard += 1
        self.counts.refused += refusal is not None
        return refusal or wanted

    def begin(self) -> bool:
        """A body is about to be read; False if too many are."""
        if self._reading >= BODIES:
            self.counts.refused += 1
            return False
        self._reading += 1
        return True

    def end(self, *, ok: bool) -> None:
        """It was read, or given up."""
        self._reading -= 1
        self.counts.refused += not ok

    def _unfit(self, head: Head) -> Answer | None:
        if head.length is not None and head.length > BODY_LIMIT:
            return TOO_LARGE
        if head.content_encoding.strip().casefold() not in ("", "identity") or not _is_json(head.content_type):
            return WRONG_TYPE
        return None

    def _unknown(self, address: str, now: float) -> Answer:
        """Counted by address. A ban is for wrong tokens only: real callbacks may come through the same proxy."""
        self.counts.unknown += 1
        stranger = self._strangers.pop(address, None)
        if stranger is None or now - stranger.since >= WINDOW:
            stranger = _Stranger(now)
        stranger.wrong += 1
        self._strangers[address] = stranger
        if len(self._strangers) > ADDRESSES:
            self._strangers.popitem(last=False)
        if stranger.wrong <= WRONG:
            return UNKNOWN
        self.counts.banned += 1
        return BANNED


def _token(path: str) -> str:
    """The last part of a path, if it looks like one of our tokens; else ""."""
    last = path.rstrip("/").rpartition("/")[2]
    return last if len(last) == LENGTH and _TOKEN.issuperset(last) else ""


def _is_json(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().casefold()
    return kind in _JSON or (kind.startswith("application/") and kind.endswith("+json"))
