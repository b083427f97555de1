"""What all events have in common."""

from attrs import frozen

from mjasync.core.model import Mode


class Hidden:
    """A text that is not shown by accident: `str()`, `repr()`, logs and JSON see its length, `.text` is the text."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return f"<hidden, {len(self.text)} characters>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Hidden) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)


@frozen(kw_only=True)
class Event:
    """Anything that is told."""

    #: Seconds on the loop's clock.
    at: float
    #: Seconds since 1970.
    wall: float


@frozen(kw_only=True)
class AboutJob(Event):
    """Something about one job."""

    #: Our id.
    job: str
    #: What it is: `imagine`, `blend`, …, or a step's action such as `upscale2`.
    kind: str
    #: The mode that was asked for.
    mode: Mode
    #: Name of the account that has it, None while none has.
    account: str | None
    #: Our id of the job that it is a step after.
    parent: str | None


@frozen(kw_only=True)
class AboutAccount(Event):
    """Something about one account."""

    #: Its name in the pool.
    account: str
