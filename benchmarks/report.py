"""A benchmark's report: one table for people, one line for each figure that has a goal."""

from collections.abc import Iterable

from attrs import field, frozen

from benchmarks.plots import Plot


@frozen(kw_only=True)
class Goal:
    """A figure and what it should be."""

    name: str
    value: float
    #: "<=" or ">=".
    op: str
    goal: float
    #: Whether it hangs on how busy this machine is: read by people, and nothing that a build should fall by.
    clocked: bool = False

    @property
    def met(self) -> bool:
        """Whether the figure is as it should be."""
        return self.value <= self.goal if self.op == "<=" else self.value >= self.goal

    def __str__(self) -> str:
        return f"{self.name}={self.value:.4g} goal {self.op} {self.goal:g} {'PASS' if self.met else 'FAIL'}"


@frozen(kw_only=True)
class Report:
    """What one benchmark found."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    goals: tuple[Goal, ...] = ()
    notes: tuple[str, ...] = field(default=())
    plots: tuple[Plot, ...] = ()

    def table(self) -> str:
        """As Markdown."""
        lines = [f"### {self.title}", "", _row(self.head), _row("---" for _ in self.head)]
        lines += [_row(row) for row in self.rows]
        return "\n".join([*lines, "", *self.notes])

    def text(self) -> str:
        """The table, and a line for each goal."""
        return "\n".join([self.table().rstrip(), "", *(f"    {goal}" for goal in self.goals)]).rstrip()

    def section(self) -> str:
        """The same as a page shows it, with its plots."""
        return "\n\n".join([self.text(), *(plot.markdown() for plot in self.plots)])


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
