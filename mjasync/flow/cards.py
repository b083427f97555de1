"""What a notebook shows of jobs, results and batches: from our nouns to cards."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mjasync.core.model import Phase
from mjasync.core.operations import Brings
from mjasync.errors import MJError
from mjasync.notebook import cards
from mjasync.notebook.calls import call_of
from mjasync.notebook.cards import Card, Row, Table

if TYPE_CHECKING:
    from mjasync.flow.job import Job
    from mjasync.flow.result import Result

#: Rows that come first in a table that cannot hold all: what is at work, what went wrong, what is there to see.
_FIRST = {Phase.RUNNING: 0, Phase.QUEUED: 0, Phase.SENDING: 0, Phase.LOST: 1, Phase.FAILED: 1, Phase.DONE: 2}


def of_job(job: "Job", notes: Sequence[str] = ()) -> Card:
    """A job as it is now, with the progress of the step that it waits for; its result, once there is one."""
    error = job.exception() if job.done() else None
    if job.done() and error is None:
        return of_result(job.result(), notes)
    working = _at_work([job])
    event = working.now()
    left = _left(working)
    waits = [] if working is job else [f"waits for {', '.join([_standing(working), *left])}"]
    own = [] if waits else left
    return Card(
        title=_title(job),
        prompt=_prompt(job),
        facts=(job.phase, job.mode, f"job {job.id}", *([str(job.ticket)] if job.ticket else []), *own),
        progress=None if error else event.progress,
        picture=event.preview or "",
        notes=(*waits, *(_told(error) if error else ()), *notes),
    )


def of_result(result: "Result", notes: Sequence[str] = ()) -> Card:
    """A finished picture, or texts, with what may be done next."""
    action = result.lineage[-1].action if result.lineage else None
    quota = [] if result.quota is None else [f"quota {result.quota:g}"]
    seed = [f"seed {result.seed}"] if result.seed else []
    return Card(
        title=action or ("picture" if result.image else "result"),
        prompt=result.prompt or "",
        facts=(
            "done",
            result.mode,
            f"job {result.job_id}",
            str(result.ticket),
            f"{result.seconds:.0f} s",
            *quota,
            *seed,
        ),
        picture=result.image or "",
        buttons=[(action.label or action.name, call_of(action.name)) for action in result.actions],
        texts=[(text, f"imagine({number})") for number, text in enumerate(result.texts, 1)],
        notes=(*result.warnings, *notes),
    )


def of_failure(error: MJError, prompt: str = "") -> Card:
    """Why there is nothing to see."""
    return Card(title="failed", prompt=prompt, notes=_told(error))


def of_batch(prompts: Sequence[tuple["Job", Sequence["Job"]]], notes: Sequence[str] = ()) -> Table:
    """A table of each prompt's job, and of the last jobs that were chained to it."""
    rows, phases = [], Counter[Phase]()
    for number, (job, lasts) in enumerate(prompts):
        now = _at_work(lasts)
        phases[now.phase] += 1
        rows.append((_FIRST.get(now.phase, 3), Row(number=number, prompt=job.prompt or "", **_state(job, lasts, now))))
    if len(rows) > cards.MOST_ROWS:
        rows.sort(key=lambda pair: pair[0])
        shown = sorted(rows[: cards.MOST_ROWS], key=lambda pair: pair[1].number)
        rows = shown + rows[cards.MOST_ROWS :]
    figures = ", ".join(f"{number} {phase}" for phase, number in sorted(phases.items()))
    title = f"Batch of {len(rows)}: {figures or 'nothing to do'}"
    return Table(title=title, rows=[row for _, row in rows], notes=notes)


def line_of(job: "Job") -> str:
    """A job's state on one line, for wherever there is no page."""
    event = job.now()
    prompt = _prompt(job)
    words = [_title(job), f"'{prompt}'" if prompt else "", job.phase]
    words += [] if event.progress is None or job.done() else [f"{event.progress:.0%}"]
    error = job.exception() if job.done() else None
    if error is not None:
        words.append(f"· {error.what}")
    elif job.done():
        words.append(f"· {job.result().image or '; '.join(job.result().texts)}")
    else:
        words += _left(job)
    return " ".join("".join(c if c.isprintable() else " " for c in " ".join(words)).split())


def _title(job: "Job") -> str:
    return job.action or job.spec.operation.kind


def _prompt(job: "Job") -> str:
    """Its own, or that of the step before it."""
    step: Job | None = job
    while step is not None and not step.prompt:
        step = step.parent
    return (step and step.prompt) or ""


def _standing(job: "Job") -> str:
    progress = "" if job.progress is None or job.done() else f" {job.progress:.0%}"
    return f"{_title(job)}: {job.phase}{progress}"


def _left(job: "Job") -> list[str]:
    """Seconds, as the range in which three of five such jobs end."""
    eta = job.eta
    if eta is None:
        return []
    low, high = round(eta.low), max(round(eta.high), 1)
    return [f"{low} to {high} s left" if low < high else f"about {high} s left"]


def _told(error: MJError) -> tuple[str, ...]:
    """What happened, why, and what to do."""
    return tuple(part for part in (error.what, error.why, error.hint and f"What to do: {error.hint}") if part)


def _at_work(lasts: Sequence["Job"]) -> "Job":
    """Of the jobs that a prompt ends with the first that has not ended, or what that one waits for."""
    job = next((last for last in lasts if not last.done()), lasts[-1])
    while job.parent is not None and not job.parent.done():
        job = job.parent
    return job


def _state(job: "Job", lasts: Sequence["Job"], now: "Job") -> dict[str, str]:
    """The words and the picture of a row: the last picture that there is."""
    errors = [error for last in lasts if last.done() and (error := last.exception()) is not None]
    ready = [each for each in (*reversed(lasts), job) if each.done() and each.exception() is None]
    picture = next((found for each in ready if (found := each.result().image)), "")
    wanted = {each.spec.operation.brings for each in lasts}
    texts = "; ".join(ready[0].result().texts) if ready and Brings.TEXTS in wanted else ""
    return {"state": errors[0].what if errors else texts or _standing(now), "picture": picture}
