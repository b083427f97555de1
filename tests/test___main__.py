"""`python -m mjasync` is the command."""

import os
import subprocess
import sys
from pathlib import Path

import mjasync


def test_as_a_module():
    environ = {**os.environ, "PYTHONPATH": str(Path(mjasync.__file__).parents[1])}
    words = [sys.executable, "-m", "mjasync", "--version"]
    done = subprocess.run(words, env=environ, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, f"mjasync {mjasync.__version__}\n")
