"""How the live panel looks: pure, from what is to be seen and the terminal's size to lines. Needs rich."""

from collections.abc import Callable, Sequence

from attrs import define, frozen
from rich.cells import cell_len, set_cell_size
from rich.text import Text

from mjasync import AccountStats, Eta, Job, Phase, Stats
from mjasync.cli.text import age, amount, clean, count, left

#: More slots than this are told as a number only: nobody counts thirty boxes.
_MOST_BOXES = 20
#: Columns left free at the right: a terminal echoes ^C there.
_MARGIN = 3
#: From so many columns on boxes stand apart, and accounts have remarks.
_WIDE = 60
_STYLES = {Phase.SENDING: "yellow", Phase.QUEUED: "cyan", Phase.RUNNING: "green", Phase.LOST: "red"}
#: Cells of a progress bar, and of an account's name at most.
_BAR, _MOST_NAME = 10, 12
#: Lines from which on jobs are shown one by one.
_ROOM = 4


@define
class Line:
    """One job under way."""

    number: int
    prompt: str
    job: Job
    begun: float
    progress: float | None = None


@frozen(kw_only=True)
class View:
    """All that the panel shows at one moment."""

    title: str
    stats: Stats
    #: The oldest first.
    lines: Sequence[Line]
    #: Seconds on the loop's clock.
    now: float
    #: Prompts that are over, and all.
    over: int
    total: int
    eta: Eta | None
    #: Quota that this run has spent, as far as the providers told.
    spent: float


def picture(view: View, width: int, height: int) -> Text:
    """Return the panel, at most `height - 1` lines high."""
    width = max(width - _MARGIN, 16)
    accounts = view.stats.accounts
    names = min(max(cell_len(clean(name)) for name in accounts), _MOST_NAME)
    slots = [_slots(clean(name), each, names, width) for name, each in accounts.items()]
    head = [_title(view.title, width), *slots, *_totals(view, width)]
    lines = [*head, *_jobs(view, width, height - 1 - len(head))][: max(height - 1, 1)]
    for line in lines:
        line.truncate(width)
    return Text("\n", no_wrap=True, overflow="crop").join(lines)


def _title(title: str, width: int) -> Text:
    shown = _cut(title, width - 6)
    return Text.assemble(("── ", "dim"), (shown, "bold"), (" " + "─" * (width - 4 - cell_len(shown)), "dim"))


def _slots(name: str, account: AccountStats, names: int, width: int) -> Text:
    """Countable at a glance; each kind has a shape of its own."""
    resting = max(account.cap - max(account.limit, account.held), 0)
    running, free = account.held - account.unknown, max(account.cap - account.held - resting, 0)
    line = Text(set_cell_size(_cut(name, names), names) + "  ")
    if account.cap <= _MOST_BOXES:
        gap = " " if width >= _WIDE else ""
        for box, style, number in (
            ("■", "green", running),
            ("?", "bold red", account.unknown),
            ("□", "dim", free),
            ("×", "yellow", resting),
        ):
            line.append(f"{box}{gap}" * number, style)
    line.append(f" {account.held}/{account.cap}")
    remarks = [
        *([f"? {account.unknown} of unknown fate"] if account.unknown else []),
        *([f"× {resting} not lent just now"] if resting else []),
        *(["somebody else uses it"] if account.crowded else []),
        *([f"next look in {account.next_look:.1f} s"] if account.next_look is not None else []),
    ]
    for remark in remarks:
        if cell_len(line.plain) + len(remark) + 3 <= width:
            line.append(f"   {remark}", "dim")
    return line


def _totals(view: View, width: int) -> list[Text]:
    """As many lines as it takes; what matters most comes first."""
    stats, bad = view.stats, view.stats.failed + view.stats.lost
    parts = [
        (f"{view.over}/{view.total} prompts over", "bold"),
        *([(f"done in {words}", "bold cyan")] if (words := left(view.eta)) else []),
        (f"failed {bad}", "bold red" if bad else ""),
        (f"waiting {stats.waiting}", ""),
        (f"spent {amount(view.spent)} quota", ""),
        (count(stats.looks, "look"), ""),
        (age(stats.seconds), ""),
    ]
    lines = [Text()]
    for part, style in parts:
        if lines[-1] and cell_len(lines[-1].plain) + 3 + len(part) > width:
            lines.append(Text())
        lines[-1].append(" · " if lines[-1] else "", "dim").append(part, style)
    return lines


def _jobs(view: View, width: int, room: int) -> list[Text]:
    """The oldest, as many as there is room for, and how many more there are."""
    lines = view.lines
    if not lines or room < 1:
        return []
    if room < _ROOM:
        return [Text(f"{count(len(lines), 'job')} under way", "dim")]
    columns = [column for column in _COLUMNS if width + _MARGIN >= column.least]
    fits = room - 2 if len(lines) <= room - 2 else room - 3
    rows = [Text(), _row(columns, [column.name for column in columns], "prompt", width, "dim")]
    cells = [[column.of(line, view.now) for column in columns] for line in lines[:fits]]
    rows += [_row(columns, each, line.prompt, width) for each, line in zip(cells, lines, strict=False)]
    if len(lines) > fits:
        rows.append(Text(f"and {len(lines) - fits} more under way", "dim"))
    return rows


def _row(columns: "Sequence[_Column]", cells: Sequence[str | Text], prompt: str, width: int, style: str = "") -> Text:
    row = Text(style=style)
    for column, cell in zip(columns, cells, strict=True):
        text = cell if isinstance(cell, Text) else Text(cell)
        room = column.width - cell_len(text.plain)
        blank = " " * max(room, 0)
        if room < 0:
            text.truncate(column.width, overflow="ellipsis")
        row.append(blank if column.right else "").append_text(text).append("" if column.right else blank).append("  ")
    return row.append(_cut(prompt, max(width - cell_len(row.plain), 0)))


def _cut(text: str, width: int) -> str:
    """At most so many cells of it."""
    return text if cell_len(text) <= width else set_cell_size(text, max(width - 1, 0)).rstrip() + "…"


def _bar(line: Line, _now: float) -> Text:
    done = round((line.progress or 0.0) * _BAR)
    return Text.assemble(("━" * done, "green"), ("─" * (_BAR - done), "dim"))


def _share(line: Line, _now: float) -> str:
    return f"{line.progress:.0%}" if line.progress is not None else "–"


def _left(line: Line, _now: float) -> str:
    return left(line.job.eta) or "–"


def _account(line: Line, _now: float) -> str:
    return clean(line.job.ticket.account) if line.job.ticket else "–"


@frozen
class _Column:
    """Of the jobs' lines. Shown on terminals of at least so many columns."""

    name: str
    least: int
    width: int
    of: Callable[[Line, float], str | Text]
    right: bool = False


_COLUMNS = (
    _Column("no", 0, 4, lambda line, _: f"{line.number:04d}"),
    _Column("job", 130, 8, lambda line, _: line.job.id[:8]),
    _Column("step", 76, 9, lambda line, _: clean(line.job.action or line.job.spec.operation.kind)),
    _Column("mode", 96, 5, lambda line, _: str(line.job.mode)),
    _Column("account", 110, 10, _account),
    _Column("state", 50, 7, lambda line, _: Text(str(line.job.phase), _STYLES.get(line.job.phase, ""))),
    _Column("progress", 70, _BAR, _bar),
    _Column("", 0, 4, _share, right=True),
    _Column("age", 60, 5, lambda line, now: age(max(now - line.begun, 0.0)), right=True),
    _Column("left", 44, 9, _left, right=True),
)
