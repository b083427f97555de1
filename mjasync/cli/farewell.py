"""What is said when a run is interrupted: what is paid for and runs on, and how to do the rest."""

import json
from pathlib import Path

from mjasync.cli import saving
from mjasync.cli.commands import Task
from mjasync.cli.prompts import Row
from mjasync.cli.run import Run
from mjasync.cli.text import clean, count


def lines(task: Task, run: Run) -> list[str]:
    """Return the last words of an interrupted run. Writes what was never sent to a prompts file, for `batch`."""
    running, unsent = run.under_way(), run.unsent()
    found = ["", f"Interrupted: {count(sum(end.ok for end in run.ends), 'prompt')} done, pictures in {task.plan.out}."]
    if running and task.speed is None:
        found.append(f"{count(len(running), 'paid job')} may run on at the provider, and be charged:")
        found += [
            f"  {job.ticket or 'no ticket yet: the request was on its way'}  "
            f"{number:04d} {job.action or 'imagine'}  {clean(run.plan.rows[number - 1].prompt, 50)}"
            for number, job in running
        ]
    elif running:
        found.append(f"{count(len(running), 'simulated job')} ended with the simulator; nothing was paid.")
    found += _rest(task, unsent)
    return found


def _rest(task: Task, unsent: list[Row]) -> list[str]:
    """Return how to do what was never sent."""
    if not unsent:
        return ["Every prompt had been sent; to do one again is to pay for it again."]
    told = f"{count(len(unsent), 'prompt')} never left this machine and cost nothing."
    if task.command != "batch":
        return [told]
    path = _free(task.plan.out)
    try:
        saving.write(path, "".join(json.dumps(_item(row), ensure_ascii=False) + "\n" for row in unsent))
    except OSError as exc:
        return [told, f"They could not be written to {path} ({exc.strerror})."]
    return [told, f"resume    mjasync batch {path} {' '.join(task.options)}"]


def _item(row: Row) -> dict[str, str]:
    return {name: str(value) for name, value in row.item().items()}


def _free(folder: Path) -> Path:
    names = ("unsent.jsonl" if again == 1 else f"unsent-{again}.jsonl" for again in range(1, 10_000))
    return next(folder / name for name in names if not (folder / name).exists())
