"""The panel as text: boxes, counts and jobs, told without colour; from real runs on a clock that jumps."""

import io
import os
import sys

import pytest

from mjasync import AccountStats, Mode, Phase, Pool, Stats
from mjasync.testing import Sim, run

pytest.importorskip("rich")

from rich.console import Console

from mjasync.cli import panel
from mjasync.cli.prompts import Row
from mjasync.cli.run import Plan, Run


def console(width=100, height=24, **more):
    return Console(file=io.StringIO(), width=width, height=height, force_terminal=True, color_system=None, **more)


def drawn(made, stats, now, height=24):
    screen = console(height=height)
    screen.print(made.picture(stats, now, height))
    return screen.file.getvalue()


class Snapshots:
    """A stage that keeps the panel as it was after every event."""

    def __init__(self, made, pool, height):
        self.pictures, self._made, self._pool, self._height = [], made, pool, height

    def event(self, number, prompt, job, event):
        self._made.event(number, prompt, job, event)
        self.pictures.append(drawn(self._made, self._pool.stats(), event.at, self._height))


def snapshots(out, *, prompts=3, height=24):
    """Every picture of a run whose grids are all upscaled once."""
    rows = tuple(Row(n, f"cat {n}", Mode.TURBO) for n in range(1, prompts + 1))
    plan = Plan(rows=rows, mode=Mode.FAST, out=out, tiles=lambda _: (2,))

    async def story():
        sim = Sim(seed=7)
        async with Pool(sim.ttapi(), sim.mjproxy(max_jobs=30)) as pool:
            stage = Snapshots(panel.Panel(console(), "a \x1b[31mtitle"), pool, height)
            await Run(plan, stage, lambda _: None).all(pool)
            return stage.pictures

    return run(story())


def test_a_run_from_boxes_to_nothing(tmp_path):
    pictures = snapshots(tmp_path)
    whole = "\n".join(pictures)
    assert "■ □ □ □ □ □ □ □ □ □" in whole
    assert "1/10" in whole
    assert "a title" in whole
    for word in ("0001", "imagine", "upscale2", "turbo", "ttapi", "queued", "running", "cat 3", "jobs 2/6"):
        assert word in whole
    assert any("62%" in picture for picture in pictures)
    assert "0001" not in pictures[-1]
    assert "failed 0" in pictures[-1]


def test_many_slots_are_a_number(tmp_path):
    picture = snapshots(tmp_path)[-1]
    assert "mjproxy" in picture
    assert "0/30" in picture
    assert picture.count("□") == 10


def test_a_low_terminal_counts_the_rest(tmp_path):
    pictures = snapshots(tmp_path, prompts=8, height=12)
    assert all(len(picture.splitlines()) <= 12 for picture in pictures)
    assert any("and 5 more under way" in picture for picture in pictures)


def test_live(tmp_path, capsys):
    """The panel goes up, is drawn again and again, and is taken away; results go to stdout, which is no terminal."""
    screen = console()
    made = panel.Panel(screen, "title")
    plan = Plan(rows=(Row(1, "a cat"),), mode=Mode.TURBO, out=tmp_path)

    async def story():
        async with Pool(Sim(seed=7).ttapi()) as pool, made.watching(pool, 1):
            await Run(plan, made, lambda end: made.result(end.pictures[0].file)).all(pool)

    run(story())
    text = screen.file.getvalue()
    assert text.count("prompts 0/1") > 3
    assert "\x1b[?25h" in text
    assert capsys.readouterr().out.startswith("0001-a-cat-")


def test_results_stand_above_a_live_panel(monkeypatch):
    screen = console()
    made = panel.Panel(screen, "title")
    reader, writer = os.openpty()

    async def story():
        async with Pool(Sim(seed=7).ttapi()) as pool, made.watching(pool, 1):
            made.result("[bold]a line")

    with os.fdopen(writer, "w") as terminal:
        monkeypatch.setattr(sys, "stdout", terminal)
        run(story())
    os.close(reader)
    assert "[bold]a line\n" in screen.file.getvalue()


def test_what_went_wrong_is_counted():
    stats = Stats(
        seconds=75.0,
        jobs=3,
        waiting=1,
        done=0,
        failed=1,
        lost=1,
        looks=9,
        accounts={"ttapi": AccountStats(cap=10, limit=10, held=0, peak=1, done=0)},
        slot_use=0.5,
    )
    assert "jobs 0/3 · failed 2 · waiting 1 · 9 looks · 1 m 15 s" in drawn(panel.Panel(console(), "t"), stats, 1.0)


def test_terminal_is_none_where_nothing_can_be_redrawn(monkeypatch):
    assert panel.terminal() is None
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb")
    assert panel.terminal() is None


def test_every_phase_has_a_style_or_none():
    assert set(panel._STYLES) <= set(Phase)
