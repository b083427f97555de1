"""`mj.show(...)`: a job or a batch in a notebook's cell, kept up to date until it ends.

Rule 1: it only looks on. A cancelled cell stops looking; the job goes on.
Rule 2: a batch is watched, never iterated: leaving an iteration would withdraw what was not sent.
"""

import asyncio
import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Any, Protocol

from mjasync.errors import ConfigError
from mjasync.flow import cards
from mjasync.flow.batch import Batch
from mjasync.flow.job import Job
from mjasync.notebook.cards import Shown, bundle

#: Seconds between two changes of a cell: each sends the whole card to the browser.
_PACE = 0.25
_LEFT = "No longer watched: the interrupted cell let go of it. It goes on; await it, or show it again."


async def show(*things: Job | Batch) -> None:
    """Show jobs and batches as they go on, in a notebook's cell, and return when they have ended.

    Each gets a place of its own in the cell's output, with progress, a preview where there is one, and in the end the
    picture with its buttons. Anywhere else than in a notebook it prints a line for each change on stderr. It never
    raises a job's error: await the job for its result. Cancelling it, as interrupting the cell does, harms no job.

        job = pool.imagine("a cat")
        await mj.show(job)

    Raises `ConfigError` for anything else than jobs and batches of pools in this event loop.
    """
    for thing in things:
        if not isinstance(thing, Job | Batch):
            raise ConfigError(
                f"show() cannot show {type(thing).__name__}.",
                hint="give it jobs or a batch; a result is shown by being a cell's last line",
            )
    await asyncio.gather(*map(_one, things))


class _View(Protocol):
    """Where something is shown."""

    def update(self, notes: Sequence[str] = ()) -> None:
        """Show it as it is now."""


class _Cell:
    """A place in the output of a notebook's cell."""

    def __init__(self, thing: Job | Batch) -> None:
        self._thing = thing
        self._handle: Any = None
        self._shown: dict[str, str] = {}

    def update(self, notes: Sequence[str] = ()) -> None:
        """Send the page, if it says anything new."""
        page = bundle(_page(self._thing, notes))
        if page == self._shown:
            return
        self._shown = page
        if self._handle is None:
            self._handle = import_module("IPython.display").display(page, raw=True, display_id=True)
        else:
            self._handle.update(page, raw=True)


class _Lines:
    """Lines on stderr: of a job each change, of a batch each end."""

    def __init__(self, thing: Job | Batch) -> None:
        self._thing = thing
        self._shown: set[str] = set()

    def update(self, notes: Sequence[str] = ()) -> None:
        """Print the lines that were not printed before."""
        for line in (*_lines(self._thing), *notes):
            if line not in self._shown:
                self._shown.add(line)
                sys.stderr.write(f"{line}\n")
        sys.stderr.flush()


async def _one(thing: Job | Batch) -> None:
    view: _View = _Cell(thing) if _in_notebook() else _Lines(thing)
    view.update()
    changed = asyncio.Event()
    painting = asyncio.ensure_future(_painted(view, changed))
    try:
        await asyncio.gather(*(_followed(job, changed) for job in _watched(thing)))
    except asyncio.CancelledError:
        view.update([_LEFT])
        raise
    else:
        view.update()
    finally:
        painting.cancel()


async def _followed(job: Job, changed: asyncio.Event) -> None:
    async for _ in job.watch():
        changed.set()


async def _painted(view: _View, changed: asyncio.Event) -> None:
    while True:
        await changed.wait()
        changed.clear()
        view.update()
        await asyncio.sleep(_PACE)


def _watched(thing: Job | Batch) -> Iterable[Job]:
    """The jobs whose changes are seen: its own, and those that they wait for."""
    ends = [thing] if isinstance(thing, Job) else [last for _, lasts in thing.chains for last in lasts]
    found: dict[str, Job] = {}
    for job in ends:
        step: Job | None = job
        while step is not None and step.id not in found:
            found[step.id] = step
            step = step.parent
    return found.values()


def _page(thing: Job | Batch, notes: Sequence[str]) -> Shown:
    return cards.of_job(thing, notes) if isinstance(thing, Job) else cards.of_batch(thing.chains, notes)


def _lines(thing: Job | Batch) -> list[str]:
    if isinstance(thing, Job):
        return [cards.line_of(thing)]
    return [cards.line_of(job) for _, lasts in thing.chains for job in lasts if job.done()]


def _in_notebook() -> bool:
    """Whether the code runs in a kernel. Where nobody has imported IPython, it does not."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return getattr(shell, "kernel", None) is not None
