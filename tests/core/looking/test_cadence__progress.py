"""Progress restarts the clock, one law for each step; a bar that lies is believed no further than it earned."""

from random import Random
from statistics import mean

import pytest

from mjasync.core.looking.cadence import MEMORY, TRUSTED, Track
from tests.core.looking.cases import cadence, lived, steps_of, taught, usual


def looked(known, ends, bar):
    """Mean number of looks and mean delay."""
    seen = [lived(known, end, bar=bar(end)) for end in ends]
    return mean(len(each.ages) for each in seen), mean(each.late for each in seen)


def queued(count, seed):
    """A queue, and a run behind it; what is shown is the run alone."""
    dice = Random(seed)
    pairs = [(6 * dice.lognormvariate(0, 0.9), 46 * dice.lognormvariate(0, 0.15)) for _ in range(count)]
    return [queue + run for queue, run in pairs], {queue + run: queue / (queue + run) for queue, run in pairs}


def test_progress_is_worth_half_of_looks_times_delay():
    ends, shares = queued(160, 5)
    told, untold = cadence(), cadence()
    looked(told, ends[:80], lambda end: steps_of(end, queue=shares[end]))
    looked(untold, ends[:80], lambda end: lambda age: None)

    many, late = looked(told, ends[80:], lambda end: steps_of(end, queue=shares[end]))
    more, later = looked(untold, ends[80:], lambda end: lambda age: None)
    assert many * late < 0.5 * more * later


def test_progress_never_goes_back():
    known, track = cadence(), Track()
    for age, progress in ((10.0, 31), (12.0, None), (14.0, 7), (16.0, 46)):
        known.alive(track, age, progress)

    assert 46 == track.progress
    assert {0: 0.0, 3: 5.0, 4: 15.0} == track.first
    assert {3: 14.0, 4: 16.0} == track.last


def test_steps_have_laws_of_their_own():
    known = cadence()
    for end in usual(30):
        lived(known, end, bar=steps_of(end))
    track = Track()
    known.alive(track, 49.0, 78)
    known.alive(track, 50.0, 93)

    assert known.left(track, 50.0) < 8.0
    assert known.left(Track(), 0.0) == pytest.approx(55.0, rel=0.1)
    assert 0 < known.odds(track, 51.0) < known.odds(track, 60.0)


def test_what_a_step_left_at_least_is_waited_for():
    known = cadence()
    track = Track()
    for n in range(40):
        assert (0.0 < known._floor(0)) is (n >= TRUSTED)
        lived(known, 60.0 + n % 3, bar=lambda age: 50 if age > 30 else 0)
    known.alive(track, 20.0, 0)

    assert 0.8 * 20 < known._floor(0) < 45.0
    assert 20.0 + min(known._floor(0), known.cap) <= known.next(track, 20.0)
    assert 0.0 == known._floor(6)


def test_floors_are_remembered_so_far_and_no_further():
    known = taught(cadence(), usual(MEMORY + 20))

    assert MEMORY == len(known._floors[0]) == len(known.dump()["floors"]["0"])


def test_floors_do_not_move_the_first_look():
    known = cadence()
    looked(known, usual(10), lambda end: lambda age: None)
    known.load({**known.dump(), "floors": {}})
    before = known.next(Track(), 0.0)
    known.load({**known.dump(), "floors": {"0": [60.0] * 20}})

    assert before == known.next(Track(), 0.0)
    assert before < known.next(Track(looked=1.0), 1.0) - 1.0 == pytest.approx(known.cap)


@pytest.mark.parametrize("level", [1, 50, 100])
def test_a_bar_that_stands_still_costs_little(level):
    told, untold = cadence(), cadence()
    looked(told, usual(80), lambda end: lambda age: level)
    looked(untold, usual(80), lambda end: lambda age: None)

    many, late = looked(told, usual(80, seed=2), lambda end: lambda age: level)
    more, later = looked(untold, usual(80, seed=2), lambda end: lambda age: None)
    assert many * late < 1.25 * more * later
