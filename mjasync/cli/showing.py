"""From how a run ended to its contact sheet."""

from attrs import evolve

from mjasync import MJError
from mjasync.cli import report
from mjasync.cli.report import Report
from mjasync.cli.run import End
from mjasync.cli.text import clean, count, seconds
from mjasync.sheet import page
from mjasync.sheet.cards import Card
from mjasync.sheet.page import Sheet


def with_sheet(whole: Report, title: str) -> Report:
    """Write the sheet, and return the report with its path. Raises `MJError` where it cannot be written."""
    try:
        path = page.write(whole.out, of(whole, title))
    except OSError as exc:
        raise MJError(
            f"The contact sheet could not be written to {whole.out}; the pictures are there.",
            why=exc.strerror or type(exc).__name__,
            hint="make room, and open the pictures one by one until then",
        ) from None
    return evolve(whole, sheet=path)


def of(whole: Report, title: str) -> Sheet:
    """Return what the page shows of a run."""
    stats = whole.stats
    pictures = sum(len(end.pictures) for end in whole.ends)
    note = (
        f"Made with simulated providers: {count(pictures, 'picture')} drawn by a program on this machine, time "
        f"×{whole.speed:g}. No provider was asked, and nothing was paid."
        if whole.speed is not None
        else "Each grid stands beside what became of its tiles. A click on a picture shows it large; ⇆ picks two to compare."
    )
    numbers = (
        ("prompts", str(len(whole.ends))),
        ("pictures", str(pictures)),
        ("jobs", str(stats.jobs)),
        ("duration", seconds(stats.seconds)),
        ("looks per job", f"{stats.looks_per_job:.1f}"),
        ("slots used", f"{stats.slot_use:.0%}"),
        *((("failed", str(failed)),) if (failed := sum(not end.ok for end in whole.ends)) else ()),
    )
    return Sheet(
        title=title,
        note=note,
        numbers=numbers,
        cards=tuple(_card(end) for end in whole.ends),
        summary=report.summary_json(whole),
    )


def _card(end: End) -> Card:
    trouble = f"{type(end.error).__name__}: {end.error.what}" if end.error else ""
    return Card(
        number=end.number,
        prompt=end.prompt,
        mode=str(end.job.mode),
        pictures=end.pictures,
        trouble=clean(trouble, 300),
    )
