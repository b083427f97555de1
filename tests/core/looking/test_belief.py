import math

import pytest

from mjasync.core.looking.belief import Prior, believe
from mjasync.core.looking.bins import COUNT, EDGES, bin_of
from mjasync.core.looking.evidence import Evidence
from tests.core.looking.cases import usual

PRIOR = Prior(median=50.0)


def shown(ends, *, gap=2.0, ok=True):
    evidence = Evidence()
    for end in ends:
        belief = believe(Evidence(), PRIOR)
        before = max(end - gap / 2, 0.0)
        evidence.alive(0.0, before)
        evidence.ended(before, end + gap / 2, ok=ok, hazard=belief.hazard, own=belief.well, smear=1)
    return evidence


def test_before_anything_was_seen_the_prior_is_believed():
    belief = believe(Evidence(), PRIOR)

    assert 50.0 == pytest.approx(belief.median, rel=0.05)
    assert 0.6 == pytest.approx(belief.spread, rel=0.05)
    assert 0.5 == pytest.approx(belief.ended(50.0), abs=0.06)


def test_before_anything_was_seen_all_share_one_belief():
    seen = Evidence()
    seen.alive(0.0, 1.0)

    assert believe(Evidence(), PRIOR) is believe(Evidence(), Prior(median=50.0))
    assert believe(seen, PRIOR) is not believe(Evidence(), PRIOR)


def test_the_prior_is_a_guess_and_a_dozen_jobs_overrule_it():
    guess = Prior(median=200.0)

    assert 200.0 == pytest.approx(believe(Evidence(), guess).median, rel=0.05)
    assert 55.0 == pytest.approx(believe(shown(usual(12)), guess).quantile(0.5), rel=0.1)


def test_ten_jobs_are_enough_to_be_near():
    belief = believe(shown(usual(10)), PRIOR)

    assert 55.0 == pytest.approx(belief.quantile(0.5), rel=0.1)
    assert 55.0 * math.exp(-1.28 * 0.22) == pytest.approx(belief.quantile(0.1), rel=0.15)


def test_two_humps_stay_two_humps():
    belief = believe(shown([20.0, 80.0] * 60), PRIOR)

    assert belief.odds(40.0, 60.0) < 0.3 * belief.odds(70.0, 90.0)
    assert belief.odds(15.0, 25.0) > 0.3


def test_the_fitted_spread_has_a_floor():
    evidence = shown([55.0] * 80, gap=0.1)

    assert 0.12 == believe(evidence, PRIOR).spread
    assert 0.12 > believe(evidence, Prior(median=50.0, least_spread=0.01)).spread


def test_failures_are_a_way_to_end_and_no_part_of_the_median():
    evidence = shown(usual(40))
    usually = believe(evidence, PRIOR)
    for _ in range(10):
        evidence.ended(3.0, 5.0, ok=False, hazard=usually.hazard, own=usually.wrong, smear=1)
    belief = believe(evidence, PRIOR)

    assert usually.median == pytest.approx(belief.median, rel=0.05)
    assert belief.ended(5.0) > usually.ended(5.0) + 0.05
    assert [good + bad for good, bad in zip(belief.well, belief.wrong, strict=True)] == pytest.approx(belief.hazard)
    assert 0 <= min(belief.wrong)


def test_jobs_that_still_run_are_counted_as_longer():
    evidence = shown([55.0] * 5)
    for _ in range(5):
        evidence.alive(0.0, 200.0)

    assert believe(evidence, PRIOR).median > 1.3 * believe(shown([55.0] * 5), PRIOR).median


def test_odds_and_quantiles_are_each_others_inverse():
    belief = believe(shown(usual(20)), PRIOR)

    for after in (0.0, 30.0, 60.0):
        for share in (0.05, 0.5, 0.9):
            until = belief.quantile(share, after=after)
            assert share == pytest.approx(belief.odds(after, until), abs=1e-9)
    assert 0.0 == belief.odds(60.0, 60.0) == belief.odds(60.0, 50.0) == belief.quantile(0.0)
    assert EDGES[-1] == believe(Evidence(), Prior(median=1e5)).quantile(1.0)


def test_quantiles_of_a_bin_in_which_nothing_ends():
    belief = believe(Evidence(), PRIOR)
    belief.hazard[COUNT - 1] = 0.0

    assert EDGES[-1] == belief.quantile(0.99, after=EDGES[-1] - 1)


def test_moments_up_to_a_horizon():
    belief = believe(Evidence(), PRIOR)
    mean, roots = belief.moments(320.0)

    steps = [n * 0.05 for n in range(round(EDGES[bin_of(320.0) + 1] / 0.05))]
    alive = [math.exp(-belief.cumulated(age)) for age in steps]
    assert 0.05 * sum(alive) == pytest.approx(mean, rel=0.01)
    hazards = (belief.hazard[bin_of(age)] for age in steps)
    assert 0.05 * sum(a * math.sqrt(h) for a, h in zip(alive, hazards, strict=True)) == pytest.approx(roots, rel=0.01)
    assert belief.moments(40.0)[0] < mean
