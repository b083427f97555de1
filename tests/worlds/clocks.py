"""Time in a world: the providers' clock goes on while no process runs; every process begins at its own second 0.

Rule 1: no thread works in a world: what would go to one is done at once, so that one seed is one order of events.
"""

from typing import Any

from mjasync.testing import DeadlockError, VirtualLoop


class Clock:
    """The world's seconds: those of the lives that were, plus those of the loop that runs now."""

    def __init__(self) -> None:
        self._before = 0.0
        self._loop: LifeLoop | None = None
        #: Seconds by which the machine's calendar is wrong; it stays wrong from life to life.
        self.skew = 0.0

    def now(self) -> float:
        """Seconds since the world began."""
        return self._before + (self._loop.time() if self._loop else 0.0)

    def begin(self, loop: "LifeLoop") -> None:
        """A process starts."""
        self._loop = loop
        loop.skew = self._before + self.skew

    def end(self) -> None:
        """It is gone."""
        self._before, self._loop = self.now(), None

    def pass_to(self, moment: float) -> None:
        """Nothing runs until then."""
        self._before = max(self._before, moment)

    def jump(self, seconds: float) -> None:
        """The calendar jumps; nothing else does."""
        self.skew += seconds
        if self._loop:
            self._loop.skew += seconds


class LifeLoop(VirtualLoop):
    """One process's loop."""

    def __init__(self) -> None:
        super().__init__()
        # There are no sockets: not to ask the system about them saves a tenth.
        self._selector.select = self._idle  # type: ignore[method-assign]

    def _idle(self, timeout: float | None = None) -> list[Any]:
        if timeout is None:
            raise DeadlockError("every task waits, and there is no timer that could wake one")
        if timeout > 0:
            self.jump(timeout)
        return []

    def threads_at_work(self) -> bool:
        """There are none."""
        return False

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> Any:
        """Done at once, in order."""
        future = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as exc:  # noqa: BLE001  # as a thread would hand it over
            future.set_exception(exc)
        return future
