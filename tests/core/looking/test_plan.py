from itertools import pairwise
from math import exp

import pytest

from mjasync.core.looking.belief import Prior, believe
from mjasync.core.looking.bins import GRID
from mjasync.core.looking.evidence import Evidence
from mjasync.core.looking.plan import Plan, planned

HORIZON, PRICE = 320.0, 0.1


def plan_of(median=50.0, *, spread=0.3, price=PRICE, horizon=HORIZON):
    return planned(believe(Evidence(), Prior(median=median, spread=spread)), price, horizon)


def test_a_plan_ends_at_the_horizon_or_with_the_grid():
    assert HORIZON <= plan_end(plan_of()) < HORIZON * 1.02
    assert GRID[-1] == plan_end(plan_of(horizon=1e6))


def test_the_horizon_is_worth_a_look_because_every_job_is_over_then():
    patient = plan_of(price=5.0, horizon=60.0)

    assert 59.0 < patient.best(50.0, 50.3, 61.0)


def test_nobody_looks_where_nothing_ends():
    plan = plan_of()

    assert 20.0 < plan.best(8.0, 8.3, HORIZON) < 50.0


def test_dear_looks_are_fewer():
    cheap, dear = (plan_of(price=price).best(40.0, 40.3, HORIZON) for price in (0.01, 1.0))

    assert cheap < dear


@pytest.mark.parametrize(
    ("seen", "low", "high", "expected"),
    [
        (10.0, 10.31, 10.35, 10.31),  # no point of the grid in between
        (10.0, 12.0, 12.0, 12.0),
        (10.0, 12.0, 11.0, 12.0),
        (400.0, 400.3, 420.0, 420.0),  # past the horizon
    ],
)
def test_windows_without_a_choice(seen, low, high, expected):
    assert expected == plan_of().best(seen, low, high)


def test_the_best_is_within_the_window_and_may_be_its_edge():
    plan = plan_of()

    assert 5.0 == pytest.approx(plan.best(0.0, 3.0, 5.1), abs=0.21)
    assert 90.0 == pytest.approx(plan.best(45.0, 90.0, 100.0), rel=0.02)


def test_the_best_lies_between_the_points_of_the_grid():
    found = [plan_of(median).best(40.0, 40.3, HORIZON) for median in (50.0, 50.1, 50.2, 50.3)]

    assert 4 == len(set(found))
    assert not set(found) & set(GRID)


def test_no_point_of_the_grid_would_have_been_better():
    plan = plan_of()
    for seen in range(0, 200, 3):
        at = plan.best(seen, seen + 0.3, seen + 40.0)
        over = plan.belief.ended(seen)
        values = {age: cost - over * age for age, cost in zip(GRID, plan.cost, strict=False)}
        least = min(value for age, value in values.items() if seen + 0.3 <= age <= seen + 40.0)
        near = min(values, key=lambda age: abs(age - at))

        assert least == pytest.approx(values[near], abs=0.002)


def test_flat_values_stay_on_the_grid():
    assert GRID[7] == Plan(believe(Evidence(), Prior(median=50.0)), [1.0] * 20)._refined(7, 0.0)


def schedule(belief, plan):
    """The looks that the plan asks for, one after the other, and then the horizon's."""
    ages = [0.0]
    while ages[-1] < plan_end(plan):
        ages.append(plan.best(ages[-1], ages[-1] + 0.05, plan_end(plan)))
    return ages


def plan_end(plan):
    return GRID[len(plan.cost) - 1]


def over_at(plan, age):
    """The chance to be over: at the end of the plan every job is."""
    return 1.0 if age >= plan_end(plan) else plan.belief.ended(age)


def cost(ages, plan, price):
    """Exactly what a schedule costs."""
    points = sorted({*GRID[: len(plan.cost)], *ages})
    area, areas = 0.0, {0.0: 0.0}
    for before, after in pairwise(points):
        area += (over_at(plan, before) + over_at(plan, after)) / 2 * (after - before)
        areas[after] = area
    total = 0.0
    for before, after in pairwise(ages):
        over = over_at(plan, before)
        total += price * (1 - over) + areas[after] - areas[before] - over * (after - before)
    return total


def least(plan, price, every):
    """The least cost of any schedule on every so many-th point of the grid, tried out exhaustively from behind."""
    last = len(plan.cost) - 1
    chosen = [*range(0, last, every), last]
    ended = [over_at(plan, age) for age in GRID[: last + 1]]
    ages, over = [GRID[i] for i in chosen], [ended[i] for i in chosen]
    area = [0.0]
    for i in range(last):
        area.append(area[-1] + (ended[i] + ended[i + 1]) / 2 * (GRID[i + 1] - GRID[i]))
    areas = [area[i] for i in chosen]
    ahead = [0.0] * len(chosen)
    for i in range(len(chosen) - 2, -1, -1):
        begin = price * (1 - over[i]) - areas[i] + over[i] * ages[i]
        ahead[i] = begin + min(areas[j] + ahead[j] - over[i] * ages[j] for j in range(i + 1, len(chosen)))
    return ahead[0]


@pytest.mark.parametrize("price", [0.03, 0.3])
@pytest.mark.parametrize(("median", "spread"), [(30.0, 0.2), (50.0, 0.5), (90.0, 0.9)])
def test_the_plan_is_within_three_percent_of_the_exact_optimum(median, spread, price):
    belief = believe(Evidence(), Prior(median=median, spread=spread))
    plan = planned(belief, price, 200.0)

    assert cost(schedule(belief, plan), plan, price) <= 1.03 * least(plan, price, 2)


def test_two_humps_are_within_three_percent_too():
    evidence, guess = Evidence(), believe(Evidence(), Prior(median=50.0))
    for end in (20.0, 21.0, 80.0, 82.0) * 30:
        evidence.alive(0.0, end)
        evidence.ended(end, end + 1, ok=True, hazard=guess.hazard, own=guess.well, smear=1)
    belief = believe(evidence, Prior(median=50.0))
    plan = planned(belief, 0.1, 200.0)

    assert 1 - exp(-belief.summed[-1]) == pytest.approx(1.0)
    assert cost(schedule(belief, plan), plan, 0.1) <= 1.03 * least(plan, 0.1, 2)
