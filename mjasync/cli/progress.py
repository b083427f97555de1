"""What is seen of a run while it goes on: a live panel on a terminal, plain lines elsewhere. All of it on stderr."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path
from typing import Protocol

from mjasync import Job, JobEvent, MJError, Phase, Pool
from mjasync.cli import output
from mjasync.cli.run import Stage
from mjasync.cli.text import clean, clock, left

try:
    from mjasync.cli.panel import Panel, able, terminal
except ModuleNotFoundError:  # rich comes with the extra `cli`; without it there are plain lines
    HAS_RICH = False
else:
    HAS_RICH = True

#: Phases worth a line of their own. "sending" and "held" end by themselves, "running" says little.
_TOLD = {Phase.QUEUED: "accepted", Phase.DONE: "done", Phase.FAILED: "failed", Phase.LOST: "lost"}
#: Seconds of silence after which plain lines say how things stand.
_QUIET = 60.0


class Progress(Stage, Protocol):
    """A stage that is set up around a run."""

    def watching(self, pool: Pool, total: int, /) -> AbstractAsyncContextManager[None]:
        """Show the pool's state meanwhile."""

    def result(self, line: str) -> None:
        """Print a line of result without tearing the display apart."""

    def preview(self, path: Path) -> None:
        """Show a picture, where that was asked for and is possible."""


class Plain:
    """One line for each thing that happens to a job: time of day, what, job, prompt's number, step, mode, where."""

    def __init__(self, *, wall: Callable[[], float] = time.time, quiet: float = _QUIET) -> None:
        """`quiet`: seconds without a line after which one says how things stand."""
        self._wall = wall
        self._quiet = quiet
        self._told: set[tuple[str, Phase]] = set()
        self._last = 0.0

    def event(self, number: int, prompt: str, job: Job, event: JobEvent) -> None:
        """Print a line, once for each phase of a job that is worth one."""
        word = _TOLD.get(event.phase)
        if word is None or (job.id, event.phase) in self._told:
            return
        self._told.add((job.id, event.phase))
        self._last = event.at
        where = str(job.ticket) if job.ticket else "–"
        why = job.exception() if job.done() else None
        took = f"{job.seconds:.1f} s" if event.phase is Phase.DONE and job.seconds is not None else None
        how = type(why).__name__ if why is not None else took
        self._line(
            word,
            f"{job.id[:8]}  {number:04d}  {job.action or job.spec.operation.kind:<8}  {job.mode:<5}  "
            f"{clean(where, 48)}  {f'{how}  ' if how else ''}{clean(prompt, 80)}",
        )

    @asynccontextmanager
    async def watching(self, pool: Pool, total: int, /) -> AsyncIterator[None]:
        """Say now and then that the run goes on: what reads logs takes silence for death."""
        self._last = asyncio.get_running_loop().time()
        telling = asyncio.create_task(self._go_on(pool))
        try:
            yield
        finally:
            telling.cancel()
            with suppress(asyncio.CancelledError):
                await telling

    def result(self, line: str) -> None:
        """Print a line of result."""
        output.say(line)

    def preview(self, path: Path) -> None:
        """Show nothing: what reads plain lines does not look at pictures."""

    async def _go_on(self, pool: Pool) -> None:
        now = asyncio.get_running_loop().time
        with suppress(MJError):  # the pool was closed meanwhile
            while True:
                await asyncio.sleep(max(self._last + self._quiet - now(), 0.1))
                if now() - self._last < self._quiet:
                    continue
                self._last = now()
                stats = pool.stats()
                held = sum(each.held for each in stats.accounts.values())
                done = f", done in {words}" if (words := left(pool.eta())) else ""
                self._line("waiting", f"{held} running, {stats.waiting} waiting, {stats.done} done{done}")

    def _line(self, word: str, rest: str) -> None:
        output.tell(f"{clock(self._wall())}  {word:<8}  {rest}")


def choose(title: str, *, previews: bool = False) -> Progress:
    """Return the panel where stderr is a terminal that can show one, else plain lines."""
    if HAS_RICH and sys.stderr.isatty():
        console = terminal()
        if console is not None:
            return Panel(console, title, previews=previews and able())
    return Plain()
