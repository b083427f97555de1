"""How fast the cadence learns: its lag against the least for its looks, after so many jobs of a law it did not know.

The cap on lag is off on clean laws, because it hides what is learned; on dirty ones it is on, as nobody can learn from
fifty jobs what happens to one in fifty, and it is on where the provider changes.
"""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from random import Random
from statistics import fmean

from benchmarks.laws import LAWS, PRIORS, Law, law, scaled
from benchmarks.optimum import times_limit
from benchmarks.report import Goal, Report
from benchmarks.streams import drawn, expected, stream
from mjasync.core.looking import Cadence

#: After how many jobs the table shows the ratio.
AFTER = (0, 3, 8, 12, 20, 30, 50, 80, 120, 200)
QUICK_AFTER = AFTER[:7]
#: Jobs of the old law before the provider changes.
BEFORE = 150
FACTORS = (0.6, 1.6)
STABLE = 5000


def learned(law: Law, streams: Iterable[int], after: tuple[int, ...], guess: float) -> list[float]:
    """Mean ratio after each number of jobs; the cadence believes `guess` times what is usual for the mode."""
    ratios: dict[int, list[float]] = {number: [] for number in after}
    for seed in streams:
        dice = Random(f"learning/{law.name}/{seed}")
        cadence = Cadence(prior=PRIORS[law.mode] * guess, horizon=law.timeout, cap=law.name.endswith("-mix"))
        ratios[0].append(times_limit(law, expected(cadence, law)))
        jobs = islice(drawn(law, dice), after[-1] + 20)
        for number, _ in zip(range(1, after[-1] + 1), stream(cadence, jobs, dice), strict=False):
            if number in ratios:
                ratios[number].append(times_limit(law, expected(cadence, law)))
    return [fmean(found) for found in ratios.values()]


def changed(old: Law, factor: float, streams: Iterable[int], after: tuple[int, ...]) -> list[float]:
    """The same for a provider that takes `factor` times as long from one job on: jobs counted from there."""
    new = scaled(old, factor)
    ratios: dict[int, list[float]] = {number: [] for number in after}
    for seed in streams:
        dice = Random(f"change/{old.name}/{factor}/{seed}")
        cadence = Cadence(prior=PRIORS[old.mode], horizon=old.timeout)
        jobs = chain(islice(drawn(old, dice), BEFORE), islice(drawn(new, dice), after[-1] + 20))
        for count, _ in _of_new(stream(cadence, jobs, dice), after[-1]):
            if count in ratios:
                ratios[count].append(times_limit(new, expected(cadence, new)))
    return [fmean(found) for found in ratios.values()]


def _of_new(seen: Iterator[object], last: int) -> Iterator[tuple[int, object]]:
    """Number the jobs from the change on: 0 is the last one before it."""
    return islice(((number - BEFORE, one) for number, one in enumerate(seen, 1)), BEFORE - 1, BEFORE + last)


def false_alarms(law: Law, jobs: int) -> int:
    """How often the cadence believes in a change that never was."""
    dice = Random(f"stable/{law.name}")
    cadence = Cadence(prior=PRIORS[law.mode], horizon=law.timeout)
    for _ in stream(cadence, islice(drawn(law, dice), jobs), dice):
        pass
    return cadence.alarms


def measure(*, quick: bool) -> Report:
    """All laws, three guesses, two changes, and a long calm."""
    streams, after = range(3 if quick else 8), QUICK_AFTER if quick else AFTER
    by_law = {one.name: learned(one, streams, after, 1.0) for one in LAWS}
    guesses = {f"{factor:g}": learned(law("fast-ln"), streams, after, factor) for factor in (2.0, 0.5)}
    changes = {f"{factor:g}": changed(law("fast-ln"), factor, streams, QUICK_AFTER) for factor in FACTORS}
    alarms = false_alarms(law("fast-ln"), STABLE // 5 if quick else STABLE)
    rows = [(name, *_cells(ratios, after)) for name, ratios in by_law.items()]
    rows += [(f"fast-ln, guess x{factor}", *_cells(ratios, after)) for factor, ratios in guesses.items()]
    rows += [(f"fast-ln, then x{factor}", *_cells(ratios, after)) for factor, ratios in changes.items()]
    clean = [ratios for name, ratios in by_law.items() if not name.endswith("-mix")]
    mixes = [ratios for name, ratios in by_law.items() if name.endswith("-mix")]
    at = {number: place for place, number in enumerate(after)}
    return Report(
        title="Learning: lag over the least for as many looks, after so many jobs",
        head=("law", *map(str, after)),
        rows=tuple(rows),
        goals=(
            Goal(name="learning_clean_12", value=max(one[at[12]] for one in clean), op="<=", goal=1.15),
            Goal(name="learning_clean_50", value=max(one[at[50]] for one in clean), op="<=", goal=1.10),
            Goal(name="learning_mixes_50", value=max(one[at[50]] for one in mixes), op="<=", goal=1.30),
            Goal(
                name="learning_after_change_20", value=max(one[at[20]] for one in changes.values()), op="<=", goal=1.35
            ),
            Goal(name="false_alarms", value=alarms, op="<=", goal=0),
        ),
        notes=(
            f"Means of {len(streams)} streams, exact for what was learned; the cap on lag is off but for the dirty laws. In",
            f"the last two rows the provider changes after {BEFORE} jobs, jobs count from there, and the cap is on.",
            f"{STABLE // 5 if quick else STABLE} jobs without a change raised {alarms} alarms.",
        ),
    )


def _cells(ratios: list[float], after: tuple[int, ...]) -> list[str]:
    return [f"{ratio:.2f}" for ratio in ratios] + [""] * (len(after) - len(ratios))
