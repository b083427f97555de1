"""The judge: the providers' books, the journal and what users were told, held against each other.

Rule 1: it shares no code with the client: it folds the journal's events itself, by the eight words that it knows.
Rule 2: "info" is always allowed; a wrong "ok" or "fail" never is.
"""

from collections import Counter, defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from attrs import define, field

from tests.worlds import money, pictures
from tests.worlds.rows import Row

if TYPE_CHECKING:
    from tests.worlds.story import Story

#: Events after which the provider may be running the job.
_TAKES, _FREES = "Sending", frozenset({"Bounced", "Rejected", "Expired"})


@define
class Fold:
    """One job as its events left it, in the judge's own words."""

    job: str
    name: str = ""
    parent: str | None = None
    key: str | None = None
    action: str = ""
    prompt: str = ""
    #: The class of what was asked for.
    what: str = ""
    phase: str = "held"
    account: str = ""
    remote_ids: list[str] = field(factory=list)
    sent: int = 0
    kinds: list[str] = field(factory=list)
    ended: bool = False
    holds: bool = False


def judge(story: "Story") -> None:
    """Hold every rule against the world as it went."""
    rows = story.dump()
    folds = fold(story, rows)
    if story.plan.journal == "sqlite":
        _times(story, rows)
        story.check_slots(story.file(len(story.plan.lives) - 1), over=True)
    _durable(story, rows)
    _ends(story, folds)
    _steps(story, folds)
    money.judge(story, folds)
    pictures.judge(story, folds)


def fold(story: "Story", rows: list[Row]) -> dict[str, Fold]:
    """Every job, and on the way: legal order, slots within the cap, nothing after an end.

    What is written of a job in one moment is one step: a lost one is found and over without holding a slot.
    """
    folds: dict[str, Fold] = {}
    caps = {account.name: account.max_jobs for account in story.plan.accounts}
    holding: dict[str, str] = {}
    for row, after in zip(rows, [*rows[1:], None], strict=False):
        if row.kind == "Asked":
            if row.job in folds:
                story.violated("I7", f"{row.job} is asked for twice")
            folds[row.job] = _asked(row)
            continue
        job = folds.get(row.job)
        if job is None:
            story.violated("I3", f"{row.job} has a {row.kind} and was never asked for")
            continue
        if job.ended and row.kind not in ("Detached", "Saw"):
            story.violated("I7", f"{row.job} has ended, and then: {row.kind} {row.told()}")
        _step(story, job, row)
        if after is not None and (after.job, after.wall) == (row.job, row.wall):
            continue
        before = holding.pop(row.job, None)
        if job.holds:
            holding[row.job] = job.account
            taken = Counter(holding.values())[job.account]
            if before != job.account and not _is_back(job) and taken > caps.get(story.named(job.account), 10**9):
                story.violated("I1", f"{job.account} holds {taken} slots by the journal, at {row.job}")
    return folds


def _asked(row: Row) -> Fold:
    spec = row.facts.get("spec", {})
    operation = spec.get("operation", {})
    number = operation.get("number")
    action = operation.get("action") or (f"imagine{number}" if number else "")
    action = "get_seed" if operation.get("is") == "GetSeed" else action
    return Fold(
        row.job,
        parent=spec.get("parent"),
        key=spec.get("key"),
        action=action if spec.get("parent") else "",
        prompt=operation.get("prompt") or "",
        what=str(operation.get("is")),
        kinds=["Asked"],
    )


def _is_back(job: Fold) -> bool:
    """Whether it was seen running after its slot was given up and perhaps lent again: it takes one beyond the cap."""
    return job.kinds[-1] == "Saw" and "Expired" in job.kinds


def _step(story: "Story", job: Fold, row: Row) -> None:
    before = job.kinds[-1]
    job.kinds.append(row.kind)
    status = (row.facts.get("snapshot") or {}).get("status")
    if row.kind == _TAKES:
        if job.phase != "held":
            story.violated("I9", f"{job.job} is sent again after {before}, while {job.phase}")
        job.phase, job.holds, job.account, job.sent = "sent", True, row.facts.get("account", ""), job.sent + 1
    elif row.kind in _FREES:
        job.holds = False
        job.phase = {"Bounced": "held", "Rejected": "failed", "Expired": "lost"}[row.kind]
        job.ended = row.kind == "Rejected"
    elif row.kind in ("Accepted", "Filled"):
        job.remote_ids.append(row.facts.get("remote_id", ""))
        job.phase = "live" if row.kind == "Accepted" else job.phase
        job.holds = job.holds or row.kind == "Accepted"
    elif row.kind == "Silence":
        job.phase = "lost"
    elif row.kind == "Saw" and not job.ended:
        job.phase = {"done": "done", "failed": "failed"}.get(str(status), "live")
        job.ended = job.phase in ("done", "failed")
        job.holds = not job.ended


def _times(story: "Story", rows: list[Row]) -> None:
    """I11: what the journal says of when never goes back."""
    for before, after in pairwise(rows):
        if after.wall < before.wall - 1e-3:
            story.violated("I11", f"{after.job} {after.kind}: {before.wall - after.wall:g} s before its predecessor")
            return


def _durable(story: "Story", rows: list[Row]) -> None:
    """What was durable before a process died is in the file, in its order."""
    kept = [(row.job, row.kind) for row in rows]
    promised = [(row.job, row.kind) for row in story.rows]
    if kept != promised:
        at = next((n for n, pair in enumerate(zip(kept, promised, strict=False)) if pair[0] != pair[1]), -1)
        story.violated("D", f"the file has {len(kept)} rows, {len(promised)} were durable; they differ at {at}")


def _ends(story: "Story", folds: dict[str, Fold]) -> None:
    """I6, I8, I16: at the very end nothing is left open and no slot is taken."""
    for job in folds.values():
        if job.holds:
            story.violated("I8", f"{job.job} ({job.prompt or job.action}) still holds a slot: {job.kinds[-4:]}")
        if not job.ended and job.phase != "lost":
            story.violated("I16", f"{job.job} ({job.prompt or job.action}) is {job.phase}: {job.kinds[-4:]}")


def _steps(story: "Story", folds: dict[str, Fold]) -> None:
    """I10: one step of a chain is taken once; one that was certainly refused may be asked for again."""
    asked: dict[tuple[str, str], list[Fold]] = defaultdict(list)
    for job in folds.values():
        if job.parent:
            asked[job.parent, job.action].append(job)
    for (parent, action), jobs in asked.items():
        taken = [job.job for job in jobs if job.remote_ids or "Silence" in job.kinds]
        if len(taken) > 1:
            story.violated("I10", f"{action} of {parent} was taken, or may have been, for {taken}")
