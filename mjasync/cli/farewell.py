"""What is said when a run is interrupted: what is paid for and runs on, and how to do the rest.

With a journal the rest is in it, and `resume` does it; without one, prompts that were never sent go into a file for
`batch`, and of what runs on only the tickets are left.
"""

import json
import shlex
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from mjasync import Job, Phase
from mjasync.cli import saving
from mjasync.cli.prompts import Row
from mjasync.cli.run import Run
from mjasync.cli.task import Task
from mjasync.cli.text import clean, count


def lines(task: Task, run: Run) -> list[str]:
    """Return the last words of an interrupted run. Writes what was never sent to a prompts file, if it has no journal."""
    running = run.under_way()
    where = f", pictures in {task.plan.out}" if task.pictures else ""
    found = ["", f"Interrupted: {count(sum(end.ok for end in run.ends), _noun(task))} done{where}."]
    if running and task.speed is None:
        found += paid((number, job, run.prompt(number, job)) for number, job in running)
    elif running:
        found.append(f"{count(len(running), 'simulated job')} ended with the simulator; nothing was paid.")
    if task.plan.journal is not None and task.speed is None:
        return [*found, *_kept(task.plan.journal, run)]
    words = "Once it is done, `mjasync press` with its ticket goes on from it."
    later = [words] if running and task.speed is None and task.plan.ask is not None else []
    return [*found, *_rest(task, run.unsent()), *later]


def as_json(journal: str | None, running: Iterable[Job], held: int) -> dict[str, Any]:
    """Return the same as a JSON document."""
    return {
        "type": "interrupted",
        "running": [{"job": job.id, "ticket": str(job.ticket) if job.ticket else None} for job in running],
        "held": held,
        "journal": journal,
    }


def held(run: Run) -> list[Job]:
    """Return the jobs of a run that were never sent."""
    return [job for _, job in run.jobs if job.phase is Phase.HELD]


def paid(running: Iterable[tuple[int, Job, str]]) -> list[str]:
    """Return how many jobs may run on, each with its number and prompt."""
    jobs = list(running)
    return [
        f"{count(len(jobs), 'paid job')} may run on at the provider, and be charged:",
        *(
            f"  {clean(job.ticket or _without_ticket(job), 80)}  "
            f"{number:04d} {clean(job.action or job.spec.operation.kind, 20)}  {clean(prompt, 50)}"
            for number, job, prompt in jobs
        ),
    ]


def go_on(journal: str, out: str | None = None) -> str:
    """Return the command that goes on with what a journal holds."""
    words = ["mjasync", "resume", "--journal", journal, *(["--out", out] if out else [])]
    return f"resume    {shlex.join(words)}"


def _without_ticket(job: Job) -> str:
    return "of unknown fate" if job.phase is Phase.LOST else "no ticket yet: the request was on its way"


def _kept(journal: str, run: Run) -> list[str]:
    """Return how to go on with everything that the journal keeps."""
    unsent = held(run)
    if unsent:
        first = sum(job.action is None for job in unsent)
        kinds = ((first, "prompt" if run.plan.ask is None else "request"), (len(unsent) - first, "step"))
        words = [count(number, word) for number, word in kinds if number]
        told = [f"{' and '.join(words)} never left this machine and cost nothing; the journal keeps them."]
    elif run.under_way():
        told = ["Everything else had been sent; the journal keeps what runs."]
    else:
        return ["Nothing is left to do; if a picture is missing, this saves it:", go_on(journal)]
    return [*told, go_on(journal)]


def _rest(task: Task, unsent: list[Row]) -> list[str]:
    """Return how to do what was never sent."""
    if not unsent:
        return [f"Every {_noun(task)} had been sent; to do one again is to pay for it again."]
    told = f"{count(len(unsent), _noun(task))} never left this machine and cost nothing."
    return [told, *_filed(task, unsent, "resume  ", task.options)]


def unpaid(task: Task, run: Run) -> list[str]:
    """Return what the budget left undone, and how to do it. Writes those prompts to a file, if there were several."""
    left = run.unpaid()
    if not left:
        return []
    told = f"budget    it could not pay for {count(len(left), _noun(task))}: nothing of that was sent"
    journal = ("--journal", shlex.quote(task.plan.journal)) if task.plan.journal is not None else ()
    words = [*_without_budget(task.options), *journal, "--budget MORE"]
    return [told, *_filed(task, left, "go on   ", words)]


def _noun(task: Task) -> str:
    """What its requests are called."""
    return "prompt" if task.plan.ask is None else "request"


def _without_budget(options: Sequence[str]) -> list[str]:
    return [option for before, option in pairwise(("", *options)) if "--budget" not in (before, option)]


def _filed(task: Task, rows: list[Row], word: str, options: Sequence[str]) -> list[str]:
    """Write the prompts of a batch to a file, and return how to do them."""
    if task.command != "batch":
        return []
    path = _free(task.plan.out)
    try:
        saving.write(path, "".join(json.dumps(_item(row), ensure_ascii=False) + "\n" for row in rows))
    except OSError as exc:
        return [f"They could not be written to {path} ({exc.strerror})."]
    return [f"{word}  mjasync batch {shlex.quote(str(path))} {' '.join(options)}"]


def _item(row: Row) -> dict[str, str]:
    return {name: str(value) for name, value in row.item().items()}


def _free(folder: Path) -> Path:
    names = ("unsent.jsonl" if again == 1 else f"unsent-{again}.jsonl" for again in range(1, 10_000))
    return next(folder / name for name in names if not (folder / name).exists())
