"""What reaches the terminal: no more than has changed, in the right place, whatever its size."""

import io
import os
import select

import pytest

pytest.importorskip("rich")

from rich.console import Console
from rich.text import Text

from mjasync.cli.screen import Screen

BEGIN, END = "\x1b[?2026h\x1b[?25l", "\x1b[J\x1b[?2026l"


@pytest.fixture
def console(monkeypatch):
    for name in ("XTERM_VERSION", "STY", "COLUMNS", "LINES", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return Console(file=io.StringIO(), width=40, height=10, force_terminal=True, color_system=None)


def written(console):
    text = console.file.getvalue()
    console.file.seek(0)
    console.file.truncate()
    return text


def test_the_first_picture_and_the_next(console):
    screen = Screen(console)
    screen.draw(Text("one\ntwo"))
    assert f"{BEGIN}\rone\x1b[K\ntwo{END}" == written(console)

    screen.draw(Text("one\ntwo"))
    assert "" == written(console)

    screen.draw(Text("one\ntwo\nthree"))
    assert f"{BEGIN}\r\x1b[1Aone\x1b[K\ntwo\x1b[K\nthree{END}" == written(console)

    screen.clear()
    assert "\x1b[?2026h\r\x1b[2A\x1b[J\x1b[?25h\x1b[?2026l" == written(console)


def test_what_is_printed_stands_above(console):
    screen = Screen(console)
    screen.draw(Text("one\ntwo"))
    written(console)

    screen.draw(Text("one\ntwo"), ["[bold]a result", "another"])
    assert f"{BEGIN}\r\x1b[1A\x1b[J[bold]a result\nanother\none\x1b[K\ntwo{END}" == written(console)

    screen.clear(["the last"])
    assert "\x1b[?2026h\r\x1b[1A\x1b[Jthe last\n\x1b[?25h\x1b[?2026l" == written(console)


def test_a_narrower_terminal_has_wrapped_the_old_lines(console):
    screen = Screen(console)
    screen.draw(Text("x" * 35 + "\n" + "夜" * 15 + "\n"))
    written(console)

    console.size = (20, 10)
    screen.draw(Text("one"))
    # 35 cells are two rows of 20 and 30 cells are two: the cursor is in the last of four.
    assert f"{BEGIN}\r\x1b[3A\x1b[Jone{END}" == written(console)


def test_xterm_cuts_them_instead(console, monkeypatch):
    monkeypatch.setenv("XTERM_VERSION", "XTerm(370)")
    screen = Screen(console)
    screen.draw(Text("x" * 35 + "\nyy"))
    written(console)

    console.size = (20, 10)
    screen.draw(Text("one"))
    assert f"{BEGIN}\r\x1b[1A\x1b[Jone{END}" == written(console)


def test_never_higher_than_the_terminal(console):
    screen = Screen(console)
    screen.draw(Text("\n".join(f"line {n}" for n in range(30))))
    assert written(console).endswith(f"line 8{END}")

    console.size = (4, 5)
    screen.draw(Text("one"))
    assert written(console).startswith(f"{BEGIN}\r\x1b[4A")


def test_whether_a_terminal_takes_anything(monkeypatch):
    reader, writer = os.openpty()
    with os.fdopen(writer, "w") as file:
        screen = Screen(Console(file=file, force_terminal=True))
        assert screen.ready
        os.set_blocking(writer, False)
        with pytest.raises(BlockingIOError):
            while True:
                os.write(writer, b"x" * 4096)
        assert not screen.ready
        while not screen.ready:  # a terminal hands over what it holds a little at a time
            assert [reader] == select.select([reader], [], [], 10)[0]
            os.read(reader, 65536)
    os.close(reader)
    assert Screen(Console(file=io.StringIO())).ready
