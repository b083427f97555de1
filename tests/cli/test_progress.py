"""Plain lines where no panel can be."""

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


def test_one_line_for_each_thing_that_happens(tmp_path, capsys):
    rows = (Row(1, "a cat\ton a roof"), Row(2, "a gore cat"))
    plan = Plan(rows=rows, mode=Mode.TURBO, out=tmp_path, tiles=lambda _: (1,))

    async def story():
        stage = progress.Plain()
        async with Pool(Sim(seed=7).ttapi()) as pool, stage.watching(pool, 2):
            await Run(plan, stage, lambda end: stage.result(f"end of {end.number}")).all(pool)

    run(story())
    out, err = capsys.readouterr()
    assert sorted(out.splitlines()) == ["end of 1", "end of 2"]
    told = sorted((re.sub(r"ttapi:\S+", "TICKET", line) for line in err.splitlines()), key=lambda line: line.split()[3])
    assert [line.split()[2:5] for line in told] == [
        ["accepted", "0001", "imagine"],
        ["done", "0001", "imagine"],
        ["accepted", "0001", "upscale1"],
        ["done", "0001", "upscale1"],
        ["failed", "0002", "imagine"],
        ["failed", "0002", "upscale1"],
    ]
    assert re.fullmatch(r" +[\d.]+ s  done      0001 imagine   turbo  TICKET +a cat on a roof", told[1])


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
