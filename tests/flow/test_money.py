"""The purse: what it counts, whom it lets go, what it says; without a pool."""

import logging

import pytest
from attrs import evolve

from mjasync.core.answers import Refused
from mjasync.core.ledger import AccountLedger, Estimate, Line
from mjasync.core.machine import (
    Accepted,
    Bounced,
    Expired,
    Rejected,
    Saw,
    Sending,
    Silence,
    apply,
)
from mjasync.core.model import Failure, Mode, Record, Snapshot, Spec, Status
from mjasync.core.operations import GetSeed, Imagine, Press
from mjasync.flow.money import Money, Wait
from mjasync.journal import Kept

CAT = Spec(operation=Imagine(prompt="a cat"))
UPSCALE = Spec(operation=Press(action="upscale1"), parent="p")
LOST = Failure(kind="SubmitOutcomeUnknown", what="?", charged="unknown")
NO = Failure(kind="PromptRejected", what="no")
BOOM = Failure(kind="JobFailed", what="boom", charged="unknown")
GRID = ("ttapi", "fast", "imagine")


def done(quota=None, **more):
    return Saw(Snapshot(status=Status.DONE, quota=quota, **more))


FAILED = Saw(Snapshot(status=Status.FAILED, failure=BOOM))


class Purse:
    """A `Money` with jobs that are told what happens to them, and a calendar."""

    def __init__(self, budget=None, *, prices=(), lines=()):
        self.records, self.day = {}, "2026-11-22"
        kept = Kept(prices=dict(prices), lines=tuple(lines))
        self.money = Money(kept, records=self.records, today=lambda: self.day, budget=budget)

    def tell(self, name, *events):
        for event in events:
            before = self.records[name]
            self.records[name] = apply(before, event, 1.0)
            self.money.saw(before, self.records[name])

    def ask(self, name, spec=CAT, account="ttapi", provider="ttapi"):
        """What the gate says to a job, which is new if nobody knows it."""
        if name not in self.records:
            self.records[name] = Record(id=name, spec=spec)
            self.money.saw(None, self.records[name])
        return self.money.gate(self.records[name], account, provider)

    def sent(self, name, spec=CAT, account="ttapi"):
        """A job that the gate let go, and that was accepted."""
        assert self.ask(name, spec, account) is None
        self.tell(name, Sending(account), Accepted(f"remote-{name}"))

    def finished(self, name, quota=None, spec=CAT):
        self.sent(name, spec)
        self.tell(name, done(quota))

    def struck(self, count, account="ttapi"):
        for _ in range(count):
            name = f"struck-{len(self.records)}"
            assert self.ask(name, account=account) is None
            self.tell(name, Sending(account), Rejected(NO))

    @property
    def total(self):
        return self.money.ledger().total


def waits(verdict):
    return isinstance(verdict, Wait)


def refusal(verdict):
    """The failure of a refusal."""
    assert isinstance(verdict, Refused), verdict
    return verdict.failure


def test_without_a_budget_everything_goes_and_is_counted():
    purse = Purse()
    for name in "abc":
        purse.sent(name)
    purse.tell("a", done(3.0))
    purse.tell("b", FAILED)

    assert AccountLedger(spent=3.0, done=1, reserved=Estimate(jobs=1, quota=3.0)) == purse.total
    assert {"ttapi"} == purse.money.ledger().accounts.keys()


def test_where_each_job_stands_in_the_books():
    purse = Purse(prices={GRID: 3.0})
    purse.sent("runs")
    for name in ("sending", "lost", "hoped", "expired", "bounced", "may go"):
        assert purse.ask(name) is None
        if name != "may go":
            purse.tell(name, Sending("ttapi"))
    purse.tell("lost", Silence(LOST, 9.0))
    purse.tell("hoped", Silence(LOST, 9.0, hope=True))
    purse.tell("expired", Silence(LOST, 9.0, hope=True), Expired())
    purse.tell("bounced", Bounced(LOST))

    assert (Estimate(jobs=1, quota=3.0), Estimate(jobs=4, quota=12.0)) == (purse.total.reserved, purse.total.possible)


@pytest.mark.fault("P15")
def test_an_unknown_price_is_never_nothing():
    purse = Purse()
    purse.finished("a")
    purse.sent("b")

    assert (0.0, 1, 1) == (purse.total.spent, purse.total.done, purse.total.unpriced)
    assert Estimate(jobs=1, quota=None, unknown=1) == purse.total.reserved
    assert "?" in str(purse.money.ledger())


def test_what_an_earlier_process_left_is_counted_once():
    """The books of all time have every job that ended; what runs on is given as it is."""
    lines = (Line(account="ttapi", day="2026-11-21", spent=6.0, done=2, strikes=9), Line(account="0af3", spent=1.0))
    purse = Purse(12, prices={GRID: 3.0}, lines=lines)
    record = Record(id="r", spec=CAT)
    for event in (Sending("ttapi"), Accepted("1")):
        record = apply(record, event, 1.0)
    for restored in (record, evolve(apply(record, done(3.0), 2.0), id="parent")):
        purse.records[restored.id] = restored
        purse.money.saw(None, restored)

    assert (7.0, Estimate(jobs=1, quota=3.0), 0) == (purse.total.spent, purse.total.reserved, purse.total.strikes)
    assert ["0af3", "ttapi"] == list(purse.money.ledger().accounts)
    assert waits(purse.ask("a"))
    purse.tell("r", FAILED)
    assert purse.ask("a") is None


@pytest.mark.fault("H07")
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
    assert purse.ask("other mode", evolve(CAT, mode=Mode.TURBO)) is None, "a class of its own"
    purse.tell("other mode", Rejected(NO))
    purse.tell("a", Sending("ttapi"), Accepted("1"), done(4.0))

    assert [None, True] == [purse.ask("b"), waits(purse.ask("c"))]


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
    purse = Purse(12, prices={GRID: 3.0})
    for name in "abc":
        purse.sent(name)
    purse.tell("a", done(4.5))

    assert Estimate(jobs=2, quota=9.0) == purse.total.reserved
    assert waits(purse.ask("d")), "4.5 + 2 × 4.5 are more than 12 already"


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
    assert isinstance(purse.ask("other", Spec(operation=GetSeed(), parent="nobody")), Refused)


@pytest.mark.fault("P26")
def test_the_breaker_warns_at_15_slows_down_and_stops_at_25_until_the_day_ends(caplog):
    purse = Purse()
    purse.struck(15)
    assert [] == caplog.messages
    purse.struck(6)
    assert 1 == len(caplog.messages)
    assert caplog.messages[0].startswith("15 prompts were refused at account 'ttapi' today (UTC)")

    verdicts = [purse.ask(f"at once {n}") for n in range(10)]
    assert ([None] * 9, True) == (verdicts[:9], waits(verdicts[9])), "21 refused: a tenth could be the 31st"
    for n in range(4):
        purse.tell(f"at once {n}", Sending("ttapi"), Rejected(NO))
    assert 25 == purse.total.strikes
    verdict = purse.ask("one more")
    assert verdict.route, "another account may take it"
    assert ("PromptRejected", "no") == (verdict.failure.kind, verdict.failure.charged)
    assert "25 prompts were refused at account 'ttapi' today" in verdict.failure.what
    assert purse.ask("a button", UPSCALE) is None, "it brings no words"
    assert purse.ask("one more", account="ttapi-2") is None

    purse.day = "2026-11-23"
    assert 0 == purse.total.strikes
    assert purse.ask("one more") is None


@pytest.mark.fault("P26")
def test_todays_strikes_of_earlier_processes_count():
    lines = [Line(account="ttapi", day=day, strikes=20) for day in ("2026-11-21", "2026-11-22")]
    purse = Purse(lines=lines)
    purse.struck(5)

    assert 25 == purse.total.strikes
    assert refusal(purse.ask("a")).kind == "PromptRejected"


def test_only_ttapi_has_a_breaker():
    purse = Purse()
    purse.struck(25)

    assert purse.ask("a", account="ttapi", provider="mjproxy") is None


def test_a_question_costs_the_same_however_many_jobs_there_were(monkeypatch):
    """No scan: neither the gate nor what it hears looks at any other job than the one it is about."""
    purse = Purse(100_000, prices={GRID: 3.0})
    for n in range(200):
        purse.sent(f"{n}")
    seen = []

    class Watched(dict):
        def get(self, key, default=None):
            seen.append(key)
            return super().get(key, default)

        def __iter__(self):
            raise AssertionError("a scan")

        __getitem__ = values = items = __iter__

    monkeypatch.setattr(purse.money, "_records", Watched(purse.records))
    record = Record(id="new", spec=UPSCALE)
    assert purse.money.gate(record, "ttapi", "ttapi") is None
    purse.money.saw(record, apply(record, Sending("ttapi"), 1.0))
    assert {"p"} == set(seen), "its own parent only"
