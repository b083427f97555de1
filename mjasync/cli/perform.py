"""A checked command in motion: open the pool, run, save, show, tell."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from mjasync import Account, Pool
from mjasync.cli import farewell, output, progress, prompts, report, saving, showing
from mjasync.cli.commands import Task
from mjasync.cli.report import Report
from mjasync.cli.run import End, Run
from mjasync.cli.simulator import simulated
from mjasync.cli.text import clean


async def perform(task: Task) -> int:
    """Do it, and return the exit code."""
    plan = task.plan
    saving.prepare(plan.out, task.settings.sources["out"])
    stage = progress.choose(f"mjasync {task.command} · {task.title}")
    teller = _Teller(task, stage)
    run = Run(plan, stage, teller.end)
    try:
        async with _accounts(task) as accounts, Pool(*accounts, journal=_journal(task)) as pool:
            _introduce(task, accounts)
            async with stage.watching(pool, len(plan.rows)):
                await run.all(pool)
            stats = pool.stats()
    except asyncio.CancelledError:
        for line in farewell.lines(task, run):
            output.tell(line)
        return report.INTERRUPTED
    whole = Report(ends=tuple(run.ends), stats=stats, out=plan.out, speed=task.speed)
    teller.whole(showing.with_sheet(whole, task.title) if task.sheet else whole)
    return whole.code


@asynccontextmanager
async def _accounts(task: Task) -> AsyncIterator[tuple[Account, ...]]:
    if task.speed is None:
        yield task.settings.accounts
    else:
        async with simulated(task.speed) as accounts:
            yield accounts


def _journal(task: Task) -> str | None:
    """Simulated jobs do not belong into a journal of paid ones."""
    return task.settings.journal if task.speed is None else None


def _introduce(task: Task, accounts: tuple[Account, ...]) -> None:
    """Say what looks wrong, and where the prompts, and with them the keys, will go."""
    for doubt in prompts.doubts(task.plan.rows):
        output.tell(clean(f"doubtful  {doubt}"))
    if task.speed is not None:
        output.tell(report.simulated_note(task.speed))
        return
    for account in accounts:
        output.tell(clean(f"{account.name or account.provider}: {account.base_url}, {account.max_jobs} jobs at once"))


class _Teller:
    """Says how things ended; `imagine` says less, because there is only one thing to say."""

    def __init__(self, task: Task, stage: progress.Progress) -> None:
        self._task = task
        self._stage = stage
        self._single = task.command == "imagine"

    def end(self, end: End) -> None:
        """Tell how one prompt ended."""
        out = self._task.plan.out
        if self._task.as_json:
            self._stage.result(report.as_text(report.as_json(end, out)))
        elif not self._single:
            self._stage.result(report.line(end, out))
        else:
            for picture in end.pictures:
                self._stage.result(clean(out / picture.file))
        if self._single and end.error is not None:
            output.tell(report.explain(end.error))

    def whole(self, whole: Report) -> None:
        """Tell the summary."""
        if self._single:
            return
        if self._task.as_json:
            output.say(report.as_text(report.summary_json(whole)))
            return
        for hint in report.hints(whole.ends):
            output.tell(f"do        {hint}")
        for line in ("", *report.summary(whole)):
            output.say(line)
