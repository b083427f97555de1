"""`python -m tests.journal.strace_faults [EVERY]`: the system itself refuses, at every call for the journal's files.

As `disk_faults`, with strace in the place of a VFS: what the kernel would answer, to SQLite as it is. A process for
each fault, so that it takes minutes; EVERY 10 tries each tenth.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from mjasync.testing import run
from tests.journal.cases import Clock, lived, open_at
from tests.journal.disk_faults import calls, check

CALLS = "pwrite64,fdatasync,fsync,ftruncate"
ERRORS = {"pwrite64": ("ENOSPC", "EIO"), "fdatasync": ("EIO",), "fsync": ("EIO",), "ftruncate": ("EIO",)}


def available():
    """Whether there is a strace that may trace."""
    try:
        return subprocess.run(["strace", "-o", "/dev/null", "true"], check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def child(path, moved):
    """What the traced process does: take the calls, and tell what was told to be durable."""
    clock = Clock()
    clock.move(float(moved))
    journal, _ = open_at(Path(path), clock)
    print(json.dumps(run(calls(journal, clock))))


def traced(path, clock, *inject):
    """Run it under strace; its words, and the calls that were made for the journal's files."""
    log = path.with_name("calls")
    paths = [part for name in (path, path.with_name("j.db-journal")) for part in ("-P", str(name))]
    child_command = [
        sys.executable,
        "-m",
        "tests.journal.strace_faults",
        "child",
        str(path),
        str(clock.now - Clock().now),
    ]
    command = ["strace", "-f", "-qq", "-o", str(log), *paths, "-e", f"trace={CALLS}", *inject, *child_command]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    made = [line.split(maxsplit=1)[1].partition("(")[0] for line in log.read_text().splitlines() if "(" in line]
    return ended, made


def fault(folder, whole, clock, inject):
    """One fault; what went wrong, or nothing."""
    path = folder / "copy" / "j.db"
    shutil.copytree(whole.parent, path.parent)
    try:
        ended, made = traced(path, clock, "-e", f"inject={inject}")
        if not any(made):
            return "nothing was traced"
        # Where it failed while it opened nothing was told.
        told = Counter(json.loads(ended.stdout)) if ended.stdout else Counter()
        if not ended.stdout and "JournalError" not in ended.stderr:
            return ended.stderr[-300:]
        check(path, clock, told)
    except Exception as exc:  # noqa: BLE001  # it is what is counted
        return f"{type(exc).__name__}: {exc}"
    finally:
        shutil.rmtree(path.parent)
    return ""


def scenario(folder, every=1):
    """(faults, what went wrong)."""
    whole = folder / "whole" / "j.db"
    clock = lived(whole)
    counting = folder / "count" / "j.db"
    shutil.copytree(whole.parent, counting.parent)
    _, made = traced(counting, clock)
    faults = [
        f"{name}:error={error}:when={number}{lasting}"
        for name, count in sorted(Counter(made).items())
        for number in range(1, count + 1)
        for error in ERRORS[name]
        for lasting in ("", "+")
    ]
    wrong = [f"{inject}: {what}" for inject in faults[::every] if (what := fault(folder, whole, clock, inject))]
    return len(faults[::every]), wrong


def main(every="1"):
    with tempfile.TemporaryDirectory() as folder:
        faults, wrong = scenario(Path(folder), int(every))
    for what in wrong:
        print(what)
    print(f"{faults} faults, {len(wrong)} violations")
    return 1 if wrong or not faults else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["child"]:
        child(*sys.argv[2:])
    else:
        sys.exit(main(*sys.argv[1:]))
