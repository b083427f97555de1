"""What one event does to the books, and the books as a person reads them."""

import json

import pytest
from attrs import evolve

from mjasync.core.ledger import (
    AccountLedger,
    Estimate,
    Ledger,
    Line,
    amount,
    change,
    estimate,
    frees_key,
    ledger_of,
    told,
)
from mjasync.core.machine import Accepted, Asked, Bounced, Expired, Rejected, Saw, Sending, Silence, apply
from mjasync.core.model import Failure, Phase, Record, Snapshot, Spec, Status
from mjasync.core.operations import Imagine
from mjasync.journal import Kept

ASKED = Asked(Spec(operation=Imagine(prompt="a cat")))
AGAIN = Asked(Spec(operation=Imagine(prompt="a cat"), resubmit_of="old"))
LOST = Failure(kind="SubmitOutcomeUnknown", what="?", charged="unknown")


def ended(quota=None, status=Status.DONE, failure=None):
    return Saw(Snapshot(status=status, quota=quota, failure=failure))


def failed(charged, kind="JobFailed", quota=None):
    return ended(quota, Status.FAILED, Failure(kind=kind, what="no", charged=charged))


def booked(*events, asked=ASKED):
    """The sum of the changes of a job's whole life; None if there was none."""
    record = Record(id="a", spec=asked.spec)
    lines = [change(None, record)]
    for event in events:
        before, record = record, apply(record, event, 1.0)
        lines.append(change(before, record))
    told_lines = [line for line in lines if line is not None]
    total = None
    for line in told_lines:
        total = total.plus(line) if total else line
    return total


def line(**figures):
    return Line(account="ttapi", **figures)


SENT = (Sending("ttapi"),)
RUNS = (*SENT, Accepted("1"))


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        pytest.param((), None, id="asked for"),
        pytest.param((Rejected(LOST),), None, id="ended before it was sent"),
        pytest.param(RUNS, None, id="runs"),
        pytest.param((*RUNS, ended(3.0)), line(done=1, spent=3.0), id="done"),
        pytest.param((*RUNS, ended(0.0)), line(done=1), id="done, and free"),
        pytest.param((*RUNS, ended()), line(done=1, unpriced=1), id="P15: no price"),
        pytest.param((*RUNS, ended(-1.0)), line(done=1, unpriced=1), id="P15: a price below nothing"),
        pytest.param((*RUNS, ended(float("inf"))), line(done=1, unpriced=1), id="P15: a price without end"),
        pytest.param((*RUNS, ended(3.0), ended(5.0)), line(done=1, spent=3.0), id="late news change nothing"),
        pytest.param((*RUNS, failed("unknown")), None, id="failed: given back, as a rule"),
        pytest.param((*RUNS, failed("no")), None, id="failed, and given back"),
        pytest.param((*RUNS, failed("yes", quota=3.0)), line(spent=3.0), id="failed, and kept"),
        pytest.param((*RUNS, failed("yes")), line(unpriced=1), id="failed, and kept nobody knows what"),
        pytest.param((*RUNS, failed("no", "PromptRejected")), line(strikes=1), id="refused while it ran"),
        pytest.param(
            (*RUNS, failed("yes", "PromptRejected", 3.0)), line(strikes=1, spent=3.0), id="past 30: refused and kept"
        ),
        pytest.param(
            (*SENT, Rejected(Failure(kind="PromptRejected", what="no"))), line(strikes=1), id="U02: refused at submit"
        ),
        pytest.param(
            (Rejected(Failure(kind="PromptRejected", what="no")),), None, id="refused by ourselves: no strike"
        ),
        pytest.param((*SENT, Bounced(LOST), *RUNS, ended(3.0)), line(done=1, spent=3.0), id="bounced"),
        pytest.param((*SENT, Silence(LOST, 9.0), Expired()), None, id="lost for good"),
        pytest.param((*SENT, Silence(LOST, 9.0), ended(3.0)), line(done=1, spent=3.0), id="lost and found"),
    ],
)
def test_what_a_life_comes_to(events, expected):
    assert expected == booked(*events)


def test_a_second_request_is_counted_when_it_first_leaves():
    assert booked(asked=AGAIN) is None
    assert line(resubmits=1) == booked(*SENT, Bounced(LOST), *SENT, asked=AGAIN)
    assert line(resubmits=1, done=1, spent=3.0) == booked(*RUNS, ended(3.0), asked=AGAIN)


def test_lines_add_up_under_the_first_ones_name_and_day():
    one = Line(account="a", day="2026-11-22", spent=1.0, done=2, unpriced=3, strikes=4, resubmits=5)

    assert evolve(one, spent=2.0, done=4, unpriced=6, strikes=8, resubmits=10) == one.plus(evolve(one, account="b"))


def test_nothing_is_told_before_anybody_looked():
    assert told(Record(id="a", spec=ASKED.spec, phase=Phase.QUEUED)) is None


@pytest.mark.parametrize(
    ("quota", "unknown", "expected"),
    [(27.0, 0, "27"), (27.0, 2, "27 + ?"), (0.0, 0, "0"), (0.0, 2, "?"), (None, 1, "?"), (0.25, 0, "0.25")],
)
def test_an_unknown_is_never_written_as_nothing(quota, unknown, expected):
    assert expected == amount(quota, unknown)


@pytest.mark.parametrize(
    ("prices", "expected", "text"),
    [
        ((), Estimate(), "-"),
        ((3.0,), Estimate(jobs=1, quota=3.0), "1 job, 3"),
        ((3.0, 1.0), Estimate(jobs=2, quota=4.0), "2 jobs, 4"),
        ((None,), Estimate(jobs=1, quota=None, unknown=1), "1 job, ?"),
        ((None, None), Estimate(jobs=2, quota=None, unknown=2), "2 jobs, ?"),
        ((3.0, None), Estimate(jobs=2, quota=3.0, unknown=1), "2 jobs, 3 + ?"),
    ],
)
def test_estimates_keep_what_is_unknown_apart(prices, expected, text):
    total = Estimate()
    for price in prices:
        total = total.plus(estimate(price))

    assert expected == total
    assert text == str(total)


def books(**more):
    accounts = {
        "mjproxy": AccountLedger(done=4, unpriced=4, reserved=Estimate(jobs=1, quota=None, unknown=1)),
        "ttapi": AccountLedger(
            spent=27.5,
            done=9,
            reserved=Estimate(jobs=2, quota=6.0),
            possible=Estimate(jobs=1, quota=3.0),
            resubmits=1,
            strikes=2,
        ),
    }
    return ledger_of(accounts, **{"day": "2026-11-22", "budget": None} | more)


def test_the_books_read_as_a_table():
    assert str(books(budget=100.0)).splitlines() == [
        "account     spent  done  unpriced       reserved  possible  resubmits  strikes today",
        "mjproxy         ?     4         4       1 job, ?         -          0              0",
        "ttapi        27.5     9         0      2 jobs, 6  1 job, 3          1              2",
        "total    27.5 + ?    13         4  3 jobs, 6 + ?  1 job, 3          1              2",
        "budget 100, at most 63.5 left",
    ]


def test_a_table_without_a_budget_says_nothing_of_it():
    assert "budget" not in str(books())
    assert ["account  spent  done", "total        0     0"] == [row[:20] for row in str(Ledger()).splitlines()]


@pytest.mark.parametrize(
    ("budget", "expected", "text"),
    [(None, None, ""), (40.0, 3.5, "budget 40, at most 3.5 left"), (20.0, 0.0, "budget 20, at most 0 left")],
)
def test_what_is_left(budget, expected, text):
    assert expected == books(budget=budget).left
    assert str(books(budget=budget)).endswith(text)


def test_what_is_left_is_exact_where_every_price_is_known():
    known = ledger_of({"ttapi": AccountLedger(spent=4.0, done=1)}, day="", budget=10.0)

    assert str(known).endswith("budget 10, 6 left")


def test_the_books_in_json():
    document = json.loads(json.dumps(books(budget=100.0).as_json()))

    assert ("2026-11-22", 100.0, 63.5) == (document["day"], document["budget"], document["left"])
    assert {"mjproxy", "ttapi"} == document["accounts"].keys()
    assert {"jobs": 1, "quota": None, "unknown": 1} == document["accounts"]["mjproxy"]["reserved"]
    assert {
        "spent": 27.5,
        "done": 13,
        "unpriced": 4,
        "reserved": {"jobs": 3, "quota": 6.0, "unknown": 1},
        "possible": {"jobs": 1, "quota": 3.0, "unknown": 0},
        "resubmits": 1,
        "strikes": 2,
    } == document["total"]


def test_a_journal_begins_with_empty_books():
    assert () == Kept().lines


def test_the_totals_stand_on_the_ledger_itself():
    one = AccountLedger(spent=4.0, done=1, reserved=estimate(3.0), possible=estimate(None), resubmits=2)
    ledger = ledger_of({"a": one, "b": one}, day="2026-01-01", budget=None)

    assert (8.0, 4) == (ledger.spent, ledger.resubmits)
    assert (2, 2) == (ledger.reserved.jobs, ledger.possible.jobs)


def refused(kind, charged="no"):
    return Rejected(Failure(kind=kind, what="no", charged=charged))


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ((), False),
        ((refused("JobCancelled"),), True),
        ((refused("PromptRejected"),), True),
        (SENT, False),
        *(((*SENT, refused(kind)), True) for kind in ("AuthError", "QuotaExhausted", "ConfigError", "Unreachable")),
        *(((*SENT, refused(kind)), True) for kind in ("ProviderError", "ActionUnavailable")),
        *(((*SENT, refused(kind)), False) for kind in ("PromptRejected", "InvalidRequest", "NeedsInput", "MJError")),
        ((*SENT, refused("QuotaExhausted", "unknown")), False),
        ((*RUNS, failed("no", "QuotaExhausted")), False),
        ((*RUNS, failed("no")), False),
        ((*RUNS, ended(3.0)), False),
    ],
)
def test_a_key_is_free_again_where_nothing_was_paid_and_the_same_request_may_do_better(events, expected):
    record = Record(id="a", spec=ASKED.spec)
    for event in events:
        record = apply(record, event, 1.0)
    assert expected is frees_key(record)


def test_a_failure_without_a_reason_frees_no_key():
    assert not frees_key(Record(id="a", spec=ASKED.spec, phase=Phase.FAILED, sent_at=1.0))
