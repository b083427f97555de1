from random import Random

import pytest

from mjasync.core.looking.drift import Drift


def places(count, seed, power=1.0):
    """Places in a law that holds; with a power above 1 the ends are earlier than believed, below 1 later."""
    dice = Random(seed)
    return [dice.random() ** power for _ in range(count)]


def test_hardly_any_alarm_while_the_law_holds():
    drift = Drift()

    assert [] == [n for n, place in enumerate(places(2000, 1)) if drift.takes(place)]
    assert 5 >= sum(drift.takes(place) for place in places(20_000, 2))


@pytest.mark.parametrize(("place", "expected"), [(1.0, 6), (0.0, 6), (0.9, 8), (0.1, 8)])
def test_ends_at_one_edge_of_the_law_raise_an_alarm_soon_and_begin_anew(place, expected):
    drift = Drift()
    first = next(n for n in range(1, 50) if drift.takes(place))

    assert expected == first
    assert (0.0, 0.0) == (drift.early, drift.late)


@pytest.mark.parametrize(("power", "side"), [(6.0, "early"), (0.1, "late")])
def test_both_sides_are_watched(power, side):
    drift = Drift()
    highest = {"early": 0.0, "late": 0.0}
    for place in places(100, 1, power):
        drift.takes(place)
        highest = {name: max(highest[name], getattr(drift, name)) for name in highest}

    assert side == max(highest, key=highest.get)


def test_places_in_the_middle_leave_no_trace():
    drift = Drift()

    assert not any(drift.takes(place) for place in (0.4, 0.5, 0.6) * 100)
    assert (0.0, 0.0) == (drift.early, drift.late)
