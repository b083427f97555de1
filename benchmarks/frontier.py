"""How far from the limit looking is: our cadence, warm, and other policies on nine laws, without any progress."""

from functools import cache
from itertools import islice
from random import Random
from statistics import fmean

from attrs import frozen

from benchmarks.laws import LAWS, PRIORS, Law, law
from benchmarks.optimum import Point, frontier, times_limit
from benchmarks.plots import Axis, Plot, Series
from benchmarks.policies import POLICIES
from benchmarks.report import Goal, Report
from benchmarks.streams import drawn, expected, stream
from mjasync.core.looking import Cadence

#: The law that is shown in full.
SHOWN = "fast-ln"
#: Jobs until the cadence counts as warm, and between two measurements of it.
WARM, EVERY = 100, 20


@frozen
class Found:
    """What one policy costs: a point, and the ratio to the least lag for its looks, by law."""

    name: str
    whose: str
    points: dict[str, Point]
    ratios: dict[str, float]

    def row(self) -> tuple[str, ...]:
        """As the table shows it."""
        shown = self.points[SHOWN]
        ratios = (self.ratios[SHOWN], fmean(self.ratios.values()), max(self.ratios.values()))
        return (
            self.name,
            self.whose,
            f"{shown.looks:.1f}",
            f"{shown.lag:.2f} s",
            *(f"{ratio:.2f}" for ratio in ratios),
        )


def ours(law: Law, streams: int, jobs: int) -> tuple[Point, float]:
    """Mean cost and mean ratio of the cadence as it stands after 100, 120, … jobs; exact but for the laws learned."""
    points = []
    for seed in range(streams):
        dice = Random(f"frontier/{law.name}/{seed}")
        cadence = Cadence(prior=PRIORS[law.mode], horizon=law.timeout)
        for number, _ in enumerate(stream(cadence, islice(drawn(law, dice), jobs), dice), 1):
            if number >= WARM and not number % EVERY:
                points.append(expected(cadence, law, dice))
    cost = Point(fmean(point.looks for point in points), fmean(point.lag for point in points))
    return cost, fmean(times_limit(law, point) for point in points)


@cache
def _mine(*, quick: bool) -> Found:
    found = {one.name: ours(one, *((2, 200) if quick else (6, 300))) for one in LAWS}
    points, ratios = ({name: pair[side] for name, pair in found.items()} for side in (0, 1))
    return Found("**mjasync**", "", points, ratios)  # type: ignore[arg-type]


def _others(*, quick: bool) -> list[Found]:
    found = []
    for policy in POLICIES[quick:]:
        points = {one.name: policy.measure(one, jobs=300 if quick else 3000) for one in LAWS}
        ratios = {one.name: times_limit(one, points[one.name]) for one in LAWS}
        found.append(Found(policy.name, policy.whose, points, ratios))
    return found


def measure(*, quick: bool) -> Report:
    """All laws, all policies."""
    mine, others = _mine(quick=quick), _others(quick=quick)
    by_law = ", ".join(
        f"{name} {ratio:.2f} ({mine.points[name].looks:.1f} looks, {mine.points[name].lag:.2f} s)"
        for name, ratio in mine.ratios.items()
    )
    return Report(
        title=f"Looks and lag against the limit: nine laws, no progress; looks and lag are those of {SHOWN}",
        head=("looking", "whose", "looks per job", "lag", f"x limit, {SHOWN}", "mean of nine", "worst of nine"),
        rows=tuple(found.row() for found in (mine, *others)),
        goals=(
            Goal(name="frontier_mean", value=fmean(mine.ratios.values()), op="<=", goal=1.15),
            Goal(name="frontier_worst", value=max(mine.ratios.values()), op="<=", goal=1.25),
        ),
        notes=(
            "The limit is the least mean lag that any schedule with as many looks per job reaches on a law that it knows;",
            f"mjasync knew none of them and has seen {WARM} to {200 if quick else 300} jobs, its cap on lag included.",
            "",
            f"By law: {by_law}.",
        ),
        plots=(_plot(mine, others),),
    )


def _plot(mine: Found, others: list[Found]) -> Plot:
    shown = law(SHOWN)
    limit = tuple((point.looks, point.lag) for point in frontier(shown) if 1.9 <= point.looks <= 130)
    tail = tuple((looks, shown.product / looks) for looks in (80.0, 130.0) if looks > limit[-1][0])
    own = mine.points[SHOWN]
    fixed = [found for found in others if found.name.startswith(("every", "6 ")) and found.points[SHOWN].looks < 130]
    # The one that ends at 10 s lies beside a fixed interval; the table has it.
    growing = [found for found in others if found.name.startswith("1 s") and found.name != "1 s x1.5 to 10"]
    return Plot(
        name="frontier",
        title="Looks per job against lag (fast-ln, no progress)",
        alt=(
            f"Looks per job against mean lag: mjasync takes {own.looks:.1f} looks at {own.lag:.2f} s, close to the curve "
            "of the best possible schedules; fixed intervals lie a factor of 2.5 to 3 above it, growing ones far more."
        ),
        x=Axis(label="looks per job", logarithmic=True, span=(2.0, 130.0)),
        y=Axis(label="mean lag after the end (s)", logarithmic=True, span=(0.08, 30.0)),
        series=(
            Series("limit", limit + tail, joined=True),
            Series("mjasync", ((own.looks, own.lag),), labels=("mjasync",)),
            _series("fixed intervals", fixed),
            _series("growing intervals", growing),
        ),
    )


def _series(name: str, found: list[Found]) -> Series:
    points = tuple((one.points[SHOWN].looks, one.points[SHOWN].lag) for one in found)
    return Series(name, points, labels=tuple(one.name.partition(",")[0] for one in found))
