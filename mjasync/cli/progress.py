"""What is seen of a run while it goes on: a live panel on a terminal, plain lines elsewhere. All of it on stderr."""

import sys
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

from mjasync import Job, JobEvent, Phase, Pool
from mjasync.cli import output
from mjasync.cli.run import Stage
from mjasync.cli.text import clean, seconds

try:
    from mjasync.cli.panel import Panel, terminal
except ModuleNotFoundError:  # rich comes with the extra `cli`; without it there are plain lines
    HAS_RICH = False
else:
    HAS_RICH = True

#: Phases worth a line of their own. "sending" and "held" end by themselves, "running" says little.
_TOLD = {Phase.QUEUED: "accepted", Phase.DONE: "done", Phase.FAILED: "failed", Phase.LOST: "lost"}


class Progress(Stage, Protocol):
    """A stage that is set up around a run."""

    def watching(self, pool: Pool, total: int, /) -> AbstractAsyncContextManager[None]:
        """Show the pool's state meanwhile."""

    def result(self, line: str) -> None:
        """Print a line of result without tearing the display apart."""


class Plain:
    """One line for each thing that happens to a job."""

    def __init__(self) -> None:
        self._begun: float | None = None
        self._told: set[tuple[str, Phase]] = set()

    def event(self, number: int, prompt: str, job: Job, event: JobEvent) -> None:
        """Print a line, once for each phase of a job that is worth one."""
        self._begun = event.at if self._begun is None else self._begun
        word = _TOLD.get(event.phase)
        if word is None or (job.id, event.phase) in self._told:
            return
        self._told.add((job.id, event.phase))
        where = str(job.ticket) if job.ticket else "–"
        step = job.action or "imagine"
        output.tell(
            f"{seconds(event.at - self._begun):>8}  {word:<8}  {number:04d} {step:<8}  {job.mode:<5}  "
            f"{clean(where, 24):<24}  {clean(prompt, 50)}"
        )

    @asynccontextmanager
    async def watching(self, _pool: Pool, _total: int, /) -> AsyncIterator[None]:
        """Nothing to set up."""
        yield

    def result(self, line: str) -> None:
        """Print a line of result."""
        output.say(line)


def choose(title: str) -> Progress:
    """Return the panel where stderr is a terminal that can show one, else plain lines."""
    if HAS_RICH and sys.stderr.isatty():
        console = terminal()
        if console is not None:
            return Panel(console, title)
    return Plain()
