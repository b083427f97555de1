"""Streams run every job to the look that sees its end, and measuring a cadence leaves it alone."""

from itertools import islice
from random import Random

import pytest

from benchmarks.laws import law
from benchmarks.optimum import cost, times_limit
from benchmarks.streams import Job, drawn, expected, mean, schedule, stream
from mjasync.core.looking import Cadence


@pytest.fixture
def cadence():
    return Cadence(prior=50.0, horizon=320.0)


def test_every_job_is_seen_once_and_after_its_end(cadence):
    dice = Random(1)
    jobs = list(islice(drawn(law("fast-ln"), dice), 30))

    seen = list(stream(cadence, iter(jobs), dice))

    assert list(range(30)) == sorted(one.number for one in seen)
    assert [job.seconds for job in jobs] == [one.seconds for one in sorted(seen, key=lambda one: one.number)]
    assert all(one.lag >= 0 and one.looks >= 1 for one in seen)


def test_the_same_dice_make_the_same_stream():
    def once():
        dice = Random(2)
        return list(stream(Cadence(prior=50.0, horizon=320.0), islice(drawn(law("turbo-mix"), dice), 40), dice))

    assert once() == once()


def test_a_job_that_is_over_at_once_takes_one_look(cadence):
    assert [1] == [one.looks for one in stream(cadence, iter([Job(0.0)]), Random(0))]


def test_progress_is_told_to_the_cadence(cadence):
    asked = []

    def says(age):
        asked.append(age)
        return 50

    (seen,) = stream(cadence, iter([Job(40.0, progress=says)]), Random(0))

    assert seen.looks - 1 == len(asked)


def test_measuring_leaves_the_cadence_as_it_is(cadence):
    before = cadence.dump()

    ages = schedule(cadence, 320.0)

    assert (before, 0) == (cadence.dump(), cadence.jobs)
    assert sorted(ages) == ages
    assert ages[-1] >= 320.0


def test_what_is_expected_is_the_cost_of_the_schedule(cadence):
    assert cost(law("fast-ln"), schedule(cadence, 320.0)) == expected(cadence, law("fast-ln"))


def test_what_is_expected_is_what_happens(cadence):
    """The exact figure of the benchmarks beside plain counting."""
    dice, one = Random(3), law("turbo-ln")
    for _ in stream(cadence, islice(drawn(one, dice), 150), dice):
        pass
    promised = expected(cadence, one)

    counted = mean(list(stream(cadence, islice(drawn(one, dice), 300), dice)))

    assert times_limit(one, promised) == pytest.approx(times_limit(one, counted), rel=0.1)
