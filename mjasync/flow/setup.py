"""How a pool was set up, beyond its accounts and its journal."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from attrs import frozen

from mjasync.flow.timers import Timeouts


@frozen(kw_only=True)
class Setup:
    """Options of a pool, checked."""

    #: Quota units that may be spent, counting all that the journal holds; None: no limit.
    budget: float | None = None
    #: Ask the provider's free check before a prompt is paid for.
    check_prompts: bool = False
    #: Where our own hooks point to; None: no request carries one of ours.
    public_url: str | None = None
    timeouts: Timeouts = Timeouts()
    #: Seconds since 1970.
    wall: Callable[[], float] = time.time

    def today(self) -> str:
        """The date, UTC, as ISO text."""
        return datetime.fromtimestamp(self.wall(), UTC).date().isoformat()
