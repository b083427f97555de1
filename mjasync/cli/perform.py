"""A checked command in motion: open the pool, run, save, show, tell."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from mjasync import Account, Pool
from mjasync.cli import browser, dry, farewell, interrupting, output, progress, prompts, report, saving, showing, trail
from mjasync.cli.interrupting import Way
from mjasync.cli.report import Report
from mjasync.cli.run import Run
from mjasync.cli.simulator import simulated
from mjasync.cli.task import Task
from mjasync.cli.telling import Teller
from mjasync.cli.text import clean, count


async def perform(task: Task) -> int:
    """Do it, and return the exit code."""
    if task.dry:
        return dry.told(task)
    plan = task.plan
    if task.pictures:
        saving.prepare(plan.out, task.settings.sources["out"])
    stage = progress.choose(f"mjasync {task.command} · {task.title}", previews=task.preview)
    teller = Teller(task, stage)
    run = Run(plan, stage, teller.end)
    with interrupting.listening(_later(task)) as signals:
        async with _accounts(task) as accounts, Pool(*accounts, journal=plan.journal, budget=plan.budget) as pool:
            _introduce(task, accounts, pool)
            before = pool.ledger()
            way = await interrupting.through(_staged(run, pool, stage), pool, signals)
            if way is not Way.DONE:
                _interrupted(task, run)
            if way is Way.STUCK:
                signals.leave()
            stats = pool.stats() if way is Way.DONE else None
            after = pool.ledger() if way is Way.DONE else None
            await pool.aclose()  # what earlier runs left in the journal is not waited for
        if plan.journal is not None:
            with suppress(OSError):
                await asyncio.to_thread(trail.strike, plan.journal, run.over())
    if stats is None:
        return signals.code
    ends, journal = tuple(run.ends), plan.journal
    whole = Report(ends=ends, stats=stats, out=plan.out, speed=task.speed, journal=journal, before=before, books=after)
    whole = showing.with_sheet(whole, task.title) if task.sheet else whole
    teller.whole(whole, farewell.unpaid(task, run))
    if task.browse:
        await asyncio.to_thread(browser.show, whole)
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
        yield task.accounts
    else:
        async with simulated(task.speed) as accounts:
            yield accounts


def _introduce(task: Task, accounts: tuple[Account, ...], pool: Pool) -> None:
    """Say what looks wrong, and where the prompts, and with them the keys, will go."""
    for doubt in prompts.doubts(task.plan.rows) if task.plan.ask is None else ():
        output.tell(f"doubtful  {clean(doubt)}")
    earlier = sum(not job.done() for job in pool.jobs)
    if earlier:
        output.tell(f"earlier   {count(earlier, 'job')} of earlier runs not over yet; afterwards or instead:")
        output.tell(f"          {farewell.go_on(task.plan.journal or '')}")
    if task.speed is not None:
        output.tell(report.simulated_note(task.speed))
        return
    for account in accounts:
        output.tell(clean(f"{account.name or account.provider}: {account.base_url}, {account.max_jobs} jobs at once"))
