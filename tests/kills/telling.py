"""A story played to its end, in real processes on a real disk, and what the judge says of it."""

import contextlib
import http.client
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from attrs import define, field

from tests.kills import oracle
from tests.kills.plan import LATER, Life, Story
from tests.kills.quick import environ

ROOT = Path(__file__).parents[2]
#: Real seconds until a provider listens, or has nothing left to do.
_PATIENCE = 60.0


@define
class Verdict:
    """What became of a story."""

    story: Story
    #: The lives that were killed, as they were meant to be.
    kills: list[str] = field(factory=list)
    missed: list[str] = field(factory=list)
    findings: list[oracle.Finding] = field(factory=list)
    accepted: int = 0
    seconds: float = 0.0
    folder: str = ""


class Nest:
    """The process that forks all others."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.kills.nest"],
            cwd=ROOT,
            env=environ(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def ask(self, **order: Any) -> dict[str, Any]:
        """One order; waits for its answer."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        """It ends with its orders."""
        self._process.communicate(timeout=30)


def play(story: Story, nest: Nest) -> Verdict:
    """All lives, then the verdict. The folder stays where something is wrong."""
    begun = time.monotonic()
    verdict = Verdict(story)
    folder = Path(tempfile.mkdtemp(prefix=f"kills-{story.number}-"))
    verdict.folder = str(folder)
    nest.ask(do="serve", folder=str(folder), seed=story.number)
    try:
        _lives(story, nest, folder, verdict)
        ledger = ledger_of(told_by(folder)["url"])
        verdict.accepted = ledger["accepted"]
        verdict.findings += oracle.judge(folder, ledger, cap=story.cap)
    finally:
        nest.ask(do="end", folder=str(folder))
    verdict.seconds = time.monotonic() - begun
    if not verdict.findings:
        _remove(folder)
    return verdict


def _lives(story: Story, nest: Nest, folder: Path, verdict: Verdict) -> None:
    started, later = time.time(), 0.0
    peace = Life(later=LATER if story.late else 0.0)
    for number, life in enumerate((*story.lives, peace)):
        if life.later:
            _idle(told_by(folder)["url"])
            later += life.later
        order = _order(story, life, number, folder) | {"started": started, "later": later}
        ended = nest.ask(do="live", **order)
        _note(verdict, number, life, ended, last=life is peace)


def _order(story: Story, life: Life, number: int, folder: Path) -> dict[str, Any]:
    return {
        **told_by(folder),
        "folder": str(folder),
        "number": number,
        "work": story.work,
        "cap": story.cap,
        "hooks": story.hooks,
        "point": life.point,
        "after": life.after,
        "close_at": life.close_at,
        "drain": life.drain,
        "interrupts": life.interrupts,
        "sabotage": story.sabotage,
        "last": number == len(story.lives),
    }


def _note(verdict: Verdict, number: int, life: Life, ended: dict[str, Any], *, last: bool) -> None:
    name = f"life {number + 1}: {life}"
    if ended["hung"]:
        verdict.findings.append(oracle.Finding("C", f"{name} hung for {ended['seconds']:.0f} s"))
    elif ended["code"] == (130 if life.interrupts else -9) and not last:
        verdict.kills.append(name)
        if life.interrupts == 1:
            verdict.findings += oracle.closed(Path(verdict.folder))
    elif ended["code"] != 0:
        log = (Path(verdict.folder) / f"life-{number}.log").read_text()[-1500:]
        verdict.findings.append(oracle.Finding("C", f"{name} ended with {ended['code']}: {log}"))
    elif not last:
        verdict.missed.append(name)


def told_by(folder: Path) -> dict[str, Any]:
    """Where the providers of a folder listen, once they do."""
    until = time.monotonic() + _PATIENCE
    path = folder / "provider.json"
    while not path.exists() and time.monotonic() < until:
        time.sleep(0.005)
    told: dict[str, Any] = json.loads(path.read_text())
    return told


@contextlib.contextmanager
def providers(command: Sequence[str], folder: Path) -> Iterator[dict[str, Any]]:
    """Both of them in a process of their own, and where they listen."""
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        yield told_by(folder)
    finally:
        process.kill()
        process.wait()


def ledger_of(url: str) -> dict[str, Any]:
    """The providers' books."""
    where = urlsplit(url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=60)
    try:
        connection.request("GET", "/ledger")
        books: dict[str, Any] = json.loads(connection.getresponse().read())
    finally:
        connection.close()
    return books


def _idle(url: str) -> None:
    """Wait until the providers have nothing left to do."""
    until = time.monotonic() + _PATIENCE
    while any(ledger_of(url)["running"].values()) and time.monotonic() < until:
        time.sleep(0.05)


def _remove(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()
