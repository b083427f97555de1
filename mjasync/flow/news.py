"""The one address to which every decision is told: `Pool(on_event=…)`, `pool.events()` and the log hear it from here.

Rule 1: what is told is written down already, and is told outside of any transaction.
Rule 2: whoever listens can harm no job: what it raises is caught, and one that goes on failing is not called any more.
Rule 3: where nobody listens, no event is made.
"""

import logging
import time
import weakref
from collections import deque
from collections.abc import Callable, Iterable
from contextvars import Context, copy_context
from inspect import iscoroutinefunction
from typing import Any, cast

from attrs import define

from mjasync.core.model import Record, Spec
from mjasync.core.operations import action_of
from mjasync.errors import ConfigError
from mjasync.events import Event
from mjasync.flow.stream import Stream
from mjasync.logs import Logs

#: Called with every event, in the loop's own thread; it should return at once.
Listener = Callable[[Event], object]

_log = logging.getLogger("mjasync.events")

#: After so many failures in a row a listener is not called any more.
MOST_FAILURES = 10
#: Seconds of one call after which it is said that the listener holds up the loop; and after which it counts as a failure.
SLOW = 0.1
TOO_SLOW = 1.0


@define(eq=False)
class _Ear:
    """One listener, and how it has done."""

    hear: Listener
    failures: int = 0
    failed: bool = False
    slow: bool = False


class News:
    """Tells. Made with the pool, and told the clocks when the pool is opened."""

    def __init__(self, listeners: Iterable[Listener] = ()) -> None:
        given = tuple(listeners)
        self._ears = [_Ear(each) for each in given if not isinstance(each, Logs)]
        self._logs = next((each for each in given if isinstance(each, Logs)), Logs())
        self._streams: list[weakref.ref[Stream]] = []
        #: Made, and not told yet.
        self._line: deque[tuple[Event, Context]] = deque()
        self._held = 0
        self._now: Callable[[], float] = lambda: 0.0
        self._wall: Callable[[], float] = time.time

    def begin(self, now: Callable[[], float], wall: Callable[[], float]) -> None:
        """The pool is opened: seconds on the loop's clock, and since 1970."""
        self._now, self._wall = now, wall

    def wants(self, kind: type[Event]) -> bool:
        """Whether anybody would hear such an event; ask it where making one takes some work."""
        return bool(self._ears) or bool(self._streams) or self._logs.wants(kind)

    def tell(self, kind: type[Event], /, **fields: Any) -> None:
        """Make the event and tell it, if anybody listens. Never raises for what a listener does.

        Listeners are called in the context in which it is told: whoever traces finds its request there.
        """
        if not self.wants(kind):
            return
        self._line.append((kind(at=self._now(), wall=self._wall(), **fields), copy_context()))
        if not self._held:
            self.hold()
            self.let_go()

    def hold(self) -> None:
        """What is told from now on waits until `let_go`, so that one decision is told whole and in order."""
        self._held += 1

    def let_go(self) -> None:
        """Once for each `hold`. What a listener causes to be told comes after what is told already."""
        try:
            while self._held == 1 and self._line:
                event, context = self._line.popleft()
                context.run(self._tell, event)
        finally:
            self._held -= 1

    def stream(self, buffer: int) -> Stream:
        """What is told from now on, for `async for`."""
        stream = Stream(buffer)
        self._streams.append(weakref.ref(stream, self._streams.remove))
        return stream

    def end(self) -> None:
        """Nothing more will be told."""
        for stream in [each() for each in self._streams]:
            if stream is not None:
                stream.end()

    def _tell(self, event: Event) -> None:
        self._logs(event)
        for ear in tuple(self._ears):
            self._hear(ear, event)
        for stream in [each() for each in self._streams]:
            if stream is not None:
                stream.put(event)

    def _hear(self, ear: _Ear, event: Event) -> None:
        begun = self._now()
        try:
            ear.hear(event)
        except (KeyboardInterrupt, SystemExit):  # the process is to end
            raise
        except BaseException:  # noqa: BLE001  # whatever it is, no job is harmed by it
            if not ear.failed:
                _log.exception("%r failed at %s; the job goes on", ear.hear, type(event).__name__)
            ear.failed, ear.failures = True, ear.failures + 1
        else:
            seconds = self._now() - begun
            ear.failures = ear.failures + 1 if seconds >= TOO_SLOW else 0
            if seconds >= SLOW and not ear.slow:
                ear.slow = True
                _log.warning("%r took %.1f s: the whole event loop waited for it", ear.hear, seconds)
        if ear.failures >= MOST_FAILURES:
            self._ears.remove(ear)
            _log.error("%r failed %d times in a row, and is not called any more", ear.hear, ear.failures)


def about(record: Record, account: str | None = None) -> dict[str, Any]:
    """The fields of `AboutJob`. `account`: where the record has none yet."""
    return {"job": record.id, "account": record.account or account, **_asked(record.spec)}


def _asked(spec: Spec) -> dict[str, Any]:
    return {"kind": action_of(spec.operation) or spec.operation.kind, "mode": spec.mode, "parent": spec.parent}


def listeners(given: Listener | Iterable[Listener] | None) -> tuple[Listener, ...]:
    """What a user gave as `on_event=`. Raises `ConfigError` for what cannot be called with an event."""
    several: tuple[object, ...] = () if given is None else (given,) if callable(given) else tuple(given)
    for each in several:
        if not _is_listener(each):
            raise ConfigError(
                f"on_event= takes functions that are called with an event; {each!r} is none.",
                why="they are called where decisions are made, and nothing waits there",
                hint="give a plain function, or read pool.events() in a task: async for event in pool.events()",
            )
    return cast("tuple[Listener, ...]", several)


def _is_listener(thing: object) -> bool:
    waits = iscoroutinefunction(thing) or iscoroutinefunction(getattr(type(thing), "__call__", None))  # noqa: B004
    return callable(thing) and not waits
