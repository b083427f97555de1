"""`save_sheet`: a contact sheet of outcomes, jobs and results, for programs."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from itertools import count as counted
from pathlib import Path
from typing import TypeAlias

from attrs import define, field

from mjasync.errors import ConfigError, MJError, ParentFailed
from mjasync.flow import files
from mjasync.flow.batch import Outcome
from mjasync.flow.job import Job
from mjasync.flow.result import Result
from mjasync.sheet import page, saving
from mjasync.sheet.cards import Card
from mjasync.sheet.page import Sheet
from mjasync.sheet.saving import Picture
from mjasync.sheet.words import clean, count

Shown: TypeAlias = Outcome | Job | Result
#: Pictures that are downloaded at a time.
_AT_ONCE = 6


async def save_sheet(
    folder: str | Path,
    work: Iterable[Outcome | Job | Result],
    *,
    title: str = "Contact sheet",
    note: str = "",
    metadata: bool = True,
) -> Path:
    """Save the pictures of this work into `folder`, and a page that shows them; returns the path of the page.

    `work` is what a batch gave (`await pool.batch(…)`), jobs (`pool.jobs`), results, or a mix. Jobs that still run are
    waited for. Pictures of one chain stand on one card, `then=` steps of an outcome included; what failed has a card
    that says why, and so has a picture that cannot be downloaded any more. The folder is made where it is missing;
    nothing in it is overwritten but an earlier sheet of ours, and a picture that is there already is not saved twice.
    `metadata` is as for `Result.save`. The page works from disk and needs no network.

    Raises `ConfigError` for a folder that cannot be written to or for other kinds of work, `MJError` for a full disk.
    """
    lineages = _lineages(work)
    target = Path(folder)
    await asyncio.to_thread(_prepared, target)
    gate = asyncio.Semaphore(_AT_ONCE)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(lineage.card(target, gate, metadata=metadata)) for lineage in lineages]
    cards = [card for task in tasks if (card := task.result()) is not None]
    pictures, failed = sum(len(card.pictures) for card in cards), sum(not card.ok for card in cards)
    numbers = [("prompts", str(len(cards))), ("pictures", str(pictures))] + (
        [("failed", str(failed))] if failed else []
    )
    summary = {"prompts": len(cards), "pictures": pictures, "failed": failed}
    sheet = Sheet(title=title, note=note, numbers=numbers, cards=cards, summary=summary)
    try:
        return await asyncio.to_thread(page.write, target, sheet)
    except OSError as exc:
        raise MJError(
            f"The contact sheet could not be written to {str(folder)[:200]!r}; {count(pictures, 'picture')} are there.",
            why=exc.strerror or type(exc).__name__,
            hint="make room, and save the sheet again: what is there is not saved twice",
        ) from None


@define(kw_only=True)
class _Lineage:
    """All that is shown on one card."""

    number: int
    prompt: str = ""
    work: dict[str, Job | Result] = field(factory=dict)

    async def card(self, folder: Path, gate: asyncio.Semaphore, *, metadata: bool) -> Card | None:
        """Wait, save, and say how it went; None for work that brings nothing to show, such as a seed."""
        pictures: list[Picture] = []
        texts: list[str] = []
        troubles: dict[str, None] = {}
        for each in self.work.values():
            result = await _ended(each)
            if isinstance(result, MJError):
                troubles[_trouble(result)] = None
            elif result.texts or result.image is None:  # relays show the described picture beside its texts
                texts += result.texts
            else:
                self.prompt = self.prompt or result.prompt or ""
                try:
                    async with gate:
                        pictures.append(await saving.save(folder, self.number, self.prompt, result, metadata=metadata))
                except MJError as exc:
                    troubles[_trouble(exc)] = None
        if not pictures and not texts and not troubles:
            return None
        first = next(iter(self.work.values()))
        return Card(
            number=self.number,
            prompt=self.prompt,
            mode=str(first.mode),
            pictures=pictures,
            trouble="; ".join(troubles),
            texts=texts,
        )


def _lineages(work: Iterable[Shown]) -> list[_Lineage]:
    """The work by what it came from, in its order."""
    found: dict[str, _Lineage] = {}
    numbers = counted(1)
    if isinstance(work, Outcome | Job | Result):
        work = (work,)
    for thing in work:
        jobs = (thing.jobs or (thing.job,)) if isinstance(thing, Outcome) else (thing,)
        for each in jobs:
            root = _root(each)
            lineage = found.get(root) or found.setdefault(root, _Lineage(number=next(numbers)))
            job_id = each.job_id if isinstance(each, Result) else each.id
            lineage.work.setdefault(job_id, each)
            lineage.prompt = lineage.prompt or _prompt(each)
    return list(found.values())


def _root(each: object) -> str:
    """Our id of the job that it all began with."""
    if isinstance(each, Result):
        return each.lineage[0].job_id if each.lineage else each.job_id
    if not isinstance(each, Job):
        raise ConfigError(
            f"A contact sheet shows outcomes, jobs and results, not {type(each).__name__}.",
            hint="await the batch first: save_sheet(folder, await pool.batch(prompts))",
        )
    while each.parent is not None:
        each = each.parent
    return each.id


def _prompt(each: Job | Result) -> str:
    """What was asked for in the beginning, as far as it is known."""
    if isinstance(each, Result):
        return each.prompt or ""
    while each.parent is not None:
        each = each.parent
    return each.prompt or each.spec.operation.kind


async def _ended(each: Job | Result) -> Result | MJError:
    """The result, also one that came after its deadline, or why there is none."""
    if isinstance(each, Result):
        return each
    await each.ended()
    error = each.exception()
    return each.late or error if error is not None else each.result()


def _trouble(error: MJError) -> str:
    """What really went wrong, and at which step: what was not sent because of it says the same, and is told once."""
    while isinstance(error, ParentFailed) and isinstance(error.__cause__, MJError):
        error = error.__cause__
    action = error.job.action if isinstance(error.job, Job) else None
    return clean(f"{f'{action}: ' if action else ''}{type(error).__name__}: {error.what}", 300)


def _prepared(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with suppress(OSError):  # what a killed run had left is in nobody's way
            files.sweep(folder)
    except (OSError, ValueError) as exc:
        raise ConfigError(
            f"Pictures cannot be written to {str(folder)[:200]!r}.",
            why=getattr(exc, "strerror", None) or str(exc) or type(exc).__name__,
            hint="name a folder that you may write to",
        ) from None
