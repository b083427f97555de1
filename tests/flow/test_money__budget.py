"""The purse with a budget: whom it lets go, who waits, who is refused, and what it says."""

import logging

import pytest
from attrs import evolve

from mjasync.core.answers import Refused
from mjasync.core.ledger import Estimate
from mjasync.core.machine import Accepted, Bounced, Expired, Rejected, Sending, Silence, apply
from mjasync.core.model import Mode, Record, Spec
from mjasync.core.operations import GetSeed, Press
from mjasync.flow.money import Wait
from tests.flow.purse import CAT, FAILED, GRID, LOST, NO, UPSCALE, Purse, done, refusal, waits


def test_a_budget_is_never_promised_twice():
    purse = Purse(10, prices={GRID: 3.0})

    assert [None] * 3 == [purse.ask(name) for name in "abc"]
    assert waits(purse.ask("d"))
    assert purse.ask("a") is None, "asked again it is still one job"
    for name in "abc":
        purse.tell(name, Sending("ttapi"), Accepted(name), done(3.0))
    failure = refusal(purse.ask("d"))
    assert ("QuotaExhausted", "no") == (failure.kind, failure.charged)
    text = f"{failure.what} {failure.why} {failure.hint}"
    for word in ("budget of 10", "spent 9", "reserved -", "costs 3", "budget="):
        assert word in text


@pytest.mark.parametrize(
    "events",
    [
        (Rejected(NO),),
        (Sending("ttapi"), Rejected(NO)),
        (Sending("ttapi"), Bounced(LOST)),
        (Sending("ttapi"), Accepted("1"), FAILED),
    ],
)
def test_what_comes_back_lets_the_next_one_go(events):
    purse = Purse(3, prices={GRID: 3.0})
    assert purse.ask("a") is None
    assert waits(purse.ask("b"))

    purse.tell("a", *events)

    assert purse.ask("b") is None


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ((Silence(LOST, 9.0, hope=True),), Wait),
        ((Silence(LOST, 9.0, hope=True), Expired()), Refused),
        ((Silence(LOST, 9.0),), Refused),
    ],
)
def test_of_unknown_fate_is_as_good_as_spent_once_nothing_can_settle_it(events, expected):
    purse = Purse(3, prices={GRID: 3.0})
    assert purse.ask("a") is None

    purse.tell("a", Sending("ttapi"), *events)
    verdict = purse.ask("b")
    assert isinstance(verdict, expected)
    if expected is Refused:
        assert "1 job, 3 of unknown fate" in refusal(verdict).why

    purse.tell("a", FAILED)
    assert purse.ask("b") is None, "it was found, and cost nothing"


def test_while_a_class_has_no_price_one_job_finds_out():
    purse = Purse(10)
    assert [None, True, True] == [purse.ask("a"), waits(purse.ask("b")), waits(purse.ask("c"))]
    turbo = evolve(CAT, mode=Mode.TURBO)
    assert waits(purse.ask("turbo", turbo)), "nobody knows any price yet, so nobody knows what two may cost"
    purse.tell("a", Sending("ttapi"), Accepted("1"), done(2.0))

    assert [None, None] == [purse.ask("b"), purse.ask("c")]
    assert [None, True] == [purse.ask("turbo", turbo), waits(purse.ask("turbo 2", turbo))]


def test_before_its_first_price_a_class_counts_as_the_dearest_that_is_known():
    purse = Purse(10, prices={GRID: 4.0})
    purse.finished("a", 4.0)
    assert purse.ask("u", UPSCALE) is None
    assert waits(purse.ask("b")), "4 spent and perhaps 4 for the upscale: 4 more might be too much"

    purse.tell("u", Sending("ttapi"), Accepted("2"), done(1.0))
    assert purse.ask("b") is None
    purse.tell("b", Sending("ttapi"), Accepted("3"), done(4.0))
    failure = refusal(purse.ask("zoom", evolve(UPSCALE, operation=Press(action="zoom_2"))))
    assert "no price of zoom in fast mode at 'ttapi' is known, so it counts as 4" in failure.why


def test_a_price_that_rises_counts_for_what_runs_too():
    purse = Purse(15, prices={GRID: 3.0})
    for name in "abc":
        purse.sent(name)
    purse.tell("a", done(4.5))

    assert Estimate(jobs=2, quota=9.0) == purse.total.reserved
    assert waits(purse.ask("d")), "4.5 are spent, 9 are reserved"


@pytest.mark.fault("P15")
def test_a_class_without_prices_goes_and_says_so_once(caplog):
    purse = Purse(10)
    with caplog.at_level(logging.WARNING, "mjasync.money"):
        purse.finished("a")
        for name in "bcd":
            assert purse.ask(name) is None

    assert [
        "account 'ttapi' tells no price of imagine in fast mode; the budget cannot hold such jobs"
    ] == caplog.messages


def test_a_provider_that_tells_no_price_is_not_tried_out(caplog):
    purse = Purse(10, prices={GRID: 6.0})
    restored = apply(apply(Record(id="r", spec=CAT), Sending("relay"), 1.0), Accepted("1"), 1.0)
    purse.records["r"] = restored
    purse.money.saw(None, restored)
    for name in "ab":
        assert purse.ask(name, account="relay", provider="mjproxy") is None
    assert purse.ask("c", UPSCALE, account="relay", provider="mjproxy") is None

    assert 1 == len(caplog.messages), "once for each account"
    purse.tell("r", done())
    purse.finished("d", 10.0)
    assert refusal(purse.ask("e", account="relay", provider="mjproxy")).kind == "QuotaExhausted"


def test_what_was_free_needs_no_warning_and_no_queue(caplog):
    purse = Purse(10)
    purse.finished("a", 0.0)

    assert [None, None] == [purse.ask("b"), purse.ask("c")]
    assert [] == caplog.messages


def test_a_budget_that_is_used_up_stops_what_has_no_price_too():
    purse = Purse(3, prices={GRID: 3.0})
    purse.finished("u", None, UPSCALE)
    purse.finished("a", 3.0)

    failure = refusal(purse.ask("v", UPSCALE))
    assert "spent 3 + ?" in failure.why
    assert "no price of upscale in fast mode at 'ttapi' is known" in failure.why


def test_a_seed_that_came_with_its_picture_is_not_asked_for():
    purse = Purse(3)
    purse.sent("grid")
    purse.tell("grid", done(3.0, seed="42"))
    seed = Spec(operation=GetSeed(), parent="grid")

    assert purse.ask("seed", seed) is None
    purse.tell("seed", Sending("ttapi"), Accepted("grid"), done(0.0, seed="42"))
    assert (3.0, 2, 0) == (purse.total.spent, purse.total.done, purse.total.unpriced)
    unknown = Spec(operation=GetSeed(), parent="nobody")
    assert isinstance(purse.ask("other", unknown), Refused)

    purse = Purse(100, prices={GRID: 3.0})
    purse.sent("grid")
    purse.tell("grid", done(3.0, seed="42"))
    assert purse.ask("seed", seed) is None
    purse.tell("seed", Sending("ttapi"), Accepted("grid"), done(0.0, seed="42"))
    assert [None, True] == [purse.ask("one", unknown), waits(purse.ask("two", unknown))], (
        "what asking costs is not known"
    )
