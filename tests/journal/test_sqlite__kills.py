"""`kill -9` of a process that writes."""

import re
import subprocess
import sys

import pytest

from tests.journal import kills


@pytest.mark.fault("D04")
@pytest.mark.fault("D11")
def test_nothing_that_was_told_durable_is_lost():
    # In a process of its own: pytest's has threads, and forks of such processes are warned about.
    command = [sys.executable, "-W", "error", "-m", kills.__name__, "15", "7"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)

    assert "" == ended.stderr
    told = re.fullmatch(r"15 kills, (\d+) calls told durable, 0 violations\n", ended.stdout)
    assert told, ended.stdout
    assert int(told[1]) > 15
