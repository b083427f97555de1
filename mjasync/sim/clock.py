"""The default clock of a world: the running loop's own, so that a virtual-time loop moves the providers too."""

import asyncio
from weakref import WeakKeyDictionary


class LoopClock:
    """Seconds of `asyncio.get_running_loop().time()`, looked up at every call.

    Outside a loop it repeats the last time it told, so that a ledger can be read when the story is over. In a new
    loop whose clock starts lower (a second virtual-time run on the same world) time goes on from there instead of
    back: a provider does not forget its jobs because its customer restarted.
    """

    def __init__(self) -> None:
        self._last = 0.0
        self._offsets: WeakKeyDictionary[asyncio.AbstractEventLoop, float] = WeakKeyDictionary()

    def __call__(self) -> float:
        """Return the seconds now; never less than before."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return self._last
        offset = self._offsets.setdefault(loop, max(0.0, self._last - loop.time()))
        self._last = max(self._last, loop.time() + offset)
        return self._last
