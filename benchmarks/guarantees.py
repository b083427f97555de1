"""Whether what looking promises holds against jobs that want to break it.

G1  an end is seen at most `cap` seconds late, the cap being that of the moment of the decision
G2  a job is looked at no more than `most_looks(timeout)` times
G3  two looks at a job are never closer than 0.3 s
G4  progress that says nothing costs nothing: the decisions are those of silence
G5  the same dice and the same answers make the same decisions
"""

from collections.abc import Callable
from itertools import count
from math import inf
from random import Random

from attrs import field, frozen, mutable

from benchmarks.report import Goal, Report
from mjasync.core.looking import Cadence, Track

#: Seconds between two looks, at the least.
LEAST_GAP = 0.3
TIMEOUT = 320.0
#: Believed beforehand, whatever comes.
PRIOR = 55.0
SLACK = 1e-6


@frozen
class Hostile:
    """A provider that means harm: how long its job number n lasts, or after which look it ends at once."""

    name: str
    seconds: Callable[[int, Random], float]
    after_look: Callable[[int, Random], int] = lambda _number, _dice: 1 << 30


@frozen
class Liar:
    """What a job reports at an age."""

    name: str
    says: Callable[[float, Random], int | None]


HOSTILE = (
    Hostile("constant", lambda _n, _d: 55.0),
    Hostile("uniform", lambda _n, dice: dice.uniform(0.0, 300.0)),
    Hostile("two points", lambda _n, dice: dice.choice((5.0, 200.0))),
    Hostile("Pareto 0.8", lambda _n, dice: 5.0 * dice.paretovariate(0.8)),
    Hostile("turns about", lambda number, dice: dice.gauss(40.0 if number // 40 % 2 else 160.0, 3.0)),
    Hostile("at once", lambda _n, _d: 0.0),
    Hostile("never", lambda _n, _d: inf),
    Hostile("just after a look", lambda _n, _d: inf, lambda _n, dice: dice.randrange(1, 12)),
)
LIARS = (
    Liar("silent", lambda _age, _d: None),
    Liar("at random", lambda _age, dice: dice.randrange(101)),
    Liar("backwards", lambda age, _d: max(100 - int(age), 0)),
    Liar("stuck at 99", lambda _age, _d: 99),
)
EPS = (0.005, 0.02, 0.2)


@mutable
class Broken:
    """How often each promise was broken, and how close to it the worst came."""

    times: dict[str, int] = field(factory=lambda: dict.fromkeys(("G1", "G2", "G3", "G4", "G5"), 0))
    #: The largest share of what is allowed.
    late: float = 0.0
    looks: float = 0.0

    def count(self, promise: str, *, broken: bool) -> None:
        """Take note."""
        self.times[promise] += broken


def story(hostile: Hostile, liar: Liar, eps: float, jobs: int, broken: Broken) -> list[float]:
    """Run jobs one after another; returns every decision."""
    dice, decisions = Random(f"{hostile.name}/{liar.name}/{eps}"), []
    cadence = Cadence(prior=PRIOR, horizon=TIMEOUT, eps=eps)
    for number in range(jobs):
        seconds = min(max(hostile.seconds(number, dice), 0.0), TIMEOUT)
        decisions += _life(cadence, seconds, hostile.after_look(number, dice), liar, dice=dice, broken=broken)
    return decisions


def _life(cadence: Cadence, seconds: float, after: int, liar: Liar, *, dice: Random, broken: Broken) -> list[float]:
    """One job, from its acceptance to the look that sees its end."""
    track, age, decisions = Track(), 0.0, []
    for looks in count(1):
        allowed = cadence.most_looks(TIMEOUT)
        then = cadence.next(track, age, dice=dice.random())
        cap = cadence.cap
        decisions.append(then)
        broken.count("G1", broken=then - age > cap + SLACK)
        broken.count("G3", broken=then - age < LEAST_GAP - SLACK)
        if then >= seconds:
            broken.late = max(broken.late, (then - max(seconds, age)) / cap)
            broken.looks = max(broken.looks, looks / allowed)
            broken.count("G2", broken=looks > allowed)
            cadence.ended(track, then, ok=dice.random() < 0.9)
            break
        age = then
        cadence.alive(track, age, liar.says(age, dice))
        if looks == after:
            seconds = age + 1e-3
    return decisions


def measure(*, quick: bool) -> Report:
    """Every provider, every liar, three demands."""
    jobs = 5 if quick else 105
    rows, times, total = [], dict.fromkeys(("G1", "G2", "G3", "G4", "G5"), 0), 0
    for hostile in HOSTILE:
        broken = Broken()
        for eps in EPS:
            told = [story(hostile, liar, eps, jobs, broken) for liar in LIARS]
            again = story(hostile, LIARS[1], eps, jobs, Broken())
            broken.count("G5", broken=again != told[1])
            silent = story(hostile, Liar("silent", lambda _age, _d: 0), eps, jobs, Broken())
            broken.count("G4", broken=silent != told[0])
        total += jobs * len(EPS) * len(LIARS)
        times = {promise: times[promise] + broken.times[promise] for promise in times}
        rows.append((hostile.name, f"{broken.late:.2f}", f"{broken.looks:.2f}", f"{sum(broken.times.values())}"))
    return Report(
        title=f"Guarantees: {total} jobs that mean harm",
        head=("the jobs' law", "worst lag / cap", "worst looks / most", "broken"),
        rows=tuple(rows),
        goals=tuple(Goal(name=f"broken_{name}", value=number, op="<=", goal=0) for name, number in times.items()),
        notes=(
            f"Each law with eps of {', '.join(map(str, EPS))} and progress that is {', '.join(one.name for one in LIARS)};",
            f"{jobs} jobs of each. G1 lag, G2 looks, G3 gaps, G4 idle progress, G5 reproducible.",
        ),
    )
