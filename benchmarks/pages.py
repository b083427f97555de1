"""Where people read the last figures: the tables of the benchmarks that ran replace their own, all others stay.

Each benchmark has its place in `benchmarks/README.md`, between two marks that bear its name; the front page shows the
makespan's table alone.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from benchmarks.report import Report

#: Everything below this line is written by the command.
MARK = "<!-- written by: python -m benchmarks --write -->"
FRONT_MARK = "<!-- makespan: written by python -m benchmarks --write -->"
FRONT_END = "<!-- end -->"
_SECTION = re.compile(r"<!-- begin (\w+) -->\n(.*?)\n<!-- end \1 -->", re.DOTALL)


def write(reports: Mapping[str, Report], order: Iterable[str], folder: Path, front: Path) -> None:
    """Put the tables and plots of these reports where they belong; `order` is that of the page."""
    page = folder / "README.md"
    page.write_text(
        merged(page.read_text(encoding="utf-8"), {name: report.section() for name, report in reports.items()}, order),
        encoding="utf-8",
    )
    for plot in (plot for report in reports.values() for plot in report.plots):
        (folder / "plots").mkdir(exist_ok=True)
        (folder / "plots" / f"{plot.name}.svg").write_text(plot.svg(), encoding="utf-8")
    if "makespan" in reports:
        before, _, rest = front.read_text(encoding="utf-8").partition(FRONT_MARK)
        table = reports["makespan"].table().partition("\n\n")[2].rstrip()
        front.write_text(f"{before}{FRONT_MARK}\n{table}\n{FRONT_END}{rest.partition(FRONT_END)[2]}", encoding="utf-8")


def merged(page: str, sections: Mapping[str, str], order: Iterable[str]) -> str:
    """Return the page with these sections in place of their older ones; a section no longer in `order` is dropped."""
    head, _, written = page.partition(MARK)
    known = {**dict(_SECTION.findall(written)), **sections}
    parts = [f"<!-- begin {name} -->\n{known[name]}\n<!-- end {name} -->" for name in order if name in known]
    return "\n\n".join([f"{head}{MARK}", *parts]) + "\n"
