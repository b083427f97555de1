"""The panel on a terminal, from its first picture until it is taken away; `test_layout` has how it looks."""

import asyncio
import io
import os
import sys
import threading

import pytest

from mjasync import Mode, Pool
from mjasync.testing import Sim, run

pytest.importorskip("rich")

from rich.console import Console

from mjasync.cli import output, panel
from mjasync.cli.prompts import Row
from mjasync.cli.run import Plan, Run


def console(width=100, height=24, **more):
    return Console(file=io.StringIO(), width=width, height=height, force_terminal=True, color_system=None, **more)


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
    assert text.count("0/1 prompts over") > 3
    assert text.endswith("\x1b[?25h\x1b[?2026l")
    assert capsys.readouterr().out.startswith("0001-a-cat-")


def on_a_terminal(story):
    """All that a story writes to a terminal."""
    reader, writer = os.openpty()
    found = []

    def read():
        try:
            while data := os.read(reader, 65536):
                found.append(data)
        except OSError:  # the other side is gone
            pass

    reading = threading.Thread(target=read)
    reading.start()
    with os.fdopen(writer, "w", encoding="utf-8") as terminal:
        story(terminal)
    reading.join()
    os.close(reader)
    return b"".join(found).decode()


def test_whatever_is_printed_stands_above(monkeypatch):
    def story(terminal):
        screen = Console(file=terminal, width=60, height=20, force_terminal=True, color_system=None)
        made = panel.Panel(screen, "title")

        async def printing():
            async with Pool(Sim(seed=7).ttapi()) as pool, made.watching(pool, 1):
                made.result("[bold]a line")
                await asyncio.sleep(1)
                output.tell("another")

        monkeypatch.setattr(sys, "stdout", terminal)
        monkeypatch.setattr(sys, "stderr", terminal)
        run(printing())
        output.say("afterwards")

    text = on_a_terminal(story).replace("\r\n", "\n")
    assert "\x1b[J[bold]a line\n── title" in text
    assert "\x1b[Janother\n\x1b[?25h\x1b[?2026lafterwards\n" in text


def test_a_pool_that_closes_takes_the_panel_away():
    screen = console()

    async def story():
        async with Pool(Sim(seed=7).ttapi()) as pool, panel.Panel(screen, "title").watching(pool, 1):
            await asyncio.sleep(1)
            await pool.aclose()
            await asyncio.sleep(1)

    run(story())
    assert screen.file.getvalue().endswith("\x1b[?25h\x1b[?2026l")


def test_terminal_is_none_where_nothing_can_be_redrawn(monkeypatch):
    assert panel.terminal() is None
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert panel.terminal() is None
    monkeypatch.setenv("TERM", "dumb")
    assert panel.terminal() is None


def test_no_colour_where_nobody_wants_any(monkeypatch, tmp_path):
    monkeypatch.setenv("NO_COLOR", "1")
    screen = Console(file=io.StringIO(), width=100, height=24, force_terminal=True, color_system="256")
    made = panel.Panel(screen, "title")
    plan = Plan(rows=(Row(1, "a cat"),), mode=Mode.TURBO, out=tmp_path)

    async def story():
        async with Pool(Sim(seed=7).ttapi()) as pool, made.watching(pool, 1):
            await Run(plan, made, lambda _: None).all(pool)

    run(story())
    text = screen.file.getvalue()
    assert "■" in text
    assert not any(f"\x1b[{code}m" in text for code in (31, 32, 33, 36))
