"""How far a relay's answers are behind: measured by seconds alone, said when it is proved, never more than it is."""

from math import ceil, inf, nan
from random import Random

import pytest

from mjasync.core.looking import Relay
from mjasync.core.looking.relay import ENOUGH, LEAST, MEMORY


def behind(refresh, *, jobs, every=1.0, seed=1):
    """A relay whose table changes every `refresh` seconds (0: it answers at once), after so many jobs."""
    relay, dice = Relay(), Random(seed)
    for _ in range(jobs):
        accepted, took = dice.uniform(0, 1000), dice.uniform(20, 60)
        end = accepted + took
        shown = ceil(end / refresh) * refresh if refresh else end
        looks = [accepted + every * n for n in range(int((shown - accepted) / every) + 2)]
        before = max(at for at in looks if at < shown)
        after = min(at for at in looks if at >= shown)
        relay.ended(took, before - accepted, after - accepted)
    return relay


@pytest.mark.parametrize("refresh", [5.0, 15.0, 60.0])
def test_a_relays_table_is_measured(refresh):
    relay = behind(refresh, jobs=MEMORY)

    assert relay.lag == pytest.approx(refresh / 2, rel=0.25)
    assert 0.75 * refresh < relay.refresh <= refresh


@pytest.mark.parametrize("every", [0.3, 2.0, 6.0, 14.0])
def test_what_is_proved_is_never_more_than_what_is(every):
    for seed in range(20):
        assert behind(15.0, jobs=MEMORY, every=every, seed=seed).refresh <= 15.0


@pytest.mark.parametrize("every", [0.5, 5.0])
def test_an_account_that_answers_at_once_has_no_lag(every):
    relay = behind(0.0, jobs=100, every=every)

    assert (relay.lag, relay.refresh) == (None, 0.0)


@pytest.mark.parametrize(("jobs", "expected"), [(ENOUGH - 1, (None, 0.0)), (ENOUGH, (9.0, 8.0))])
def test_nothing_is_said_after_a_few_jobs(jobs, expected):
    relay = Relay()
    for _ in range(jobs):
        relay.ended(30.0, 38.0, 40.0)

    assert (relay.lag, relay.refresh) == expected


def test_one_clock_that_jumped_proves_nothing():
    relay = behind(15.0, jobs=MEMORY - 1)
    relay.ended(1.0, 3000.0, 3001.0)

    assert relay.refresh <= 15.0


def test_a_little_is_the_networks_way():
    relay = Relay()
    for _ in range(ENOUGH):
        relay.ended(30.0, 30.0 + 0.9 * LEAST, 33.0)

    assert (relay.lag, relay.refresh) == (None, 0.0)


@pytest.mark.parametrize(
    ("took", "running", "over"),
    [
        (50.0, 30.0, 40.0),
        (86_400.0, 30.0, 40.0),
        (inf, 30.0, 40.0),
        (nan, 30.0, 40.0),
        (10.0, 40.0, 30.0),
        (0.0, 30.0, 40.0),
        (-20.0, 30.0, 40.0),
    ],
    ids=["longer than we know it", "a day", "for ever", "no number", "looks reversed", "nothing", "times reversed"],
)
def test_times_that_cannot_be_are_left_out(took, running, over):
    relay = Relay()
    for _ in range(MEMORY):
        relay.ended(took, running, over)

    assert (relay.lag, relay.refresh) == (None, 0.0)


def test_answers_that_change_far_sooner_show_that_the_times_are_nonsense():
    relay = Relay()
    for _ in range(MEMORY):
        relay.ended(0.004, 50.0, 52.0)
    assert relay.refresh > 40

    relay.changed(8.0)
    assert relay.refresh > 40
    relay.changed(9.0)
    assert (relay.lag, relay.refresh) == (None, 0.0)


def test_of_a_table_that_changes_now_and_then_the_shortest_time_counts():
    relay = behind(15.0, jobs=MEMORY)
    for within in (30.0, 16.0, 9.0, 17.0, 10.0):
        relay.changed(within)

    assert relay.refresh == 10.0
    assert relay.lag == pytest.approx(7.5, rel=0.25)


def test_changes_as_far_apart_as_they_must_be_change_nothing():
    relay = behind(15.0, jobs=MEMORY)
    proved = relay.refresh
    for within in (15.0, 22.0, 31.0):
        relay.changed(within)

    assert relay.refresh == proved


def test_old_ends_are_forgotten():
    relay = behind(60.0, jobs=MEMORY)
    for _ in range(MEMORY):
        relay.ended(30.0, 29.0, 30.5)

    assert (relay.lag, relay.refresh) == (None, 0.0)


def test_how_long_ends_waited_to_be_seen():
    relay = Relay()
    assert relay.seen is None
    for took, over in ((30.0, 31.0), (30.0, 39.0), (30.0, 33.0), (30.0, 20.0)):
        relay.ended(took, 10.0, over)

    assert relay.seen == 3.0
