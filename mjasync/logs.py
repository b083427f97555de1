"""The log: a listener that every pool has, on the loggers below `mjasync`.

Rule 1: no key and no token is in a line, and no prompt but where `Logs(prompts=True)` was given to the pool; what a
provider said of a refusal is quoted.
Rule 2: money that may be lost is a WARNING, what a person has to mend too; the normal run is INFO and DEBUG.
Rule 3: no handler is attached, not even a `NullHandler`: in a program that set up no logging Python prints warnings on
stderr, and a paid job that runs on must not go unheard. Whoever wants silence attaches one.
"""

import logging
import re
from collections.abc import Mapping

from attrs import fields, frozen

from mjasync import events
from mjasync.events import Event, Hidden

#: Every logger of the package, below `mjasync`.
NAMES = (
    "checks",
    "driver",
    "events",
    "hooks",
    "host",
    "jobs",
    "journal",
    "looking",
    "money",
    "pool",
    "queue",
    "recovery",
    "routes",
    "slots",
    "windows",
)

#: What comes after it is a key or a token: a scheme, a header's name, the beginning of a relay's keys.
_WORD = r"[\w.~+/-]{6,}=*"
_HEADER = re.compile(rf"(?i)(\b(?:tt-api-key|mj-api-secret|authorization)[\"']?\s*[:=]\s*[\"']?(?:bearer\s+)?){_WORD}")
_KEY = re.compile(rf"(?i)(\bbearer\s+|\bsk-){_WORD}")
#: The token of one of our hooks, 32 bytes as base64url; and what signs a link.
_TOKEN = re.compile(r"(?<=/)[\w-]{43}(?![\w-])")
_QUERY = re.compile(r"(https?://[^\s?\"'<>]+)\?[^\s\"'<>]+")


def redacted(text: str) -> str:
    """The text without what looks like a key, a hook's token or a link's signature."""
    return _TOKEN.sub("***", _QUERY.sub(r"\1?***", _KEY.sub(r"\1***", _HEADER.sub(r"\1***", text))))


def _shown(value: object) -> object:
    """Numbers stay numbers, so that `%d` works."""
    return value if isinstance(value, int | float) else redacted(str(value))


class Redaction(logging.Filter):
    """Is on each of our loggers. Take it off with `removeFilter` where you must see more."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let the line through, without what nobody is to see."""
        if isinstance(record.args, Mapping):
            record.args = {name: _shown(value) for name, value in record.args.items()}
        elif record.args:
            record.args = tuple(_shown(value) for value in record.args)
        record.msg = redacted(str(record.msg))
        return True


REDACTION = Redaction()
_ROOT = logging.getLogger("mjasync")
for _name in NAMES:
    _ROOT.getChild(_name).addFilter(REDACTION)


@frozen
class Line:
    """How an event is written: logger, level, text, and the fields that the text shows."""

    logger: str
    level: int
    text: str
    shows: tuple[str, ...] = ()


_D, _I, _W = logging.DEBUG, logging.INFO, logging.WARNING
_LENT = ("job", "account", "held", "limit")

LINES: Mapping[type[Event], Line] = {
    events.Opened: Line("pool", _I, "the pool is open: %s", ("slots",)),
    events.Closed: Line(
        "pool", _I, "the pool is closed: %d ended, %d run on, %d held", ("finished", "running", "held")
    ),
    events.JournalBroke: Line("jobs", logging.ERROR, "nothing more is sent: %s", ("why",)),
    events.JobQueued: Line("jobs", _D, "job %s was asked for: %s in %s mode", ("job", "kind", "mode")),
    events.TakenUp: Line("recovery", _I, "job %s of an earlier process is taken up, %s", ("job", "phase")),
    events.Moved: Line("jobs", _D, "job %s: %s, was %s", ("job", "phase", "was")),
    events.SlotLent: Line(
        "slots", _D, "job %s got a slot of %s after %.1f s (%d of %d)", ("job", "account", "waited", "held", "limit")
    ),
    events.SubmitSent: Line("driver", _D, "job %s is sent to %s, attempt %d", ("job", "account", "attempt")),
    events.Accepted: Line("jobs", _I, "job %s was accepted as %s", ("job", "ticket")),
    events.Refused: Line(
        "jobs", _I, "job %s was refused by %s: %s (status %s, code %s)", ("job", "account", "error", "status", "code")
    ),
    events.OutcomeUnknown: Line(
        "money",
        _W,
        "nobody knows what became of job %s at %s: it may be charged, and is not sent again",
        ("job", "account"),
    ),
    events.WindowAnswered: Line("windows", _D, "job %s: its window was answered, taken: %s", ("job", "taken")),
    events.Looked: Line(
        "looking",
        _D,
        "job %s at %s: %s %s (%s of %d, %.2f s)",
        ("job", "account", "saw", "progress", "verb", "batch", "seconds"),
    ),
    events.Progressed: Line("jobs", _D, "job %s: %s %s", ("job", "phase", "progress")),
    events.ResultWarned: Line("jobs", _W, "job %s: %s", ("job", "what")),
    events.LetGo: Line("money", _W, "job %s at %s: %s; it runs on and may be charged", ("job", "account", "error")),
    events.Withdrawn: Line("jobs", _D, "job %s was taken back before it was sent", ("job",)),
    events.QuarantineEnded: Line(
        "money", _W, "job %s at %s may have been charged; its slot is free", ("job", "account")
    ),
    events.Ended: Line(
        "jobs",
        _I,
        "job %s ended: %s after %.1f s, charged: %s, quota %s, %d looks",
        ("job", "outcome", "total", "charged", "quota", "looks"),
    ),
    events.SlotReturned: Line("slots", _D, "job %s gave its slot of %s back (%d of %d)", _LENT),
    events.RouteProved: Line("routes", _D, "account %s answers in %s mode", ("account", "mode")),
    events.RouteBad: Line("routes", _W, "account %s cannot be used: %s", ("account", "what")),
    events.Paused: Line("slots", _D, "account %s rests: %s", ("account", "error")),
    events.CapChanged: Line(
        "slots", _I, "account %s takes %d jobs at once, %d for now (%s)", ("account", "cap", "limit", "why")
    ),
    events.Crowded: Line(
        "slots",
        _W,
        "account %s calls its queue full with %d of our jobs there, and has %d slots:"
        " someone else uses this account? or it takes no more; fewer are sent at once for some minutes",
        ("account", "jobs", "cap"),
    ),
    events.LooksPaused: Line("looking", _D, "account %s is looked at less: it was asked too often", ("account",)),
    events.BudgetStopped: Line("money", _W, "job %s was not sent, for the money's sake: %s", ("job", "error")),
    events.MoneyWarned: Line("money", _W, "%s", ("what",)),
    events.HookRang: Line("hooks", _D, "a hook rang for job %s: %s", ("job", "verdict")),
}
_LOGGERS = {kind: _ROOT.getChild(line.logger) for kind, line in LINES.items()}
#: Whether a line would be written, and its level: asked for every event that is about to be made.
_ASKS = {kind: (_LOGGERS[kind].isEnabledFor, line.level) for kind, line in LINES.items()}


class Logs:
    """Writes events to the log; give `Logs(prompts=True)` as `on_event=` to see prompts too.

    A line's `extra` are the fields of its event with `mj_` before each, and `mj_event`, the event's name.
    """

    def __init__(self, *, prompts: bool = False) -> None:
        self._prompts = prompts

    def wants(self, kind: type[Event]) -> bool:
        """Whether such an event would be written."""
        asks = _ASKS.get(kind)
        return asks is not None and asks[0](asks[1])

    def __call__(self, event: Event) -> None:
        """Write it, where its logger is enabled for it."""
        kind = type(event)
        if not self.wants(kind):
            return
        line = LINES[kind]
        _LOGGERS[kind].log(
            line.level, line.text, *(getattr(event, name) for name in line.shows), extra=self._extra(event)
        )

    def _extra(self, event: Event) -> dict[str, object]:
        found = {f"mj_{field.name}": getattr(event, field.name) for field in fields(type(event))}
        shown = {
            name: value.text if isinstance(value, Hidden) and self._prompts else value for name, value in found.items()
        }
        return {"mj_event": type(event).__name__, **{name: _plain(value) for name, value in shown.items()}}


def _plain(value: object) -> object:
    """As every formatter can write it."""
    return value if value is None or isinstance(value, bool | int | float | dict) else str(value)
