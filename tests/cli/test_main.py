"""From words to an exit code."""

import json
import os
import signal
import subprocess
import sys

FAST = ["--sim", "--speed", "3000"]


def test_json_tells_errors_too(call):
    code, out, err = call("imagine", " ", "--sim", "--json")
    told = json.loads(out)
    assert code == 2
    assert (told["type"], told["kind"], told["what"]) == ("error", "UsageError", "The prompt is empty.")
    assert "The prompt is empty." in err


def test_the_simulator_needs_no_valid_key(call, monkeypatch):
    monkeypatch.setenv("MJASYNC_TTAPI_KEY", "not a key")
    assert call("imagine", "a cat", *FAST)[0] == 0


def test_ctrl_c_before_anything_was_asked_for(alone, environ):
    os.mkfifo(alone / "p.txt")
    words = [sys.executable, "-m", "mjasync", "batch", "p.txt", "--sim"]
    with subprocess.Popen(words, env=environ(), cwd=alone, stderr=subprocess.PIPE, text=True) as process:
        with (alone / "p.txt").open("w"):  # opens when the command reads, and keeps it reading
            process.send_signal(signal.SIGINT)
            assert process.wait(60) == 130
        told = process.stderr.read()
    # The signal may hit Python's own open(): in dev mode that leaves a ResourceWarning, and nothing of ours.
    assert told.splitlines()[-1] == "Interrupted."
    assert "Traceback" not in told
