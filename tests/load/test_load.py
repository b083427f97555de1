"""A service under load: a few requests here, hundreds where there is time; `python -m tests.load` has a thousand."""

import re
import subprocess
import sys

import pytest

from tests.kills.quick import environ
from tests.kills.telling import ROOT
from tests.load.run import Load


def test_a_service_under_load_answers_everybody_and_pays_nothing_twice(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("MJASYNC_LOCKS", str(tmp_path / "locks"))
    load = Load(tmp_path, requests=30, seconds=0.0, seed=1, face="aiohttp")

    assert [] == load.play()
    checked(30, load.summary([]), capsys.readouterr().out)


@pytest.mark.long
@pytest.mark.parametrize(("requests", "face"), [(100, "fastapi"), (300, "aiohttp")])
def test_as_a_command(requests, face):
    command = [sys.executable, "-m", "tests.load", "--requests", str(requests), "--face", face]

    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environ(), check=False, timeout=280)

    assert (0, "") == (done.returncode, done.stderr), done.stdout + done.stderr
    checked(requests, done.stdout.splitlines()[-1], done.stdout)


def checked(requests, last, told):
    found = re.fullmatch(r"load: (\d+) requests, (\d+) disconnected, (\d+) charged, 0 violations", last)
    assert found, last
    asked, gone, charged = map(int, found.groups())
    assert requests == asked
    assert 0 < gone <= 0.1 * requests
    assert 0.8 * requests <= charged <= requests
    assert int(re.search(r"at most (\d+) at once", told)[1]) > 0.8 * requests
    assert int(re.search(r"heard (\d+)", told)[1]) > requests / 2
