"""Where a process dies: a journal and a transport around the real ones, with a moment of death in front and behind.

Rule 1: death is SIGKILL to oneself, in whichever thread the moment is reached: no cleanup, no flush, no goodbye.
Rule 2: nothing of the client is changed; what is wrapped are its ports, and the two calls that a file is saved with.
"""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from mjasync.core.machine import Event, Saw
from mjasync.core.wire import HttpRequest, HttpResponse
from mjasync.journal import Entry, Kept, Opening
from mjasync.journal.sqlite import SQLiteJournal
from mjasync.transport.http import Http

#: Real seconds after a request began to leave: the server may be anywhere with it.
_ON_ITS_WAY = 0.004


def kind_of(event: Event) -> str:
    """`Accepted`, …; a look that ended the job says how."""
    return f"Saw-{event.snapshot.status.upper()}" if isinstance(event, Saw) else type(event).__name__


class Fate:
    """When this process dies: at the `number`-th time that `on` is in `state`; never, without a point."""

    def __init__(self, on: str = "", state: str = "", number: int = 0) -> None:
        self.on, self.state, self.number = on, state, number
        self.saving = 0
        self._counts: Counter[tuple[str, str]] = Counter()

    def reach(self, on: str, state: str) -> None:
        """This moment is here."""
        self._counts[on, state] += 1
        if (self.on, self.state, self.number) == (on, state, self._counts[on, state]):
            self.die()

    def die(self) -> None:
        """Now."""
        os.kill(os.getpid(), signal.SIGKILL)

    def around(self, call: Callable[..., Any], on: str) -> Callable[..., Any]:
        """The call, deadly before and after, while a picture is being saved."""

        def called(*arguments: Any, **named: Any) -> Any:
            if self.saving:
                self.reach(on, "before")
            value = call(*arguments, **named)
            if self.saving:
                self.reach(on, "after")
            return value

        return called


class DeadlyJournal(SQLiteJournal):
    """The real journal. An event is `asked` for, `queued`, `unwritten` in the thread, `written` there, `durable` here.

    `lazy` is a kind of event that it calls durable and keeps in memory until its job's next one: a fault of ours, to
    see whether the judge sees it.
    """

    def __init__(self, path: str, fate: Fate, *, lazy: str = "") -> None:
        super().__init__(path)
        self._fate, self._lazy = fate, lazy
        self._held: dict[str, Entry] = {}

    def open(self, opening: Opening) -> Kept:
        """See `Journal`."""
        self._fate.reach("open", "before")
        kept = super().open(opening)
        self._fate.reach("open", "after")
        return kept

    def append(self, *entries: Entry) -> asyncio.Future[None] | None:
        """See `Journal`."""
        kinds = [kind_of(entry.event) for entry in entries]
        self._reach(kinds, "asked")
        if self._lazy in kinds:
            self._held[entries[0].job] = entries[0]
            return None
        held = [self._held.pop(entry.job) for entry in entries if entry.job in self._held]
        durable = super().append(*held, *entries)
        self._reach(kinds, "queued")
        if durable is not None:
            durable.add_done_callback(lambda _: self._reach(kinds, "durable"))
        return durable

    async def aclose(self) -> None:
        """See `Journal`."""
        self._fate.reach("journal's close", "before")
        await super().aclose()
        self._fate.reach("journal's close", "after")

    def _commit(self, group: Any) -> None:
        kinds = [kind_of(entry.event) for entry, _ in group]
        self._reach(kinds, "unwritten")
        super()._commit(group)
        self._reach(kinds, "written")

    def _reach(self, kinds: Sequence[str], state: str) -> None:
        for kind in kinds:
            self._fate.reach(kind, state)


class DeadlyLine:
    """Real HTTP. A request is `before` its first byte, on its `way`, or its answer has arrived: `after`."""

    def __init__(self, fate: Fate) -> None:
        self._inner = Http()
        self._fate = fate

    async def send(self, request: HttpRequest) -> HttpResponse:
        """See `Transport`."""
        on = _place(request)
        self._fate.reach(on, "before")
        if (self._fate.on, self._fate.state) == (on, "way"):
            loop = asyncio.get_running_loop()
            speed = getattr(loop, "speed", 1.0)
            loop.call_later(_ON_ITS_WAY * speed, self._fate.reach, on, "way")
        response = await self._inner.send(request)
        self._fate.reach(on, "after")
        return response

    async def aclose(self) -> None:
        """See `Transport`."""
        await self._inner.aclose()


def _place(request: HttpRequest) -> str:
    if "/pictures/" in request.url:
        return "picture"
    if request.repeatable:
        return "look"
    return "modal" if request.url.endswith("/submit/modal") else "submit"
