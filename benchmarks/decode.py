"""What reading an answer costs, against `json.loads` of the same body: running jobs, finished ones, ten at once.

Rounds alternate in one process; what counts is the median of the rounds' ratios.
"""

import gc
import json
import time
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

from attrs import frozen

from benchmarks import bodies
from benchmarks.report import Goal, Report
from mjasync.core.wire import HttpResponse
from mjasync.dialects import DIALECTS

#: What a running job may cost, and a finished one, as multiples of `json.loads`.
PEEK, WHOLE = 1.3, 3.0


@frozen
class _Case:
    """One body, how it is read, and what that may cost."""

    name: str
    body: bytes
    read: Callable[[HttpResponse], object]
    goal: float


def _cases() -> tuple[_Case, ...]:
    """Both dialects, each kind of look."""
    found: list[_Case] = []
    for name, dialect in DIALECTS.items():
        look = partial(_look, dialect.read_look)
        found.append(_Case(f"{name}_running", bodies.RUNNING[name], look, PEEK))
        found.append(_Case(f"{name}_done", bodies.DONE[name], look, WHOLE))
        if dialect.many is not None:
            many = partial(_many, dialect.many.read)
            found.append(_Case(f"{name}_ten_running", bodies.batch(bodies.RUNNING[name], 10), many, PEEK))
            found.append(_Case(f"{name}_ten_done", bodies.batch(bodies.DONE[name], 10), many, WHOLE))
    return tuple(found)


def _look(read: Callable[[HttpResponse, str], object], response: HttpResponse) -> object:
    return read(response, "imagine")


def _many(read: Callable[[HttpResponse, dict[str, str]], Any], response: HttpResponse) -> object:
    found = read(response, {})
    assert len(found) == 10
    return found


def _seconds(work: Callable[[], object], times: int) -> float:
    """CPU seconds of one call."""
    begun = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - begun) / times


def _measure(case: _Case, rounds: int) -> list[tuple[float, float]]:
    """Pairs of `json.loads` and ours, in seconds."""
    response = HttpResponse(status=200, body=case.body)
    plain, ours = partial(json.loads, case.body), partial(case.read, response)
    times = max(20, 500_000 // len(case.body))
    for work in (plain, ours):
        _seconds(work, times)
    return [(_seconds(plain, times), _seconds(ours, times)) for _ in range(rounds)]


def measure(*, quick: bool) -> Report:
    """Interleaved rounds for each body."""
    rows, goals = [], []
    gc.disable()  # its pauses hit whoever is at work
    try:
        for case in _cases():
            pairs = _measure(case, 15 if quick else 60)
            ratio = median(ours / plain for plain, ours in pairs)
            plain, ours = (median(pair[side] for pair in pairs) * 1e6 for side in (0, 1))
            rows.append(
                (case.name.replace("_", " "), str(len(case.body)), f"{plain:.1f}", f"{ours:.1f}", f"{ratio:.2f}")
            )
            goals.append(Goal(name=f"decode_{case.name}_ratio", value=ratio, op="<=", goal=case.goal, clocked=True))
    finally:
        gc.enable()
    return Report(
        title="Reading an answer: from bytes to a value of ours",
        head=("answer", "bytes", "µs of json.loads", "µs of ours", "ratio"),
        rows=tuple(rows),
        goals=tuple(goals),
        notes=("Absolute figures are this machine's; the ratio is what is compared.",),
    )
