"""Other policies cost what is known of them."""

import pytest

from benchmarks.laws import law
from benchmarks.optimum import times_limit
from benchmarks.policies import POLICIES

BY_NAME = {policy.name: policy for policy in POLICIES}


@pytest.mark.parametrize("policy", POLICIES[1:], ids=lambda policy: policy.name)
def test_nobody_beats_the_limit(policy):
    assert times_limit(law("fast-ln"), policy.measure(law("fast-ln"), jobs=300)) > 0.99


def test_a_fixed_interval_is_half_of_it_late():
    assert 5.0 == pytest.approx(BY_NAME["every 10 s"].measure(law("fast-ln")).lag, rel=0.001)


def test_dice_are_the_same_each_time():
    policy = BY_NAME["6 ± 1.5 s"]

    assert policy.measure(law("turbo-ln"), jobs=50) == policy.measure(law("turbo-ln"), jobs=50)
