"""From how a run ended to its page, honest about what was real."""

import pytest

from mjasync import MJError, Mode, Pool
from mjasync.cli import showing
from mjasync.cli.prompts import Row
from mjasync.cli.report import Report
from mjasync.cli.run import Plan, Run
from mjasync.testing import Sim, run


class Silent:
    """A stage in the dark."""

    def event(self, number, prompt, job, event):
        pass


@pytest.fixture
def report(tmp_path):
    plan = Plan(rows=(Row(1, "a cat"), Row(2, "a gore cat")), mode=Mode.TURBO, out=tmp_path, tiles=lambda _: (3,))

    async def story():
        async with Pool(Sim(seed=7).ttapi()) as pool:
            made = Run(plan, Silent(), lambda _: None)
            await made.all(pool)
            return Report(ends=tuple(made.ends), stats=pool.stats(), out=tmp_path, speed=60.0)

    return run(story())


def test_a_page_for_a_run(report, tmp_path):
    whole = showing.with_sheet(report, "a title")
    assert whole.sheet == tmp_path / "index.html"
    text = whole.sheet.read_text()
    assert "Made with simulated providers: 2 pictures drawn by a program on this machine, time ×60." in text
    assert "nothing was paid" in text
    assert "<dt>failed</dt><dd>1</dd>" in text
    assert "PromptRejected: " in text
    assert text.count("<img ") == 2


def test_real_providers_are_not_called_simulated(report):
    from attrs import evolve

    page = showing.of(evolve(report, speed=None, ends=report.ends[-1:]), "t")
    assert "simulated" not in page.note
    assert page.summary["simulated"] is False


def test_a_page_that_cannot_be_written(report, tmp_path):
    from attrs import evolve

    with pytest.raises(MJError, match="the pictures are there"):
        showing.with_sheet(evolve(report, out=tmp_path / "none"), "t")
