"""The soak as a command, for a few seconds: its lines, its verdict, and that nothing is left behind."""

import re
import subprocess
import sys

import pytest

from tests.kills.quick import environ
from tests.kills.telling import ROOT
from tests.soak.gauges import Sample, drift, slope

SECONDS = 15


@pytest.mark.long
@pytest.mark.timeout(300)
def test_a_short_soak_leaves_nothing_behind():
    command = [sys.executable, "-m", "tests.soak", "--seconds", str(SECONDS)]

    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environ(), check=False, timeout=280)

    assert (0, "") == (done.returncode, done.stderr), done.stdout
    last = done.stdout.splitlines()[-1]
    found = re.fullmatch(r"soak: (\d+) jobs, (\d+) faults, RSS slope -?[\d.]+ MiB/10k jobs, 0 violations", last)
    assert found, last
    assert int(found[1]) >= 50
    assert int(found[2]) >= 1


def samples(*pairs):
    return [Sample(jobs=jobs, rss=rss, fds=1, threads=1, tasks=1, timers=1) for jobs, rss in pairs]


def test_the_slope_is_taken_after_the_warm_up():
    growing = samples((0, 10.0), (2000, 50.0), (10_000, 60.0), (20_000, 62.0), (30_000, 64.0))

    assert 2.0 == pytest.approx(slope(growing))
    assert 4.0 == pytest.approx(drift(growing))
    assert 0.0 == slope(samples((0, 10.0), (100, 50.0)))
