"""The panel as text: boxes, counts and jobs, told without colour; from real runs on a clock that jumps."""

import asyncio
import io

import pytest
from attrs import evolve

from mjasync import AccountStats, Mode, Phase, Pool, Stats
from mjasync.testing import Sim, run

pytest.importorskip("rich")

from rich.cells import cell_len
from rich.console import Console

from mjasync.cli import layout
from mjasync.cli.layout import View, picture
from mjasync.cli.panel import Panel
from mjasync.cli.prompts import Row
from mjasync.cli.run import Plan, Run

SIZES = [(140, 40), (120, 34), (80, 24), (60, 20), (50, 15), (40, 10), (30, 6), (19, 3)]


def lines(view, width=100, height=24):
    return picture(view, width, height).plain.split("\n")


class Seen:
    """What there was to be seen at one moment, in all sizes: a job goes on, and its line with it."""

    def __init__(self, view):
        self.view, self.under_way = view, len(view.lines)
        self._shown = {size: lines(view, *size) for size in SIZES}

    def __getitem__(self, size):
        return self._shown[size]


def views(out, prompts, *, every=5.0, fault=None, mode=Mode.TURBO):
    """What the panel shows of a run; grids of prompts with a 3 are upscaled."""
    rows = tuple(Row(n, prompt, mode) for n, prompt in enumerate(prompts, start=1))
    plan = Plan(rows=rows, mode=Mode.FAST, out=out, tiles=lambda job: (2,) if "3" in job.prompt else ())
    seen = []

    async def story():
        sim = Sim(seed=7)
        if fault:
            sim.inject(fault, on="submit")
        async with Pool(sim.ttapi(), sim.mjproxy(max_jobs=1)) as pool:
            made = Panel(Console(file=io.StringIO(), width=100, height=24), "a \x1b[31mtitle")
            clock = asyncio.get_running_loop().time

            async def look():
                while True:
                    seen.append(Seen(made.view(pool, clock())))
                    await asyncio.sleep(every)

            made._total = len(prompts)
            looking = asyncio.ensure_future(look())
            await Run(plan, made, lambda _: None).all(pool)
            looking.cancel()
            seen.append(Seen(made.view(pool, clock() + 9)))

    run(story())
    return seen


@pytest.fixture(scope="module")
def some(tmp_path_factory):
    prompts = [
        "夜の灯台と嵐の海、浮世絵風の木版画、細密な波",
        "🦊🦊🦊 foxes in snow ❄",
        *(f"cat number {n}" for n in range(12)),
    ]
    return views(tmp_path_factory.mktemp("out"), prompts)


def busy(some):
    return next(seen for seen in some if seen.under_way == 11)


def test_a_run_from_boxes_to_nothing(some):
    whole = "\n".join("\n".join(seen[140, 40]) for seen in some)

    for words in (
        "ttapi    ■ ■ ■ ■ ■ ■ ■ ■ ■ ■  10/10   next look in ",
        "mjproxy  ■  1/1",
        "── a title ──",
        "no    job       step       mode   account     state    progress            age       left  prompt",
        "upscale2",
        "turbo  ttapi ",
        "turbo  mjproxy ",
        "running  ",
        "━━━━━─────   46%   0:",
        "cat number 3",
    ):
        assert words in whole
    assert some[-1][140, 40][3].startswith("14/14 prompts over · failed 0 · waiting 0 · spent ")
    assert "ttapi    □ □ □ □ □ □ □ □ □ □  0/10" == some[-1][140, 40][1]
    assert 4 == len(some[-1][140, 40])


def test_it_says_when_it_will_be_over_once_it_can_know(some):
    told = [line for seen in some for line in seen[140, 40] if "prompts over" in line]

    assert "done in" not in told[0]
    assert any("done in" in line for line in told)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_any_size_holds_it(some, width, height):
    for seen in some:
        assert all(cell_len(line) <= max(width - 3, 16) for line in seen[width, height])
        assert len(seen[width, height]) <= max(height - 1, 1)


def test_a_small_terminal_counts_the_rest(some):
    low, lower = busy(some)[50, 15], busy(some)[40, 10]

    shown = sum(line[:4].isdigit() for line in low)
    assert 0 < shown < 11
    assert f"and {11 - shown} more under way" == low[-1]
    assert "ttapi    ■■■■■■■■■■ 10/10" == lower[1]
    assert "11 jobs under way" == lower[-1]


def test_wide_letters_are_aligned(some):
    shown = busy(some)[60, 20]
    first, second, third = (next(line for line in shown if line.startswith(f"000{n}")) for n in (1, 2, 3))

    assert first.index("夜") == second.index("🦊") == third.index("cat")
    assert first.endswith("…")


def test_a_slot_of_unknown_fate_has_a_shape_of_its_own(tmp_path):
    shown = views(tmp_path, ["a cat"], fault="lose_answer")[-1][140, 40]

    assert any("? □ □ □ □ □ □ □ □ □  1/10   ? 1 of unknown fate" in line for line in shown)
    assert any("failed 1 " in line for line in shown)


def stats(**account):
    return Stats(
        seconds=75.0,
        jobs=3,
        waiting=1,
        done=0,
        failed=1,
        lost=1,
        looks=9,
        accounts={"an account of quite a name": AccountStats(peak=1, done=0, **account)},
        slot_use=0.5,
    )


def bare(**account):
    return View(title="t", stats=stats(**account), lines=(), now=1.0, over=0, total=3, eta=None, spent=2.5)


def test_what_an_account_does_not_lend_is_told():
    shown = lines(bare(cap=10, limit=6, held=3, crowded=True))

    assert "an account…   ■ ■ ■ □ □ □ × × × ×  3/10   × 4 not lent just now   somebody else uses it" == shown[1]
    assert "0/3 prompts over · failed 2 · waiting 1 · spent 2.5 quota · 9 looks · 1:15" == shown[2]


def test_remarks_that_do_not_fit_are_left_out():
    shown = lines(bare(cap=10, limit=6, held=3, crowded=True), 60)

    assert "an account…   ■■■□□□×××× 3/10   × 4 not lent just now" == shown[1]


def test_many_slots_are_a_number():
    assert "an account…    3/30" == lines(bare(cap=30, limit=30, held=3))[1]


def test_more_jobs_than_slots_after_a_restart():
    assert "an account…   ■ ■ ■  3/2" == lines(bare(cap=2, limit=2, held=3))[1]


def test_a_progress_that_nobody_tells_is_a_dash(some):
    view = next(seen.view for seen in some if seen.under_way)
    line = view.lines[0]
    unknown = layout.Line(line.number, line.prompt, line.job, line.begun)

    assert "──────────     –" in lines(evolve(view, lines=(unknown,)))[-1]


def test_every_phase_has_a_style_or_none():
    assert set(layout._STYLES) <= set(Phase)
