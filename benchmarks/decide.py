"""What deciding costs, beside the decoding of the answer that it follows.

Rounds alternate in one process; what counts is the median of the rounds' ratios to one `json.loads` of an answer.
"""

import json
import time
from collections.abc import Callable, Iterator
from itertools import islice
from random import Random
from statistics import median

from attrs import frozen

from benchmarks.journal import finished_grid
from benchmarks.laws import law
from benchmarks.report import Goal, Report
from benchmarks.streams import drawn, stream
from mjasync.core.looking import Cadence, Track

#: What TTAPI answers for a finished grid.
ANSWER = json.dumps(finished_grid(1))
_clock = time.perf_counter_ns


@frozen
class Round:
    """Nanoseconds of one call, each the median of the round."""

    decode: float
    decision: float
    alive: float
    ended: float
    plan: float


def _timed(call: Callable[[], object]) -> int:
    begun = _clock()
    call()
    return _clock() - begun


def _jobs(cadence: Cadence, seconds: Iterator[float], jobs: int) -> Round:
    """Warm jobs one after another; a decision that replans takes many times as long, and is counted apart."""
    taken: dict[str, list[int]] = {"next": [], "alive": [], "ended": []}
    for _ in range(jobs):
        track, age, over = Track(), 0.0, next(seconds)
        while True:
            begun = _clock()
            then = cadence.next(track, age)
            taken["next"].append(_clock() - begun)
            age = then
            if age >= over:
                break
            taken["alive"].append(_timed(lambda age=age, track=track: cadence.alive(track, age, None)))  # type: ignore[misc]
        taken["ended"].append(_timed(lambda age=age, track=track: cadence.ended(track, age)))  # type: ignore[misc]
    usual = {name: median(times) for name, times in taken.items()}
    plans = [one for name, times in taken.items() for one in times if one > 10 * usual["ended"]]
    decode = median(_timed(lambda: json.loads(ANSWER)) for _ in range(200))
    return Round(decode, usual["next"], usual["alive"], usual["ended"], median(plans) if plans else 0.0)


def measure(*, quick: bool) -> Report:
    """Interleaved rounds on one warm cadence."""
    dice, one = Random("decide"), law("fast-ln")
    cadence = Cadence(prior=50.0, horizon=one.timeout)
    for _ in stream(cadence, islice(drawn(one, dice), 120), dice):
        pass
    seconds = (job.seconds for job in drawn(one, dice))
    rounds = [_jobs(cadence, seconds, 40) for _ in range(8 if quick else 30)]
    kinds = (
        ("json.loads of an answer", "decode", None),
        ("a decision", "decision", 1.75),
        ("a look that finds it running", "alive", 1.75),
        ("a look that finds it over", "ended", 7.0),
        ("a plan, once in 4 % more evidence", "plan", 175.0),
    )
    rows, goals = [], []
    for label, name, most in kinds:
        ratio = median(getattr(one, name) / one.decode for one in rounds)
        rows.append((label, f"{median(getattr(one, name) for one in rounds) / 1e3:.1f}", f"{ratio:.2f}"))
        if most is not None:
            goals.append(Goal(name=f"decide_{name}", value=ratio, op="<=", goal=most, clocked=True))
    return Report(
        title=f"What deciding costs, beside {len(ANSWER)} bytes of JSON",
        head=("", "µs", "ratio"),
        rows=tuple(rows),
        goals=tuple(goals),
        notes=("Absolute figures are this machine's; the ratio is what is compared.",),
    )
