"""One job on the provider's side: a frozen value whose whole future is known when it is accepted.

Rule 1: nothing happens to a job; what it is at a moment follows from the moment (no task, no timer).
"""

from collections.abc import Mapping
from enum import StrEnum
from math import inf
from random import Random

from attrs import field, frozen

from mjasync.sim import laws
from mjasync.sim.gestures import Gesture, offers
from mjasync.sim.scenes import Scene


class Phase(StrEnum):
    """Where a job stands at a moment."""

    #: A window waits for a prompt or a mask; nothing runs and nothing is charged.
    WINDOW = "window"
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@frozen(kw_only=True)
class Account:
    """A key that the provider knows: its own cap on jobs that wait or run at once (seed 000: 10)."""

    provider: str
    name: str
    key: str = field(repr=False)
    cap: int = 10


@frozen(kw_only=True)
class Order:
    """What a submit asks for, after the dialect has read and checked it."""

    kind: str
    prompt: str
    mode: str
    #: The provider's own word for the button (`upsample1`, a customId); empty for a first command.
    token: str = ""
    gesture: Gesture | None = None
    parent: "Job | None" = None
    #: What only the dialect needs when it shows the job again (hook URL, tiles, state, …).
    notes: Mapping[str, object] = field(factory=dict)
    #: A digest of the pictures that came with it, "" for none.
    material: str = ""


@frozen(kw_only=True, eq=False)
class Job:
    """An accepted job. Times are seconds on the world's clock; `inf` means never."""

    account: Account
    ordinal: int
    id: str
    #: Names the pictures, and stands in the customIds of midjourney-proxy.
    hash: str
    order: Order
    accepted_at: float
    started_at: float
    finished_at: float
    #: The reason that it will end with, or None for a job that ends well.
    failure: str | None = None
    vanished_at: float = inf
    #: What the provider takes for it, in the provider's own unit.
    quota: int = 0
    scenes: tuple[Scene, ...] = ()
    size: tuple[int, int] = (512, 512)
    #: What describe and shorten found.
    texts: tuple[str, ...] = ()
    #: True for an open window, which was not accepted as a job yet.
    window: bool = False
    #: True for a job that a window led to, under the window's id.
    windowed: bool = False

    @property
    def seed(self) -> str:
        """The number that its pictures grew from, below 2**32; /seed tells it."""
        return str(Random(f"seed/{self.hash}").getrandbits(32))

    def phase(self, now: float) -> Phase:
        """Return where the job stands; a job that ends now has ended."""
        if self.window:
            return Phase.WINDOW
        if now >= self.finished_at:
            return Phase.DONE if self.failure is None else Phase.FAILED
        return Phase.RUNNING if now >= self.started_at else Phase.QUEUED

    def progress(self, now: float) -> int:
        """Percent, in the steps that Discord shows: 0 in the queue, 100 only when done."""
        if now >= self.finished_at:
            return 100
        if now < self.started_at:
            return 0
        # A stuck job stops half way, as real ones do.
        share = 0.5 if self.finished_at == inf else (now - self.started_at) / (self.finished_at - self.started_at)
        return laws.progress(share)

    def visible(self, now: float) -> bool:
        """False once the provider claims that it never heard of the job."""
        return now < self.vanished_at

    def offers(self, now: float) -> tuple[Gesture, ...]:
        """Return what may be pressed now: nothing before the job is done."""
        return offers(self.order.kind, len(self.texts)) if self.phase(now) is Phase.DONE else ()
