"""The laws that benchmarks draw from are what their tables say."""

from random import Random
from statistics import fmean

import pytest

from benchmarks.laws import LAWS, STAGED, law, scaled, shifted_gamma


@pytest.mark.parametrize("one", LAWS, ids=lambda one: one.name)
def test_a_law_rises_from_nothing_to_all(one):
    assert (0.0, 1.0) == (one.over[0], one.over[-1])
    assert sorted(one.over) == one.over
    assert one.horizon == pytest.approx(one.times[-1])


@pytest.mark.parametrize("one", LAWS, ids=lambda one: one.name)
def test_what_is_drawn_has_the_laws_mean(one):
    dice = Random(1)

    assert one.mean == pytest.approx(fmean(one.draw(dice)[0] for _ in range(4000)), rel=0.05)


# research/performance.md 1.3, computed there with scipy.
@pytest.mark.parametrize(
    ("name", "mean", "product"), [("turbo-sg", 36.0, 8.2), ("fast-ln", 56.3, 11.1), ("relax-mix", 205, 84.7)]
)
def test_moments_are_those_of_the_study(name, mean, product):
    assert (mean, product) == (pytest.approx(law(name).mean, rel=0.005), pytest.approx(law(name).product, rel=0.01))


def test_a_gamma_of_whole_shape_is_erlangs():
    assert 1 - 2.71828182845905**-3 * (1 + 3 + 9 / 2 + 27 / 6) == pytest.approx(shifted_gamma(10, 4, 4)(13.0))


def test_only_the_dirty_laws_fail():
    def failures(one):
        dice = Random(2)
        return sum(not one.draw(dice)[1] for _ in range(3000)) / 3000

    assert failures(law("turbo-ln")) < 0.002
    assert pytest.approx(0.06, abs=0.015) == failures(law("turbo-mix"))


def test_quantile_undoes_cdf():
    one = law("fast-mix")

    assert [0.01, 0.3, 0.5, 0.97] == pytest.approx([one.cdf(one.quantile(p)) for p in (0.01, 0.3, 0.5, 0.97)])


def test_a_scaled_law_is_slower_by_its_factor():
    assert 1.6 * law("fast-ln").quantile(0.5) == pytest.approx(scaled(law("fast-ln"), 1.6).quantile(0.5), rel=0.001)


@pytest.mark.parametrize("staged", STAGED, ids=lambda staged: staged.mode)
def test_the_sum_of_queue_and_run_has_the_mean_of_what_is_drawn(staged):
    dice = Random(3)

    assert staged.law(1.0).mean == pytest.approx(fmean(sum(staged.draw(dice)) for _ in range(4000)), rel=0.05)
