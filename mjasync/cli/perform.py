"""A checked command in motion: open the pool, run, save, show, tell."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from mjasync import Account, Pool
from mjasync.cli import farewell, interrupting, output, progress, prompts, report, saving, showing, trail
from mjasync.cli.commands import Task
from mjasync.cli.interrupting import Way
from mjasync.cli.report import Report
from mjasync.cli.run import End, Run
from mjasync.cli.simulator import simulated
from mjasync.cli.text import clean, count


async def perform(task: Task) -> int:
    """Do it, and return the exit code."""
    plan = task.plan
    saving.prepare(plan.out, task.settings.sources["out"])
    stage = progress.choose(f"mjasync {task.command} · {task.title}")
    teller = _Teller(task, stage)
    run = Run(plan, stage, teller.end)
    with interrupting.listening(_later(task)) as signals:
        async with _accounts(task) as accounts, Pool(*accounts, journal=task.plan.journal) as pool:
            _introduce(task, accounts, pool)
            way = await interrupting.through(_staged(run, pool, stage), pool, signals)
            if way is not Way.DONE:
                _interrupted(task, run)
            if way is Way.STUCK:
                signals.leave()
            stats = pool.stats() if way is Way.DONE else None
            await pool.aclose()  # what earlier runs left in the journal is not waited for
        if plan.journal is not None:
            with suppress(OSError):
                await asyncio.to_thread(trail.strike, plan.journal, run.over())
    if stats is None:
        return signals.code
    whole = Report(ends=tuple(run.ends), stats=stats, out=plan.out, speed=task.speed)
    teller.whole(showing.with_sheet(whole, task.title) if task.sheet else whole)
    return whole.code


async def _staged(run: Run, pool: Pool, stage: progress.Progress) -> None:
    async with stage.watching(pool, len(run.plan.rows)):
        await run.all(pool)


def _later(task: Task) -> str:
    """How to go on, for whoever leaves at once; of a run without a journal nothing is left."""
    return farewell.go_on(task.plan.journal) if task.plan.journal is not None and task.speed is None else ""


def _interrupted(task: Task, run: Run) -> None:
    for line in farewell.lines(task, run):
        output.tell(line)
    if task.as_json:
        running = [job for _, job in run.under_way()]
        output.say(report.as_text(farewell.as_json(task.plan.journal, running, len(farewell.held(run)))))


@asynccontextmanager
async def _accounts(task: Task) -> AsyncIterator[tuple[Account, ...]]:
    if task.speed is None:
        yield task.settings.accounts
    else:
        async with simulated(task.speed) as accounts:
            yield accounts


def _introduce(task: Task, accounts: tuple[Account, ...], pool: Pool) -> None:
    """Say what looks wrong, and where the prompts, and with them the keys, will go."""
    for doubt in prompts.doubts(task.plan.rows):
        output.tell(clean(f"doubtful  {doubt}"))
    earlier = sum(not job.done() for job in pool.jobs)
    if earlier:
        output.tell(f"earlier   {count(earlier, 'job')} of earlier runs not over yet; afterwards or instead:")
        output.tell(f"          {farewell.go_on(task.plan.journal or '')}")
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
