"""A look at one job: asked for, and heard of."""

import asyncio
from collections.abc import Callable

from attrs import define, field, frozen

from mjasync.core.model import Spec
from mjasync.flow.looks import Seen


@frozen
class Heard:
    """What a look brought, and when it was sent (seconds on the loop's clock)."""

    seen: Seen
    sent: float
    #: Requests that were made for this job; 0 for one that went with another's.
    requests: int = 1
    #: Jobs that the request asked about.
    batch: int = 1


@define(eq=False)
class Ask:
    """One job that waits for its next look."""

    spec: Spec
    remote_id: str
    #: Other ids under which the answer may name it.
    known: tuple[str | None, ...]
    #: When it is to be looked at, and when it was last.
    due: float
    looked: float
    #: Seconds that its look may wait for others to go with.
    slack: float
    #: Seconds after which it has waited too long for the budget.
    cap: float
    #: Whether it may be looked at sooner, when others are; and whether it may not because it should be over by now.
    joins: bool
    late: bool
    #: The chance that it is over at a moment.
    odds: Callable[[float], float]
    #: Set once a list has left it out.
    unlisted: bool = False
    #: When it would be due if no callback were expected.
    dense: float = float("inf")
    #: When it may be looked at if the account answers again; never sooner than due where its last look was answered.
    again: float = float("inf")
    turn: asyncio.Future[Heard | None] = field(factory=lambda: asyncio.get_running_loop().create_future())

    def urgency(self, now: float) -> tuple[float, float]:
        """Less is sooner: whoever has waited too long, then whoever is most likely over."""
        return (0.0, self.due) if now - self.due > self.cap else (1.0, -self.odds(now))
