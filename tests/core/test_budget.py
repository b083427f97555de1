"""Who may be paid for: what fits, what waits, what is certain; prices as they were told; the breaker."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mjasync.core.budget import (
    KEPT_FROM,
    STOP_AT,
    WARN_AT,
    Admission,
    Tally,
    admit,
    breaker,
    checked_budget,
    class_of,
    may_offend,
    price,
)
from mjasync.core.model import Mode, Record, Spec
from mjasync.core.operations import Blend, Describe, GetSeed, Imagine, Pick, Press
from mjasync.core.pictures import Picture
from mjasync.errors import ConfigError

GO, WAIT, STOP = Admission
CAT = Picture(url="https://pictures.example/cat.png")


@pytest.mark.parametrize(
    ("gone", "reserved", "cost", "probing", "expected"),
    [
        (0, 0, 3, False, GO),
        (7, 0, 3, False, GO),
        (8, 0, 3, False, STOP),
        (4, 3, 3, False, GO),
        (4, 6, 3, False, WAIT),
        (5, 3, 3, False, WAIT),
        (8, 9, 3, False, STOP),
        (0, 3, 0, True, WAIT),
        (8, 0, 3, True, STOP),
        (9.9, 0, 0, False, GO),
        (10, 0, 0, False, STOP),
        (9, 1, 0, False, WAIT),
        (0.1 + 0.2, 9.6, 0.1, False, GO),
    ],
)
def test_what_fits_goes_what_may_fit_waits_what_cannot_is_refused(gone, reserved, cost, probing, expected):
    assert expected is admit(10, gone=gone, reserved=reserved, price=cost, probing=probing)


AMOUNT = st.integers(0, 1000)


@given(AMOUNT, AMOUNT, AMOUNT, AMOUNT)
def test_what_goes_always_fits_and_what_waits_has_something_to_wait_for(budget, gone, reserved, cost):
    verdict = admit(budget, gone=gone, reserved=reserved, price=cost, probing=False)

    assert verdict is not GO or gone + reserved + cost <= budget
    assert verdict is not WAIT or reserved > 0
    assert (verdict is STOP) == (gone + cost > budget or gone >= budget)


@pytest.mark.parametrize(
    ("told", "expected"),
    [({}, None), ({("ttapi", "fast", "imagine"): 3.0}, 3.0), ({("b", "fast", "imagine"): 3.0}, None)],
)
def test_a_price_belongs_to_an_account_a_mode_and_a_kind(told, expected):
    record = Record(id="a", spec=Spec(operation=Imagine(prompt="a cat"), mode=Mode.FAST))

    assert ("ttapi", "fast", "imagine") == class_of(record, "ttapi")
    assert expected == price(told, *class_of(record, "ttapi"))


def test_nothing_is_no_price():
    assert price({("ttapi", "fast", "seed"): 0.0}, "ttapi", "fast", "seed") is None


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        (Imagine(prompt="a cat"), True),
        (Blend(images=(CAT, CAT)), True),
        (Describe(image=CAT), True),
        (Pick(number=1), True),
        (Press(action="vary_region", mask=CAT), True),
        (Press(action="zoom_custom", prompt="a cat"), True),
        (Press(action="upscale1"), False),
        (GetSeed(), False),
    ],
)
def test_only_what_brings_words_or_pictures_can_be_refused_for_them(operation, expected):
    assert expected is may_offend(operation)


@pytest.mark.fault("P26")
@pytest.mark.parametrize(
    ("strikes", "under_way", "expected"),
    [
        (0, 10, GO),
        (14, 90, GO),
        (15, 14, GO),
        (15, 15, WAIT),
        (20, 9, GO),
        (20, 10, WAIT),
        (24, 5, GO),
        (24, 6, WAIT),
        (24, 0, GO),
        (25, 0, STOP),
        (40, 9, STOP),
    ],
)
def test_the_breaker_stops_at_25_and_never_passes_30(strikes, under_way, expected):
    assert expected is breaker(strikes, under_way)


@given(st.integers(0, STOP_AT - 1), st.integers(0, 100))
def test_the_breaker_waits_only_for_somebody(strikes, under_way):
    verdict = breaker(strikes, under_way)

    assert verdict is not STOP
    assert verdict is not WAIT or under_way
    assert verdict is not GO or strikes < WARN_AT or strikes + under_way < KEPT_FROM


@pytest.mark.parametrize(("value", "expected"), [(None, None), (500, 500.0), (0.5, 0.5)])
def test_a_budget_is_an_amount_above_nothing(value, expected):
    assert expected == checked_budget(value)


@pytest.mark.parametrize("value", [0, -1, True, "500", math.nan, math.inf, [5]])
def test_anything_else_is_refused(value):
    with pytest.raises(ConfigError, match="is not an amount"):
        checked_budget(value)


def test_a_budget_that_holds_nothing_is_refused_before_anything_is_paid():
    relay, both = {"relay": "mjproxy"}, {"relay": "mjproxy", "ttapi": "ttapi"}

    assert [None, 5.0] == [checked_budget(None, accounts=relay), checked_budget(5, accounts=both)]
    with pytest.raises(ConfigError, match="cannot be held by this pool: relay"):
        checked_budget(5, accounts=relay)


def test_a_tally_is_what_its_jobs_come_to():
    prices = {("a", "fast", "imagine"): 3.0, ("a", "fast", "upscale"): 0.1}
    grid, upscale = prices
    tally = Tally(value=prices.__getitem__)
    for kind in (grid, upscale, upscale):
        tally.add(kind)
    assert pytest.approx(3.2) == tally.amount

    tally.drop(upscale)
    prices[grid] = 4.0
    tally.reprice()
    assert pytest.approx(4.1) == tally.amount

    tally.drop(grid)
    tally.drop(upscale)
    assert (0.0, {}) == (tally.amount, dict(tally.counts))
