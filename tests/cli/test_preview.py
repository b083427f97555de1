"""Pictures as half cells: the right colours in the right place, and nothing where something is wrong."""

import asyncio
import io
import re
import sys

import pytest

from mjasync import Mode, Pool
from mjasync.testing import Sim, run

pytest.importorskip("rich")
pytest.importorskip("PIL")

from PIL import Image
from rich.console import Console
from rich.text import Text

from mjasync.cli import panel, preview
from mjasync.cli.prompts import Row
from mjasync.cli.run import Plan, Run

RED, BLUE = (255, 0, 0), (0, 0, 255)


def console(width=100, height=40, **more):
    more = {"color_system": "truecolor"} | more
    return Console(file=io.StringIO(), width=width, height=height, force_terminal=True, **more)


@pytest.fixture
def picture(tmp_path):
    """Red above, blue below."""
    image = Image.new("RGB", (64, 64), RED)
    image.paste(BLUE, (0, 32, 64, 64))
    image.save(tmp_path / "picture.png")
    return tmp_path / "picture.png"


def test_two_pixels_in_each_cell(picture):
    shown = preview.lines(picture, console(), high=4)

    assert 4 == len(shown)
    assert [8] * 4 == [line.count("▀") for line in shown]
    colours = [set(re.findall(r"[34]8;2;(\d+;\d+;\d+)", line)) for line in shown]
    assert "255;0;0" in colours[0]
    assert "0;0;255" in colours[-1]
    assert not colours[0] & colours[-1]


@pytest.mark.parametrize(("width", "height", "size"), [(100, 60, (44, 22)), (23, 60, (20, 10)), (100, 8, (8, 4))])
def test_it_fits_the_terminal(picture, width, height, size):
    shown = preview.lines(picture, console(width, height))

    assert size == (shown[0].count("▀"), len(shown))


def test_no_colour_no_picture(picture):
    assert [] == preview.lines(picture, console(no_color=True))
    assert [] == preview.lines(picture, console(color_system=None))


def test_what_is_broken_or_too_large_is_left_out(picture, tmp_path, monkeypatch):
    broken = tmp_path / "broken.png"
    broken.write_bytes(picture.read_bytes()[:60])
    assert [] == preview.lines(broken, console())
    assert [] == preview.lines(tmp_path / "nowhere.png", console())

    monkeypatch.setattr(preview, "MOST_PIXELS", 64 * 64 - 1)
    assert [] == preview.lines(picture, console())
    monkeypatch.setattr(preview, "MOST_PIXELS", 64 * 64)
    assert preview.lines(picture, console())
    monkeypatch.setattr(preview, "MOST_BYTES", 10)
    assert [] == preview.lines(picture, console())


def test_a_terminals_own_way(picture):
    def own(image, *, width, height):
        return Text(f"{image.size} {width} {height}")

    assert ["(64, 64) 44 22"] == preview.lines(picture, console(color_system=None, height=60), own)


def test_nobody_is_asked_where_stdin_is_no_terminal(monkeypatch):
    monkeypatch.setattr(sys, "__stdin__", io.StringIO())
    assert preview.wake() is None


@pytest.mark.parametrize("previews", [True, False])
def test_above_the_panel(tmp_path, previews):
    screen = console()
    made = panel.Panel(screen, "title", previews=previews)
    plan = Plan(rows=(Row(1, "a cat"),), mode=Mode.TURBO, out=tmp_path)

    async def story():
        async with Pool(Sim(seed=7).ttapi()) as pool, made.watching(pool, 1):
            await Run(plan, made, lambda end: made.preview(tmp_path / end.pictures[0].file)).all(pool)
            await asyncio.sleep(1)

    run(story())
    text = screen.file.getvalue()
    assert (40 * 20 if previews else 0) == text.count("▀")
    assert text.endswith("\x1b[?25h\x1b[?2026l")


def test_without_pillow_it_says_so(monkeypatch, capsys):
    assert panel.able()
    monkeypatch.setattr(preview, "HAS_PILLOW", False)
    assert not panel.able()
    assert "mjasync[terminal]" in capsys.readouterr().err
