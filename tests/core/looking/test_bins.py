import math
from itertools import pairwise

import pytest

from mjasync.core.looking.bins import (
    COUNT,
    EDGES,
    GRID,
    GRID_PLACES,
    GRID_STEPS,
    LOG_MIDDLES,
    RATIO,
    WIDTHS,
    bin_of,
    lognormal,
    survival,
)


def test_bins_are_five_percent_wide_from_one_second_to_more_than_an_hour():
    assert COUNT + 1 == len(EDGES)
    assert (0.0, 1.0, RATIO) == EDGES[:3]
    assert all(high / low == pytest.approx(1.05) for low, high in pairwise(EDGES[1:]))
    assert 3600 < EDGES[-1]
    assert EDGES[-1] == pytest.approx(sum(WIDTHS))
    assert math.log(0.5) == LOG_MIDDLES[0]


@pytest.mark.parametrize(
    ("age", "expected"), [(0.0, 0), (0.999, 0), (1.0, 1), (1.049, 1), (1.051, 2), (1e9, COUNT - 1)]
)
def test_the_bin_of_an_age(age, expected):
    assert expected == bin_of(age)


def test_every_bin_holds_its_middle():
    middles = [(low + high) / 2 for low, high in pairwise(EDGES)]

    assert list(range(COUNT)) == [bin_of(middle) for middle in middles]


def test_the_grid_is_fine_and_knows_its_bins():
    assert [after - before for before, after in pairwise(GRID)] == list(GRID_STEPS)
    assert (0.0, EDGES[-1]) == (GRID[0], GRID[-1])
    assert 0 < min(GRID_STEPS)
    assert all(step <= 0.2 + 1e-9 or step <= 0.0125 * age + 1e-9 for age, step in zip(GRID, GRID_STEPS, strict=False))
    assert GRID == pytest.approx([EDGES[k] + seconds for k, seconds in GRID_PLACES])
    assert all(0 <= seconds <= EDGES[k + 1] - EDGES[k] for k, seconds in GRID_PLACES)


def test_one_job_of_a_lognormal_law_ends_once_and_is_at_risk_until_then():
    shape = lognormal(math.log(50.0), 0.3)

    assert 1.0 == pytest.approx(sum(shape.ends))
    assert 0.5 == pytest.approx(sum(shape.ends[: bin_of(50.0)]), abs=0.08)
    assert 50 * math.exp(0.3**2 / 2) == pytest.approx(sum(shape.risk), rel=0.01)
    assert 0 < min(shape.risk)


def test_survival():
    assert 1.0 == survival(0.0, 100.0)
    assert math.exp(-2) == pytest.approx(survival(0.1, 20.0))
