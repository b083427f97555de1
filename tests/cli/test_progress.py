"""Plain lines where no panel can be."""

import asyncio
import os
import re
import subprocess
import sys

import pytest

from mjasync import Mode, Pool
from mjasync.cli import progress
from mjasync.cli.prompts import Row
from mjasync.cli.run import Plan, Run
from mjasync.testing import Sim, run


def plain(tmp_path, prompts, *, quiet=60.0, mode=Mode.TURBO, **batch):
    """A run of plain lines, on the wall clock of a clock that jumps."""
    rows = tuple(Row(n, prompt) for n, prompt in enumerate(prompts, start=1))
    plan = Plan(rows=rows, mode=mode, out=tmp_path, tiles=lambda _: (1,))

    async def story():
        stage = progress.Plain(wall=asyncio.get_running_loop().wall, quiet=quiet)
        async with Pool(Sim(seed=7).ttapi()) as pool, stage.watching(pool, 2):
            await Run(plan, stage, lambda end: stage.result(f"end of {end.number}")).all(pool)

    run(story())


def test_one_line_for_each_thing_that_happens(tmp_path, capsys):
    plain(tmp_path, ["a cat\ton a roof", "a gore cat"])
    out, err = capsys.readouterr()
    assert sorted(out.splitlines()) == ["end of 1", "end of 2"]
    told = sorted((re.sub(r"ttapi:\S+", "TICKET", line) for line in err.splitlines()), key=lambda line: line.split()[3])
    assert [line.split()[1:2] + line.split()[3:6] for line in told] == [
        ["accepted", "0001", "imagine", "turbo"],
        ["done", "0001", "imagine", "turbo"],
        ["accepted", "0001", "upscale1", "turbo"],
        ["done", "0001", "upscale1", "turbo"],
        ["failed", "0002", "imagine", "turbo"],
        ["failed", "0002", "upscale1", "turbo"],
    ]
    form = r"\d\d:\d\d:\d\d  done      [0-9a-f]{8}  0001  imagine   turbo  TICKET  [\d.]+ s  a cat on a roof"
    assert re.fullmatch(form, told[1])
    assert re.search(r"  failed    [0-9a-f]{8}  0002  imagine   turbo  –  PromptRejected  a gore cat", told[4])


def test_a_long_silence_is_broken(tmp_path, capsys):
    plain(tmp_path, ["a cat", "a dog"], quiet=20.0, mode=Mode.FAST)
    lines = [line for line in capsys.readouterr().err.splitlines() if line[10:17] == "waiting"]
    assert lines
    assert "  waiting   2 running, 2 waiting, 0 done" in lines[0]


def test_a_pool_that_closes_ends_it():
    async def story():
        stage = progress.Plain(quiet=1.0)
        async with Pool(Sim(seed=7).ttapi()) as pool, stage.watching(pool, 1):
            await pool.aclose()
            await asyncio.sleep(9)

    run(story())


def test_choose_on_a_pipe():
    assert isinstance(progress.choose("t"), progress.Plain)


def test_choose_on_a_terminal(monkeypatch):
    pytest.importorskip("rich")
    monkeypatch.setenv("TERM", "xterm-256color")
    reader, writer = os.openpty()
    with os.fdopen(writer, "w", encoding="utf-8") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        assert isinstance(progress.choose("t"), progress.Panel)
        monkeypatch.setenv("TERM", "dumb")
        assert isinstance(progress.choose("t"), progress.Plain)
    os.close(reader)


def test_without_rich(alone, environ):
    story = (
        "import sys; sys.modules['rich'] = None\n"
        "from mjasync.cli.main import main\n"
        "sys.exit(main(['imagine', 'a cat', '--sim', '--speed', '3000']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", story], env=environ(), cwd=alone, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "accepted" in done.stderr
    assert done.stdout.startswith("out/0001-a-cat-")
