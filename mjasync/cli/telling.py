"""How a run is told as it ends: lines or documents, one for each end, and a summary where there were several."""

import shlex
from collections.abc import Iterator

from mjasync.cli import output, report
from mjasync.cli.progress import Progress
from mjasync.cli.report import Report
from mjasync.cli.run import End
from mjasync.cli.task import Task
from mjasync.cli.text import clean


class Teller:
    """Says how things ended; of one request less, because there is only one thing to say."""

    def __init__(self, task: Task, stage: Progress) -> None:
        self._task = task
        self._stage = stage

    def end(self, end: End) -> None:
        """Tell how one request ended."""
        out = self._task.plan.out
        if self._task.as_json:
            self._stage.result(report.as_text(report.as_json(end, out)))
        elif not self._task.single:
            self._stage.result(report.line(end, out))
        else:
            for line in (*(clean(out / picture.file) for picture in end.pictures), *_words(end)):
                self._stage.result(line)
        for picture in end.pictures[-1:]:
            self._stage.preview(out / picture.file)
        if not self._task.single:
            return
        if end.error is not None:
            output.tell(report.explain(end.error))
        for line in () if self._task.as_json else self._notes(end):
            output.tell(line)

    def whole(self, whole: Report, unpaid: list[str]) -> None:
        """Tell the summary; `unpaid`: what the budget left undone, and how to do it."""
        for line in unpaid:
            output.tell(line)
        if self._task.single:
            return
        if self._task.as_json:
            output.say(report.as_text(report.summary_json(whole)))
            return
        for hint in report.hints(whole.ends):
            output.tell(f"do        {hint}")
        for line in ("", *report.summary(whole)):
            output.say(line)

    def _notes(self, end: End) -> Iterator[str]:
        """What is to be known of its result, and what may be done next."""
        result = end.result
        if result is None:
            return
        yield from (f"note      {clean(warning, 300)}" for warning in result.warnings)
        if result.image is None and not result.texts and result.seed is None:
            yield "note      the job is done; it brought neither a picture nor a text"
        names = [name for name, _ in report.buttons(result.actions, result.texts)]
        if names and self._task.speed is None:
            yield f"offers    {clean(', '.join(names), 400)}"
            yield f"next      {clean(self._next(end, names[0]), 300)}"

    def _next(self, end: End, action: str) -> str:
        """The command that goes on with it, as it is to be typed here."""
        journal, ticket = self._task.plan.journal, end.job.ticket
        job = end.job.id if journal is not None else str(ticket)
        typed = journal is not None and self._task.settings.sources.get("journal") == "argument"
        words = ["mjasync", "press", job, action, *(["--journal", journal] if typed and journal else [])]
        return shlex.join(words)


def _words(end: End) -> list[str]:
    """Its texts, numbered as `imagine1` counts them, and its seed where that is what it brought."""
    if end.result is None or end.pictures:
        return []
    texts = [f"{number}  {clean(text)}" for number, text in enumerate(end.result.texts, start=1)]
    return texts or ([f"seed {clean(end.result.seed)}"] if end.result.seed is not None else [])
