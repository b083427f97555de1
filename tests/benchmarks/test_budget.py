"""Rationed looks: what is known of two orders."""

import pytest

from benchmarks.budget import ORDERS, lag

BY_NAME = {order.name: order for order in ORDERS}


def test_round_robin_is_half_a_round_late():
    assert 5.0 == pytest.approx(lag("fast-ln", 1.0, BY_NAME["round robin"], 240, seed=1), rel=0.1)


def test_the_likeliest_first_is_sooner_seen():
    ours = lag("fast-ln", 1.0, BY_NAME["mjasync: most likely over"], 120, seed=1)

    assert ours < 0.7 * lag("fast-ln", 1.0, BY_NAME["round robin"], 120, seed=1)
