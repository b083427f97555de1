"""`mjasync reconcile`: a person decides about a job of unknown fate.

Rule 1: one decision at a time, and none is ever taken for a person.
Rule 2: without a decision it shows what is known, and what the account's own list offers; looking is free.
Rule 3: it waits for nothing that `resume` can wait for.
"""

import asyncio
from argparse import Namespace
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from attrs import define, frozen

from mjasync import ConfigError, Job, ListedJob, MJError, Phase, Pool
from mjasync.cli import farewell, interrupting, output, place, report, trail
from mjasync.cli.interrupting import Way
from mjasync.cli.place import Place
from mjasync.cli.run import prompt_of
from mjasync.cli.shelf import read
from mjasync.cli.text import clean, count
from mjasync.cli.trail import Mark
from mjasync.cli.usage import UsageError
from mjasync.core.ids import RULE, is_id
from mjasync.journal.archive import Archive, ArchivedJob

#: Rows of an account's list that are looked through, in each of TTAPI's states: what may still run first.
_ROWS = 100
_STATES = ("PENDING_QUEUE", "ON_QUEUE", "SUCCESS", "FAILED")
_SHOWN = 10


@frozen(kw_only=True)
class Decision:
    """What was typed."""

    adopt: str | None = None
    declare_lost: bool = False
    resubmit: bool = False
    accept_double_charge: bool = False

    @property
    def word(self) -> str | None:
        """What it is called; None for no decision."""
        if self.adopt is not None:
            return "adopt"
        return "declare-lost" if self.declare_lost else "resubmit" if self.resubmit else None


@frozen(kw_only=True)
class Reconcile:
    """The command, checked."""

    where: Place
    row: ArchivedJob
    decision: Decision
    #: Somebody has decided about it before.
    decided: bool = False
    as_json: bool = False


def checked(arguments: Namespace) -> Reconcile:
    """Check `mjasync reconcile`."""
    decision = Decision(
        adopt=arguments.adopt,
        declare_lost=arguments.declare_lost,
        resubmit=arguments.resubmit,
        accept_double_charge=arguments.accept_double_charge,
    )
    if (decision.adopt is not None) + decision.declare_lost + decision.resubmit > 1:
        raise UsageError(
            "One decision at a time.",
            why="each of them settles what became of the job",
            hint="give --adopt ID, or --declare-lost, or --resubmit --accept-double-charge",
        )
    if decision.accept_double_charge and not decision.resubmit:
        raise UsageError(
            "--accept-double-charge decides nothing by itself.",
            why="it is the consent that --resubmit needs",
            hint="add --resubmit, if that is what you want",
        )
    if decision.adopt is not None and not is_id(decision.adopt.strip()):
        raise UsageError(f"--adopt {decision.adopt[:80]!r} is no id.", why=RULE, hint="copy it whole")
    where = place.of(arguments, keys=True)
    with Archive.open(where.journal) as archive:
        shelf = read(archive, where)
    row = shelf.named(arguments.job)
    return Reconcile(where=where, row=row, decided=row.id in shelf.decided, decision=decision, as_json=arguments.json)


async def reconcile(wish: Reconcile) -> int:
    """Do it, and return the exit code."""
    work = _Work(wish)
    with interrupting.listening() as signals:
        async with Pool(*wish.where.settings.accounts, journal=wish.where.journal) as pool:
            way = await interrupting.through(work.all(pool), pool, signals)
            if way is Way.STUCK:
                signals.leave()
            await pool.aclose()
    if way is not Way.DONE:
        output.tell("Interrupted: nothing else was done.")
        return signals.code
    return work.code


@define(eq=False)
class _Work:
    """One decision, or none."""

    wish: Reconcile
    code: int = report.OK

    async def all(self, pool: Pool) -> None:
        """Show, or decide; and say so."""
        job = pool.job(self.wish.row.id)
        if self.wish.decision.word is None:
            await self._shown(pool, job)
            return
        after = await _decided(pool, job, self.wish.decision)
        if after is not job:
            output.tell(f"Job {after.id} is sent instead; waiting until the provider takes it.")
        await asyncio.to_thread(self._marked, job, after)
        if after is not job:
            await after.accepted()
        self._told(job, after)

    async def _shown(self, pool: Pool, job: Job) -> None:
        lost = job.phase is Phase.LOST
        self.code = report.UNKNOWN if lost and not self.wish.decided else report.OK
        listed: Sequence[ListedJob] = ()
        remark = ""
        if lost:
            try:
                listed = await self._listed(pool)
            except MJError as exc:
                remark = exc.what
        if self.wish.as_json:
            candidates = [_candidate(row, job) for row in listed]
            self._say(job, None, candidates=candidates, remark=remark or None)
            return
        for line in (*self._facts(job), *(self._choice(listed, job, remark) if lost else ())):
            output.say(line)

    def _facts(self, job: Job) -> list[str]:
        row, step = self.wish.row, job.action or job.spec.operation.kind
        account = self.wish.where.named(row.account) or "–"
        told = job.exception() if job.done() else None
        return [
            f"job       {job.id}  {clean(step, 20)}  {job.mode}  {job.phase}{', decided' if self.wish.decided else ''}",
            f"prompt    {clean(prompt_of(job), 300)}",
            f"account   {clean(account)}{f'  {clean(job.ticket, 80)}' if job.ticket else ''}",
            *(report.explain(told).splitlines() if told else ()),
            *([f"Job {job.id} is {job.phase}, so there is nothing to decide."] if job.phase is not Phase.LOST else ()),
        ]

    async def _listed(self, pool: Pool) -> list[ListedJob]:
        """What its account's own list has that no job of ours is, the newest first."""
        name = self.wish.where.named(self.wish.row.account)
        rows = [row for state in _STATES for row in await pool.listed(account=name, limit=_ROWS, status=state)]
        return [row for row in rows if not _is_ours(pool, row)]

    def _choice(self, listed: Sequence[ListedJob], job: Job, remark: str) -> list[str]:
        """What it may have become, and how to decide."""
        found = [f"list      {clean(remark, 200)}"] if remark else []
        if not remark:
            found.append(
                f"list      {count(len(listed), 'job')} in the account's own list that no job of ours is, the newest first"
            )
        for row in listed[:_SHOWN]:
            mark = "same prompt" if _is_same(row, job) else ""
            found.append(
                f"          {clean(row.ticket.remote_id, 60)}  {mark:<11}  {row.status or '?':<7}  "
                f"{clean(row.action, 12):<10}  {clean(row.prompt or '', 60)}"
            )
        decisions = {
            "--adopt ID": "it became that job",
            "--declare-lost": "it became nothing, or nobody wants it",
            "--resubmit --accept-double-charge": "ask again, and perhaps pay twice",
        }
        for options, meaning in decisions.items():
            command = self.wish.where.command(f"reconcile {job.id} {options}")
            found.append(f"decide    {meaning + ':':<39}{command}")
        return found

    def _marked(self, job: Job, after: Job) -> None:
        """`resume` saves the picture of whatever it became."""
        journal = self.wish.where.journal
        mark = trail.read(journal).get(job.id) or Mark(Path(self.wish.where.settings.out).absolute(), 1)
        with suppress(OSError):
            trail.add(journal, {after.id: mark})

    def _told(self, job: Job, after: Job) -> None:
        word = self.wish.decision.word
        if self.wish.as_json:
            self._say(job, after)
            return
        if word == "adopt":
            output.say(f"adopted   {job.id} is {clean(after.ticket)}, {after.phase}")
        elif word == "declare-lost":
            output.say(f"lost      {job.id}: its slot is free; the ledger goes on to count it as possible")
            return
        else:
            output.say(f"resubmitted {job.id} as {after.id}, {clean(after.ticket)}; the ledger counts it")
        output.say(farewell.go_on(self.wish.where.journal))

    def _say(self, job: Job, after: Job | None, **more: Any) -> None:
        shown = after or job
        document = {
            "type": "reconcile",
            "journal": self.wish.where.journal,
            "job": job.id,
            "decision": self.wish.decision.word,
            "phase": str(job.phase),
            "new_job": after.id if after is not None and after is not job else None,
            "ticket": str(shown.ticket) if shown.ticket else None,
            **more,
        }
        output.say(report.as_text(document))


async def _decided(pool: Pool, job: Job, decision: Decision) -> Job:
    try:
        return await pool.reconcile(
            job,
            adopt=decision.adopt,
            declare_lost=decision.declare_lost,
            resubmit=decision.resubmit,
            accept_double_charge=decision.accept_double_charge,
        )
    except ConfigError as exc:
        if decision.resubmit and not decision.accept_double_charge and job.phase is Phase.LOST:
            hint = "if you accept that: --resubmit --accept-double-charge"
            raise UsageError(exc.what, why=exc.why, hint=hint) from None
        raise


def _is_ours(pool: Pool, row: ListedJob) -> bool:
    try:
        pool.job(str(row.ticket))
    except ConfigError:
        return False
    return True


def _is_same(row: ListedJob, job: Job) -> bool:
    """Whether the list shows the very prompt; providers translate, so another one is no reason against it."""
    return job.prompt is not None and row.prompt is not None and row.prompt.strip() == job.prompt.strip()


def _candidate(row: ListedJob, job: Job) -> dict[str, Any]:
    return {
        "id": row.ticket.remote_id,
        "same_prompt": _is_same(row, job),
        "status": str(row.status) if row.status else None,
        "action": row.action,
        "mode": str(row.mode) if row.mode else None,
        "prompt": row.prompt,
        "quota": row.quota,
    }
