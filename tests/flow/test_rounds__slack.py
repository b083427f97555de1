"""Looks that go together wait a little for each other, and nobody longer than it may."""

import pytest

from tests.flow.rounding import LATENCY, Server, ended, looked, running
from tests.flow.stories import ABSENT


def waited(*asks, listing=None):
    """When requests left, for asks of (due, slack, more)."""
    server = Server([running(str(n)) for n in range(len(asks))])
    server.listing = listing
    more = [(str(n), due, {"slack": slack, **more}) for n, (due, slack, more) in enumerate(asks)]
    looked(server, *more)
    return [(at, asked) for at, asked, _ in server.asked]


def test_a_look_waits_for_others_that_are_due_within_its_slack():
    assert [at for at, _ in waited((10, 2, {}), (11, 2, {}), (11.9, 2, {}), (12.1, 2, {}))] == [11.9]
    assert [at for at, _ in waited((10, 2, {}), (30, 2, {}))] == [10]


def test_nobody_waits_longer_than_its_own_slack():
    assert [at for at, _ in waited((10, 5, {}), (11, 0, {}), (14, 5, {}))] == [11]
    assert [at for at, _ in waited((10, 5, {}), (11, 1, {}), (12, 5, {}), (14, 5, {}))] == [12]


def test_who_does_not_join_waits_for_nobody():
    alone = {"joins": False}

    assert waited((10, 5, alone), (12, 0, {})) == [(10, "0"), (12, "1")]
    assert waited((10, 5, {}), (11, 5, alone), (14, 0, {}))[0][0] == 11


def test_where_looks_do_not_go_together_nobody_waits():
    refused = ABSENT[0]
    asks = [(10, 0, {}), (20, 5, {}), (22, 5, {})]

    assert waited(*asks, listing=lambda ids: refused)[2:] == [(20, "1"), (22, "2")]


def test_what_a_list_left_out_does_not_wait_again():
    server = Server([running("1"), ended("2")])
    server.listing = lambda ids: [ended("2", buttons=[])]
    looking = looked(server, ("1", 10, {"slack": 5}), ("2", 12, {"slack": 5}), ("3", 15, {"slack": 5}))

    assert server.asked[0][0] == 15
    assert sorted(server.singles) == ["1", "2", "3"]
    assert max(at for at, _ in looking.heard.values()) == pytest.approx(15 + 2 * LATENCY)
