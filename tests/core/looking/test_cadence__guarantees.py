"""What holds whatever the laws are: against constant, even, two-point and Pareto ends, changes of regime, jobs that
end at once, never, or right after a look; under bars that lie."""

import json
from math import inf
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mjasync.core.looking.cadence import EPS, LEAST_GAP
from tests.core.looking.cases import cadence, lived, steps_of, together, usual

SETTINGS = settings(derandomize=True, deadline=None, database=None, max_examples=15)
#: Of a sum of seconds that a float holds.
ULP = 1e-7
LONGEST = 700.0


def right_after(count):
    """It ends a millionth of a second after so many looks."""
    return lambda ages: ages[count - 1] + 1e-6 if len(ages) >= count else inf


LAWS = {
    "constant": lambda dice, n: 40.0,
    "at once": lambda dice, n: 0.0,
    "even": lambda dice, n: 300 * dice.random(),
    "two points": lambda dice, n: dice.choice((3.0, 200.0)),
    "Pareto": lambda dice, n: min(2.0 * dice.paretovariate(0.8), LONGEST),
    "regimes": lambda dice, n: (20.0 if n % 16 < 8 else 180.0) * (0.9 + 0.2 * dice.random()),
    "never": lambda dice, n: LONGEST,
    "right after a look": lambda dice, n: right_after(1 + dice.randrange(12)),
}


def jumping(seed):
    dice = Random(seed)
    return lambda age: dice.choice((None, 0, 1, 50, 99, 100))


BARS = {
    "none": lambda seed: lambda age: None,
    "jumps and falls back": jumping,
    "stuck": lambda seed: lambda age: seed % 100,
    "done at once": lambda seed: lambda age: 100,
    "true enough": lambda seed: steps_of(60.0),
}
STREAMS = st.fixed_dictionaries(
    {
        "law": st.sampled_from(sorted(LAWS)),
        "bar": st.sampled_from(sorted(BARS)),
        "seed": st.integers(0, 10**6),
        "every": st.sampled_from((0.0, 7.0, 1000.0)),
        "count": st.integers(1, 20),
    }
)
KNOWN = st.fixed_dictionaries(
    {
        "prior": st.sampled_from((5.0, 30.0, 50.0, 150.0, 600.0)),
        "horizon": st.sampled_from((60.0, 320.0, 660.0, 3600.0)),
        "eps": st.sampled_from((0.005, EPS, 0.05, 0.2)),
    }
)


def looked(known, stream, law=None):
    """What became of the stream's jobs."""
    dice = Random(stream["seed"])
    ends = [LAWS[law or stream["law"]](dice, n) for n in range(stream["count"])]
    bars = [BARS[stream["bar"]](stream["seed"] + n) for n in range(stream["count"])]
    return together(known, ends, every=stream["every"], bars=bars, dice=dice)


def assert_kept(seen):
    assert len(seen.ages) <= seen.most_looks  # G2
    assert LEAST_GAP <= min(seen.gaps) + ULP  # G3
    assert all(gap <= cap + ULP for gap, cap in zip(seen.gaps, seen.caps, strict=True))  # G1, whenever it ends
    assert seen.late <= seen.caps[-1] + ULP


@pytest.mark.parametrize("law", LAWS)
@settings(SETTINGS, max_examples=6)
@given(options=KNOWN, stream=STREAMS)
def test_ends_are_seen_in_time_with_few_looks_that_keep_their_distance(law, options, stream):
    for seen in looked(cadence(**options), stream, law):
        assert_kept(seen)


@pytest.mark.parametrize("bar", BARS)
@settings(SETTINGS, max_examples=6)
@given(options=KNOWN, stream=STREAMS)
def test_so_they_are_under_bars_that_lie(bar, options, stream):
    for seen in looked(cadence(**options), {**stream, "bar": bar}):
        assert_kept(seen)


@pytest.mark.parametrize("eps", [0.005, 0.02, 0.2])
@pytest.mark.parametrize("horizon", [60.0, 320.0, 3600.0])
def test_a_job_that_never_ends_is_looked_at_so_often_and_no_more(eps, horizon):
    known = cadence(horizon=horizon, eps=eps)
    for timeout in (horizon, 2 * horizon):
        seen = lived(known, inf, until=timeout)

        assert len(seen.ages) <= known.most_looks(timeout)


def test_without_a_cap_the_other_two_hold():
    known = cadence(cap=False)
    for end in (3.0, 300.0, 40.0, 500.0, 1.0):
        seen = lived(known, end)

        assert len(seen.ages) <= seen.most_looks
        assert LEAST_GAP <= min(seen.gaps) + ULP


@SETTINGS
@given(options=KNOWN, stream=STREAMS)
def test_progress_that_never_comes_changes_nothing(options, stream):
    dice = Random(stream["seed"])
    ends = [LAWS[stream["law"]](dice, n) for n in range(stream["count"])]
    told, untold = (
        together(cadence(**options), ends, every=stream["every"], bars=[bar] * len(ends), dice=Random(1))
        for bar in (lambda age: 0, lambda age: None)
    )

    assert [seen.ages for seen in untold] == [seen.ages for seen in told]


@SETTINGS
@given(options=KNOWN, stream=STREAMS)
def test_the_same_dice_give_the_same_ages(options, stream):
    first, again = (looked(cadence(**options), stream) for _ in range(2))

    assert [seen.ages for seen in first] == [seen.ages for seen in again]


@SETTINGS
@given(options=KNOWN, stream=STREAMS)
def test_two_processes_that_go_on_from_one_dump_give_the_same_ages(options, stream):
    known = cadence(**options)
    looked(known, {**stream, "count": 5})
    first, again = cadence(**options), cadence(**options)
    first.load(known.dump())
    again.load(json.loads(json.dumps(first.dump())))

    assert known.dump() == first.dump() == again.dump()
    assert [seen.ages for seen in looked(first, stream)] == [seen.ages for seen in looked(again, stream)]


@pytest.mark.parametrize("seed", range(5))
def test_a_process_that_goes_on_from_a_dump_gives_the_ages_of_the_one_before(seed):
    known, again = cadence(), cadence()
    for end in usual(20, seed=seed):
        lived(known, end, bar=steps_of(end))
    again.load(known.dump())
    first, second = (lived(each, 60.0, bar=steps_of(60.0), dice=Random(seed)) for each in (known, again))

    assert first.ages == pytest.approx(second.ages, rel=1e-3)
