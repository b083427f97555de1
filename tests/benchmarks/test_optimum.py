"""The limit is a minimum: no schedule of a small law does better."""

import math

import pytest

from benchmarks.laws import Law, Part, lognormal
from benchmarks.laws import law as named
from benchmarks.optimum import Point, best, cost, frontier, least_lag, times_limit

SMALL = Law("small", 12.0, 0.25, (Part(0.8, lognormal(4, 0.3)), Part(0.2, lognormal(8, 0.1))), 12.0)


def scanned(law, price):
    """The cost of the best schedule, by trying every next look from every look."""
    times, over, area = law.times, law.over, law.area
    last = len(times) - 1
    costs = [0.0] * (last + 1)
    for i in range(last - 1, -1, -1):
        costs[i] = price * (1 - over[i]) + min(
            area[j] - area[i] - over[i] * (times[j] - times[i]) + costs[j] for j in range(i + 1, last + 1)
        )
    return costs[0]


@pytest.mark.parametrize("price", [0.001, 0.02, 0.1, 0.5, 3.0])
def test_one_pass_over_the_envelope_finds_what_a_full_scan_finds(price):
    found = cost(SMALL, best(SMALL, price))

    assert scanned(SMALL, price) == pytest.approx(found.lag + price * found.looks, abs=1e-9)


def test_the_cost_of_even_looks_is_known():
    even = cost(named("fast-ln"), [2.0 * n for n in range(1, 161)])

    assert Point(named("fast-ln").mean / 2 + 0.5, 1.0).looks == pytest.approx(even.looks, rel=0.001)
    assert pytest.approx(1.0, abs=0.001) == even.lag


def test_looks_after_the_horizon_cost_nothing():
    assert cost(SMALL, [3.0, 12.0]) == cost(SMALL, [3.0, 12.0, 15.0, 20.0])


def test_more_looks_less_lag():
    points = frontier(SMALL)

    assert sorted((point.lag for point in points), reverse=True) == [point.lag for point in points]


# research/performance.md 1.3, by another programme.
@pytest.mark.parametrize(("looks", "lag"), [(3, 3.81), (10, 1.09), (30, 0.36)])
def test_the_limit_is_that_of_the_study(looks, lag):
    assert lag == pytest.approx(least_lag(named("fast-ln"), looks), rel=0.02)


def test_many_looks_obey_the_product_law():
    law = named("turbo-sg")

    assert law.product == pytest.approx(least_lag(law, 1000) * 1000)
    assert pytest.approx(1.0) == times_limit(law, Point(1000, law.product / 1000))
    assert math.isclose(least_lag(law, 50) * 50, law.product, rel_tol=0.05)
