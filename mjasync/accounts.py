"""Whom we talk to: one account is one key at one provider, with the cap that belongs to it.

An account is data. It opens nothing, and its key is in no repr, no `vars()`, no traceback and no comparison that prints.
"""

import base64
import hashlib
import inspect
import ipaddress
import json
import re
from collections.abc import Iterable, Mapping
from random import Random
from typing import TYPE_CHECKING, Any, ClassVar, Literal
from urllib.parse import quote, urlsplit

from attrs import evolve, field, frozen

from mjasync.core.model import Mode
from mjasync.core.wire import HttpRequest, HttpResponse
from mjasync.errors import ConfigError
from mjasync.transport import Transport

_VISIBLE = re.compile(r"[\x21-\x7e]{1,512}")
#: What a base URL is made of: neither blanks nor what begins a user, a query or a fragment.
_PLAIN = re.compile(r"[^\s@?#\\]+")
#: A host that is one number is an address in disguise, and may be anywhere.
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+", re.IGNORECASE)
_MODES = tuple(Mode)
#: Keys shorter than this are not looked for in answers: they would be found in any.
_TELLING = 8


class Secret:
    """A key that prints as `***`. Its value is read at one place: where a request is signed."""

    __slots__ = ("_spellings", "_value")

    def __init__(self, value: str) -> None:
        self._value = value
        self._spellings: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "***"

    def __reduce__(self) -> str:
        raise ConfigError("A key cannot be pickled or copied into a file.", hint="build the account where it is used")

    def reveal(self) -> str:
        """The key itself."""
        return self._value

    def spellings(self) -> tuple[str, ...]:
        """How the key may look where a server repeats it: plain, in base64, in a URL, in JSON."""
        if not self._spellings:  # every answer is searched for them
            escaped = json.dumps(self._value)[1:-1]
            packed = base64.b64encode(self._value.encode()).decode()
            every = (self._value, escaped, escaped.replace("/", r"\/"), packed, quote(self._value, safe=""))
            self._spellings = tuple(dict.fromkeys(every))
        return self._spellings


def _secret(value: object) -> Secret:
    """Check a key's shape without ever repeating it."""
    if isinstance(value, Secret):
        return value
    text = value.rstrip("\r\n") if isinstance(value, str) else ""
    if _VISIBLE.fullmatch(text):
        return Secret(text)
    del value, text  # a traceback with locals must not show what was meant to be a key
    raise ConfigError(
        "The key is missing or malformed.",
        why="a key is 1 to 512 visible ASCII characters, without blanks and without a 'Bearer ' in front",
        hint="pass key=..., or set MJASYNC_TTAPI_KEY or MJASYNC_MJPROXY_KEY and use Pool.from_env()",
    )


def _base_url(value: object) -> str:
    """Check that this can be the beginning of a URL; a trailing slash is dropped."""
    text = value.strip().rstrip("/") if isinstance(value, str) else ""
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or not _PLAIN.fullmatch(text):
        # Not repeated: a user, a query or a key in the wrong place may be in it.
        raise ConfigError(
            "base_url= cannot be used.",
            why="it must be http(s)://host[:port][/path], without a user, a query or a fragment",
            hint="TTAPI: https://api.ttapi.io; a midjourney-proxy relay: the address its page calls BASE_URL",
        )
    if parts.scheme == "http" and not _is_near(parts.hostname or ""):
        raise ConfigError(
            "base_url= would send the key unencrypted over the internet.",
            why="plain http is for this machine and the network around it",
            hint="use https://",
        )
    return text


def _is_near(host: str) -> bool:
    """Whether it is this machine, a private address, or a name that only a private network knows."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        if "." not in host:
            return not _NUMBER.fullmatch(host)
        return host.rsplit(".", 1)[1] in ("localhost", "local", "internal", "lan", "invalid", "test")


def _origin(url: str) -> tuple[str, str]:
    """Scheme and host of a URL, with its port where that is not the usual one."""
    parts = urlsplit(url)
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    port = f":{parts.port}" if parts.port not in (None, usual) else ""
    return parts.scheme, f"{parts.hostname}{port}"


def _modes(value: object) -> tuple[Mode, ...]:
    """Turn words into modes, in our order."""
    words = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, Iterable) else ()
    if not words or any(word not in _MODES for word in words):
        raise ConfigError("modes= cannot be used.", hint="name some of 'relax', 'fast', 'turbo'")
    return tuple(mode for mode in _MODES if mode in words)


def _positive(_account: object, _attribute: object, value: object) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ConfigError(
            f"max_jobs={value if isinstance(value, int | float) else '…'} cannot be used.",
            why="it is the number of jobs that the account runs at once",
            hint="give an int from 1; both providers allow 10 unless they told you otherwise",
        )


def _shared(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise ConfigError("shared= cannot be used.", hint="True if other pools use this key too, else False")


def _share_is_said(named: Mapping[str, object]) -> None:
    """Raise `ConfigError` for a share of the cap that nobody has sized: everybody would take all of it."""
    if named.get("shared") is True and "max_jobs" not in named:
        raise ConfigError("shared=True needs max_jobs=, its share of the cap.", hint="shared=True, max_jobs=5 in both")


def _optional_name(_account: object, _attribute: object, value: Any) -> None:
    if value is not None and not (isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", value)):
        raise ConfigError("This name= cannot be used.", hint="letters, digits, '.', '_' and '-', at most 64")


class _Discreet(type):
    """Builds accounts so that a refusal passes no frame with the key in it: crash reports show local variables."""

    if not TYPE_CHECKING:

        @property
        def __signature__(cls) -> inspect.Signature:
            whole = inspect.signature(cls.__init__)
            return whole.replace(parameters=[each for each in whole.parameters.values() if each.name != "self"])

        def __call__(cls, *values: Any, **named: Any) -> Any:
            try:
                _share_is_said(named)
                return super().__call__(*values, **named)
            except Exception as exc:  # noqa: BLE001  # raised again below
                error = exc.with_traceback(None)
            del values, named
            raise error


@frozen(eq=False, kw_only=True)
class Account(metaclass=_Discreet):
    """What both kinds of account share. Use `TTAPI` or `MJProxy`."""

    provider: ClassVar[Literal["ttapi", "mjproxy"]]

    key: Secret = field(default=None, converter=_secret, kw_only=False)  #: It prints as `***`.
    base_url: str = field(default=None, converter=_base_url)  #: http or https; no query.
    #: Jobs in flight at most, from the moment before a submit leaves until the provider's job is over.
    max_jobs: int = field(default=10, validator=_positive)
    #: True if other pools, here or elsewhere, use the key too: `max_jobs` is this one's share of the account's cap then.
    shared: bool = field(default=False, converter=_shared)
    name: str | None = field(default=None, validator=_optional_name)  #: In tickets; None: `ttapi-2`
    modes: tuple[Mode, ...] = field(default=_MODES, converter=_modes)  #: Those that the key may use.
    #: How bytes travel; None: aiohttp. The simulator puts itself here.
    transport: Transport | None = field(default=None, repr=False)
    #: Where ids and jitter of a pool with this account come from; None: the system. The simulator's makes runs repeat.
    rng: Random | None = field(default=None, repr=False)

    def headers(self) -> Mapping[str, str]:
        """The headers that carry the key."""
        raise NotImplementedError

    @property
    def fingerprint(self) -> str:
        """What tells this account from others, without its key: twelve hex digits over provider, origin and key."""
        label = f"mjasync account/{self.provider}/{'://'.join(_origin(self.base_url))}/".encode()
        return hashlib.sha256(label + self.key.reveal().encode()).hexdigest()[:12]

    def owns(self, url: str) -> bool:
        """True if the URL is on this account's own origin."""
        if url.startswith(f"{self.base_url}/"):  # nearly all are; it has neither a user nor a query
            return True
        ours, theirs = urlsplit(self.base_url), urlsplit(url)
        return (ours.scheme, ours.netloc.lower()) == (theirs.scheme, theirs.netloc.lower())

    def signed(self, request: HttpRequest) -> HttpRequest:
        """The request with the key in its headers; refused for any other origin than the account's own."""
        if not self.owns(request.url):
            raise ConfigError(f"A request to another host than {self.base_url} must not carry the key.")
        return HttpRequest(
            method=request.method,
            url=request.url,
            headers={**request.headers, **self.headers()},
            body=request.body,
            repeatable=request.repeatable,
            timeout=request.timeout,
            body_limit=request.body_limit,
        )

    def masked(self, response: HttpResponse) -> HttpResponse:
        """The answer without the key, should the server have repeated it: texts and results quote answers."""
        spellings = self.key.spellings()
        if len(spellings[0]) < _TELLING or not _says(response, spellings):
            return response
        body, headers = response.body, dict(response.headers)
        for spelling in spellings:
            body = body.replace(spelling.encode(), b"***")
            headers = {name: value.replace(spelling, "***") for name, value in headers.items()}
        return evolve(response, body=body, headers=headers)


def _says(response: HttpResponse, spellings: Iterable[str]) -> bool:
    """Whether the key is anywhere in the answer. No spelling has a blank in it, so none reaches over two values."""
    values = "\n".join(response.headers.values())
    return any(spelling in values or spelling.encode() in response.body for spelling in spellings)


@frozen(eq=False, kw_only=True)
class TTAPI(Account):
    """An account at TTAPI, pay-per-use or hosted.

    `base_url` is `https://api.ttapi.io` for pay-per-use; hosted accounts have a host of their own (seed 000 line 29).
    """

    provider: ClassVar[Literal["ttapi", "mjproxy"]] = "ttapi"

    base_url: str = field(default="https://api.ttapi.io", converter=_base_url)

    def headers(self) -> Mapping[str, str]:
        """`TT-API-KEY` (seed 000 line 39)."""
        return {"TT-API-KEY": self.key.reveal()}


@frozen
class _Auth:
    header: str
    prefix: str


_AUTH = {"bearer": _Auth("Authorization", "Bearer "), "mj-api-secret": _Auth("mj-api-secret", "")}


def _auth(_account: object, _attribute: object, value: object) -> None:
    if not isinstance(value, str) or value not in _AUTH:
        raise ConfigError("auth= cannot be used.", hint="use 'bearer' or 'mj-api-secret'")


def _mode_path(value: object) -> str:
    """A template for what stands between base URL and `/mj/…`; empty for none."""
    text = value.rstrip("/") if isinstance(value, str) else "?"
    filled = text.replace("{mode}", "fast")
    if text and not re.fullmatch(r"(/[A-Za-z0-9._~-]+)+", filled):
        raise ConfigError(
            f"mode_path={value!r} cannot be used.",
            why="it stands between base_url and /mj/..., with {mode} where the mode goes",
            hint="use '/mj-{mode}' (default), '/{mode}', or '' for a relay without a prefix",
        )
    return text


@frozen(eq=False, kw_only=True)
class MJProxy(Account):
    """An account behind a relay that speaks midjourney-proxy.

    `mode_path` is the prefix that chooses the mode: the page's text has `/mj-fast`, its samples `/fast`
    (seed 001 lines 77 and 107); `auth` is the header that carries the key.
    """

    provider: ClassVar[Literal["ttapi", "mjproxy"]] = "mjproxy"

    mode_path: str = field(default="/mj-{mode}", converter=_mode_path)
    auth: Literal["bearer", "mj-api-secret"] = field(default="bearer", validator=_auth)

    def headers(self) -> Mapping[str, str]:
        """`Authorization: Bearer …` (seed 001 line 108), or `mj-api-secret`."""
        return {_AUTH[self.auth].header: _AUTH[self.auth].prefix + self.key.reveal()}
