"""The live panel: each account's slots as boxes, what waits, and the jobs under way. Needs rich.

Rule 1: shape tells what colour tells: full, free, of unknown fate, not lent just now.
Rule 2: whatever the size of the terminal, what matters most is shown, and no line is longer or cut in the middle.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from rich.console import Console

from mjasync import Eta, Job, JobEvent, MJError, Phase, Pool
from mjasync.cli import output, preview
from mjasync.cli.layout import Line, View, picture
from mjasync.cli.screen import Screen
from mjasync.cli.text import clean

#: Pictures of the panel in a second, and seconds between two forecasts: often enough to look alive.
_RATE, _FORECAST = 5, 1.0
#: Seconds that previews are waited for at the end.
_PATIENCE = 5.0


class Panel:
    """A run on a terminal."""

    def __init__(self, console: Console, title: str, *, previews: bool = False) -> None:
        self._console = console
        self._previews = previews
        self._own: preview.Own | None = None
        self._drawings: set[asyncio.Task[None]] = set()
        self._title = clean(title, 60)
        self._lines: dict[str, Line] = {}
        self._total = 0
        self._over: set[int] = set()
        self._steps: dict[int, set[str]] = {}
        self._above: list[str] = []
        #: What is not asked for with each picture: the forecast, what was spent, and when that was.
        self._eta: Eta | None = None
        self._spent = 0.0
        self._spent_before = 0.0
        self._asked_at = float("-inf")

    def event(self, number: int, prompt: str, job: Job, event: JobEvent) -> None:
        """Take in what happened; the next picture shows it."""
        if event.phase is Phase.HELD and not job.done():
            self._steps.setdefault(number, set()).add(job.id)
            return
        if job.done():
            self._lines.pop(job.id, None)
            left = self._steps.get(number, set())
            left.discard(job.id)
            if not left:
                self._over.add(number)
            return
        known = self._lines.setdefault(job.id, Line(number, clean(prompt), job, event.at))
        known.progress = event.progress

    @asynccontextmanager
    async def watching(self, pool: Pool, total: int) -> AsyncIterator[None]:
        """Keep the panel up, and take it away at the end."""
        self._total, self._spent_before = total, pool.ledger().spent
        if self._previews:
            self._own = await asyncio.to_thread(preview.wake)
        screen = Screen(self._console)
        drawing = asyncio.create_task(self._draw(pool, screen))
        try:
            with output.above(self._above.append):
                yield
                if self._drawings:
                    await asyncio.wait(self._drawings, timeout=_PATIENCE)
        finally:
            drawing.cancel()
            with suppress(asyncio.CancelledError):
                await drawing
            screen.clear(self._above)
            self._above.clear()

    def result(self, line: str) -> None:
        """Print a line of result; on a terminal it stands above the panel."""
        output.say(line)

    def preview(self, path: Path) -> None:
        """Show a picture above the panel, soon, where that was asked for and is possible."""
        if self._previews:
            task = asyncio.create_task(self._drawn(path))
            self._drawings.add(task)
            task.add_done_callback(self._drawings.discard)

    async def _drawn(self, path: Path) -> None:
        high = preview.LOW if self._total > 1 else preview.HIGH
        self._above += await asyncio.to_thread(preview.lines, path, self._console, self._own, high=high)

    def view(self, pool: Pool, now: float) -> View:
        """What is to be seen at this moment."""
        if now - self._asked_at >= _FORECAST:
            self._asked_at, self._eta = now, pool.eta()
            self._spent = pool.ledger().spent - self._spent_before
        lines = sorted(self._lines.values(), key=lambda line: line.begun)
        return View(
            title=self._title,
            stats=pool.stats(),
            lines=tuple(lines),
            now=now,
            over=len(self._over),
            total=self._total,
            eta=self._eta,
            spent=self._spent,
        )

    async def _draw(self, pool: Pool, screen: Screen) -> None:
        clock = asyncio.get_running_loop().time
        with suppress(MJError):  # the pool was closed meanwhile
            while True:
                if screen.ready:
                    above, size = tuple(self._above), self._console.size
                    self._above.clear()
                    screen.draw(picture(self.view(pool, clock()), *size), above)
                await asyncio.sleep(1 / _RATE)


def able() -> bool:
    """Whether there can be previews; says so where there cannot."""
    if not preview.HAS_PILLOW:
        output.tell("preview   no pictures in the terminal: they need pip install 'mjasync[terminal]'")
    return preview.HAS_PILLOW


def terminal() -> Console | None:
    """Return a console on stderr, or None where it cannot redraw lines or show boxes."""
    console = Console(stderr=True, highlight=False)
    able = console.is_terminal and not console.is_dumb_terminal and not console.options.ascii_only
    return console if able and not console.legacy_windows and sys.stderr.isatty() else None
