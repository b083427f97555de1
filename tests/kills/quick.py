"""A loop whose seconds are short: ten-minute quarantines in seconds of real HTTP, real disks and real deaths.

Rule 1: everything on it runs `SPEED` times as fast as the client believes, and nothing else is pretended.
Rule 2: the provider's jobs are as much faster, so that what the client believes of them stays true.
"""

import asyncio
import os
import selectors
import time

#: Seconds of the client in one real second.
SPEED = 100.0


def environ() -> dict[str, str]:
    """Of a process with such a loop: warnings as in dev mode, but not its debugging, which takes quick seconds long."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONDEVMODE", "PYTHONASYNCIODEBUG")}
    return kept | {"PYTHONWARNINGS": "default"}


class _QuickSelector(selectors.DefaultSelector):
    """Sleeps for real, and shorter."""

    speed: float

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return super().select(timeout / self.speed if timeout else timeout)


class QuickLoop(asyncio.SelectorEventLoop):
    """A loop of a story that began at `started` (real), in a process whose calendar is `later` seconds ahead."""

    def __init__(self, started: float, later: float, speed: float = SPEED) -> None:
        self._started, self._later, self.speed = started, later, speed
        selector = _QuickSelector()
        selector.speed = speed
        super().__init__(selector)
        self._clock_resolution *= speed
        # Dev mode would warn of callbacks that are slow on this clock, and on any slow machine.
        self.slow_callback_duration = float("inf")
        #: All lives of a story are on one computer that was never started anew.
        self.boot = f"story-{started}"

    def time(self) -> float:
        """Quick seconds, which go on evenly through all lives."""
        return time.monotonic() * self.speed + self._later

    def wall(self) -> float:
        """Quick seconds since 1970; the same calendar in every life of a story."""
        return self._started + (time.time() - self._started) * self.speed + self._later
