"""Who is looked at when looks are rationed: one at a time, to whichever job is chosen, at a fixed rate."""

from collections.abc import Callable
from itertools import islice
from random import Random
from statistics import fmean

from attrs import define, frozen

from benchmarks.laws import PRIORS, law
from benchmarks.report import Goal, Report
from benchmarks.streams import SLOTS, Job, drawn
from mjasync.core.looking import Cadence, Track


@define(eq=False)
class Waiting:
    """A job that runs, and when it began and was last looked at."""

    job: Job
    begun: float
    looked: float
    track: Track


Choice = Callable[[Cadence, list[Waiting], float, Random], Waiting]


@frozen
class Order:
    """Whom to look at next."""

    name: str
    choose: Choice


def _likeliest(cadence: Cadence, waiting: list[Waiting], now: float, _dice: Random) -> Waiting:
    return max(waiting, key=lambda one: cadence.odds(one.track, now - one.begun))


ORDERS = (
    Order("mjasync: most likely over", _likeliest),
    Order("round robin", lambda _c, waiting, _n, _d: min(waiting, key=lambda one: one.looked)),
    Order("at random", lambda _c, waiting, _n, dice: dice.choice(waiting)),
    Order("oldest first", lambda _c, waiting, _n, _d: min(waiting, key=lambda one: one.begun)),
)
#: Law, and looks per second for ten jobs.
CASES = (("fast-ln", 1.0), ("fast-mix", 1.0), ("relax-ln", 0.5))
#: Jobs that only teach.
WARM = 40


def lag(name: str, rate: float, order: Order, jobs: int, seed: int) -> float:
    """Mean seconds from an end to its being seen."""
    law_, dice, now = law(name), Random(f"budget/{name}/{seed}"), 0.0
    cadence = Cadence(prior=PRIORS[law_.mode], horizon=law_.timeout)
    queue = islice(drawn(law_, dice), jobs)
    throws = Random(f"choice/{seed}")
    waiting = [Waiting(job, 0.0, 0.0, Track()) for job in islice(queue, SLOTS)]
    lags = []
    while waiting:
        now += 1 / rate
        one = order.choose(cadence, waiting, now, throws)
        age = now - one.begun
        if age < one.job.seconds:
            cadence.alive(one.track, age, None)
            one.looked = now
            continue
        cadence.ended(one.track, age, ok=one.job.ok)
        lags.append(age - one.job.seconds)
        waiting.remove(one)
        waiting += [Waiting(job, now, now, Track()) for job in islice(queue, 1)]
    return fmean(lags[WARM:])


def measure(*, quick: bool) -> Report:
    """Three laws, four orders."""
    rows, ratios = [], {}
    for name, rate in CASES:
        found = [fmean(lag(name, rate, order, 240, seed) for seed in range(1 if quick else 5)) for order in ORDERS]
        ratios[name] = found[0] / found[1]
        rows += [
            (name, f"{rate:g}", order.name, f"{mean:.2f} s", f"{mean / found[1]:.2f}")
            for order, mean in zip(ORDERS, found, strict=True)
        ]
    return Report(
        title=f"Rationed looks: {SLOTS} jobs at once",
        head=("law", "looks per second", "order", "mean lag", "of round robin"),
        rows=tuple(rows),
        goals=(
            Goal(name="budget_fast_ln", value=ratios["fast-ln"], op="<=", goal=0.55),
            Goal(name="budget_worst", value=max(ratios.values()), op="<=", goal=0.9),
        ),
    )
