"""`--write` replaces the tables of what ran, and those alone."""

import pytest

from benchmarks import pages
from benchmarks.pages import MARK, merged
from benchmarks.plots import Axis, Plot, Series
from benchmarks.report import Goal, Report

ORDER = ("makespan", "frontier", "journal")


def test_what_did_not_run_stays():
    page = merged(f"# Head\n\n{MARK}\n", {"makespan": "old one", "journal": "old two"}, ORDER)

    assert page.replace("old two", "new") == merged(page, {"journal": "new"}, ORDER)


def test_sections_stand_in_the_order_of_the_page():
    page = merged(merged(MARK, {"journal": "3"}, ORDER), {"frontier": "2", "makespan": "1"}, ORDER)

    assert sorted(page.index(f"begin {name}") for name in ORDER) == [page.index(f"begin {name}") for name in ORDER]


def test_a_benchmark_that_is_gone_leaves_the_page():
    assert "old" not in merged(merged(MARK, {"journal": "old"}, ORDER), {"frontier": "x"}, ("frontier",))


def test_the_head_is_the_authors():
    assert merged("Words.\n\n" + MARK, {"journal": "x"}, ORDER).startswith("Words.\n\n" + MARK)


@pytest.fixture
def report():
    plot = Plot(name="p", title="T", alt="A.", x=Axis(label="x"), y=Axis(label="y"), series=(Series("s", ((1, 2),)),))
    goal = Goal(name="it", value=1.0, op="<=", goal=2.0)
    return Report(title="T", head=("a", "b"), rows=(("1", "2"),), goals=(goal,), notes=("Note.",), plots=(plot,))


def test_write_puts_tables_and_plots_where_they_belong(tmp_path, report):
    front = tmp_path / "front.md"
    (tmp_path / "README.md").write_text(MARK)
    front.write_text(f"before\n{pages.FRONT_MARK}\nold\n{pages.FRONT_END}\nafter\n")

    pages.write({"makespan": report}, ORDER, tmp_path, front)

    page = (tmp_path / "README.md").read_text()
    assert "| 1 | 2 |\n\nNote.\n\n    it=1 goal <= 2 PASS\n\n![A.](plots/p.svg)" in page
    assert (tmp_path / "plots" / "p.svg").read_text() == report.plots[0].svg()
    table = "| a | b |\n| --- | --- |\n| 1 | 2 |\n\nNote."
    assert f"before\n{pages.FRONT_MARK}\n{table}\n{pages.FRONT_END}\nafter\n" == front.read_text()


def test_other_benchmarks_leave_the_front_page_alone(tmp_path, report):
    (tmp_path / "README.md").write_text(MARK)

    pages.write({"journal": report}, ORDER, tmp_path, tmp_path / "none.md")

    assert not (tmp_path / "none.md").exists()
