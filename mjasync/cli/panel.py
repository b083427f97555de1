"""The live panel: each account's slots as boxes, what waits, and the jobs under way. Needs rich."""

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress

from attrs import define
from rich import box
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel as Frame
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from mjasync import AccountStats, Job, JobEvent, Phase, Pool, Stats
from mjasync.cli import output
from mjasync.cli.text import clean, seconds

#: Pictures of the panel in a second: often enough to look alive.
_RATE = 8
#: Lines of a panel besides those of its jobs and accounts.
_FURNITURE = 7
#: More slots than this are told as a number only: nobody counts thirty boxes.
_MOST_BOXES = 20
#: Columns left free at the right: a terminal echoes ^C there, and a wrapped line could not be taken away again.
_MARGIN = 3
_STYLES = {Phase.SENDING: "yellow", Phase.QUEUED: "cyan", Phase.RUNNING: "green", Phase.LOST: "red"}


@define
class _Line:
    """One job as the panel shows it."""

    number: int
    prompt: str
    job: Job
    begun: float
    at: float
    progress: float | None = None


class Panel:
    """A run on a terminal."""

    def __init__(self, console: Console, title: str) -> None:
        self._console = console
        self._title = clean(title, 60)
        self._lines: dict[str, _Line] = {}
        self._live: Live | None = None
        self._total = 0
        self._ended = 0

    def event(self, number: int, prompt: str, job: Job, event: JobEvent) -> None:
        """Take in what happened; the next picture shows it."""
        if event.phase is Phase.HELD:
            return
        if job.done():
            self._lines.pop(job.id, None)
            return
        known = self._lines.setdefault(job.id, _Line(number, clean(prompt), job, event.at, event.at))
        known.at, known.progress = event.at, event.progress

    @asynccontextmanager
    async def watching(self, pool: Pool, total: int) -> AsyncIterator[None]:
        """Keep the panel up, and take it away at the end."""
        self._total = total
        self._live = Live(
            console=self._console, auto_refresh=False, transient=True, redirect_stdout=False, redirect_stderr=False
        )
        with self._live as live:
            drawing = asyncio.create_task(self._draw(pool, live))
            try:
                yield
            finally:
                drawing.cancel()
                with suppress(asyncio.CancelledError):
                    await drawing
        self._live = None

    def result(self, line: str) -> None:
        """Print a line above the panel; where stdout is something else, it goes there."""
        self._ended += 1
        if self._live is not None and sys.stdout.isatty():
            self._live.console.print(Text(line), soft_wrap=True)
        else:
            output.say(line)

    def picture(self, stats: Stats, now: float, height: int) -> RenderableType:
        """Return the panel as it is at `now`, at most `height` lines high."""
        room = max(height - _FURNITURE - len(stats.accounts), 1)
        lines = sorted(self._lines.values(), key=lambda line: line.begun)
        width = max(self._console.width - _MARGIN, 20)
        parts: list[RenderableType] = [_slots(stats.accounts), self._totals(stats)]
        if lines:
            parts += [Text(), _jobs(lines[:room], now)]
        if len(lines) > room:
            parts.append(Text(f"and {len(lines) - room} more under way", style="dim"))
        return Frame(
            Group(*parts), title=Text(self._title, style="bold"), box=box.ROUNDED, border_style="dim", width=width
        )

    def _totals(self, stats: Stats) -> Text:
        failed = Text(f"failed {stats.failed + stats.lost}", style="red" if stats.failed + stats.lost else "")
        return Text(" · ").join(
            (
                Text(f"prompts {self._ended}/{self._total}"),
                Text(f"jobs {stats.done}/{stats.jobs}"),
                failed,
                Text(f"waiting {stats.waiting}"),
                Text(f"{stats.looks} looks"),
                Text(seconds(stats.seconds)),
            )
        )

    async def _draw(self, pool: Pool, live: Live) -> None:
        clock = asyncio.get_running_loop().time
        while True:
            live.update(self.picture(pool.stats(), clock(), self._console.height), refresh=True)
            await asyncio.sleep(1 / _RATE)


def terminal() -> Console | None:
    """Return a console on stderr, or None where it cannot redraw lines or show boxes."""
    console = Console(stderr=True, highlight=False)
    able = console.is_terminal and not console.is_dumb_terminal and not console.options.ascii_only
    return console if able else None


def _slots(accounts: Mapping[str, AccountStats]) -> Table:
    """Ten boxes each: countable at a glance, full and empty told apart by shape."""
    table = Table.grid(padding=(0, 2))
    for name, account in accounts.items():
        cells = Text()
        if account.cap <= _MOST_BOXES:
            cells.append("■ " * account.held, style="green").append("□ " * (account.cap - account.held), style="dim")
        table.add_row(Text(clean(name, 20)), cells, Text(f"{account.held}/{account.cap}"))
    return table


def _jobs(lines: Sequence[_Line], now: float) -> Table:
    table = Table(box=None, padding=(0, 1), expand=True, header_style="dim", pad_edge=False)
    for name in ("no", "step", "mode", "account", "state"):
        table.add_column(name, no_wrap=True)
    table.add_column("progress", width=20)
    table.add_column("age", justify="right", no_wrap=True)
    table.add_column("prompt", ratio=1, no_wrap=True, overflow="ellipsis")
    for line in lines:
        job, share = line.job, line.progress or 0.0
        progress = Table.grid(padding=(0, 1))
        progress.add_row(ProgressBar(total=1.0, completed=share, width=14), Text(f"{share:>4.0%}"))
        table.add_row(
            f"{line.number:04d}",
            clean(job.action or "imagine", 12),
            str(job.mode),
            clean(job.ticket.account, 12) if job.ticket else "–",
            Text(str(job.phase), style=_STYLES.get(job.phase, "")),
            progress,
            seconds(max(now - line.begun, 0.0)),
            Text(line.prompt),
        )
    return table
