"""What reported progress is worth: looks times lag against what is possible without it.

Jobs wait in a queue and then run. Rule 1: nothing that a provider reports may cost more than silence does.
"""

from collections.abc import Callable, Iterator
from random import Random

from attrs import frozen

from benchmarks.laws import PRIORS, STAGED, Law, Staged
from benchmarks.optimum import Point
from benchmarks.report import Goal, Report
from benchmarks.streams import Job, Progress, mean, stream
from mjasync.core.looking import Cadence
from mjasync.sim import laws

#: Jobs that only teach, and jobs in a stream.
WARM, JOBS = 80, 240
#: Looks times lag with steps, in shares of I²/2.
GOALS = {"turbo": 0.45, "fast": 0.45, "relax": 0.20}


@frozen
class Reporting:
    """A way to report: what stands there while the job waits, and what after a share of its run."""

    name: str
    waiting: int | None
    running: Callable[[float], int | None]

    def of(self, queue: float, run: float) -> Progress:
        """What a job with this queue and run says at an age."""
        return lambda age: self.waiting if age < queue else self.running(min((age - queue) / run, 1.0))


REPORTING = (
    Reporting("step: 15, 31, … 93", 0, laws.progress),
    Reporting("coarse: 50", 0, lambda _share: 50),
    Reporting("start: 1", 0, lambda _share: 1),
    Reporting("stuck: 0", 0, lambda _share: 0),
    Reporting("nothing", None, lambda _share: None),
)


def staged_jobs(staged: Staged, reporting: Reporting, jobs: int, dice: Random) -> Iterator[Job]:
    """Jobs with a queue and a run."""
    for _ in range(jobs):
        queue, run = staged.draw(dice)
        yield Job(queue + run, queue + run < staged.horizon - 1e-6, reporting.of(queue, run))


def ours(staged: Staged, reporting: Reporting, streams: int, *, eps: float = 0.02) -> Point:
    """What the warm cadence costs, on average."""
    seen = []
    for seed in range(streams):
        dice, throws = Random(f"progress/{staged.mode}/{seed}"), Random(f"jitter/{staged.mode}/{seed}")
        cadence = Cadence(prior=PRIORS[staged.mode], horizon=staged.horizon, eps=eps)
        jobs = staged_jobs(staged, reporting, JOBS, dice)
        seen += [one for one in stream(cadence, jobs, throws) if one.number >= WARM]
    return mean(seen)


def grid(staged: Staged) -> Law:
    """The law of queue and run together, finely enough for its integrals."""
    return staged.law(0.4 if staged.mode == "relax" else 0.2)


def measure(*, quick: bool) -> Report:
    """All modes, all ways to report."""
    rows, goals = [], []
    for staged in STAGED:
        law = grid(staged)
        found = {
            reporting.name.partition(":")[0]: (reporting, ours(staged, reporting, 2 if quick else 5))
            for reporting in (REPORTING[:1] + REPORTING[3:] if quick else REPORTING)
        }
        shares = {name: point.looks * point.lag / law.product for name, (_, point) in found.items()}
        for name, (reporting, point) in found.items():
            row = (staged.mode, reporting.name, f"{point.looks:.1f}", f"{point.lag:.2f} s", f"{shares[name]:.2f}")
            rows.append(row)
        goals.append(Goal(name=f"progress_step_{staged.mode}", value=shares["step"], op="<=", goal=GOALS[staged.mode]))
        stuck = shares["stuck"] / shares["nothing"]
        goals.append(Goal(name=f"progress_stuck_{staged.mode}", value=stuck, op="<=", goal=1.02))
    return Report(
        title="Progress: looks and lag of a job with a queue and a run",
        head=("mode", "reports", "looks per job", "lag", "looks x lag / (I²/2)"),
        rows=tuple(rows),
        goals=tuple(goals),
        notes=("I²/2 is the least product of looks and lag for who knows the law of durations and sees no progress.",),
    )
