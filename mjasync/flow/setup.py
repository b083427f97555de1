"""How a pool was set up, beyond its accounts and its journal."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from attrs import evolve, field, frozen

from mjasync.flow.looking import Looking
from mjasync.flow.news import News
from mjasync.flow.timers import Timeouts

#: Linux names each start of the computer.
_BOOT = Path("/proc/sys/kernel/random/boot_id")


def with_clocks(setup: "Setup", loop: object) -> "Setup":
    """With the loop's own clocks, where it has some (virtual time does), else the computer's."""
    if hasattr(loop, "wall") and hasattr(loop, "boot"):
        return evolve(setup, wall=loop.wall, steady=loop.time, boot=loop.boot)  # type: ignore[attr-defined]
    return evolve(setup, steady=_steady, boot=_boot())


def _steady() -> float:
    """Seconds since the computer started, its sleep included where it can be told."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


def _boot() -> str:
    try:
        return _BOOT.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""


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
    looking: Looking = Looking()
    #: Hears of every decision.
    news: News = field(factory=News)
    #: Seconds since 1970.
    wall: Callable[[], float] = time.time
    #: See `Opening`.
    steady: Callable[[], float] = time.monotonic
    boot: str = ""

    def today(self) -> str:
        """The date, UTC, as ISO text."""
        return datetime.fromtimestamp(self.wall(), UTC).date().isoformat()
