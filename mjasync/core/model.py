"""The nouns: everything that crosses a boundary, frozen, and checked where it is made.

Rule 1: a value that exists is valid; whoever holds one need not check again.
Rule 2: their words (statuses, button tokens) stop at the dialects; from here on only ours are used.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Literal
from urllib.parse import SplitResult, parse_qs, urlsplit

from attrs import field, fields, frozen

from mjasync.core.operations import Operation
from mjasync.errors import Charged


class Mode(StrEnum):
    """Speed mode, in the providers' own words (seed 000 line 9-15, seed 001 line 77)."""

    RELAX = "relax"  # TTAPI: "usually within 10 minutes"
    FAST = "fast"  # TTAPI: "within 90 seconds"; the default
    TURBO = "turbo"  # TTAPI: "within 60 seconds"


class Phase(StrEnum):
    """What we believe about a job. Events carry the same words."""

    HELD = "held"  # waits here for a slot, a parent or a second try; nothing has been sent
    SENDING = "sending"  # the request may be on its way
    QUEUED = "queued"  # accepted, waiting at the provider
    RUNNING = "running"  # the provider works on it
    DONE = "done"  # terminal: there is a result
    FAILED = "failed"  # terminal: there is an error
    LOST = "lost"  # sent, and nobody can say; any sighting brings it back


class Status(StrEnum):
    """What one look says. The dialects translate every provider word into one of these."""

    QUEUED = "queued"  # the provider has it, and has not begun
    RUNNING = "running"  # it works on it
    DONE = "done"  # there is a picture, or a text
    FAILED = "failed"  # there is a reason


class ImageURL(str):
    """An image's address: text that knows its parts. Links to Discord's hosts expire (seed 000 line 702)."""

    __slots__ = ()

    @property
    def host(self) -> str:
        """Host name, lower case; empty for a path-only address."""
        return _parts(self).hostname or ""

    @property
    def path(self) -> str:
        """Path without query."""
        return _parts(self).path

    @property
    def name(self) -> str:
        """Last part of the path."""
        return self.path.rpartition("/")[2]

    @property
    def expires_at(self) -> int | None:
        """Expiry as Unix seconds where the link says so (Discord's `ex`, hexadecimal), else None."""
        try:
            return int(parse_qs(_parts(self).query)["ex"][0], 16)
        except (KeyError, ValueError):
            return None


def _parts(url: str) -> SplitResult:
    """The parts of an address; empty ones for what is none."""
    try:
        parts = urlsplit(url)
        parts.hostname  # noqa: B018  # a bad literal address is only found out by asking
    except ValueError:
        return SplitResult("", "", "", "", "")
    return parts


@frozen
class Action:
    """Something that a finished job offers: our name for it, the provider's token, its label on the button."""

    name: str  #: Ours, such as `upscale2`.
    token: str  #: The provider's, as `raw` has it.
    label: str = ""  #: What the button shows, where told.

    def __str__(self) -> str:
        return self.name

    def matches(self, wanted: str) -> bool:
        """True if `wanted` is this action by our name, the provider's token or the button's label."""
        return bool(wanted) and wanted in (self.name, self.token, self.label)


@frozen(kw_only=True, weakref_slot=False)
class Extras:
    """What only some providers understand. None means "not sent": the provider's own default holds."""

    timeout: int | None = None
    translation: bool | None = None
    get_u_images: bool | None = None
    hook_url: str | None = None
    bot_type: str | None = None
    state: str | None = None
    notify_hook: str | None = None
    account_filter: Mapping[str, Any] | None = None

    def given(self) -> tuple[str, ...]:
        """Names of the extras that were set, in the order of this class."""
        return tuple(a.name for a in fields(type(self)) if getattr(self, a.name) is not None)


@frozen(kw_only=True, weakref_slot=False)
class Spec:
    """All that was asked for: enough to do it in another process."""

    operation: Operation
    mode: Mode = Mode.FAST
    extras: Extras = Extras()
    #: Names of the accounts that may do it.
    accounts: tuple[str, ...] = ()
    #: Our id of the job that this one is a step after.
    parent: str | None = None
    #: Higher is sooner.
    priority: int = 0
    #: The user's own request id.
    key: str | None = None
    #: Seconds from asking to giving up, waiting for a slot included; None: see `patience.patience`.
    deadline: float | None = None
    #: Our id of the job of unknown fate that a person asked for a second time, at the risk of a second charge.
    resubmit_of: str | None = None


@frozen
class Ticket:
    """Where a job lives: the account's name and the provider's id for it. Safe to log."""

    account: str  #: Its name in the pool, such as `ttapi-2`.
    remote_id: str  #: The provider's own id.

    def __str__(self) -> str:
        return f"{self.account}:{self.remote_id}"


#: Name of the error class that a failure becomes.
FailureKind = Literal[
    "ActionUnavailable",
    "AuthError",
    "ConfigError",
    "DeadlineExceeded",
    "InvalidRequest",
    "JobCancelled",
    "JobFailed",
    "JobLost",
    "JournalWriteError",
    "MJError",
    "NeedsInput",
    "ParentFailed",
    "PoolClosed",
    "PromptRejected",
    "ProtocolError",
    "ProviderError",
    "QuotaExhausted",
    "SubmitOutcomeUnknown",
    "Unreachable",
]


@frozen(kw_only=True)
class Failure:
    """Why something did not work, as a value: it goes into the journal, and becomes an exception at the door."""

    kind: FailureKind
    what: str
    why: str = ""
    hint: str = ""
    charged: Charged = "no"
    retryable: bool = False
    status: int | None = None
    code: str | None = None
    reason: str = ""
    request_id: str | None = None
    word: str | None = None
    available: tuple[str, ...] = ()
    outcome: str | None = None


@frozen(kw_only=True, slots=False)  # every look makes one, and a frozen class with slots takes twice as long to fill
class Snapshot:
    """One look at a remote job, in our words."""

    status: Status  #: How it stands.
    #: The job's id as the answer names it; None where it names none.
    remote_id: str | None = field(default=None, eq=False)
    #: 0 to 100, never a promise; None where the provider says nothing useful.
    progress: int | None = None
    images: tuple[ImageURL, ...] = ()  #: Addresses of the picture, best first; () before its end.
    tiles: tuple[ImageURL, ...] = ()  #: The four of a grid one by one, where given.
    preview: ImageURL | None = None  #: A picture of the unfinished work, where there is one.
    actions: tuple[Action, ...] = ()  #: What it offers next.
    prompt: str | None = None  #: As the provider has it: translated, or with flags of its own.
    texts: tuple[str, ...] = ()  #: Describe and shorten: the texts.
    seed: str | None = None  #: Digits, where told.
    mode: Mode | None = None  #: The mode it really runs in, where told.
    quota: float | None = None  #: What it cost, in the provider's own unit, where told.
    #: Seconds from its submit to its end by the provider's own clock, where told.
    took: float | None = field(default=None, eq=False)
    #: Width and height of the picture in pixels, where told.
    size: tuple[int, int] | None = None
    #: A window waits for a prompt or a mask before anything runs; the prompt that it shows, "" where it shows none.
    window: str | None = None
    #: What whoever reads the result should know.
    warnings: tuple[str, ...] = ()
    failure: Failure | None = None  #: Why it failed.
    raw: Mapping[str, Any] = field(factory=dict, repr=False, eq=False)  #: The answer, untouched.


@frozen(kw_only=True, weakref_slot=False)
class Record:
    """All that is durable about one job: a fold over its events (`machine.replay`). Times are seconds."""

    id: str
    spec: Spec
    phase: Phase = Phase.HELD
    account: str | None = None
    remote_id: str | None = None
    snapshot: Snapshot | None = None
    #: Why it failed or was lost.
    failure: Failure | None = None
    #: Set once the caller was told something final while the remote job went on (deadline, cancel).
    detached: Failure | None = None
    attempts: int = 0
    asked_at: float = 0.0
    sent_at: float | None = None
    accepted_at: float | None = None
    ended_at: float | None = None
    #: When the answer to a window was sent: it is never sent again.
    filled_at: float | None = None
    #: Why nobody can say whether that answer was taken.
    unanswered: Failure | None = None
    #: The provider's id of the window, where its answer got another one.
    window_id: str | None = None
    #: While lost: the slot stays taken until then.
    held_until: float | None = None
    #: While lost: something may still settle it, so whoever awaits it goes on waiting.
    hope: bool = False
    #: While lost: the provider cannot be running it any more, and its slot is free.
    expired: bool = False
    #: SHA-256 of the token in the hook that the last request carried; "" for none.
    token: str = ""
    #: The id that a callback has named while nobody knew one; "" for none. Nothing is adopted without a look at it.
    rang: str = ""
    #: What gave its id away where the submit's own answer did not: "list", "hook", "person".
    adopted: str = ""
    #: When a later process took it up.
    resumed_at: float | None = None
    #: Set once whoever awaited it was told something final before the remote job was over.
    told_early: bool = False

    @property
    def ticket(self) -> Ticket | None:
        """Where it lives, once accepted."""
        return Ticket(self.account, self.remote_id) if self.account and self.remote_id else None

    @property
    def outcome(self) -> Failure | None:
        """The bad news for whoever awaits the job, if any. A result that came after a deadline is good news."""
        if self.phase is Phase.DONE and self.detached is not None and self.detached.kind != "JobCancelled":
            return None
        return self.detached or self.failure

    @property
    def offers(self) -> tuple[str, ...]:
        """Names of what may be pressed next, as far as anybody saw."""
        return tuple(action.name for action in self.snapshot.actions) if self.snapshot else ()

    @property
    def settled(self) -> bool:
        """True once whoever awaits the job has an answer."""
        ended = self.phase in (Phase.DONE, Phase.FAILED) or (self.phase is Phase.LOST and not self.hope)
        return ended or self.detached is not None

    @property
    def holds_slot(self) -> bool:
        """True while the provider runs it, or may be running it."""
        return self.phase in (Phase.SENDING, Phase.QUEUED, Phase.RUNNING) or (
            self.phase is Phase.LOST and not self.expired
        )

    @property
    def late(self) -> bool:
        """True for a result that came after whoever awaited it was told something else."""
        return self.phase is Phase.DONE and self.told_early
