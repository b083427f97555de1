"""The purse: what it counts, and when it stops sending what moderation refuses; without a pool."""

from itertools import pairwise

import pytest
from attrs import evolve

import mjasync as mj
from mjasync import events
from mjasync.core.ledger import AccountLedger, Estimate, Line
from mjasync.core.machine import Accepted, Bounced, Expired, Rejected, Sending, Silence, apply
from mjasync.core.model import Record
from mjasync.testing import Sim, run
from tests.flow.purse import CAT, FAILED, GRID, LOST, NO, UPSCALE, Purse, done, refusal, waits


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


def test_a_lost_job_that_was_forgotten_still_counts():
    purse = Purse(prices={GRID: 3.0})
    assert purse.ask("expired") is None
    purse.tell("expired", Sending("ttapi"), Silence(LOST, 9.0), Expired())
    before = purse.total
    del purse.records["expired"]

    assert Estimate(jobs=1, quota=3.0) == before.possible
    assert before == purse.total


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


def test_whoever_listens_hears_what_an_account_comes_to_and_only_when_it_changes():
    heard = []

    async def story():
        async with mj.Pool(Sim(seed=3).ttapi(), on_event=heard.append) as pool:
            await pool.imagine("a cat").upscale(1)
            return pool.ledger().accounts["ttapi"]

    end = run(story())
    moved = [each for each in heard if isinstance(each, events.MoneyMoved)]
    assert (end.spent, 0.0, 0, 0) == (
        moved[-1].spent,
        moved[-1].reserved,
        moved[-1].reserved_jobs,
        moved[-1].possible_jobs,
    )
    assert [each.spent for each in moved] == sorted(each.spent for each in moved)
    told = [(each.spent, each.reserved, each.possible, each.reserved_jobs, each.possible_jobs) for each in moved]
    assert all(one != other for one, other in pairwise(told))


def test_a_job_that_the_budget_stopped_is_told():
    heard = []

    async def story():
        async with mj.Pool(Sim(seed=3).ttapi(), budget=3, on_event=heard.append) as pool:
            await pool.imagine("a cat")
            with pytest.raises(mj.QuotaExhausted):
                await pool.imagine("a dog")

    run(story())
    (stopped,) = [each for each in heard if isinstance(each, events.BudgetStopped)]
    assert ("QuotaExhausted", "ttapi", "imagine") == (stopped.error, stopped.account, stopped.kind)


def test_every_account_of_the_pool_has_a_row():
    sim = Sim(seed=7)

    async def story():
        async with mj.Pool(sim.ttapi(), sim.mjproxy()) as pool:
            assert {"mjproxy": AccountLedger(), "ttapi": AccountLedger()} == pool.ledger().accounts

    run(story())
